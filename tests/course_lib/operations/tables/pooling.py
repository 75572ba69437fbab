import numpy as np
from torch.nn import functional

from course_lib.operations import pooling
from tests.course_lib.operations.row import Example, Refusal, Row, far_apart


def negative(rng, shape):
    """Below zero and without ties: a padding of 0 would win every maximum."""
    return far_apart(rng, shape) - 0.1 * np.prod(shape)


# Shapes whose axes are not divisible by the window, so that rows and columns remain;
# windows that tile, overlap, leave gaps, stick out, and differ along the axes.
SHAPES = {1: (3, 2, 7), 2: (3, 2, 5, 8), 3: (3, 2, 5, 7, 4)}
SETTINGS = {
    1: [
        {"kernel_size": 2},
        {"kernel_size": 3, "stride": 2, "padding": 1},
        {"kernel_size": (2,), "stride": (3,), "padding": (1,)},
    ],
    2: [
        {"kernel_size": 2},
        {"kernel_size": 3, "stride": 1},
        {"kernel_size": 3, "stride": 2, "padding": 1},
        {"kernel_size": (2, 3), "stride": (3, 1), "padding": (1, 0)},
        {"kernel_size": (4, 2), "stride": 2, "padding": (2, 1), "ceil_mode": True},
        {"kernel_size": 2, "stride": 3, "padding": 1, "ceil_mode": True},
        {"kernel_size": 1, "stride": 2},
    ],
    3: [
        {"kernel_size": 2},
        {"kernel_size": (1, 3, 2), "stride": (2, 2, 1), "padding": (0, 1, 1)},
    ],
}
DILATED = {
    1: [{"kernel_size": 3, "stride": 1, "dilation": 2, "padding": 1}],
    2: [
        {"kernel_size": 2, "dilation": 3, "padding": 1},
        {
            "kernel_size": (2, 3),
            "stride": (1, 2),
            "dilation": (4, 2),
            "padding": (1, 0),
        },
        {"kernel_size": 2, "stride": 2, "dilation": 2, "ceil_mode": True},
    ],
    3: [{"kernel_size": 2, "stride": 1, "dilation": (3, 2, 1)}],
}
NOT_COUNTING_PADDING = {
    1: [{"kernel_size": 3, "padding": 1, "count_include_pad": False}],
    2: [
        {"kernel_size": (4, 3), "stride": 2, "padding": 1, "count_include_pad": False},
        {
            "kernel_size": 3,
            "stride": 2,
            "padding": 1,
            "ceil_mode": True,
            "count_include_pad": False,
        },
    ],
    3: [{"kernel_size": 2, "padding": 1, "count_include_pad": False}],
}


def rows(operation, torch_operation, dims, settings, **kwargs):
    return [
        Row(
            operation,
            (SHAPES[dims],),
            lambda x, each=each: torch_operation(x, **each),
            each,
            **kwargs,
        )
        for each in settings
    ]


MAX = {1: pooling.max_pool1d, 2: pooling.max_pool2d, 3: pooling.max_pool3d}
AVG = {1: pooling.avg_pool1d, 2: pooling.avg_pool2d, 3: pooling.avg_pool3d}

ROWS = [
    row
    for dims in (1, 2, 3)
    for row in [
        *rows(
            MAX[dims],
            getattr(functional, f"max_pool{dims}d"),
            dims,
            SETTINGS[dims] + DILATED[dims],
            draw=negative,
        ),
        *rows(
            AVG[dims],
            getattr(functional, f"avg_pool{dims}d"),
            dims,
            SETTINGS[dims] + NOT_COUNTING_PADDING[dims],
        ),
    ]
]

