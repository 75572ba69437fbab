import numpy as np
import torch

from course_lib.operations import shapes
from tests.course_lib.operations.row import Example, Refusal, Row

INDICES = [
    1,
    -1,
    slice(None, None, -1),
    (slice(1, None), 2),
    (..., None, slice(0, 4, 2)),
    (np.array([0, 2, 2, 0]), np.array([1, 3, 3, 0])),
    (slice(None), np.array([[1, 1], [0, 3]])),
    np.array([True, False, True]),
]


def in_torch(index):
    """The same index for torch, which knows no negative step."""
    if isinstance(index, slice):
        return lambda x: x.flip(0)
    return lambda x: x[index]


ROWS = [
    Row(shapes.reshape, ((3, 4),), lambda x: x.reshape(2, 3, 2), {"shape": (2, 3, 2)}),
    Row(shapes.reshape, ((3, 4),), lambda x: x.reshape(6, -1), {"shape": (6, -1)}),
    Row(shapes.reshape, ((3, 4),), lambda x: x.reshape(-1), {"shape": -1}),
    Row(shapes.flatten, ((3, 2, 4),), lambda x: torch.flatten(x, 1)),
    Row(shapes.transpose, ((3, 4),), lambda x: x.T),
    Row(
        shapes.transpose,
        ((3, 4, 5),),
        lambda x: x.permute(1, 2, 0),
        {"axes": (1, 2, 0)},
    ),
    Row(
        shapes.transpose,
        ((3, 4, 5, 2),),
        lambda x: x.permute(-1, 0, 2, -3),
        {"axes": (-1, 0, 2, -3)},
    ),
    *[
        Row(shapes.getitem, ((3, 4),), in_torch(index), {"index": index})
        for index in INDICES
    ],
    Row(shapes.concatenate, ((3, 4), (2, 4), (1, 4)), lambda *xs: torch.cat(xs)),
    Row(
        shapes.concatenate,
        ((3, 4, 2), (3, 1, 2)),
        lambda *xs: torch.cat(xs, dim=-2),
        {"axis": -2},
    ),
    *[
        Row(
            shapes.stack,
            ((3, 4), (3, 4), (3, 4)),
            lambda *xs, dim=axis: torch.stack(xs, dim=dim),
            {"axis": axis},
        )
        for axis in [0, 1, 2, -1, -3]
    ],
    Row(shapes.stack, ((3,),), lambda x: x[None]),
    *[
        Row(
            shapes.expand_dims,
            ((3, 4),),
            lambda x, i=index: x[i],
            {"axis": axis},
        )
        for axis, index in [
            (0, None),
            (-1, (..., None)),
            (1, (slice(None), None)),
            ((0, -1), (None, ..., None)),
        ]
    ],
    *[
        Row(
            shapes.squeeze,
            ((3, 1, 4),),
            lambda x, i=index: x[i],
            settings,
        )
        for settings, index in [
            ({}, (slice(None), 0)),
            ({"axis": -2}, (slice(None), 0)),
        ]
    ],
    Row(
        shapes.split,
        ((6, 4),),
        lambda x: torch.split(x, [1, 3, 2]),
        {"sizes": [1, 3, 2]},
    ),
    Row(
        shapes.split,
        ((3, 5),),
        lambda x: torch.split(x, [4, 1], dim=-1),
        {"sizes": (4, 1), "axis": -1},
    ),
]

