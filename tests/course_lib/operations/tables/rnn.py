import numpy as np
import torch

from course_lib.operations.rnn import rnn
from tests.course_lib.operations.row import Example, Refusal, Row


def in_torch(cell):
    """torch's cell, stepped through time."""

    def states(x, h, *weights):
        hs = []
        for x_t in x:
            h = cell(x_t, h, *weights)
            hs.append(h)
        return torch.stack(hs)

    return states


def shapes(steps, n, features, size):
    return (
        (steps, n, features),
        (n, size),
        (size, features),
        (size, size),
        (size,),
        (size,),
    )


ROWS = [
    Row(rnn, shapes(5, 3, 2, 4), in_torch(torch.rnn_tanh_cell), square=(3,)),
    Row(rnn, shapes(4, 7, 3, 2), in_torch(torch.rnn_tanh_cell), square=(3,)),
    Row(
        rnn,
        shapes(4, 3, 5, 6),
        in_torch(torch.rnn_relu_cell),
        {"nonlinearity": "relu"},
        square=(3,),
    ),
]

EXAMPLES = [
    # a₁ = 2 + 1·3 = 5 and a₂ = 2·(−4) + 2 + 5 = −1, where ReLU is flat.
    Example(
        rnn,
        [[[[0]], [[-4]], [[3]]], [[3]], [[2]], [[1]], [1], [1]],
        value=[[[5]], [[0]], [[8]]],
        dy=[[[1]], [[10]], [[100]]],
        dxs=[[[[2]], [[0]], [[200]]], [[1]], [[300]], [[3]], [101], [101]],
        settings={"nonlinearity": "relu"},
    ),
    # tanh(½ ln 3) = ½, with the slope ¾.
    Example(
        rnn,
        [[[[1]]], [[2]], [[3]], [[5]], [-3], [np.log(3) / 2 - 10]],
        value=[[[0.5]]],
        dy=[[[4]]],
        dxs=[[[[9]]], [[15]], [[3]], [[6]], [3], [3]],
    ),
]

WRONG = [
    ((5, 3), (3, 4), (4, 2), (4, 4), (4,), (4,)),  # one sequence, no batch
    ((0, 3, 2), (3, 4), (4, 2), (4, 4), (4,), (4,)),
    ((5, 3, 2), (4,), (4, 2), (4, 4), (4,), (4,)),
    ((5, 3, 2), (5, 4), (4, 2), (4, 4), (4,), (4,)),
    ((5, 3, 2), (3, 4), (2, 4), (4, 4), (4,), (4,)),
    ((5, 3, 2), (3, 4), (4, 2), (4, 3), (4,), (4,)),
    ((5, 3, 2), (3, 4), (4, 2), (4, 4), (1,), (4,)),
    ((5, 3, 2), (3, 4), (4, 2), (4, 4), (4,), (4, 1)),
]

REFUSALS = [
    *[
        Refusal(
            rnn,
            [np.ones(shape) for shape in wrong],
            r"rnn: the shapes are \(.*\), \(H, D\), \(H, H\), \(H,\), \(H,\), .*batch",
        )
        for wrong in WRONG
    ],
    Refusal(
        rnn,
        [np.ones(shape) for shape in shapes(5, 3, 2, 4)],
        r"rnn: nonlinearity is 'sigmoid', expected 'tanh' or 'relu'",
        settings={"nonlinearity": "sigmoid"},
    ),
]
