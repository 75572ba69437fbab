import numpy as np
import torch

from course_lib.operations import matrices
from tests.course_lib.operations.row import Example, Refusal, Row

ROWS = [
    *[
        Row(matrices.matmul, operands, torch.matmul)
        for operands in [
            ((3, 4), (4, 5)),
            ((3, 1), (1, 5)),
            ((6, 3, 4), (6, 4, 5)),
            ((6, 3, 4), (4, 5)),
            ((3, 4), (6, 4, 5)),
            ((7, 1, 3, 4), (6, 4, 2)),
        ]
    ],
    Row(matrices.dense, ((5, 4), (3, 4), (3,)), torch.nn.functional.linear),
    Row(matrices.dense, ((3, 2), (7, 2), (7,)), torch.nn.functional.linear),
    Row(matrices.dense, ((3, 5, 4), (2, 4), (2,)), torch.nn.functional.linear),
    Row(matrices.dense, ((5, 4), (3, 4)), torch.nn.functional.linear),
]

EXAMPLES = [
    Example(
        matrices.matmul,
        [[[1, 2, 3]], [[1, 0], [2, 1], [0, 3]]],
        value=[[5, 11]],
        dy=[[1, 2]],
        dxs=[[[1, 4, 6]], [[1, 2], [2, 4], [3, 6]]],
    ),
    Example(
        matrices.dense,
        [[[1, 2], [3, 4]], [[1, 0], [2, 1], [0, 3]], [10, 20, 30]],
        value=[[11, 24, 36], [13, 30, 42]],
        dy=[[1, 2, 3], [1, 0, -1]],
        dxs=[[[5, 11], [1, -3]], [[4, 6], [2, 4], [0, 2]], [2, 2, 2]],
    ),
]

REFUSALS = [
    *[
        Refusal(
            matrices.matmul,
            [np.ones(a), np.ones(b)],
            r"matmul: a has shape \(.*\) and b \(.*expected",
        )
        for a, b in [((3, 4), (5, 4)), ((4,), (4, 5)), ((3, 4), (4,)), ((), (1, 1))]
    ],
    Refusal(
        matrices.matmul,
        [np.ones((2, 3, 4)), np.ones((5, 4, 6))],
        r"matmul, leading axes: a has shape \(2,\) and b \(5,\).*broadcast",
    ),
    *[
        Refusal(
            matrices.dense,
            [np.ones(x), np.ones(w), np.ones(b)],
            r"dense: x has shape \(.*flattened",
        )
        for x, w, b in [
            ((5, 2, 2), (3, 4), (3,)),
            ((5, 4), (4, 3), (3,)),
            ((5, 4), (3, 4), (4,)),
            ((5, 4), (3, 4), (3, 1)),
            ((4,), (3, 4), (3,)),
        ]
    ],
]
