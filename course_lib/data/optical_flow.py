"""Optical flow: where the pixels of one frame are in the next, as seen from brightness.

Horn and Schunck, "Determining optical flow", Artificial Intelligence 17 (1981).
"""

import numpy as np

from course_lib.types import Array


def optical_flow(
    frames: Array, *, smoothness: float = 0.2, iterations: int = 100
) -> Array:
    """The flow (u, v) of least Σ (Iₓu + I_y v + I_t)² + smoothness² (|∇u|² + |∇v|²).

    The first term says that a point keeps its brightness, the second that neighbors
    move alike: where there is no edge they decide. It is right for motions of up to
    about a pixel, or of what is smooth over as many pixels as it moves.

    Args:
        frames: of shape (N, C, T, H, W) with T at least 2; channels are averaged.
        smoothness: the paper's α, in brightness a pixel. More of it carries the flow
            further into what has no texture, and over the edges of what moves.
        iterations: of the relaxation (the paper's equations 17 and 18); the flow
            spreads by one pixel in each.

    Returns:
        Floats of shape (N, 2, T − 1, H, W), of the frames' type: to the right and down,
        in pixels. It is between two frames and between four pixels (the paper's
        estimate of the derivatives, section 7), of which the pixel is the upper left.

    Raises:
        ValueError: frames are not of such a shape.
    """
    if frames.ndim != 5 or frames.shape[2] < 2:
        raise ValueError(
            f"optical_flow: frames have shape {frames.shape}, expected (N, C, T, H, W) "
            "with T at least 2. Is the channel axis missing?"
        )
    dx, dy, dt = _derivatives(frames.mean(axis=1))
    u, v = np.zeros_like(dx), np.zeros_like(dx)
    weight = smoothness**2 + dx**2 + dy**2
    for _ in range(iterations):
        u_mean, v_mean = _neighbors_mean(u), _neighbors_mean(v)
        excess = (dx * u_mean + dy * v_mean + dt) / weight
        u, v = u_mean - dx * excess, v_mean - dy * excess
    return np.stack([u, v], axis=1)


def _derivatives(frames: Array) -> tuple[Array, Array, Array]:
    """∂I/∂x, ∂I/∂y and ∂I/∂t of frames (N, T, H, W), each the mean of the four
    differences along the edges of a cube of 2×2×2 pixels."""
    padded = np.pad(frames, ((0, 0), (0, 0), (0, 1), (0, 1)), mode="edge")
    before, after = padded[:, :-1], padded[:, 1:]
    upper_left, upper_right = np.s_[..., :-1, :-1], np.s_[..., :-1, 1:]
    lower_left, lower_right = np.s_[..., 1:, :-1], np.s_[..., 1:, 1:]
    both, change = (before + after) / 2, after - before
    dx = both[upper_right] - both[upper_left] + both[lower_right] - both[lower_left]
    dy = both[lower_left] - both[upper_left] + both[lower_right] - both[upper_right]
    corners = (upper_left, upper_right, lower_left, lower_right)
    dt = sum(change[corner] for corner in corners) / 4
    return dx / 2, dy / 2, np.asarray(dt)


def _neighbors_mean(u: Array) -> Array:
    """The mean of the eight around each pixel, next ones counting 1/6 and diagonal ones
    1/12 (section 8)."""
    padded = np.pad(u, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    rows = padded[..., :-2, :] + padded[..., 2:, :]  # above and below
    middle = padded[..., 1:-1, :]
    beside = middle[..., :-2] + middle[..., 2:]
    diagonal = rows[..., :-2] + rows[..., 2:]
    return (rows[..., 1:-1] + beside) / 6 + diagonal / 12
