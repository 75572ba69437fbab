import numpy as np
import torch

from course_lib.operations import reductions
from tests.course_lib.operations.row import Example, Refusal, Row, far_apart

ALL = tuple(range(3))

AXES = [
    {"axis": None},
    {"axis": None, "keepdims": True},
    {"axis": 0},
    {"axis": 1, "keepdims": True},
    {"axis": -1},
    {"axis": (0, -1)},
    {"axis": (2, 0), "keepdims": True},
]


def in_torch(function, settings):
    """The same reduction in torch, whose all axes must be named for amax."""
    dim = ALL if settings["axis"] is None else settings["axis"]
    return lambda x: function(x, dim=dim, keepdim=settings.get("keepdims", False))


ROWS = [
    Row(operation, (shape,), in_torch(function, settings), settings, far_apart)
    for operation, function in [
        (reductions.sum, torch.sum),
        (reductions.mean, torch.mean),
        (reductions.max, torch.amax),
        (reductions.logsumexp, torch.logsumexp),
    ]
    for shape, settings in [
        *[((3, 5, 4), settings) for settings in AXES],
        ((3, 1, 4), {"axis": -1}),  # an axis of size 1 is not reduced by itself
    ]
]

X = [[1, 2, 3], [4, 5, 6]]

EXAMPLES = [
    Example(
        reductions.sum,
        [X],
        value=[6, 15],
        dy=[1, 10],
        dxs=[[[1, 1, 1], [10, 10, 10]]],
        settings={"axis": 1},
    ),
    Example(
        reductions.mean,
        [X],
        value=[2.5, 3.5, 4.5],
        dy=[2, 4, 6],
        dxs=[[[1, 2, 3], [1, 2, 3]]],
        settings={"axis": 0},
    ),
    Example(
        reductions.max,
        [[[1, 3, 3], [5, 0, 2]]],
        value=[3, 5],
        dy=[4, 1],
        dxs=[[[0, 2, 2], [1, 0, 0]]],
        settings={"axis": 1},
    ),
    Example(
        reductions.logsumexp,
        [np.log([1, 2, 5])],
        value=np.log(8),
        dy=8,
        dxs=[[1, 2, 5]],
    ),
]

REFUSALS = [
    *[
        Refusal(
            operation,
            [np.ones((3, 4))],
            rf"{operation.__name__}: axis is .*, x has shape \(3, 4\).* from -2 to 1",
            settings={"axis": axis},
        )
        for operation in [
            reductions.sum,
            reductions.mean,
            reductions.max,
            reductions.logsumexp,
        ]
        for axis in [2, (0, -3), (1, -1)]
    ],
    *[
        Refusal(
            operation,
            [np.ones((0, 4))],
            rf"{operation.__name__}: x has shape \(0, 4\).*no entry.*batch empty",
            settings={"axis": 0},
        )
        for operation in [reductions.mean, reductions.max, reductions.logsumexp]
    ],
]