EXAMPLES = [
    Example(
        shapes.reshape,
        [[[1, 2, 3], [4, 5, 6]]],
        value=[[1, 2], [3, 4], [5, 6]],
        dy=[[10, 20], [30, 40], [50, 60]],
        dxs=[[[10, 20, 30], [40, 50, 60]]],
        settings={"shape": (3, 2)},
    ),
    Example(
        shapes.flatten,
        [[[[1, 2], [3, 4]]]],
        value=[[1, 2, 3, 4]],
        dy=[[10, 20, 30, 40]],
        dxs=[[[[10, 20], [30, 40]]]],
    ),
    Example(
        shapes.transpose,
        [[[[1, 2, 3], [4, 5, 6]]]],
        value=[[[1], [2], [3]], [[4], [5], [6]]],
        dy=[[[10], [20], [30]], [[40], [50], [60]]],
        dxs=[[[[10, 20, 30], [40, 50, 60]]]],
        settings={"axes": (1, 2, 0)},
    ),
    Example(
        shapes.getitem,
        [[1, 2, 3]],
        value=[1, 3, 3],
        dy=[1, 10, 100],
        dxs=[[1, 0, 110]],
        settings={"index": [0, 2, 2]},
    ),
    Example(
        shapes.concatenate,
        [[[1, 2]], [[3, 4], [5, 6]]],
        value=[[1, 2], [3, 4], [5, 6]],
        dy=[[10, 20], [30, 40], [50, 60]],
        dxs=[[[10, 20]], [[30, 40], [50, 60]]],
    ),
    Example(
        shapes.stack,
        [[1, 2], [3, 4]],
        value=[[1, 3], [2, 4]],
        dy=[[10, 30], [20, 40]],
        dxs=[[10, 20], [30, 40]],
        settings={"axis": 1},
    ),
    Example(
        shapes.expand_dims,
        [[1, 2]],
        value=[[1], [2]],
        dy=[[10], [20]],
        dxs=[[10, 20]],
        settings={"axis": 1},
    ),
    Example(
        shapes.squeeze,
        [[[[1], [2]]]],
        value=[[1], [2]],
        dy=[[10], [20]],
        dxs=[[[[10], [20]]]],
        settings={"axis": 0},
    ),
    Example(
        shapes.split,
        [[1, 2, 3, 4, 5]],
        value=([1, 2], [3, 4, 5]),
        dy=([10, 20], [30, 40, 50]),
        dxs=[[10, 20, 30, 40, 50]],
        settings={"sizes": [2, 3]},
    ),
]

X = np.ones((3, 4))

REFUSALS = [
    Refusal(
        shapes.reshape,
        [X],
        r"reshape: x has shape \(3, 4\), 12 entries.* shape \(5, -1\).*batch axis",
        settings={"shape": (5, -1)},
    ),
    Refusal(shapes.flatten, [np.array(1.0)], r"flatten: x is one number.*\(N, …\)"),
    *[
        Refusal(
            shapes.transpose,
            [X],
            r"transpose: axes are .*, x has shape \(3, 4\).*2 axes once",
            settings={"axes": axes},
        )
        for axes in [(0,), (0, 0), (0, 2), (0, 1, 2)]
    ],
    *[
        Refusal(
            shapes.getitem,
            [X],
            r"getitem: x has shape \(3, 4\): .*(out of bounds|too many indices)",
            settings={"index": index},
            error=IndexError,
        )
        for index in [3, (0, 0, 0), np.array([0, 4])]
    ],
    *[
        Refusal(
            shapes.concatenate,
            inputs,
            r"concatenate: the shapes are .*axis 1.*right axis",
            settings={"axis": 1},
        )
        for inputs in [[X, X[:2]], [], [X[0], X[0]]]
    ],
    *[
        Refusal(
            shapes.stack,
            inputs,
            r"stack: the shapes are .*new axis 3; .*use concatenate",
            settings={"axis": 3},
        )
        for inputs in [[X, X], [X, X[:2]], []]
    ],
    *[
        Refusal(
            shapes.expand_dims,
            [X],
            r"expand_dims: x has shape \(3, 4\), the new axis is .*each once",
            settings={"axis": axis},
        )
        for axis in [3, -4, (0, 0)]
    ],
    *[
        Refusal(
            shapes.squeeze,
            [np.ones((3, 1))],
            r"squeeze: x has shape \(3, 1\), axis .*size 1",
            settings={"axis": axis},
        )
        for axis in [0, 2, (0, 1)]
    ],
    Refusal(
        shapes.split,
        [np.ones((0, 4))],
        r"split: x has shape \(0, 4\), .*sizes \[\]; expected sizes",
        settings={"sizes": []},
    ),
    *[
        Refusal(
            shapes.split,
            [X],
            r"split: x has shape \(3, 4\), .*sizes that add up.*right axis",
            settings=settings,
        )
        for settings in [
            {"sizes": [1, 3], "axis": 0},
            {"sizes": [5, -1], "axis": 1},
            {"sizes": [], "axis": 1},
            {"sizes": [3], "axis": 2},
        ]
    ],
]
