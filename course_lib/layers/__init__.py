"""Layers: functions with parameters."""

from course_lib.layers.activation import (
    ELU,
    SELU,
    LeakyReLU,
    LogSoftmax,
    ReLU,
    ReLU6,
    Sigmoid,
    Sine,
    Softmax,
    Softplus,
    Softsign,
    Tanh,
)
from course_lib.layers.dense import Dense
from course_lib.layers.flatten import Flatten
from course_lib.layers.layer import Layer
from course_lib.layers.maxout import Maxout
from course_lib.layers.pooling import (
    AdaptiveAvgPool2d,
    AdaptiveMaxPool2d,
    AvgPool1d,
    AvgPool2d,
    AvgPool3d,
    MaxPool1d,
    MaxPool2d,
    MaxPool3d,
    MaxUnpool2d,
)
from course_lib.layers.sequential import Sequential
from course_lib.layers.upsampling import Upsample

__all__ = [
    "ELU",
    "SELU",
    "AdaptiveAvgPool2d",
    "AdaptiveMaxPool2d",
    "AvgPool1d",
    "AvgPool2d",
    "AvgPool3d",
    "Dense",
    "Flatten",
    "Layer",
    "LeakyReLU",
    "LogSoftmax",
    "MaxPool1d",
    "MaxPool2d",
    "MaxPool3d",
    "MaxUnpool2d",
    "Maxout",
    "ReLU",
    "ReLU6",
    "Sequential",
    "Sigmoid",
    "Sine",
    "Softmax",
    "Softplus",
    "Softsign",
    "Tanh",
    "Upsample",
]
