import numpy as np
import torch
from torch.nn import functional

from course_lib.operations import activations
from tests.course_lib.operations.row import (
    Example,
    Refusal,
    Row,
    away_from_zero,
    far_apart,
)

LN2, LN3 = np.log(2), np.log(3)

# The fixed point's constants, from its definition: see test_activations.
ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805


def wide(rng, shape):
    """From −10 to 10: both branches of a stable formula, and its flat ends."""
    return rng.uniform(-10, 10, shape)


ROWS = [
    Row(activations.sigmoid, ((3, 4),), torch.sigmoid),
    Row(activations.sigmoid, ((5, 3, 2),), torch.sigmoid, draw=wide),
    Row(activations.tanh, ((3, 4),), torch.tanh),
    Row(activations.softsign, ((3, 4),), functional.softsign, draw=away_from_zero),
    Row(activations.relu, ((3, 4),), torch.relu, draw=away_from_zero),
    Row(activations.relu6, ((5, 3, 2),), functional.relu6, draw=wide),
    *[
        Row(
            operation,
            ((5, 3, 2),),
            lambda x, f=function, s=settings: f(x, **s),
            settings,
            wide,
        )
        for operation, function, settings in [
            (activations.leaky_relu, functional.leaky_relu, {}),
            (activations.leaky_relu, functional.leaky_relu, {"negative_slope": 0.1}),
            (activations.elu, functional.elu, {}),
            (activations.elu, functional.elu, {"alpha": 1.7}),
            (activations.selu, functional.selu, {}),
            (activations.softplus, functional.softplus, {}),
            (activations.softplus, functional.softplus, {"beta": 0.4}),
        ]
    ],
    Row(
        activations.leaky_relu,
        ((3, 4),),
        lambda x: functional.leaky_relu(x, -0.5),
        {"negative_slope": np.float64(-0.5)},
        away_from_zero,
    ),
    Row(
        activations.elu,
        ((3, 4),),
        lambda x: functional.elu(x, 0.3),
        {"alpha": np.float64(0.3)},
        away_from_zero,
    ),
    Row(
        activations.softplus,
        ((3, 4),),
        lambda x: functional.softplus(x, 2),
        {"beta": np.float64(2)},
    ),
    *[
        Row(
            activations.maxout,
            (shape,),
            lambda x, i=axis, k=pieces: x.unflatten(i, (-1, k)).amax(i % x.ndim + 1),
            {"pieces": pieces, "axis": axis},
            far_apart,
        )
        for shape, pieces, axis in [
            ((3, 4), 2, -1),
            ((5, 6), 3, 1),
            ((4, 6, 5, 7), 2, 1),
            ((6, 4, 5), 3, -3),
        ]
    ],
    Row(
        activations.maxout,
        ((3, 8),),
        lambda x: torch.maximum(x[:, ::2], x[:, 1::2]),
        draw=far_apart,
    ),
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
    Example(
        activations.softsign,
        [[-1, 0, 3]],
        value=[-0.5, 0, 0.75],
        dy=[4, 5, 32],
        dxs=[[1, 5, 2]],
    ),
    Example(
        activations.relu6,
        [[-1, 0, 2, 6, 7]],
        value=[0, 0, 2, 6, 6],
        dy=[-3, 5, -7, 11, 13],
        dxs=[[0, 0, -7, 0, 0]],
    ),
    Example(
        activations.leaky_relu,
        [[-10, 0, 2]],
        value=[-1, 0, 2],
        dy=[-30, 50, -7],
        dxs=[[-3, 5, -7]],
        settings={"negative_slope": 0.1},
    ),
    Example(
        activations.elu,
        [[-LN2, 0, 2]],
        value=[-1, 0, 2],
        dy=[3, 5, 7],
        dxs=[[3, 10, 7]],
        settings={"alpha": 2},
    ),
    Example(
        activations.selu,
        [[-LN2, 0, 2]],
        value=[-0.5 * SCALE * ALPHA, 0, 2 * SCALE],
        dy=[2, 5, 7],
        dxs=[[SCALE * ALPHA, 5 * SCALE * ALPHA, 7 * SCALE]],
    ),
    Example(
        activations.softplus,
        [[-LN3 / 2, 0, LN3 / 2]],
        value=[np.log(4 / 3) / 2, LN2 / 2, LN2],
        dy=[4, 6, 8],
        dxs=[[1, 3, 6]],
        settings={"beta": 2},
    ),
    Example(
        activations.maxout,
        [[[1, 5, 2, -4, -3, -3]]],
        value=[[5, -3]],
        dy=[[7, 10]],
        dxs=[[[0, 7, 0, 0, 5, 5]]],
        settings={"pieces": 3},
    ),
]

REFUSALS = [
    Refusal(
        activations.maxout,
        [np.ones((4, 6))],
        rf"maxout: x has shape \(4, 6\), {pieces} pieces along axis {axis};.*outputs",
        settings={"pieces": pieces, "axis": axis},
    )
    for pieces, axis in [(4, 1), (4, -1), (2, 2), (2, -3)]
]
