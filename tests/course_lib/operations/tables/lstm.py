import numpy as np
import torch

from course_lib.operations.lstm import lstm
from tests.course_lib.operations.row import Example, Refusal, Row


def in_torch(x, h, c, *weights):
    """torch's cell, stepped through time."""
    hs, cs = [], []
    for x_t in x:
        h, c = torch.lstm_cell(x_t, (h, c), *weights)
        hs.append(h)
        cs.append(c)
    return torch.stack(hs), torch.stack(cs)


def shapes(steps, n, features, size):
    return (
        (steps, n, features),
        (n, size),
        (n, size),
        (4 * size, features),
        (4 * size, size),
        (4 * size,),
        (4 * size,),
    )


ROWS = [
    Row(lstm, shapes(5, 3, 2, 4), in_torch),
    Row(lstm, shapes(4, 7, 5, 3), in_torch),
    Row(lstm, shapes(6, 3, 7, 1), in_torch),
]

LN3 = np.log(3.0)

EXAMPLES = [
    # All weighted sums are 0, but a_g = ½ ln 3, so that i = f = o = g = ½. The cell is
    # c₁ = ½(ln 3 − ½) + ¼ = ½ ln 3, and h₁ = ½·½. With dh = 64 and dc = 8,
    # dc₁ = 8 + 64·½·¾ = 32; da_i = 32·½·¼, da_f = 32·c₀·¼, da_g = 32·½·¾, and
    # da_o = 64·½·¼.
    Example(
        lstm,
        [
            [[[3]]],
            [[2]],
            [[LN3 - 0.5]],
            [[1], [0], [2], [3]],
            [[1], [0], [-1], [2]],
            [-3, 0, -6, -9],
            [-2, 0, 2 + LN3 / 2, -4],
        ],
        value=([[[0.25]]], [[[LN3 / 2]]]),
        dy=([[[64]]], [[[8]]]),
        dxs=[
            [[[4 + 2 * 12 + 3 * 8]]],
            [[4 - 12 + 2 * 8]],
            [[16]],
            [[12], [24 * (LN3 - 0.5)], [36], [24]],
            [[8], [16 * (LN3 - 0.5)], [24], [16]],
            [4, 8 * (LN3 - 0.5), 12, 8],
            [4, 8 * (LN3 - 0.5), 12, 8],
        ],
    ),
]

WRONG = [
    ((5, 3), (3, 4), (3, 4), (16, 2), (16, 4), (16,), (16,)),
    ((0, 3, 2), (3, 4), (3, 4), (16, 2), (16, 4), (16,), (16,)),
    ((5, 3, 2), (3, 4), (3, 5), (16, 2), (16, 4), (16,), (16,)),
    ((5, 3, 2), (3, 4), (3, 4), (4, 2), (4, 4), (4,), (4,)),
    ((5, 3, 2), (3, 4), (3, 4), (16, 2), (16, 4), (16,), (4,)),
]

REFUSALS = [
    *[
        Refusal(
            lstm,
            [np.ones(shape) for shape in wrong],
            r"lstm: the shapes are \(.*\(N, H\), \(N, H\), \(4H, D\), .*\(4H,\).*batch",
        )
        for wrong in WRONG
    ],
    Refusal(
        lstm,
        [np.ones(shape) for shape in WRONG[2]],
        r"\(5, 3, 2\), \(3, 4\), \(3, 5\), \(16, 2\), \(16, 4\), \(16,\), \(16,\);",
    ),
]