EXAMPLES = [
    # Windows [1 3 2] and [2 5 4] of a stride of 2: the 2 between them is in both.
    Example(
        pooling.max_pool1d,
        [[[[1, 3, 2, 5, 4]]]],
        value=[[[3, 5]]],
        dy=[[[10, 20]]],
        dxs=[[[[0, 10, 0, 20, 0]]]],
        settings={"kernel_size": 3, "stride": 2},
    ),
    Example(
        pooling.avg_pool1d,
        [[[[1, 3, 2, 5, 5]]]],
        value=[[[2, 4]]],
        dy=[[[30, 60]]],
        dxs=[[[[10, 10, 30, 20, 20]]]],
        settings={"kernel_size": 3, "stride": 2},
    ),
    # The last row and column fill no window.
    Example(
        pooling.max_pool2d,
        [[[[[1, 2, 9], [4, 3, 9], [9, 9, 9]]]]],
        value=[[[[4]]]],
        dy=[[[[7]]]],
        dxs=[[[[[0, 0, 0], [7, 0, 0], [0, 0, 0]]]]],
        settings={"kernel_size": 2},
    ),
    Example(
        pooling.avg_pool2d,
        [[[[[1, 2, 9], [4, 3, 9], [9, 9, 9]]]]],
        value=[[[[2.5]]]],
        dy=[[[[8]]]],
        dxs=[[[[[2, 2, 0], [2, 2, 0], [0, 0, 0]]]]],
        settings={"kernel_size": 2},
    ),
    Example(
        pooling.max_pool3d,
        [[[[[[1, 2], [3, 4]], [[8, 7], [6, 5]]]]]],
        value=[[[[[8]]]]],
        dy=[[[[[3]]]]],
        dxs=[[[[[[0, 0], [0, 0]], [[3, 0], [0, 0]]]]]],
        settings={"kernel_size": 2},
    ),
    Example(
        pooling.avg_pool3d,
        [[[[[[1, 2], [3, 4]], [[8, 7], [6, 5]]]]]],
        value=[[[[[4.5]]]]],
        dy=[[[[[8]]]]],
        dxs=[[[[[[1, 1], [1, 1]], [[1, 1], [1, 1]]]]]],
        settings={"kernel_size": 2},
    ),
]

X = {dims: np.ones(SHAPES[dims]) for dims in (1, 2, 3)}

REFUSALS = [
    refusal
    for dims in (1, 2, 3)
    for name, operation in [("max", MAX[dims]), ("avg", AVG[dims])]
    for refusal in [
        Refusal(
            operation,
            [X[dims][0]],
            rf"{name}_pool{dims}d: x has shape .*expected \(N, C, .*batch axis",
            settings={"kernel_size": 2},
        ),
        Refusal(
            operation,
            [X[dims]],
            rf"{name}_pool{dims}d: stride is 0, expected a whole number from 1 on",
            settings={"kernel_size": 2, "stride": 0},
        ),
    ]
] + [
    Refusal(pooling.max_pool2d, [X[2]], message, settings=settings)
    for message, settings in [
        (r"kernel_size is 0, .*from 1 on", {"kernel_size": 0}),
        (r"kernel_size is 2\.0, .*whole number", {"kernel_size": 2.0}),
        (r"kernel_size is \(2, 0\), .*from 1 on", {"kernel_size": (2, 0)}),
        (r"no window fits: kernel_size is 8", {"kernel_size": 8, "padding": 1}),
        (r"kernel_size is \(2,\), .*or 2 of them", {"kernel_size": (2,)}),
        (r"stride is \(1, 1, 1\)", {"kernel_size": 2, "stride": (1, 1, 1)}),
        (r"padding is -1, .*from 0 on", {"kernel_size": 2, "padding": -1}),
        (r"dilation is 0, .*from 1 on", {"kernel_size": 2, "dilation": 0}),
        (
            r"padding is 2, expected at most half of kernel_size, which is 3",
            {"kernel_size": 3, "padding": 2},
        ),
        (
            r"padding is \(0, 2\), expected at most half",
            {"kernel_size": 2, "dilation": 3, "padding": (0, 2)},
        ),
        (
            r"x has shape \(3, 2, 5, 8\), in which no window fits: kernel_size is 6, "
            r"dilation 1, padding 0.*halved",
            {"kernel_size": 6},
        ),
        (r"no window fits: .*dilation 5", {"kernel_size": 2, "dilation": 5}),
    ]
]
