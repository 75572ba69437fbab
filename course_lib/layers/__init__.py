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
from course_lib.layers.attention_decoder import AttentionDecoder
from course_lib.layers.batch_norm import BatchNorm1d, BatchNorm2d, BatchNorm3d
from course_lib.layers.convolution import Conv1d, Conv2d, Conv3d
from course_lib.layers.dense import Dense
from course_lib.layers.dropout import (
    AlphaDropout,
    Dropout,
    Dropout1d,
    Dropout2d,
    Dropout3d,
    OriginalDropout,
)
from course_lib.layers.embedding import Embedding
from course_lib.layers.flatten import Flatten
from course_lib.layers.group_norm import GroupNorm
from course_lib.layers.gru import GRU, GRUCell
from course_lib.layers.identity import Identity
from course_lib.layers.instance_norm import (
    InstanceNorm1d,
    InstanceNorm2d,
    InstanceNorm3d,
)
from course_lib.layers.layer import Layer
from course_lib.layers.layer_norm import LayerNorm
from course_lib.layers.local_response_norm import LocalResponseNorm
from course_lib.layers.lstm import LSTM, LSTMCell
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
from course_lib.layers.rnn import RNN, RNNCell
from course_lib.layers.sequential import Sequential
from course_lib.layers.soft_attention import SoftAttention
from course_lib.layers.spatial_attention import SpatialAttention
from course_lib.layers.squeeze_excitation import SqueezeExcitation
from course_lib.layers.transposed_convolution import (
    ConvTranspose1d,
    ConvTranspose2d,
    ConvTranspose3d,
)
from course_lib.layers.upsampling import Upsample

__all__ = [
    "ELU",
    "GRU",
    "LSTM",
    "RNN",
    "SELU",
    "AdaptiveAvgPool2d",
    "AdaptiveMaxPool2d",
    "AlphaDropout",
    "AttentionDecoder",
    "AvgPool1d",
    "AvgPool2d",
    "AvgPool3d",
    "BatchNorm1d",
    "BatchNorm2d",
    "BatchNorm3d",
    "Conv1d",
    "Conv2d",
    "Conv3d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "ConvTranspose3d",
    "Dense",
    "Dropout",
    "Dropout1d",
    "Dropout2d",
    "Dropout3d",
    "Embedding",
    "Flatten",
    "GRUCell",
    "GroupNorm",
    "Identity",
    "InstanceNorm1d",
    "InstanceNorm2d",
    "InstanceNorm3d",
    "LSTMCell",
    "Layer",
    "LayerNorm",
    "LeakyReLU",
    "LocalResponseNorm",
    "LogSoftmax",
    "MaxPool1d",
    "MaxPool2d",
    "MaxPool3d",
    "MaxUnpool2d",
    "Maxout",
    "OriginalDropout",
    "RNNCell",
    "ReLU",
    "ReLU6",
    "Sequential",
    "Sigmoid",
    "Sine",
    "SoftAttention",
    "Softmax",
    "Softplus",
    "Softsign",
    "SpatialAttention",
    "SqueezeExcitation",
    "Tanh",
    "Upsample",
]
