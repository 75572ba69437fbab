"""Local response normalization: a channel is damped by its strong neighbours."""

from course_lib.types import Array, Operation


def local_response_norm(
    x: Array, *, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Operation:
    """y = x/s^β with s = k + (α/n) Σ x² over n neighbouring channels, at each position.

    AlexNet has n = 5, k = 2, β = 0.75, and α = 1e-4 for the sum: its formula lacks the
    1/n, which torch has, as Caffe had.

    Args:
        x: array of shape (N, C, …).
        size: n, how many channels are summed: the channel itself, n // 2 before it and
            (n − 1) // 2 after it, as far as there are any.
        alpha, beta, k: α, β and k, with torch's defaults.

    Raises:
        ValueError: x has no channel axis, or no channel would be summed.

    Source: Krizhevsky, Sutskever and Hinton (2012), section 3.3.
    """
    if x.ndim < 2 or size < 1:
        raise ValueError(
            f"local_response_norm: x has shape {x.shape}, size is {size}; expected "
            "(N, C, …) and at least 1. Is the batch axis missing?"
        )
    before, after = size // 2, (size - 1) // 2
    s = k + alpha / size * _sum_over_neighbours(x * x, before, after)
    damping = s**-beta
    y = x * damping

    def backward(dy: Array) -> Array:
        # x acts through its own y, and through s on the y of those it is a neighbour
        # of: these are as far after it as its neighbours are before.
        ds = -beta * dy * y / s
        return dy * damping + 2 * alpha / size * x * _sum_over_neighbours(
            ds, after, before
        )

    return y, backward


def _sum_over_neighbours(a: Array, before: int, after: int) -> Array:
    """At each channel, the sum from `before` channels before it to `after` after it."""
    total = a.copy(order="K")
    for distance in range(1, before + 1):
        total[:, distance:] += a[:, :-distance]
    for distance in range(1, after + 1):
        total[:, :-distance] += a[:, distance:]
    return total
