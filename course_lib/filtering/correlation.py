"""Correlation and convolution of an image with a kernel.

Both lay the kernel over the image at every position, multiply and add up; convolution
flips the kernel first. An image is an array of shape (H, W), or (H, W, C), whose
channels are filtered one by one. A network's layer does the same to batches, with
weights that it learns: see `course_lib.operations.convolution`.
"""

from typing import Literal

import numpy as np

from course_lib.types import Array

Mode = Literal["full", "same", "valid"]
Padding = Literal["zeros", "reflect", "replicate"]

# What NumPy calls the paddings.
NUMPY_PADDINGS = (("zeros", "constant"), ("reflect", "reflect"), ("replicate", "edge"))


def correlate(
    image: Array, kernel: Array, *, mode: Mode = "same", padding: Padding = "zeros"
) -> Array:
    """(I ⋆ g)[r, c] = Σᵢⱼ g[i, j]·I[r + i, c + j]: how well each part of the image
    agrees with the kernel, times the part's brightness.

    Nothing is conjugated: for complex kernels, the scalar product of kernel and part
    is correlate(image, kernel.conj()).

    Args:
        image: array of shape (H, W) or (H, W, C). Whole numbers become float64.
        kernel: array of shape (h, w), real or complex.
        mode: where the kernel is laid. "valid": where it lies within the image, which
            gives (H − h + 1, W − w + 1) values. "full": wherever it touches it, which
            gives (H + h − 1, W + w − 1). "same": where its centre, entry
            ((h − 1)//2, (w − 1)//2), lies on a pixel, which gives (H, W).
        padding: what lies outside the image: zeros; its mirror image about the
            outermost pixels; or copies of these.

    Returns:
        An array of the image's type, complex where the kernel is.

    Raises:
        ValueError: a shape is of another kind, the kernel is larger than the image in
            mode "valid", or there is no such mode or padding.
    """
    _check("correlate", image, kernel, mode, padding)
    margins = [_margin(size, mode) for size in kernel.shape]
    return _slide(image, kernel, margins, padding)


def convolve(
    image: Array, kernel: Array, *, mode: Mode = "same", padding: Padding = "zeros"
) -> Array:
    """(I ∗ g)[r, c] = Σᵢⱼ g[i, j]·I[r − i, c − j]: every pixel paints the kernel, times
    its brightness.

    This is correlation with the flipped kernel. The flip makes it commute, g ∗ h =
    h ∗ g, and associate, (I ∗ g) ∗ h = I ∗ (g ∗ h), at full size. It is also the
    adjoint of `correlate` (of its conjugate, for complex kernels): with zeros around,
    ⟨I ⋆ g, J⟩ = ⟨I, J ∗ g⟩.

    Args:
        image, kernel, mode, padding: as in `correlate`. In mode "same", entry
            ((h − 1)//2, (w − 1)//2) of the kernel is the one that a pixel paints onto
            itself.

    Returns:
        An array of the image's type, complex where the kernel is.

    Raises:
        ValueError: a shape is of another kind, the kernel is larger than the image in
            mode "valid", or there is no such mode or padding.
    """
    _check("convolve", image, kernel, mode, padding)
    margins = [_margin(size, mode)[::-1] for size in kernel.shape]
    return _slide(image, kernel[::-1, ::-1], margins, padding)


def _slide(
    image: Array, kernel: Array, margins: list[tuple[int, int]], padding: Padding
) -> Array:
    """One entry of the kernel at a time, over the whole image at once."""
    dtype = image.dtype if image.dtype.kind in "fc" else np.dtype(np.float64)
    if kernel.dtype.kind == "c":
        dtype = np.result_type(dtype, np.complex64)
    kernel = kernel.astype(dtype)
    channels = [(0, 0)] * (image.ndim - 2)
    padded: Array = np.pad(
        image.astype(dtype),
        margins + channels,
        mode=dict(NUMPY_PADDINGS)[padding],  # type: ignore[call-overload]
    )
    rows, columns = (
        n - k + 1 for n, k in zip(padded.shape[:2], kernel.shape, strict=True)
    )
    y = np.zeros((rows, columns, *image.shape[2:]), dtype)
    for i, j in np.ndindex(kernel.shape):
        y += kernel[i, j] * padded[i : i + rows, j : j + columns]
    return y


def _margin(size: int, mode: Mode) -> tuple[int, int]:
    """How many pixels are added before and after, along an axis of the kernel."""
    if mode == "valid":
        return 0, 0
    if mode == "full":
        return size - 1, size - 1
    return (size - 1) // 2, size // 2


def _check(
    name: str, image: Array, kernel: Array, mode: Mode, padding: Padding
) -> None:
    if image.ndim not in (2, 3) or kernel.ndim != 2 or 0 in image.shape + kernel.shape:
        raise ValueError(
            f"{name}: image has shape {image.shape}, kernel {kernel.shape}; expected "
            "(H, W) or (H, W, C), and (h, w). Is it a batch of images?"
        )
    if mode not in ("full", "same", "valid"):
        raise ValueError(
            f"{name}: mode is {mode!r}, expected 'full', 'same' or 'valid'"
        )
    if padding not in dict(NUMPY_PADDINGS):
        raise ValueError(
            f"{name}: padding is {padding!r}, expected 'zeros', 'reflect' or "
            "'replicate'"
        )
    if mode == "valid" and (
        kernel.shape[0] > image.shape[0] or kernel.shape[1] > image.shape[1]
    ):
        raise ValueError(
            f"{name}: the kernel of {kernel.shape} is larger than the image of "
            f"{image.shape[:2]}, so that mode 'valid' leaves nothing. Were the two "
            "exchanged?"
        )
