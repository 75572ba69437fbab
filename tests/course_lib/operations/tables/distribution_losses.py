import numpy as np
import torch
from torch.nn import functional

from course_lib.operations import distribution_losses as losses
from tests.course_lib.operations.row import Example, Refusal, Row

UNEVEN = np.random.default_rng(8).uniform(0.1, 1.0, (4, 3))
UNEVEN /= UNEVEN.sum(axis=1, keepdims=True)
ONE_HOT = np.eye(3)[[2, 0, 0, 1]]
PIXELS = np.random.default_rng(7).integers(0, 5, (3, 2, 4))
SOFT = np.random.default_rng(7).dirichlet(np.ones(5), (3, 2, 4)).transpose(0, 3, 1, 2)


def logarithms(rng, shape):
    """Of probabilities: negative, as log_softmax gives them."""
    return np.log(rng.uniform(0.05, 0.95, shape))


def dice_in_torch(labels, smooth=1.0):
    """Class by class and sample by sample, from the definition."""
    t = torch.tensor(labels)
    if not t.is_floating_point():
        t = functional.one_hot(t, 5).movedim(-1, 1).double()

    def loss(x):
        p = torch.softmax(x, dim=1)
        scores = [
            (2 * (a * b).sum() + smooth) / ((a * a).sum() + (b * b).sum() + smooth)
            for a, b in zip(p.flatten(0, 1), t.flatten(0, 1), strict=True)
        ]
        return 1 - torch.stack(scores).mean()

    return loss


ROWS = [
    *[
        Row(
            losses.kl_divergence,
            ((4, 3),),
            lambda y, t=t: functional.kl_div(y, torch.tensor(t), reduction="batchmean"),
            {"labels": t},
            logarithms,
        )
        for t in [UNEVEN, ONE_HOT]
    ],
    Row(
        losses.kl_divergence,
        ((3, 5, 2, 4),),
        lambda y: functional.kl_div(y, torch.tensor(SOFT), reduction="batchmean"),
        {"labels": SOFT},
        logarithms,
    ),
    *[
        Row(
            losses.dice,
            ((3, 5, 2, 4),),
            dice_in_torch(labels, **settings),
            {"labels": labels, **settings},
        )
        for labels in [PIXELS, SOFT]
        for settings in [{}, {"smooth": 0}, {"smooth": 2.5}]
    ],
]

EXAMPLES = [
    Example(
        losses.kl_divergence,
        [np.log([[0.5, 0.25, 0.25], [0.25, 0.25, 0.5]])],
        value=0.75 * np.log(2),  # (½·ln 1 + ½·ln 2 + 0)/2 + (½·ln 2 + ½·ln 2 + 0)/2
        dy=8,
        dxs=[[[-2, -2, 0], [-2, -2, 0]]],
        settings={"labels": [[0.5, 0.5, 0], [0.5, 0.5, 0]]},
    ),
    Example(
        losses.dice,
        [[[[0], [0]]]],  # one pixel, p = ½ for each class; D = (7/4)/2 and (3/4)/1
        value=3 / 16,
        dy=128,
        dxs=[[[[-21], [21]]]],  # dl/dp = −9/32 and 12/32, then softmax
        settings={"labels": [[0]], "smooth": 0.75},
    ),
]

REFUSALS = [
    Refusal(
        losses.kl_divergence,
        [np.zeros((4, 3))],
        r"kl_divergence: y has shape \(4, 3\), labels \(3,\)",
        settings={"labels": [0.5, 0.25, 0.25]},
    ),
    *[
        Refusal(
            losses.kl_divergence,
            [np.array(q)],
            r"kl_divergence: log_q runs from 0.* to .*Is it softmax",
            settings={"labels": [[0.5, 0.5]]},
        )
        for q in [[[0.5, 0.5]], [[0.0, 1.0]]]
    ],
    Refusal(
        losses.kl_divergence,
        [np.log([[0.5, 0.5]])],
        r"kl_divergence: the smallest label is -0.69.*logarithms too",
        settings={"labels": np.log([[0.5, 0.5]])},
    ),
    Refusal(
        losses.dice,
        [np.zeros((3, 5, 2, 4))],
        r"dice: labels have shape \(3, 4, 2\)",
        settings={"labels": PIXELS.transpose(0, 2, 1)},
    ),
    Refusal(
        losses.dice,
        [np.zeros((3, 4, 2, 4))],
        r"dice: labels run from 0 to 4, the logits have 4 classes",
        settings={"labels": PIXELS},
    ),
]
