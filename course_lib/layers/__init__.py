"""Layers: functions with parameters."""

from course_lib.layers.activation import ReLU, Sigmoid, Tanh
from course_lib.layers.dense import Dense
from course_lib.layers.flatten import Flatten
from course_lib.layers.layer import Layer
from course_lib.layers.sequential import Sequential

__all__ = ["Dense", "Flatten", "Layer", "ReLU", "Sequential", "Sigmoid", "Tanh"]
