import numpy as np
import torch
from torch import nn

from course_lib import layers
from course_lib.layers import (
    AdaptiveAvgPool2d,
    AdaptiveMaxPool2d,
    AvgPool1d,
    AvgPool2d,
    AvgPool3d,
    MaxPool1d,
    MaxPool2d,
    MaxPool3d,
    Upsample,
)
from tests.course_lib.layers.row import Row

SIGNALS, IMAGES, CLIPS = (3, 2, 7), (3, 2, 5, 8), (3, 2, 5, 7, 4)
INDICES = np.random.default_rng(0).permutation(5 * 8)[:12].reshape(3, 4)
INDICES = INDICES + np.zeros((3, 2, 3, 4), dtype=int)


class MaxUnpool2d(layers.MaxUnpool2d):
    """With indices that it always uses."""

    def __call__(self, x):
        return super().__call__(x, INDICES, output_size=(6, 8))


class TorchMaxUnpool2d(nn.MaxUnpool2d):
    def forward(self, x):
        return super().forward(x, torch.tensor(INDICES), output_size=(6, 8))


ROWS = [
    Row(
        lambda rng: MaxPool1d(3, 2, 1),
        SIGNALS,
        lambda: nn.MaxPool1d(3, 2, 1),
        (3, 2, 4),
        repr="MaxPool1d(kernel_size=3, stride=2, padding=1, dilation=1, "
        "ceil_mode=False)",
    ),
    Row(
        lambda rng: MaxPool2d(2),
        IMAGES,
        lambda: nn.MaxPool2d(2),
        (3, 2, 2, 4),
        repr="MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, "
        "ceil_mode=False)",
    ),
    Row(
        lambda rng: MaxPool2d((2, 3), (1, 2), (0, 1), (3, 2), ceil_mode=True),
        IMAGES,
        lambda: nn.MaxPool2d((2, 3), (1, 2), (0, 1), (3, 2), ceil_mode=True),
        (3, 2, 2, 4),
        repr="MaxPool2d(kernel_size=(2, 3), stride=(1, 2), padding=(0, 1), "
        "dilation=(3, 2), ceil_mode=True)",
    ),
    Row(
        lambda rng: MaxPool3d((1, 2, 2), padding=(0, 1, 0)),
        CLIPS,
        lambda: nn.MaxPool3d((1, 2, 2), padding=(0, 1, 0)),
        (3, 2, 5, 4, 2),
        repr="MaxPool3d(kernel_size=(1, 2, 2), stride=(1, 2, 2), padding=(0, 1, 0), "
        "dilation=1, ceil_mode=False)",
    ),
    Row(
        lambda rng: AvgPool1d(3, 2, 1),
        SIGNALS,
        lambda: nn.AvgPool1d(3, 2, 1),
        (3, 2, 4),
        repr="AvgPool1d(kernel_size=3, stride=2, padding=1, ceil_mode=False, "
        "count_include_pad=True)",
    ),
    Row(
        lambda rng: AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False),
        IMAGES,
        lambda: nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False),
        (3, 2, 3, 5),
        repr="AvgPool2d(kernel_size=3, stride=2, padding=1, ceil_mode=True, "
        "count_include_pad=False)",
    ),
    Row(
        lambda rng: AvgPool3d((1, 2, 3)),
        CLIPS,
        lambda: nn.AvgPool3d((1, 2, 3)),
        (3, 2, 5, 3, 1),
        repr="AvgPool3d(kernel_size=(1, 2, 3), stride=(1, 2, 3), padding=0, "
        "ceil_mode=False, count_include_pad=True)",
    ),
    Row(
        lambda rng: AdaptiveAvgPool2d(1),
        IMAGES,
        lambda: nn.AdaptiveAvgPool2d(1),
        (3, 2, 1, 1),
        repr="AdaptiveAvgPool2d(output_size=1)",
    ),
    Row(
        lambda rng: AdaptiveMaxPool2d((3, None)),
        IMAGES,
        lambda: nn.AdaptiveMaxPool2d((3, None)),
        (3, 2, 3, 8),
        repr="AdaptiveMaxPool2d(output_size=(3, None))",
    ),
    Row(
        lambda rng: MaxUnpool2d(3, 2, 1),
        INDICES.shape,
        lambda: TorchMaxUnpool2d(3, 2, 1),
        (3, 2, 6, 8),
        repr="MaxUnpool2d(kernel_size=3, stride=2, padding=1)",
    ),
    Row(
        lambda rng: Upsample(scale_factor=(2, 1.5)),
        IMAGES,
        lambda: nn.Upsample(scale_factor=(2, 1.5)),
        (3, 2, 10, 12),
        repr="Upsample(scale_factor=(2, 1.5), mode=nearest)",
    ),
    Row(
        lambda rng: Upsample((7, 9), mode="bilinear"),
        IMAGES,
        lambda: nn.Upsample((7, 9), mode="bilinear"),
        (3, 2, 7, 9),
        repr="Upsample(size=(7, 9), mode=bilinear)",
    ),
    Row(
        lambda rng: Upsample(None, 2, "bilinear", True),
        IMAGES,
        lambda: nn.Upsample(None, 2, "bilinear", True),
        (3, 2, 10, 16),
        repr="Upsample(scale_factor=2, align_corners=True, mode=bilinear)",
    ),
]
