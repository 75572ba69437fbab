import numpy as np
import torch
from torch.nn import functional

from course_lib.operations import normalization
from tests.course_lib.operations.row import Example, Refusal, Row

MEAN = np.array([0.5, -2.0, 1.0, 0.2])
VARIANCE = np.array([0.3, 4.0, 1.5, 0.01])


def with_statistics(function, axes, eps):
    """torch's norm, and the mean and the variance over `axes` as further outputs."""
    return lambda x, gamma, beta: (
        function(x, gamma, beta, eps),
        x.mean(axes),
        x.var(axes, correction=0),
    )


def batch_norm(x, gamma, beta, eps):
    return functional.batch_norm(x, None, None, gamma, beta, training=True, eps=eps)


def instance_norm(x, gamma, beta, eps):
    return functional.instance_norm(x, weight=gamma, bias=beta, eps=eps)


def batch_norm_rows(operation):
    return [
        Row(
            operation,
            (shape, shape[1:2], shape[1:2]),
            with_statistics(batch_norm, (0, *range(2, len(shape))), eps),
            {} if eps == 1e-5 else {"eps": eps},
        )
        for shape, eps in [
            ((5, 4), 1e-5),
            ((5, 4), 0.1),
            ((3, 5, 4), 0.3),
            ((4, 3, 5, 2), 1e-5),
            ((3, 2, 4, 1), 0.02),
            ((3, 4, 2, 6, 5), 0.5),
        ]
    ]


ROWS = [
    *batch_norm_rows(normalization.batch_norm),
    *[
        Row(
            normalization.instance_norm,
            (shape, shape[1:2], shape[1:2]),
            with_statistics(instance_norm, tuple(range(2, len(shape))), eps),
            {} if eps == 1e-5 else {"eps": eps},
        )
        for shape, eps in [
            ((3, 5, 4), 1e-5),
            ((4, 3, 5, 2), 0.2),
            ((3, 4, 2, 6, 5), 0.5),
        ]
    ],
    *[
        Row(
            normalization.layer_norm,
            (shape, shape[-k:], shape[-k:]),
            lambda x, gamma, beta, e=eps: functional.layer_norm(
                x, gamma.shape, gamma, beta, e
            ),
            {} if eps == 1e-5 else {"eps": eps},
        )
        for shape, k, eps in [
            ((5, 4), 1, 1e-5),
            ((4, 3, 5), 1, 0.2),
            ((4, 3, 5, 2), 3, 1e-5),
            ((4, 3, 5, 2), 2, 0.5),
        ]
    ],
    *[
        Row(
            normalization.group_norm,
            (shape, shape[1:2], shape[1:2]),
            lambda x, gamma, beta, g=groups, e=eps: functional.group_norm(
                x, g, gamma, beta, e
            ),
            {"groups": groups} | ({} if eps == 1e-5 else {"eps": eps}),
        )
        for shape, groups, eps in [
            ((3, 8), 2, 1e-5),
            ((4, 6, 5), 3, 0.2),
            ((4, 6, 5, 2), 2, 1e-5),
            ((4, 6, 5, 2), 1, 0.5),
            ((4, 6, 5, 2), 6, 0.5),
        ]
    ],
    *[
        Row(
            normalization.frozen_batch_norm,
            (shape, shape[1:2], shape[1:2]),
            lambda x, gamma, beta, e=eps: functional.batch_norm(
                x, torch.tensor(MEAN), torch.tensor(VARIANCE), gamma, beta, eps=e
            ),
            {"mean": MEAN, "variance": VARIANCE}
            | ({} if eps == 1e-5 else {"eps": eps}),
        )
        for shape, eps in [
            ((5, 4), 1e-5),
            ((3, 4, 5), 0.1),
            ((3, 4, 5, 2), 0.5),
        ]
    ],
]

# Deviations of 3 have variance 9, and ε = 16 makes the divisor 5. γ is 10, so that
# x̂ = ∓0.6 becomes ∓6, and β moves it by 1. For the way back dy = (5, 10), dx̂ = γ·dy =
# (50, 100), with mean(dx̂) = 75 and mean(dx̂·x̂) = 15: dx = (dx̂ − 75 − 15·x̂)/5, which is
# (−16, 16)/5. μ and σ² add (dμ + 2·dσ²·(x − μ))/2 = (20 ∓ 6·5)/2 = (−5, 25).
TWO_VALUES = [[2.0], [8.0]]
FIRST, SECOND = (-16 / 5, 16 / 5)


