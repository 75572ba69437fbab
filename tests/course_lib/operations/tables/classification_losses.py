import numpy as np
import torch
from torch.nn import functional

from course_lib.operations import classification_losses as losses
from tests.course_lib.operations.row import Example, Refusal, Row

PIXELS = np.random.default_rng(7).integers(0, 5, (3, 2, 4))
UNEVEN = np.random.default_rng(8).uniform(0.1, 1.0, (4, 3))  # rows do not sum to 1
ONE_HOT = np.eye(3)[[2, 0, 0, 1]]
WEIGHT = np.array([0.5, 2.0, 3.5])
PIXEL_WEIGHT = np.array([0.5, 2.0, 3.5, 1.0, 0.0])
ANSWERS = np.random.default_rng(9).uniform(0, 1, (4, 3)).round(1)


def in_torch(function, labels, **settings):
    """The same loss in torch, with tensors for the arrays among the settings."""
    tensors = {
        key: torch.tensor(value) if isinstance(value, np.ndarray) else value
        for key, value in settings.items()
    }
    return lambda y: function(y, torch.tensor(labels), **tensors)


def rows(operation, function, cases):
    return [
        Row(
            operation,
            (shape,),
            in_torch(function, labels, **settings),
            {"labels": labels, **settings},
        )
        for shape, labels, settings in cases
    ]


ROWS = [
    *rows(
        losses.cross_entropy,
        functional.cross_entropy,
        [
            ((4, 3), labels, settings)
            for labels in [
                [2, 0, 0, 1],
                ONE_HOT,
                UNEVEN / UNEVEN.sum(axis=1, keepdims=True),
                UNEVEN,
            ]
            for settings in [
                {},
                {"weight": WEIGHT},
                {"label_smoothing": 0.1},
                {"weight": WEIGHT, "label_smoothing": 0.3},
            ]
        ],
    ),
    *rows(
        losses.cross_entropy,
        functional.cross_entropy,
        [
            ((3, 5, 2, 4), PIXELS, settings)
            for settings in [
                {},
                {"weight": PIXEL_WEIGHT},
                {"weight": PIXEL_WEIGHT, "label_smoothing": 0.2},
            ]
        ],
    ),
    *rows(
        losses.binary_cross_entropy_with_logits,
        functional.binary_cross_entropy_with_logits,
        [
            ((4, 3), ANSWERS, {}),
            ((4, 3), ONE_HOT, {"pos_weight": WEIGHT}),
            ((4, 3), ANSWERS, {"pos_weight": WEIGHT}),
            ((4, 3), ANSWERS, {"pos_weight": np.array(2.5)}),
            ((4,), ANSWERS[:, 1], {}),
        ],
    ),
    *rows(
        losses.multi_margin,
        functional.multi_margin_loss,
        [
            ((4, 3), [2, 0, 0, 1], settings)
            for settings in [{}, {"margin": 0.4}, {"p": 2}, {"p": 2, "margin": 2.0}]
        ],
    ),
]

EXAMPLES = [
    Example(
        losses.cross_entropy,
        [[[0, 0], [np.log(3), 0]]],
        value=1.5 * np.log(2),  # (ln 2 + ln 4)/2
        dy=8,
        dxs=[[[-2, 2], [3, -3]]],
        settings={"labels": [0, 1]},
    ),
    Example(
        losses.cross_entropy,
        [[[0, 0], [np.log(3), 0]]],
        value=1.75 * np.log(2),  # (1·ln 2 + 3·ln 4)/4
        dy=8,
        dxs=[[[-1, 1], [4.5, -4.5]]],
        settings={"labels": [0, 1], "weight": [1, 3]},
    ),
    Example(
        losses.cross_entropy,
        [[[0, 0], [np.log(3), 0]]],
        value=1.5 * np.log(2) - 0.125 * np.log(3),  # (ln 2 + ln 4 − ¼·ln 3)/2
        dy=8,
        dxs=[[[-1, 1], [2, -2]]],
        settings={"labels": [0, 1], "label_smoothing": 0.5},
    ),
    Example(
        losses.binary_cross_entropy_with_logits,
        [[0, np.log(3), -np.log(3), 0]],
        value=2.25 * np.log(2),  # (ln 2 + ln 4 + 2·ln 4 + 2·ln 2)/4
        dy=16,
        dxs=[[2, 3, -6, -4]],
        settings={"labels": [0, 0, 1, 1], "pos_weight": 2},
    ),
    Example(
        losses.multi_margin,
        [[[1, 3, 2.5], [5, 1, 4.5]]],
        value=7 / 6,  # gaps 3 and 2.5 in the first sample, 1.5 and none in the second
        dy=6,
        dxs=[[[-2, 1, 1], [1, 0, -1]]],
        settings={"labels": [0, 2]},
    ),
    Example(
        losses.multi_margin,
        [[[1, 3, 2.5], [5, 1, 4.5]]],
        value=17.5 / 6,  # (9 + 6.25 + 2.25)/6
        dy=6,
        dxs=[[[-11, 6, 5], [3, 0, -3]]],
        settings={"labels": [0, 2], "p": 2},
    ),
]

