import numpy as np
import torch
from torch.nn import functional

from course_lib.operations import regression_losses as losses
from tests.course_lib.operations.row import Example, Refusal, Row

TARGETS = np.random.default_rng(9).normal(size=(3, 4))

ROWS = [
    Row(
        operation,
        ((3, 4),),
        lambda y, f=function, s=settings: f(y, torch.tensor(TARGETS), **s),
        {"labels": TARGETS, **settings},
    )
    for operation, function, settings in [
        (losses.mse, functional.mse_loss, {}),
        (losses.l1, functional.l1_loss, {}),
        (losses.huber, functional.huber_loss, {}),
        (losses.huber, functional.huber_loss, {"delta": 0.3}),
        (losses.huber, functional.huber_loss, {"delta": 2.5}),
    ]
]

EXAMPLES = [
    Example(
        losses.mse,
        [[[1, 2], [3, 5]]],
        value=29 / 4,
        dy=2,
        dxs=[[[0, 2], [3, 4]]],
        settings={"labels": [[1, 0], [0, 1]]},
    ),
    Example(
        losses.l1,
        [[[1, 2], [3, -5]]],
        value=11 / 4,
        dy=4,
        dxs=[[[0, 1], [1, -1]]],
        settings={"labels": [[1, 0], [0, 1]]},
    ),
    Example(
        losses.huber,
        [[1, 3, -4, 2]],
        value=13 / 4,  # 1/2 + 2·(3 − 1) + 2·(5 − 1) + 1/2
        dy=4,
        dxs=[[1, 2, -2, 1]],
        settings={"labels": [0, 0, 1, 1], "delta": 2},
    ),
]

REFUSALS = [
    *[
        Refusal(
            operation,
            [y],
            rf"{operation.__name__}: y has shape \(.*, not empty.*the other \(N, 1\)",
            settings={"labels": labels},
        )
        for operation in [losses.mse, losses.l1, losses.huber]
        for y, labels in [
            (np.zeros((4, 1)), np.zeros(4)),
            (np.zeros((0, 3)), np.zeros((0, 3))),
        ]
    ],
    *[
        Refusal(
            losses.huber,
            [np.zeros(3)],
            rf"huber: delta is {delta}, expected a positive number",
            settings={"labels": np.zeros(3), "delta": delta},
        )
        for delta in [0, -1]
    ],
]