def example_with_statistics(operation):
    return Example(
        operation,
        [TWO_VALUES, [10], [1]],
        value=([[-5], [7]], [5], [9]),
        dy=([[5], [10]], [20], [5]),
        dxs=[[[FIRST - 5], [SECOND + 25]], [3], [15]],
        settings={"eps": 16},
    )


EXAMPLES = [
    example_with_statistics(normalization.batch_norm),
    Example(
        normalization.instance_norm,
        [[[[2, 8]]], [10], [1]],
        value=([[[-5, 7]]], [[5]], [[9]]),
        dy=([[[5, 10]]], [[20]], [[5]]),
        dxs=[[[[FIRST - 5, SECOND + 25]]], [3], [15]],
        settings={"eps": 16},
    ),
    Example(
        normalization.layer_norm,
        [[[2, 8]], [10, 5], [1, 0]],
        value=[[-5, 3]],
        dy=[[5, 20]],
        dxs=[[[FIRST, SECOND]], [-3, 12], [5, 20]],
        settings={"eps": 16},
    ),
    Example(
        normalization.group_norm,
        [[[2, 8, 3, 3]], [10, 5, 7, 7], [1, 0, 2, 4]],
        value=[[-5, 3, 2, 4]],
        dy=[[5, 20, 4, 4]],
        dxs=[[[FIRST, SECOND, 0, 0]], [-3, 12, 0, 0], [5, 20, 4, 4]],
        settings={"groups": 2, "eps": 16},
    ),
    Example(
        normalization.frozen_batch_norm,
        [TWO_VALUES, [10], [1]],
        value=[[-5], [7]],
        dy=[[5], [10]],
        dxs=[[[10], [20]], [3], [15]],
        settings={"mean": np.array([5.0]), "variance": np.array([9.0]), "eps": 16},
    ),
]

IMAGES, THREE, FOUR = np.ones((2, 3, 4, 4)), np.ones(3), np.ones(4)
GIVEN = {"mean": THREE, "variance": THREE}


def refusals_of_channels(operation, settings=None):
    name = operation.__name__
    return [
        Refusal(
            operation,
            inputs,
            rf"{name}: x has shape \(.*gamma .*beta .*\(N, C, …\).*second axis",
            settings=settings or {},
        )
        for inputs in [
            [IMAGES, FOUR, FOUR],
            [IMAGES, THREE, FOUR],
            [IMAGES, FOUR, THREE],
            [THREE, np.ones(()), np.ones(())],
        ]
    ]


def refusals_of_single_values(operation, shapes):
    return [
        Refusal(
            operation,
            [np.ones(shape), THREE, THREE],
            rf"{operation.__name__}: x has shape .*, {n} value a channel, expected at "
            "least 2.*training mode",
        )
        for shape, n in shapes
    ]


REFUSALS = [
    *refusals_of_channels(normalization.batch_norm),
    *refusals_of_single_values(
        normalization.batch_norm, [((1, 3), 1), ((1, 3, 1, 1), 1), ((0, 3, 4), 0)]
    ),
    *refusals_of_channels(normalization.instance_norm),
    *refusals_of_single_values(
        normalization.instance_norm, [((5, 3), 1), ((5, 3, 1, 1), 1), ((5, 3, 0), 0)]
    ),
    *[
        Refusal(
            normalization.layer_norm,
            [IMAGES, gamma, beta],
            r"layer_norm: x has shape \(2, 3, 4, 4\), gamma .*made for the last axes",
        )
        for gamma, beta in [
            (THREE, THREE),
            (FOUR, THREE),
            (np.ones((4, 4)), FOUR),
            (np.ones(()), np.ones(())),
        ]
    ],
    *refusals_of_channels(normalization.group_norm, {"groups": 1}),
    *[
        Refusal(
            normalization.group_norm,
            [IMAGES, THREE, THREE],
            rf"group_norm: x has 3 channels.* into {groups} groups",
            settings={"groups": groups},
        )
        for groups in [2, 0, -1]
    ],
    *refusals_of_channels(normalization.frozen_batch_norm, GIVEN),
    *[
        Refusal(
            normalization.frozen_batch_norm,
            [IMAGES, THREE, THREE],
            r"frozen_batch_norm: mean has shape .*a channel, \(3,\).*another layer",
            settings=GIVEN | wrong,
        )
        for wrong in [{"mean": FOUR}, {"variance": FOUR}]
    ],
]
