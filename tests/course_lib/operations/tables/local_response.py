import numpy as np
from torch.nn import functional

from course_lib.operations.local_response import local_response_norm
from tests.course_lib.operations.row import Example, Refusal, Row

SETTINGS = [
    {"size": 5},
    {"size": 1, "alpha": 0.5},
    {"size": 2, "alpha": 0.7, "k": 2.0},
    {"size": 3, "alpha": 0.9, "beta": 0.6},
    {"size": 4, "alpha": 1.1, "beta": 1.3, "k": 0.5},
    {"size": 9, "alpha": 2.0, "beta": 0.3},
]

ROWS = [
    Row(
        local_response_norm,
        (shape,),
        lambda x, s=settings: functional.local_response_norm(x, **s),
        settings,
    )
    for shape in [(3, 6, 5), (4, 6, 5, 3)]
    for settings in SETTINGS
]

# Sums of squares over a channel and the one before it: 4, 4 + 9, 9 + 0. With α/n = 1,
# k = 12 and β = 1, s = (16, 25, 21), y = x/s and ds = −dy·y/s = (−8, −9, 0). x₀ acts on
# s₀ and s₁, so that dx₀ = 1024/16 + 2·2·(−8 − 9).
EXAMPLES = [
    Example(
        local_response_norm,
        [[[2, 3, 0]]],
        value=[[1 / 8, 3 / 25, 0]],
        dy=[[1024, 1875, 42]],
        dxs=[[[64 + 4 * (-8 - 9), 75 + 6 * (-9 + 0), 2]]],
        settings={"size": 2, "alpha": 2.0, "beta": 1.0, "k": 12.0},
    ),
]

REFUSALS = [
    Refusal(
        local_response_norm,
        [np.ones(shape)],
        rf"local_response_norm: x has shape \(.*size is {size}.*batch axis",
        settings={"size": size},
    )
    for shape, size in [((3,), 5), ((2, 3), 0)]
]
