import numpy as np
from torch.nn import functional

from course_lib.operations.upsampling import upsample_bilinear, upsample_nearest
from tests.course_lib.operations.row import Example, Refusal, Row

SHAPE = (4, 3, 5, 7)
# Twice, unevenly, smaller, the same size, one pixel, and sizes that a factor rounds.
SETTINGS = [
    {"scale_factor": 2},
    {"scale_factor": 2.5},
    {"scale_factor": (1.7, 3.3)},
    {"scale_factor": (0.6, 0.35)},
    {"scale_factor": (1.1, 2.1)},
    {"size": 9},
    {"size": (11, 3)},
    {"size": (1, 7)},
    {"size": (10, 1)},
]


def row(operation, settings, *, shape=SHAPE, **in_torch):
    return Row(
        operation,
        (shape,),
        lambda x: functional.interpolate(x, mode=in_torch["mode"], **settings),
        settings,
    )


ROWS = [
    *[row(upsample_nearest, settings, mode="nearest") for settings in SETTINGS],
    row(upsample_nearest, {"scale_factor": 2.3}, shape=(4, 3, 2, 1), mode="nearest"),
    *[
        row(upsample_bilinear, {**settings, **aligned}, mode="bilinear")
        for settings in SETTINGS
        for aligned in [{}, {"align_corners": True}]
    ],
    row(upsample_bilinear, {"scale_factor": 2.3}, shape=(4, 3, 2, 1), mode="bilinear"),
]

EXAMPLES = [
    Example(
        upsample_nearest,
        [[[[[1, 2]]]]],
        value=[[[[1, 1, 2], [1, 1, 2]]]],
        dy=[[[[1, 2, 3], [10, 20, 30]]]],
        dxs=[[[[[33, 33]]]]],
        settings={"size": (2, 3)},
    ),
    Example(
        upsample_bilinear,
        [[[[[0, 4]]]]],
        value=[[[[0, 1, 3, 4]]]],
        dy=[[[[4, 8, 16, 32]]]],
        dxs=[[[[[14, 46]]]]],
        settings={"size": (1, 4)},
    ),
    Example(
        upsample_bilinear,
        [[[[[0, 6]]]]],
        value=[[[[0, 2, 4, 6]]]],
        dy=[[[[3, 6, 9, 12]]]],
        dxs=[[[[[10, 20]]]]],
        settings={"size": (1, 4), "align_corners": True},
    ),
]

X = np.ones(SHAPE)

REFUSALS = [
    Refusal(operation, [x], rf"{operation.__name__}: {message}", settings=settings)
    for operation in [upsample_nearest, upsample_bilinear]
    for x, message, settings in [
        (X[0], r"x has shape \(3, 5, 7\), expected \(N, C, H, W\).*batch", {"size": 2}),
        (X, r"size is None, scale_factor is None; expected one", {}),
        (
            X,
            r"size is 2, scale_factor is 3; .*not both",
            {"size": 2, "scale_factor": 3},
        ),
        (X, r"size is 0, expected a whole number from 1 on", {"size": 0}),
        (X, r"size is \(1, 2, 3\)", {"size": (1, 2, 3)}),
        (
            X,
            r"scale_factor is 0\.1, .*of \(5, 7\) do not vanish",
            {"scale_factor": 0.1},
        ),
        (X, r"scale_factor is \(1, 0\.1\)", {"scale_factor": (1, 0.1)}),
        (X, r"scale_factor is -2", {"scale_factor": -2}),
        (X, r"scale_factor is \(2,\)", {"scale_factor": (2,)}),
        (X, r"scale_factor is \(2, 2, 2\)", {"scale_factor": (2, 2, 2)}),
    ]
]