LOGITS = np.zeros((4, 3))

NAMES_OF_CLASSES = [losses.cross_entropy, losses.multi_margin]

REFUSALS = [
    *[
        Refusal(
            operation,
            [logits],
            rf"{operation.__name__}: logits have shape \(.*expected \(N, C\)",
            settings={"labels": labels},
        )
        for operation in NAMES_OF_CLASSES
        for logits, labels in [
            (np.zeros(3), [0]),
            (np.zeros(3), np.zeros(3)),
            (np.zeros((0, 3)), np.zeros((0, 3))),
            (np.zeros((3, 0)), [0, 0, 0]),
        ]
    ],
    *[
        Refusal(
            operation,
            [LOGITS],
            rf"{operation.__name__}: labels have shape \(.*one-hot but integers",
            settings={"labels": labels},
        )
        for operation in NAMES_OF_CLASSES
        for labels in [
            [0, 1, 2],
            [[0], [1], [2], [0]],
            [0.0, 1.0, 2.0, 0.0],
            ONE_HOT.astype(int),
            ONE_HOT.astype(bool),
            ONE_HOT.T,
        ]
    ],
    Refusal(
        losses.multi_margin,
        [LOGITS],
        r"multi_margin: labels have shape \(4, 3\) and type float64",
        settings={"labels": ONE_HOT},
    ),
    *[
        Refusal(
            operation,
            [LOGITS],
            rf"{operation.__name__}: labels run from {low} to {high}.*classes, 0 to 2",
            settings={"labels": [low, 1, high, 2]},
        )
        for operation in NAMES_OF_CLASSES
        for low, high in [(1, 3), (-1, 2)]
    ],
    *[
        Refusal(
            losses.cross_entropy,
            [LOGITS],
            r"cross_entropy: weight has shape .*3 classes; expected \(3,\)",
            settings={"labels": [0, 1, 2, 0], "weight": weight},
        )
        for weight in [[1.0, 2.0], 1.0, np.ones((4, 3))]
    ],
    *[
        Refusal(
            losses.cross_entropy,
            [LOGITS],
            r"cross_entropy: label_smoothing is .*, expected 0 to 1",
            settings={"labels": [0, 1, 2, 0], "label_smoothing": smoothing},
        )
        for smoothing in [-0.1, 1.1]
    ],
    Refusal(
        losses.binary_cross_entropy_with_logits,
        [np.zeros((4, 1))],
        r"binary_cross_entropy_with_logits: y has shape \(4, 1\), labels \(4,\)",
        settings={"labels": np.zeros(4)},
    ),
    *[
        Refusal(
            losses.binary_cross_entropy_with_logits,
            [np.zeros(3)],
            rf"logits: labels run from {low}.0 to {high}.0, expected 0 to 1",
            settings={"labels": [low, 0, high]},
        )
        for low, high in [(-1, 1), (0, 2)]
    ],
    *[
        Refusal(
            losses.binary_cross_entropy_with_logits,
            [LOGITS],
            r"pos_weight has shape .*, the logits \(4, 3\); expected one number",
            settings={"labels": LOGITS, "pos_weight": weight},
        )
        for weight in [np.ones(4), np.ones((2, 4, 3))]
    ],
    Refusal(
        losses.multi_margin,
        [np.zeros((3, 5, 2, 4))],
        r"multi_margin: scores have shape \(3, 5, 2, 4\)",
        settings={"labels": PIXELS},
    ),
    *[
        Refusal(
            losses.multi_margin,
            [LOGITS],
            rf"multi_margin: scores have shape \(4, 3\), p is {p}; .* 1 or 2",
            settings={"labels": [0, 1, 2, 0], "p": p},
        )
        for p in [0, 3]
    ],
]
