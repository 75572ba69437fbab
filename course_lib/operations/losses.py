"""All losses under one name: one number that says how far a network's output is from
what was wanted.

A loss takes the output and, as the setting `labels`, what was wanted. It is a mean over
the batch, so that its gradient does not grow with the batch. They live in a module for
each kind of task.
"""

from course_lib.operations.angle_losses import (
    angle_cosine,
    sine_cosine_mse,
    von_mises,
    wrapped_mse,
)
from course_lib.operations.classification_losses import (
    binary_cross_entropy_with_logits,
    cross_entropy,
    multi_margin,
)
from course_lib.operations.distribution_losses import dice, kl_divergence
from course_lib.operations.regression_losses import huber, l1, mse

__all__ = [
    "angle_cosine",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "dice",
    "huber",
    "kl_divergence",
    "l1",
    "mse",
    "multi_margin",
    "sine_cosine_mse",
    "von_mises",
    "wrapped_mse",
]
