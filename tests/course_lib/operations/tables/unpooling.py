import numpy as np
import torch
from torch.nn import functional

from course_lib.operations.unpooling import max_unpool2d
from tests.course_lib.operations.row import Example, Refusal, Row

SHAPE = (3, 5, 2, 4)


def distinct_places(places):
    """For each image, as many of its places as there are entries, in any order."""
    rng = np.random.default_rng(5)
    images = [rng.permutation(places)[:8].reshape(2, 4) for _ in range(15)]
    return np.array(images).reshape(SHAPE)


def row(places, **settings):
    indices = distinct_places(places)
    return Row(
        max_unpool2d,
        (SHAPE,),
        lambda x: functional.max_unpool2d(x, torch.tensor(indices), **settings),
        {"indices": indices, **settings},
    )


ROWS = [
    row(4 * 8, kernel_size=2),
    row(3 * 9, kernel_size=(2, 3), stride=(1, 2)),
    row(5 * 7, kernel_size=3, stride=(4, 2), padding=(1, 1)),
    row(5 * 9, kernel_size=2, output_size=(5, 9)),
    row(5 * 8, kernel_size=2, output_size=(3, 5, 5, 8)),
]

EXAMPLES = [
    Example(
        max_unpool2d,
        [[[[[5, 6]]]]],
        value=[[[[0, 0, 6, 0], [0, 5, 0, 0]]]],
        dy=[[[[1, 2, 3, 4], [10, 20, 30, 40]]]],
        dxs=[[[[[20, 3]]]]],
        settings={"indices": np.array([[[[5, 2]]]]), "kernel_size": 2},
    )
]

X = np.ones(SHAPE)
INDICES = distinct_places(4 * 8)


def with_one(place):
    """All zeros but for one."""
    indices = np.zeros(SHAPE, dtype=int)
    indices[1, 2, 1, 3] = place
    return indices


REFUSALS = [
    Refusal(max_unpool2d, [x], message, settings={"kernel_size": 2, **settings})
    for x, message, settings in [
        (
            X[0],
            r"max_unpool2d: x has shape \(5, 2, 4\).*batch",
            {"indices": INDICES[0]},
        ),
        (
            X,
            r"max_unpool2d: indices have shape \(3, 5, 2, 3\), x has \(3, 5, 2, 4\)",
            {"indices": INDICES[..., :3]},
        ),
        (
            X,
            r"indices run from \d+ to \d+, the output of 2×4 has places 0 to 7.*size",
            {"indices": INDICES, "output_size": (2, 4)},
        ),
        (X, r"indices run from 0 to 32.*0 to 31", {"indices": with_one(32)}),
        (X, r"indices run from -1 to 0", {"indices": with_one(-1)}),
        (X, r"max_unpool2d: kernel_size is 0", {"indices": INDICES, "kernel_size": 0}),
        (X, r"max_unpool2d: stride is 0", {"indices": INDICES, "stride": 0}),
        (X, r"max_unpool2d: padding is -1", {"indices": INDICES, "padding": -1}),
        (
            X,
            r"max_unpool2d: output_size is ",
            {"indices": INDICES, "output_size": (4,)},
        ),
    ]
]
