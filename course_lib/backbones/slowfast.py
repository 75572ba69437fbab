"""SlowFast: few frames for what there is, many for how it moves.

Feichtenhofer, Fan, Malik and He (2019), "SlowFast networks for video recognition",
table 1 and section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.backbones.slowfast_pathway import EXPANSION, conv3d, stage, stem
from course_lib.graph import Node, apply
from course_lib.layers import BatchNorm3d, Dense, Dropout, Layer, ReLU, Sequential
from course_lib.operations.shapes import concatenate


class SlowFast(Layer):
    """Two residual networks on one clip: the slow pathway takes every τ-th frame, the
    fast one α times as many, with β times the channels. Before each stage the fast one
    hands its maps on: a convolution of 5×1×1 with stride α in time gives them the slow
    one's frames, with twice the fast one's channels, to stand beside the slow one's
    own. At the end both are averaged over time and space.

    The slow pathway convolves in time in its last two stages only. As in the authors'
    program a batch norm and a ReLU follow the lateral convolution. Weights are drawn by
    He et al.'s rule.

    Args:
        num_classes: size of the output; 400 are those of Kinetics.
        depths: the number of blocks in each stage: (3, 4, 6, 3) of ResNet-50.
        width: channels of the slow pathway's first stage.
        tau: τ, the slow pathway's stride in time: 64 frames give it 4.
        alpha: α, how many frames the fast pathway sees for each of the slow one's.
        beta: β, the fast pathway's channels for each of the slow one's.
        lateral_frames: of the kernels from fast to slow; the authors' program has 7
            where τ is 8 and α 4.
        in_channels: of the clips.
        dropout: before the last layer, the probability in training.
        rng: generator for the initial weights, and for dropout.

    Raises:
        ValueError: α does not divide τ, or β gives no whole number of channels.
    """

    def __init__(
        self,
        *,
        num_classes: int = 400,
        depths: Sequence[int] = (3, 4, 6, 3),
        width: int = 64,
        tau: int = 16,
        alpha: int = 8,
        beta: float = 1 / 8,
        lateral_frames: int = 5,
        in_channels: int = 3,
        dropout: float = 0.5,
        rng: np.random.Generator,
    ) -> None:
        narrow = int(width * beta)
        if tau % alpha or narrow < 1 or narrow != width * beta:
            raise ValueError(
                f"SlowFast: tau is {tau}, alpha {alpha}, width {width}, beta {beta}; "
                "expected tau/alpha and width·beta to be whole numbers from 1 on"
            )
        self.tau, self.alpha = tau, alpha
        self.slow_stem = stem(in_channels, width, frames=1, rng=rng)
        self.fast_stem = stem(in_channels, narrow, frames=5, rng=rng)
        self.laterals, self.slow_stages, self.fast_stages = [], [], []
        slow, fast = width, narrow
        for index, depth in enumerate(depths):
            self.laterals.append(_lateral(fast, lateral_frames, alpha, rng))
            settings: dict[str, Any] = {
                "depth": depth,
                "stride": 1 if index == 0 else 2,
                "rng": rng,
            }
            frames = 3 if index >= len(depths) - 2 else 1
            inner = width * 2**index, narrow * 2**index
            self.slow_stages.append(
                stage(slow + 2 * fast, inner[0], frames=frames, **settings)
            )
            self.fast_stages.append(stage(fast, inner[1], frames=3, **settings))
            slow, fast = EXPANSION * inner[0], EXPANSION * inner[1]
        self.dropout = Dropout(dropout, rng=rng)
        self.fc = Dense(slow + fast, num_classes, rng=rng)

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Logits of shape (N, num_classes) for clips of shape (N, in_channels, T, H, W)
        of any height and width, T being a multiple of τ.

        Raises:
            ValueError: it is not.
        """
        x = x if isinstance(x, Node) else Node(x)
        if len(x.shape) != 5 or x.shape[2] % self.tau:
            raise ValueError(
                f"SlowFast: x has shape {x.shape}, expected (N, C, T, H, W) with T a "
                f"multiple of {self.tau}. Are time and channels swapped?"
            )
        slow = self.slow_stem(x[:, :, :: self.tau])
        fast = self.fast_stem(x[:, :, :: self.tau // self.alpha])
        for lateral, slow_stage, fast_stage in zip(
            self.laterals, self.slow_stages, self.fast_stages, strict=True
        ):
            slow = slow_stage(apply(concatenate, slow, lateral(fast), axis=1))
            fast = fast_stage(fast)
        both = [y.mean(axis=(2, 3, 4)) for y in (slow, fast)]
        return self.fc(self.dropout(apply(concatenate, *both, axis=1)))


def _lateral(
    channels: int, frames: int, alpha: int, rng: np.random.Generator
) -> Sequential:
    """From the fast pathway's frames to the slow one's, of which it has α as many."""
    steps, padding = (alpha, 1, 1), (frames // 2, 0, 0)
    return Sequential(
        conv3d(channels, 2 * channels, (frames, 1, 1), steps, padding, rng=rng),
        BatchNorm3d(2 * channels),
        ReLU(),
    )


def slowfast(**settings: Any) -> SlowFast:
    """SlowFast 4×16 on ResNet-50, 34.5 million parameters; settings as for
    `SlowFast`."""
    return SlowFast(**settings)
