import numpy as np
import torch

from course_lib.operations.gru import gru
from tests.course_lib.operations.row import Example, Refusal, Row
from tests.course_lib.operations.tables.rnn import in_torch


def shapes(steps, n, features, size):
    return (
        (steps, n, features),
        (n, size),
        (3 * size, features),
        (3 * size, size),
        (3 * size,),
        (3 * size,),
    )


ROWS = [
    Row(gru, shapes(5, 3, 2, 4), in_torch(torch.gru_cell)),
    Row(gru, shapes(4, 7, 5, 3), in_torch(torch.gru_cell)),
    Row(gru, shapes(6, 3, 4, 1), in_torch(torch.gru_cell)),
]

EXAMPLES = [
    # r = z = ½, u_n = 1 and a_n = ½ ln 3 − ½, so that n = tanh(½ ln 3) = ½; h₁ is the
    # mean of n and h₀ = 2. With dh = 64: da_n = 64·½·¾ = 24, da_r = 24·u_n·¼ = 6,
    # da_z = 64·(2 − ½)·¼ = 24; du is the same but du_n = 24·½ = 12.
    Example(
        gru,
        [
            [[[3]]],
            [[2]],
            [[1], [2], [-1]],
            [[1], [-1], [3]],
            [-3, -6, 3 + np.log(3) / 2 - 0.5],
            [-2, 2, -5],
        ],
        value=[[[1.25]]],
        dy=[[[64]]],
        dxs=[
            [[[6 + 2 * 24 - 24]]],
            [[32 + 6 - 24 + 3 * 12]],
            [[18], [72], [72]],
            [[12], [48], [24]],
            [6, 24, 24],
            [6, 24, 12],
        ],
    ),
]

WRONG = [
    ((5, 3), (3, 4), (12, 2), (12, 4), (12,), (12,)),
    ((0, 3, 2), (3, 4), (12, 2), (12, 4), (12,), (12,)),
    ((5, 3, 2), (5, 4), (12, 2), (12, 4), (12,), (12,)),
    ((5, 3, 2), (3, 4), (16, 2), (16, 4), (16,), (16,)),
    ((5, 3, 2), (3, 4), (12, 2), (12, 4), (12,), (4,)),
]

REFUSALS = [
    Refusal(
        gru,
        [np.ones(shape) for shape in wrong],
        r"gru: the shapes are \(.*\), \(3H, D\), \(3H, H\), \(3H,\), \(3H,\), .*batch",
    )
    for wrong in WRONG
]
