import numpy as np
import torch

from course_lib.operations import elementwise
from tests.course_lib.operations.row import (
    Example,
    Refusal,
    Row,
    away_from_zero,
    positive,
)

LN2, ROOT3, PI = np.log(2), np.sqrt(3), np.pi

BROADCASTS = [
    ((3, 4), (3, 4)),
    ((3, 4), (3, 1)),
    ((4,), (5, 3, 4)),
    ((3, 1, 4), (5, 1)),
    ((3, 4), ()),
]

ROWS = [
    *[Row(elementwise.add, shapes, torch.add) for shapes in BROADCASTS],
    *[Row(elementwise.subtract, shapes, torch.sub) for shapes in BROADCASTS],
    *[Row(elementwise.multiply, shapes, torch.mul) for shapes in BROADCASTS],
    *[
        Row(elementwise.divide, shapes, torch.div, draw=away_from_zero)
        for shapes in BROADCASTS
    ],
    *[Row(elementwise.maximum, shapes, torch.maximum) for shapes in BROADCASTS],
    *[Row(elementwise.minimum, shapes, torch.minimum) for shapes in BROADCASTS],
    Row(elementwise.negative, ((3, 4),), torch.neg),
    *[
        Row(
            elementwise.power,
            ((3, 4),),
            lambda x, n=n: x**n,
            {"exponent": n},
            draw,
        )
        for n, draw in [
            (3, away_from_zero),
            (2.0, away_from_zero),
            (-2, away_from_zero),
            (0.3, positive),
            (1, away_from_zero),
            (0, away_from_zero),
            (np.float64(2.5), positive),
        ]
    ],
    Row(elementwise.square, ((3, 4),), torch.square),
    Row(elementwise.sqrt, ((3, 4),), torch.sqrt, draw=positive),
    Row(elementwise.reciprocal, ((3, 4),), torch.reciprocal, draw=away_from_zero),
    Row(elementwise.exp, ((3, 4),), torch.exp),
    Row(elementwise.log, ((3, 4),), torch.log, draw=positive),
    Row(elementwise.absolute, ((3, 4),), torch.abs, draw=away_from_zero),
    Row(elementwise.sine, ((3, 4),), torch.sin),
    *[
        Row(
            elementwise.sine,
            ((3, 4),),
            lambda x, omega=omega: torch.sin(omega * x),
            {"frequency": omega},
        )
        for omega in [6, 0.7, np.float64(2.5)]
    ],
    Row(elementwise.cosine, ((3, 4),), torch.cos),
]

EXAMPLES = [
    Example(
        elementwise.add,
        [[[1, 2, 3], [4, 5, 6]], [[10], [20]]],
        value=[[11, 12, 13], [24, 25, 26]],
        dy=[[1, 2, 3], [4, 5, 6]],
        dxs=[[[1, 2, 3], [4, 5, 6]], [[6], [15]]],
    ),
    Example(
        elementwise.subtract,
        [[[1, 2, 3], [4, 5, 6]], [[10], [20]]],
        value=[[-9, -8, -7], [-16, -15, -14]],
        dy=[[1, 2, 3], [4, 5, 6]],
        dxs=[[[1, 2, 3], [4, 5, 6]], [[-6], [-15]]],
    ),
    Example(
        elementwise.multiply,
        [[[1, 2, 3], [4, 5, 6]], [2, 3, 4]],
        value=[[2, 6, 12], [8, 15, 24]],
        dy=[[1, 0, 2], [0, 1, -1]],
        dxs=[[[2, 0, 8], [0, 3, -4]], [1, 5, 0]],
    ),
    Example(
        elementwise.divide,
        [[6, 1], [2, 4]],
        value=[3, 0.25],
        dy=[1, 8],
        dxs=[[0.5, 2], [-1.5, -0.5]],
    ),
    Example(
        elementwise.maximum,
        [[1, 5, 2], [3, 4, 2]],
        value=[3, 5, 2],
        dy=[1, 2, 4],
        dxs=[[0, 2, 2], [1, 0, 2]],
    ),
    Example(
        elementwise.minimum,
        [[1, 5, 2], [3, 4, 2]],
        value=[1, 4, 2],
        dy=[1, 2, 4],
        dxs=[[1, 0, 2], [0, 2, 2]],
    ),
    Example(elementwise.negative, [[1, -2]], [-1, 2], dy=[3, 5], dxs=[[-3, -5]]),
    Example(
        elementwise.power,
        [[2, -3]],
        value=[8, -27],
        dy=[1, 2],
        dxs=[[12, 54]],
        settings={"exponent": 3},
    ),
    Example(elementwise.square, [[3, -2]], [9, 4], dy=[1, 5], dxs=[[6, -20]]),
    Example(elementwise.sqrt, [[4, 0.25]], [2, 0.5], dy=[8, 1], dxs=[[2, 1]]),
    Example(elementwise.reciprocal, [[2, -0.5]], [0.5, -2], dy=[4, 1], dxs=[[-1, -4]]),
    Example(elementwise.exp, [[0, LN2]], [1, 2], dy=[3, 5], dxs=[[3, 10]]),
    Example(elementwise.log, [[1, 0.5]], [0, -LN2], dy=[3, 2], dxs=[[3, 4]]),
    Example(
        elementwise.absolute, [[-2, 0, 3]], [2, 0, 3], dy=[5, 7, 11], dxs=[[-5, 0, 11]]
    ),
    Example(
        elementwise.sine,
        [[0, PI / 2, PI / 6]],
        value=[0, 1, 0.5],
        dy=[2, 3, 2],
        dxs=[[2, 0, ROOT3]],
    ),
    Example(
        elementwise.sine,
        [[0, PI / 4, PI / 12]],
        value=[0, 1, 0.5],
        dy=[2, 3, 2],
        dxs=[[4, 0, 2 * ROOT3]],
        settings={"frequency": 2},
    ),
    Example(
        elementwise.cosine,
        [[0, PI / 2, PI / 3]],
        value=[1, 0, 0.5],
        dy=[2, 3, 2],
        dxs=[[0, -3, -ROOT3]],
    ),
]

REFUSALS = [
    *[
        Refusal(
            operation,
            [np.ones((3, 4)), np.ones(3)],
            rf"{operation.__name__}: a has shape \(3, 4\) and b \(3,\).*keepdims",
        )
        for operation in [
            elementwise.add,
            elementwise.subtract,
            elementwise.multiply,
            elementwise.divide,
            elementwise.maximum,
            elementwise.minimum,
        ]
    ],
    Refusal(
        elementwise.power,
        [np.ones(3)],
        r"power: the exponent is \[1, 2, 3\].*exp\(b \* log\(a\)\)",
        settings={"exponent": [1, 2, 3]},
        error=TypeError,
    ),
]
