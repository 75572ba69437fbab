import numpy as np
from torch.nn import functional

from course_lib.operations.padding import pad
from tests.course_lib.operations.row import Example, Refusal, Row


def in_torch(widths, mode, value=0.0):
    """torch lists the pairs from the last axis to the first, and has other names."""
    flat = [n for pair in reversed(widths) for n in pair]
    if mode == "zeros":
        return lambda x: functional.pad(x, flat, "constant", value)
    return lambda x: functional.pad(x, flat, mode)


def row(shape, widths, mode="zeros", **settings):
    return Row(
        pad,
        (shape,),
        in_torch(widths, mode, **settings),
        {"widths": widths, "mode": mode, **settings},
    )


ROWS = [
    Row(pad, ((3, 4),), lambda x: functional.pad(x, [2, 1]), {"widths": [(2, 1)]}),
    row((3, 4), ((1, 2), (0, 3)), value=-1.5),
    row((3, 2, 5, 4), ((0, 1), (2, 0), (3, 4), (1, 2))),
    row((3, 4), ((0, 0), (0, 0))),
    *[
        row(shape, widths, mode)
        for mode in ["reflect", "replicate"]
        for shape, widths in [
            ((3, 2, 5), [(4, 2)]),
            ((3, 2, 4, 5), [(3, 1), (0, 2)]),
            ((3, 2, 4, 5), [(0, 2), (4, 0)]),
            ((3, 2, 4, 6, 5), [(1, 2), (3, 0), (2, 4)]),
        ]
    ],
    row((3, 1, 2), [(3, 4)], "replicate"),
]

EXAMPLES = [
    Example(
        pad,
        [[[1, 2, 3]]],
        value=[[7, 7, 1, 2, 3, 7]],
        dy=[[10, 20, 30, 40, 50, 60]],
        dxs=[[[30, 40, 50]]],
        settings={"widths": [(2, 1)], "value": 7},
    ),
    Example(
        pad,
        [[[1, 2, 3]]],
        value=[[3, 2, 1, 2, 3, 2]],
        dy=[[10, 20, 30, 40, 50, 60]],
        dxs=[[[30, 20 + 40 + 60, 10 + 50]]],
        settings={"widths": [(2, 1)], "mode": "reflect"},
    ),
    Example(
        pad,
        [[[1, 2], [3, 4]]],
        value=[[1, 1, 1, 2], [3, 3, 3, 4], [3, 3, 3, 4]],
        dy=[[1, 2, 3, 4], [5, 6, 7, 8], [10, 20, 30, 40]],
        dxs=[[[6, 4], [18 + 60, 48]]],
        settings={"widths": [(0, 1), (2, 0)], "mode": "replicate"},
    ),
]

X = np.ones((3, 4))

REFUSALS = [
    Refusal(
        pad,
        [X],
        r"pad: mode is 'edge', expected one of \('zeros', 'reflect', 'replicate'\)",
        settings={"widths": [(1, 1)], "mode": "edge"},
    ),
    *[
        Refusal(
            pad,
            [X],
            r"pad: widths are .*, x has shape \(3, 4\); expected at most 2 pairs",
            settings={"widths": widths},
        )
        for widths in [[(1, 1)] * 3, [(0, 0), (1, -1)], [(-1, 2), (3, 3)]]
    ],
    *[
        Refusal(
            pad,
            [np.ones(shape)],
            r"pad: widths are .*too small for mode .*batch or the channel axis",
            settings={"widths": widths, "mode": mode},
        )
        for shape, widths, mode in [
            ((3, 4), [(4, 0)], "reflect"),
            ((3, 4), [(0, 4)], "reflect"),
            ((3, 4), [(3, 0), (0, 0)], "reflect"),
            ((3, 0), [(0, 1)], "replicate"),
            ((0, 3), [(1, 0), (0, 0)], "reflect"),
        ]
    ],
]
