import numpy as np
import torch

from course_lib.operations.sequences import mask_padding, reverse, unstack
from tests.course_lib.operations.row import Example, Refusal, Row


def reverse_each(lengths):
    """Every sequence flipped by itself, and its padding left behind it."""

    def reversed_sequences(x):
        columns = zip(x.unbind(1), lengths, strict=True)
        return torch.stack([torch.cat([c[:n].flip(0), c[n:]]) for c, n in columns], 1)

    return reversed_sequences


def padded(lengths):
    """What packing and unpacking leaves of a padded batch."""

    def repacked(x):
        pack = torch.nn.utils.rnn.pack_padded_sequence(
            x, torch.tensor(lengths), enforce_sorted=False
        )
        pad = torch.nn.utils.rnn.pad_packed_sequence
        return pad(pack, total_length=len(x))[0]

    return repacked


ROWS = [
    Row(unstack, ((3, 4, 2),), lambda x: x.unbind()),
    Row(unstack, ((4,),), lambda x: x.unbind()),
    Row(reverse, ((5, 3, 2),), lambda x: x.flip(0)),
    Row(reverse, ((5, 3),), reverse_each([2, 5, 1]), {"lengths": [2, 5, 1]}),
    Row(
        reverse,
        ((4, 3, 2, 5),),
        reverse_each([3, 2, 3]),
        {"lengths": np.array([3, 2, 3])},
    ),
    Row(mask_padding, ((5, 3, 2),), padded([2, 5, 1]), {"lengths": [2, 5, 1]}),
    Row(mask_padding, ((4, 3),), padded([3, 2, 3]), {"lengths": np.array([3, 2, 3])}),
]

EXAMPLES = [
    Example(
        unstack,
        [[[1, 2], [3, 4], [5, 6]]],
        value=([1, 2], [3, 4], [5, 6]),
        dy=([10, 20], [30, 40], [50, 60]),
        dxs=[[[10, 20], [30, 40], [50, 60]]],
    ),
    Example(
        reverse,
        [[[1, 10], [2, 20], [3, 30]]],
        value=[[2, 30], [1, 20], [3, 10]],
        dy=[[1, 2], [3, 4], [5, 6]],
        dxs=[[[3, 6], [1, 4], [5, 2]]],
        settings={"lengths": [2, 3]},
    ),
    Example(
        mask_padding,
        [[[1, 10], [2, 20], [3, 30]]],
        value=[[1, 10], [2, 0], [0, 0]],
        dy=[[1, 2], [3, 4], [5, 6]],
        dxs=[[[1, 2], [3, 0], [0, 0]]],
        settings={"lengths": [2, 1]},
    ),
]

X = np.ones((4, 3, 2))

REFUSALS = [
    *[
        Refusal(
            unstack, [np.ones(shape)], r"unstack: x has shape .*\(T, …\) with T ≥ 1"
        )
        for shape in [(), (0, 3)]
    ],
    *[
        Refusal(
            operation,
            [np.ones(4)],
            rf"{operation.__name__}: x has shape \(4,\), expected \(T, N, …\)",
            settings={"lengths": [1]},
        )
        for operation in [reverse, mask_padding]
    ],
    *[
        Refusal(
            operation,
            [X],
            rf"{operation.__name__}: x has shape \(4, 3, 2\), lengths are .*"
            r"3 integers from 1 to 4.*batch",
            settings={"lengths": lengths},
        )
        for operation in [reverse, mask_padding]
        for lengths in [[1, 2], [1, 2, 5], [0, 2, 3], [1.0, 2.0, 3.0], 2]
    ],
]
