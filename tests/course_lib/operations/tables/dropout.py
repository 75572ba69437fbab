import numpy as np
import torch

from course_lib.operations import dropout
from tests.course_lib.operations.row import Example, Refusal, Row

# torch draws masks of its own: it gets ours, as a constant to multiply by.
VALUES = np.random.default_rng(7).random((5, 4)) < 0.6
CHANNELS = np.random.default_rng(8).random((4, 6, 1, 1)) < 0.5


def alpha_dropout(x, mask, p):
    """torch's own formula, with a mask that is given."""
    alpha = 1.7580993408473766
    a = 1 / np.sqrt((alpha**2 * p + 1) * (1 - p))
    kept = torch.tensor(mask, dtype=x.dtype)
    return x * kept * a - alpha * a * (1 - kept) + alpha * a * p


ROWS = [
    *[
        Row(
            dropout.dropout,
            (shape,),
            lambda x, m=mask, s=scale: x * torch.tensor(m) * s,
            {"mask": mask} | ({} if scale == 1 else {"scale": scale}),
        )
        for shape, mask, scale in [
            ((5, 4), VALUES, 1.0),
            ((5, 4), VALUES, 2.5),
            ((4, 6, 3, 2), CHANNELS, 2.0),
        ]
    ],
    *[
        Row(
            dropout.alpha_dropout,
            (shape,),
            lambda x, m=mask, p=p: alpha_dropout(x, m, p),
            {"mask": mask, "p": p},
        )
        for shape, mask, p in [
            ((5, 4), VALUES, 0.4),
            ((4, 6, 3, 2), CHANNELS, 0.05),
        ]
    ],
]

MASK = np.array([[True, False], [False, True]])

# With p such that 1 + p·α′² = 1/(1 − p), a is 1: p = 1 − 1/α′², and b = −p·α′.
FLOOR = -1.7580993408473766
P = 1 - 1 / FLOOR**2

EXAMPLES = [
    Example(
        dropout.dropout,
        [[[1, 2], [3, 4]]],
        value=[[5, 0], [0, 20]],
        dy=[[1, 10], [100, 1000]],
        dxs=[[[5, 0], [0, 5000]]],
        settings={"mask": MASK, "scale": 5.0},
    ),
    Example(
        dropout.alpha_dropout,
        [[[1, 2], [3, 4]]],
        value=[
            [1 - P * FLOOR, FLOOR - P * FLOOR],
            [FLOOR - P * FLOOR, 4 - P * FLOOR],
        ],
        dy=[[1, 10], [100, 1000]],
        dxs=[[[1, 0], [0, 1000]]],
        settings={"mask": MASK, "p": P},
    ),
]


def refusals_of_masks(operation, settings):
    return [
        Refusal(
            operation,
            [np.ones((2, 3))],
            rf"{operation.__name__}: the mask has shape \(.*x has \(2, 3\).*whole axis",
            settings={"mask": np.ones(shape, bool), **settings},
        )
        for shape in [(3, 2), (2, 2), (3,), (1, 2, 3)]
    ]


REFUSALS = [
    *refusals_of_masks(dropout.dropout, {}),
    *refusals_of_masks(dropout.alpha_dropout, {"p": 0.5}),
    *[
        Refusal(
            dropout.alpha_dropout,
            [np.ones((2, 2))],
            rf"alpha_dropout: p is {p}, expected 0 <= p < 1",
            settings={"mask": MASK, "p": p},
        )
        for p in [-0.1, 1.0]
    ],
]
