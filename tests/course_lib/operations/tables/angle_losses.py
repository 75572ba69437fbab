import numpy as np
import torch
from torch.nn import functional

from course_lib.operations import angle_losses as losses
from tests.course_lib.operations.row import Example, Refusal, Row

ANGLES = np.random.default_rng(9).uniform(-9, 9, (3, 4))
T = torch.tensor(ANGLES)
PI = np.pi


def all_round(rng, shape):
    """Predictions that go round the circle more than once."""
    return rng.uniform(-9, 9, shape)


def concentrations(rng, shape):
    """On both sides of the border between the two expansions of I₀."""
    return rng.uniform(0.1, 60, shape)


def atan2_mse(y):
    """The wrapped difference, by another way."""
    return torch.atan2(torch.sin(y - T), torch.cos(y - T)).square().mean()


def von_mises_nll(mean, concentration):
    i0 = torch.log(torch.special.i0e(concentration)) + concentration
    return (np.log(2 * PI) + i0 - concentration * torch.cos(T - mean)).mean()


ROWS = [
    Row(losses.wrapped_mse, ((3, 4),), atan2_mse, {"labels": ANGLES}, all_round),
    Row(
        losses.angle_cosine,
        ((3, 4),),
        lambda y: (1 - torch.cos(y - T)).mean(),
        {"labels": ANGLES},
        all_round,
    ),
    *[
        Row(
            losses.von_mises,
            ((3, 4), shape),
            von_mises_nll,
            {"labels": ANGLES},
            concentrations,  # and means of as many radians
        )
        for shape in [(3, 4), ()]
    ],
    Row(
        losses.sine_cosine_mse,
        ((3, 4, 2),),
        lambda y: functional.mse_loss(y, torch.stack([T.sin(), T.cos()], dim=-1)),
        {"labels": ANGLES},
    ),
]

EXAMPLES = [
    Example(
        losses.wrapped_mse,
        [[0.75 * PI, -0.75 * PI]],
        value=PI**2 / 4,  # each is a quarter turn away, over the seam
        dy=1,
        dxs=[[-PI / 2, PI / 2]],
        settings={"labels": [-0.75 * PI, 0.75 * PI]},
    ),
    Example(
        losses.angle_cosine,
        [[0.75 * PI, -0.5 * PI]],
        value=1.5,
        dy=1,
        dxs=[[-0.5, 0]],
        settings={"labels": [-0.75 * PI, 0.5 * PI]},
    ),
    Example(
        losses.von_mises,
        [[0.75 * PI, -0.5 * PI], [0, 0]],
        value=np.log(2 * PI),  # uniform
        dy=2,
        dxs=[[0, 0], [0, 1]],  # −cos of a quarter turn, −cos of a half turn
        settings={"labels": [-0.75 * PI, 0.5 * PI]},
    ),
    Example(
        losses.sine_cosine_mse,
        [[[0, 1], [0, 1]]],
        value=1,  # (0 + 0 + 0 + 4)/4
        dy=1,
        dxs=[[[0, 0], [0, 1]]],
        settings={"labels": [0, PI]},
    ),
]

REFUSALS = [
    *[
        Refusal(
            operation,
            inputs,
            rf"{operation.__name__}: y has shape \(4, 1\), labels \(4,\).*\(N, 1\)",
            settings={"labels": np.zeros(4)},
        )
        for operation, inputs in [
            (losses.wrapped_mse, [np.zeros((4, 1))]),
            (losses.angle_cosine, [np.zeros((4, 1))]),
            (losses.von_mises, [np.zeros((4, 1)), np.ones((4, 1))]),
        ]
    ],
    *[
        Refusal(
            losses.von_mises,
            [np.zeros((4, 3)), concentration],
            r"von_mises: the concentration has shape .*Is softplus or exp missing",
            settings={"labels": np.zeros((4, 3))},
        )
        for concentration in [np.ones(3), np.ones((4, 1)), np.array(-0.1)]
    ],
    *[
        Refusal(
            losses.sine_cosine_mse,
            [y],
            r"sine_cosine_mse: y has shape \(.*expected \(N, 2\) and \(N,\), not empty",
            settings={"labels": labels},
        )
        for y, labels in [
            (np.zeros(4), np.zeros(4)),
            (np.zeros((4, 2)), np.zeros((4, 1))),
            (np.zeros((0, 2)), np.zeros(0)),
        ]
    ],
]
