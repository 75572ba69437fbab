import numpy as np
import torch
from torch.nn import functional

from course_lib.operations.embedding import embedding
from tests.course_lib.operations.row import Example, Refusal, Row


def in_torch(indices):
    return lambda w: functional.embedding(torch.tensor(indices), w)


INDICES = [[4, 0, 4], [2, 4, 0]]

ROWS = [
    Row(embedding, ((5, 3),), in_torch(INDICES), {"indices": INDICES}),
    Row(
        embedding,
        ((4, 6),),
        in_torch([[[1], [3]]]),
        {"indices": np.array([[[1], [3]]], dtype=np.uint8)},
    ),
]

EXAMPLES = [
    Example(
        embedding,
        [[[1, 2], [3, 4], [5, 6]]],
        value=[[5, 6], [1, 2], [5, 6]],
        dy=[[1, 10], [2, 20], [3, 30]],
        dxs=[[[2, 20], [0, 0], [4, 40]]],
        settings={"indices": [2, 0, 2]},
    ),
]

REFUSALS = [
    *[
        Refusal(
            embedding,
            [np.ones(shape)],
            rf"embedding: w has shape .* of type {kind}.*integers",
            settings={"indices": indices},
        )
        for shape, indices, kind in [
            ((5,), [0], "int64"),
            ((5, 3), [0.0], "float64"),
            ((5, 3), [True], "bool"),
        ]
    ],
    *[
        Refusal(
            embedding,
            [np.ones((5, 3))],
            r"embedding: the indices run from .*5 rows, 0 to 4.*vocabulary",
            settings={"indices": indices},
        )
        for indices in [[0, 5], [[-1], [2]]]
    ],
]
