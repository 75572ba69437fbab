"""The three products of images with kernels, each made of products of matrices.

Let x ⋆ w slide the kernels w over the images x. The number ⟨y, x ⋆ w⟩ is linear in each
of x, w and y, so it has three derivatives. They are all that convolution and transposed
convolution need, forward and back:

    by y: `correlate(x, w)`          every window of x times the kernels
    by x: `spread(y, w)`             every entry of y times the kernels, added up
    by w: `kernel_gradient(x, y)`    every window of x times the entry of y

The windows become the columns of a matrix ("im2col"), so that the sums are a product of
matrices, which processors do best. All the columns together would be as many times
larger than x as a kernel has entries. So they are made in blocks, which stay in the
processor's cache.

All images here have shape (C, …, N), the batch last, and lie in memory so. Neighbours
in a row are N entries apart: whatever the kernel, what is copied is copied in runs.
They are padded already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import prod

import numpy as np

from course_lib.types import Array

Slices = tuple[slice, ...]

# How many entries a block of columns has, about: 1 MiB of float32, which the cache of
# one core holds. But matrices of fewer columns than `FEWEST` are multiplied slowly.
BLOCK = 2**18
FEWEST = 512


@dataclass(frozen=True)
class Sliding:
    """How kernels slide over images, in any number of dimensions.

    Attributes:
        kernel: the kernels' size along each spatial axis.
        stride: how far apart the windows begin.
        dilation: how far apart the entries of a window are.
        groups: the channels come in so many groups, each with kernels of its own.
        size: how many windows there are along each axis: the size of y.
    """

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    groups: int
    size: tuple[int, ...]

    @property
    def is_pointwise(self) -> bool:
        """Whether every entry is one window: then x itself is the matrix."""
        return prod(self.kernel) == prod(self.stride) == 1

    def entries(self, block: Slices) -> Iterator[Slices]:
        """For each position in the kernel, row by row: where in x the windows of this
        block of y have their entry."""
        along_axes = [
            [
                slice(b.start * s + i * d, (b.stop - 1) * s + i * d + 1, s)
                for i in range(k)
            ]
            for b, k, s, d in zip(
                block, self.kernel, self.stride, self.dilation, strict=True
            )
        ]
        return product(*along_axes)

    def blocks(self, x: Array) -> Iterator[Slices]:
        """y in blocks, for images x of shape (C, …, N): parts of a row, whole rows, or
        several of them."""
        columns = max(FEWEST, BLOCK // (len(x) * prod(self.kernel)))
        room = columns // max(1, x.shape[-1])
        parts = []
        for n in reversed(self.size):
            count = -(-n // max(1, room))  # rounded up
            ends = [n * i // count for i in range(count + 1)]
            parts.append([slice(*pair) for pair in pairwise(ends)])
            room //= n
        return product(*reversed(parts))


def batch_last(x: Array) -> Array:
    """(N, C, …) as (C, …, N), copied only where it does not lie in memory so."""
    return np.ascontiguousarray(np.moveaxis(x, 0, -1))


def batch_first(x: Array) -> Array:
    """(C, …, N) as (N, C, …), a view."""
    return np.moveaxis(x, -1, 0)


def correlate(x: Array, w: Array, sliding: Sliding) -> Array:
    """y[o, i] = Σ w[o, c, k] x[c, stride·i + dilation·k], over c and k.

    Args:
        x: images of shape (C, …, N).
        w: kernels of shape (O, C/groups, …kernel).

    Returns:
        An array of shape (O, …size, N).
    """
    kernels = _matrices(w, sliding)
    if sliding.is_pointwise:
        return (kernels @ _matrices(x, sliding)).reshape(len(w), *x.shape[1:])
    y = np.empty((len(w), *sliding.size, x.shape[-1]), np.result_type(x, w))
    for block in sliding.blocks(x):
        part = y[:, *block]
        part[...] = (kernels @ _columns(x, block, sliding)).reshape(part.shape)
    return y


def spread(y: Array, w: Array, sliding: Sliding, size: Sequence[int]) -> Array:
    """x[c, stride·i + dilation·k] = Σ w[o, c, k] y[o, i], over all o, i and k that meet
    there: the adjoint of `correlate`.

    Args:
        y: an array of shape (O, …size, N).
        w: kernels of shape (O, C/groups, …kernel).
        size: the spatial size of x. Where no window reaches, x is 0.

    Returns:
        An array of shape (C, …, N).
    """
    kernels = _matrices(w, sliding).swapaxes(1, 2)
    # With one kernel a group the product is of numbers, which matmul does slowly.
    multiply = np.multiply if kernels.shape[2] == 1 else np.matmul
    shape = (sliding.groups * w.shape[1], *size, y.shape[-1])
    if sliding.is_pointwise:
        return multiply(kernels, _matrices(y, sliding)).reshape(shape)
    x = np.zeros(shape, np.result_type(y, w))
    for block in sliding.blocks(x):
        part = y[:, *block]
        columns = multiply(kernels, _matrices(part, sliding))
        columns = columns.reshape(len(x), prod(sliding.kernel), *part.shape[1:])
        for i, entries in enumerate(sliding.entries(block)):
            x[:, *entries] += columns[:, i]
    return x


def kernel_gradient(x: Array, y: Array, sliding: Sliding) -> Array:
    """w[o, c, k] = Σ y[o, i] x[c, stride·i + dilation·k], over i and the batch.

    Args:
        x: images of shape (C, …, N).
        y: an array of shape (O, …size, N).

    Returns:
        An array of shape (O, C/groups, …kernel).
    """
    # The columns come first: processors want the longer of two sides there.
    if sliding.is_pointwise:
        w = _matrices(x, sliding) @ _matrices(y, sliding).swapaxes(1, 2)
    else:
        w = np.zeros((), np.result_type(x, y))
        for block in sliding.blocks(x):
            part = _matrices(y[:, *block], sliding)
            w = w + _columns(x, block, sliding) @ part.swapaxes(1, 2)
    return w.swapaxes(1, 2).reshape(len(y), -1, *sliding.kernel)


def _columns(x: Array, block: Slices, sliding: Sliding) -> Array:
    """For each group a matrix with a column for each window of the block."""
    size = [b.stop - b.start for b in block]
    offsets = prod(sliding.kernel)
    columns = np.empty((len(x), offsets, *size, x.shape[-1]), x.dtype)
    for i, entries in enumerate(sliding.entries(block)):
        columns[:, i] = x[:, *entries]
    return columns.reshape(sliding.groups, len(x) // sliding.groups * offsets, -1)


def _matrices(x: Array, sliding: Sliding) -> Array:
    """For each group a matrix with a row for each channel."""
    return x.reshape(sliding.groups, len(x) // sliding.groups, -1)
