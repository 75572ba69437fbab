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


# The same with a correction, which torch wants to see less of than entries.
SPREADS = [
    *[((3, 5, 4), settings) for settings in AXES],
    ((3, 5, 4), {"axis": 1, "correction": 0}),
    ((3, 5, 4), {"axis": (0, -1), "correction": 3, "keepdims": True}),
    ((3, 1, 4), {"axis": (0, 1), "correction": 0}),
]


def in_torch(function, settings):
    """The same reduction in torch, whose all axes must be named for amax."""
    dim = ALL if settings["axis"] is None else settings["axis"]
    others = {key: settings[key] for key in settings if key == "correction"}
    keepdim = settings.get("keepdims", False)
    return lambda x: function(x, dim=dim, keepdim=keepdim, **others)


ROWS = [
    Row(operation, (shape,), in_torch(function, settings), settings, far_apart)
    for operation, function in [
        (reductions.sum, torch.sum),
        (reductions.mean, torch.mean),
        (reductions.max, torch.amax),
        (reductions.min, torch.amin),
        (reductions.logsumexp, torch.logsumexp),
    ]
    for shape, settings in [
        *[((3, 5, 4), settings) for settings in AXES],
        ((3, 1, 4), {"axis": -1}),  # an axis of size 1 is not reduced by itself
    ]
] + [
    Row(operation, (shape,), in_torch(function, settings), settings)
    for operation, function in [
        (reductions.var, torch.var),
        (reductions.std, torch.std),
    ]
    for shape, settings in SPREADS
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
        reductions.min,
        [[[1, 3, 1], [5, 0, 2]]],
        value=[1, 0],
        dy=[4, 1],
        dxs=[[[2, 0, 2], [0, 1, 0]]],
        settings={"axis": 1},
    ),
    Example(
        reductions.var,
        [[[1, 3], [2, 8]]],
        value=[2, 18],
        dy=[3, 1],
        dxs=[[[-6, 6], [-6, 6]]],
        settings={"axis": 1},
    ),
    Example(
        reductions.var,
        [[1, 3, 5]],
        value=8 / 3,
        dy=3,
        dxs=[[-4, 0, 4]],
        settings={"correction": 0},
    ),
    Example(
        reductions.std,
        [[0, 3, 6, 3, 3, 3]],
        value=np.sqrt(3),
        dy=np.sqrt(12),
        dxs=[[-1, 0, 1, 0, 0, 0]],
        settings={"correction": 0},
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
            reductions.min,
            reductions.var,
            reductions.std,
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
        for operation in [
            reductions.mean,
            reductions.max,
            reductions.min,
            reductions.var,
            reductions.std,
            reductions.logsumexp,
        ]
    ],
    *[
        Refusal(
            operation,
            [np.ones((3, 4))],
            rf"{operation.__name__}: x has shape \(3, 4\), {n} entries along axis .*; "
            rf"expected more than the correction, {correction}.*correction=0",
            settings={"axis": axis, "correction": correction},
        )
        for operation in [reductions.var, reductions.std]
        for axis, n, correction in [(0, 3, 3), (1, 4, 5), ((), 1, 1)]
    ],
]
