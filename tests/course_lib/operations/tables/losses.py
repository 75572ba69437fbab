import numpy as np
import torch
from torch.nn import functional

from course_lib.operations import losses
from tests.course_lib.operations.row import Example, Refusal, Row

PIXELS = np.random.default_rng(7).integers(0, 5, (3, 2, 4))
UNEVEN = np.random.default_rng(8).uniform(0.1, 1.0, (4, 3))  # rows do not sum to 1
ONE_HOT = np.eye(3)[[2, 0, 0, 1]]
TARGETS = np.random.default_rng(9).normal(size=(3, 4))


def cross_entropy(labels):
    return lambda x: functional.cross_entropy(x, torch.tensor(labels))


ROWS = [
    *[
        Row(
            operation,
            ((3, 4, 5),),
            lambda x, f=function, dim=axis: f(x, dim=dim),
            {"axis": axis},
        )
        for operation, function in [
            (losses.softmax, torch.softmax),
            (losses.log_softmax, torch.log_softmax),
        ]
        for axis in [-1, 0, 1]
    ],
    *[
        Row(losses.cross_entropy, (shape,), cross_entropy(labels), {"labels": labels})
        for shape, labels in [
            ((4, 3), [2, 0, 0, 1]),
            ((4, 3), ONE_HOT),
            ((4, 3), UNEVEN / UNEVEN.sum(axis=1, keepdims=True)),
            ((4, 3), UNEVEN),
            ((3, 5, 2, 4), PIXELS),
        ]
    ],
    Row(
        losses.mse,
        ((3, 4),),
        lambda y: functional.mse_loss(y, torch.tensor(TARGETS)),
        {"labels": TARGETS},
    ),
]

EXAMPLES = [
    Example(
        losses.softmax,
        [np.log([[1, 2, 5]])],
        value=[[0.125, 0.25, 0.625]],
        dy=[[8, 0, 0]],
        dxs=[[[0.875, -0.25, -0.625]]],
    ),
    Example(
        losses.log_softmax,
        [np.log([[1, 2, 5]])],
        value=np.log([[0.125, 0.25, 0.625]]),
        dy=[[1, 0, 0]],
        dxs=[[[0.875, -0.25, -0.625]]],
    ),
    Example(
        losses.cross_entropy,
        [[[0, 0], [np.log(3), 0]]],
        value=1.5 * np.log(2),  # (ln 2 + ln 4)/2
        dy=8,
        dxs=[[[-2, 2], [3, -3]]],
        settings={"labels": [0, 1]},
    ),
    Example(
        losses.mse,
        [[[1, 2], [3, 5]]],
        value=29 / 4,
        dy=2,
        dxs=[[[0, 2], [3, 4]]],
        settings={"labels": [[1, 0], [0, 1]]},
    ),
]

LOGITS = np.zeros((4, 3))

REFUSALS = [
    *[
        Refusal(
            operation,
            [LOGITS],
            rf"{operation.__name__}: axis is 2, x has shape \(4, 3\).*batch axis",
            settings={"axis": 2},
        )
        for operation in [losses.softmax, losses.log_softmax]
    ],
    *[
        Refusal(
            losses.cross_entropy,
            [logits],
            r"cross_entropy: logits have shape \(.*expected \(N, C\)",
            settings={"labels": [0]},
        )
        for logits in [np.zeros(3), np.zeros((0, 3)), np.zeros((3, 0))]
    ],
    *[
        Refusal(
            losses.cross_entropy,
            [LOGITS],
            r"cross_entropy: labels have shape \(.*one-hot but integers",
            settings={"labels": labels},
        )
        for labels in [
            [0, 1, 2],
            [[0], [1], [2], [0]],
            [0.0, 1.0, 2.0, 0.0],
            ONE_HOT.astype(int),
            ONE_HOT.astype(bool),
            ONE_HOT.T,
        ]
    ],
    *[
        Refusal(
            losses.cross_entropy,
            [LOGITS],
            rf"cross_entropy: labels run from {low} to {high}.*3 classes, 0 to 2",
            settings={"labels": [low, 1, high, 2]},
        )
        for low, high in [(1, 3), (-1, 2)]
    ],
    Refusal(
        losses.mse,
        [np.zeros((4, 1))],
        r"mse: y has shape \(4, 1\), labels \(4,\).*\(N,\) and the other \(N, 1\)",
        settings={"labels": np.zeros(4)},
    ),
    Refusal(
        losses.mse,
        [np.zeros((0, 3))],
        r"mse: y has shape \(0, 3\).*not empty",
        settings={"labels": np.zeros((0, 3))},
    ),
]
