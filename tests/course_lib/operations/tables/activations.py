import numpy as np
import torch

from course_lib.operations import activations
from tests.course_lib.operations.row import Example, Row, away_from_zero

LN2, LN3 = np.log(2), np.log(3)


def wide(rng, shape):
    """From −10 to 10: both branches of a stable formula, and its flat ends."""
    return rng.uniform(-10, 10, shape)


ROWS = [
    Row(activations.sigmoid, ((3, 4),), torch.sigmoid),
    Row(activations.sigmoid, ((5, 3, 2),), torch.sigmoid, draw=wide),
    Row(activations.tanh, ((3, 4),), torch.tanh),
    Row(activations.relu, ((3, 4),), torch.relu, draw=away_from_zero),
]

EXAMPLES = [
    Example(
        activations.sigmoid,
        [[0, LN3, -LN3]],
        value=[0.5, 0.75, 0.25],
        dy=[4, 16, 32],
        dxs=[[1, 3, 6]],
    ),
    Example(
        activations.tanh,
        [[0, LN2, -LN2]],
        value=[0, 0.6, -0.6],
        dy=[1, 25, 50],
        dxs=[[1, 16, 32]],
    ),
    Example(
        activations.relu,
        [[-1, 0, 2]],
        value=[0, 0, 2],
        dy=[-3, 5, -7],
        dxs=[[0, 0, -7]],
    ),
]

REFUSALS = []
