import numpy as np
import torch
from torch.nn import functional

from course_lib.operations.attention import scaled_dot_product_attention
from tests.course_lib.operations.row import Example, Refusal, Row

attention = scaled_dot_product_attention


def in_torch(**settings):
    return lambda *inputs: functional.scaled_dot_product_attention(*inputs, **settings)


def mask(*shape):
    """Hides a third of the keys; from the last query, all."""
    seen = np.random.default_rng(5).random(shape) < 2 / 3
    seen[..., -1, :] = False
    return seen


def additive(*shape):
    return np.random.default_rng(5).normal(size=shape)


ROWS = [
    Row(attention, ((3, 4), (5, 4), (5, 2)), in_torch()),
    Row(attention, ((3, 2, 4), (3, 5, 4), (3, 5, 6)), in_torch()),
    Row(
        attention,
        ((3, 2, 4), (5, 4), (5, 6)),
        lambda q, k, v: in_torch()(q, k.expand(3, 5, 4), v.expand(3, 5, 6)),
    ),
    Row(
        attention,
        ((4, 3, 2, 5), (4, 3, 6, 5), (4, 3, 6, 2)),
        in_torch(scale=0.7),
        {"scale": 0.7},
    ),
    *[
        Row(
            attention,
            ((3, 4, 2), (3, 5, 2), (3, 5, 6)),
            in_torch(attn_mask=torch.tensor(seen)),
            {"mask": seen},
        )
        for seen in [mask(4, 5), mask(3, 4, 5), additive(4, 5), mask(4, 1)]
    ],
    Row(
        attention,
        ((5, 4), (3, 4), (3, 2)),
        in_torch(is_causal=True),
        {"mask": np.tri(5, 3, dtype=bool)},
    ),
]

EXAMPLES = [
    # E = 4, so that the scores 2 ln 3 and 0 are halved: the weights are ¾ and ¼. With
    # dp = (1·8, 1·0): dscores = p·(dp − Σ p·dp) = (¾·(8 − 6), ¼·(0 − 6)), halved.
    Example(
        attention,
        [
            [[2, 0, 0, 0]],
            [[np.log(3), 0, 0, 7], [0, 1, 0, 0]],
            [[8], [0]],
        ],
        value=[[6]],
        dy=[[1]],
        dxs=[
            [[0.75 * np.log(3), -0.75, 0, 0.75 * 7]],
            [[1.5, 0, 0, 0], [-1.5, 0, 0, 0]],
            [[0.75], [0.25]],
        ],
    ),
]

REFUSALS = [
    Refusal(
        attention,
        [np.ones(shape) for shape in shapes],
        r"scaled_dot_product_attention: q has shape \(.*expected \(…, L, E\).*mixed up",
        settings={"mask": np.ones(seen)},
    )
    for *shapes, seen in [
        ((3, 4), (5, 3), (5, 2), ()),
        ((3, 4), (5, 4), (4, 2), ()),
        ((3, 4), (5, 4), (5, 2), (5, 3)),
        ((3, 4), (5, 4), (5, 2), (2, 3, 5)),
        ((4,), (5, 4), (5, 2), ()),
        ((3, 4), (5, 4), (5,), ()),
        ((2, 3, 4), (6, 5, 4), (5, 2), ()),
    ]
]
