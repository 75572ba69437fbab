import numpy as np
from torch.nn import functional

from course_lib.operations.adaptive_pooling import (
    adaptive_avg_pool2d,
    adaptive_max_pool2d,
)
from tests.course_lib.operations.row import Example, Refusal, Row, far_apart

SHAPE = (3, 2, 5, 8)
# The whole image; windows that tile, overlap, and are fewer or more than the pixels.
SIZES = [1, 2, 3, (5, 4), (4, 3), (1, 7), (7, 11), (None, 3), (2, None)]


def in_torch(operation, size):
    return lambda x: operation(x, size)


ROWS = [
    row
    for size in SIZES
    for row in [
        Row(
            adaptive_avg_pool2d,
            (SHAPE,),
            in_torch(functional.adaptive_avg_pool2d, size),
            {"output_size": size},
        ),
        Row(
            adaptive_max_pool2d,
            (SHAPE,),
            in_torch(functional.adaptive_max_pool2d, size),
            {"output_size": size},
            draw=far_apart,
        ),
    ]
]

EXAMPLES = [
    # Two windows over three columns overlap in the middle one.
    Example(
        adaptive_avg_pool2d,
        [[[[[1, 2, 6], [3, 4, 8]]]]],
        value=[[[[2.5, 5]]]],
        dy=[[[[4, 8]]]],
        dxs=[[[[[1, 3, 2], [1, 3, 2]]]]],
        settings={"output_size": (1, 2)},
    ),
    Example(
        adaptive_max_pool2d,
        [[[[[1, 9, 6], [3, 4, 8]]]]],
        value=[[[[9, 9]]]],
        dy=[[[[4, 8]]]],
        dxs=[[[[[0, 12, 0], [0, 0, 0]]]]],
        settings={"output_size": (1, 2)},
    ),
]

X = np.ones(SHAPE)

REFUSALS = [
    Refusal(operation, inputs, message, settings={"output_size": size})
    for operation in [adaptive_avg_pool2d, adaptive_max_pool2d]
    for inputs, message, size in [
        ([X[0]], rf"{operation.__name__}: x has shape \(2, 5, 8\).*batch axis", 1),
        ([X[:, :, :0]], rf"{operation.__name__}: x has shape .*no empty", 1),
        ([X[:, :, :, :0]], rf"{operation.__name__}: x has shape .*no empty", 1),
        ([X], rf"{operation.__name__}: output_size is \(0, 0\), .*from 1 on", 0),
        ([X], r"output_size is \(1, 2, 3\), .*or 2 of them", (1, 2, 3)),
    ]
]
