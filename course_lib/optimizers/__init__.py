"""Optimizers, one file a rule."""

from course_lib.optimizers.adam import Adam
from course_lib.optimizers.optimizer import Optimizer
from course_lib.optimizers.sgd import SGD

__all__ = ["SGD", "Adam", "Optimizer"]
