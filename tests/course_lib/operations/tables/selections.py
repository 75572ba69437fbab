import numpy as np
import torch

from course_lib.operations import selections
from tests.course_lib.operations.row import Example, Refusal, Row

CONDITION = np.random.default_rng(5).normal(size=(3, 4)) > 0

ROWS = [
    *[
        Row(
            selections.where,
            shapes,
            lambda a, b, c=condition: torch.where(torch.tensor(c), a, b),
            {"condition": condition},
        )
        for shapes, condition in [
            (((3, 4), (3, 4)), CONDITION),
            (((3, 4), (4,)), CONDITION[:, :1]),
            (((3, 1), ()), CONDITION),
            (((4,), (5, 3, 1)), CONDITION[0]),
        ]
    ],
    *[
        Row(
            selections.clip,
            ((3, 4),),
            lambda x, limits=limits: torch.clamp(x, *limits),
            {
                key: limit
                for key, limit in zip(["low", "high"], limits, strict=True)
                if limit is not None
            },
        )
        for limits in [(-0.5, 0.75), (0.25, None), (None, 0.25), (0.5, 0.5)]
    ],
    Row(
        selections.clip,
        ((3, 4),),
        lambda x: torch.clamp(x, -0.5, 0.5),
        {"low": np.float64(-0.5), "high": np.float64(0.5)},
    ),
]

EXAMPLES = [
    Example(
        selections.where,
        [[1, 2, 3], 10],
        value=[1, 10, 3],
        dy=[5, 7, 11],
        dxs=[[5, 0, 11], 7],
        settings={"condition": [True, False, True]},
    ),
    Example(
        selections.clip,
        [[-3, -1, 0, 2, 5]],
        value=[-1, -1, 0, 2, 2],
        dy=[3, 5, 7, 11, 13],
        dxs=[[0, 5, 7, 11, 0]],
        settings={"low": -1, "high": 2},
    ),
]

REFUSALS = [
    Refusal(
        selections.where,
        [np.ones((3, 4)), np.ones(3)],
        r"where: a has shape \(3, 4\) and b \(3,\).*keepdims",
        settings={"condition": True},
    ),
    Refusal(
        selections.where,
        [np.ones((3, 4)), np.ones(4)],
        r"where, a or b and condition: a has shape \(3, 4\) and b \(3,\)",
        settings={"condition": [True, False, True]},
    ),
    Refusal(
        selections.clip,
        [np.ones(3)],
        r"clip: low is 2, high 1; expected low ≤ high",
        settings={"low": 2, "high": 1},
    ),
]
