"""Layers: functions with parameters."""

from course_lib.layers.dense import Dense
from course_lib.layers.layer import Layer
from course_lib.layers.sequential import Sequential

__all__ = ["Dense", "Layer", "Sequential"]
