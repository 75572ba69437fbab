import numpy as np
import torch

from course_lib.layers import (
    AlphaDropout,
    Dropout,
    Dropout1d,
    Dropout2d,
    Dropout3d,
    OriginalDropout,
)
from tests.course_lib.layers.row import Row


class SameDraws:
    """A generator that draws the same each time, as comparisons of two calls need."""

    def random(self, shape):
        return np.random.default_rng(5).random(shape)


class Times(torch.nn.Module):
    """Multiplies by a mask that is given: torch cannot draw ours."""

    def __init__(self, shape, p, scale):
        super().__init__()
        self.factor = torch.tensor((SameDraws().random(shape) >= p) * scale)

    def forward(self, x):
        return x * self.factor


def training(make, shape, drawn, scale, text):
    return Row(
        lambda rng: make(0.2, rng=SameDraws()),
        shape,
        lambda: Times(drawn, 0.2, scale),
        shape,
        repr=text,
    )


def evaluation(make, shape, torchs):
    """Where nothing is drawn, and torch's own layer tells what is right."""
    return Row(
        lambda rng: make(0.2, rng=rng).eval(),
        shape,
        lambda: torchs(0.2).eval(),
        shape,
        repr=f"{make.__name__}(0.2)",
    )


def without(make, shape, p, torchs):
    """Nothing is left out, or all is: the mask does not matter."""
    return Row(
        lambda rng: make(p, rng=rng),
        shape,
        lambda: torchs(p),
        shape,
        repr=f"{make.__name__}({p})",
    )


CHANNELS = [
    ((4, 3, 5), Dropout1d, torch.nn.Dropout1d),
    ((4, 3, 5, 2), Dropout2d, torch.nn.Dropout2d),
    ((4, 3, 2, 5, 6), Dropout3d, torch.nn.Dropout3d),
]
EACH = [
    *CHANNELS,
    ((4, 3), Dropout, torch.nn.Dropout),
    ((4, 3, 5), AlphaDropout, torch.nn.AlphaDropout),
]

ROWS = [
    training(Dropout, (4, 5), (4, 5), 1.25, "Dropout(0.2)"),
    training(OriginalDropout, (4, 5), (4, 5), 1, "OriginalDropout(0.2)"),
    *[
        training(
            make,
            shape,
            (4, 3, *[1] * len(shape[2:])),
            1.25,
            f"{make.__name__}(0.2)",
        )
        for shape, make, _ in CHANNELS
    ],
    *[evaluation(make, shape, torchs) for shape, make, torchs in EACH],
    *[without(make, shape, p, t) for shape, make, t in EACH for p in [0.0, 1.0]],
]
