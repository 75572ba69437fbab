"""Instance normalization: batch norm for each sample by itself."""

from __future__ import annotations

from course_lib.layers.batch_norm import ChannelNorm
from course_lib.operations import normalization


class _InstanceNorm(ChannelNorm):
    """Instance norm has no γ, β and running averages unless they are asked for, as in
    torch. Where there are running averages, batches are counted; torch's count stays 0.
    """

    operation = staticmethod(normalization.instance_norm)

    def __init__(
        self,
        num_features: int,
        *,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
    ) -> None:
        super().__init__(
            num_features,
            eps=eps,
            momentum=momentum,
            affine=affine,
            track_running_stats=track_running_stats,
        )


class InstanceNorm1d(_InstanceNorm):
    """Instance norm of signals (N, C, L): μ and σ² over L. Settings are those of
    `ChannelNorm`; `affine` and `track_running_stats` are False by default.

    Source: Ulyanov, Vedaldi and Lempitsky (2016).
    """

    layouts = ("N, C, L",)


class InstanceNorm2d(_InstanceNorm):
    """Instance norm of images (N, C, H, W): μ and σ² over (H, W). Settings are those of
    `ChannelNorm`; `affine` and `track_running_stats` are False by default.

    Source: Ulyanov, Vedaldi and Lempitsky (2016).
    """

    layouts = ("N, C, H, W",)


class InstanceNorm3d(_InstanceNorm):
    """Instance norm of clips (N, C, T, H, W): μ and σ² over (T, H, W). Settings are
    those of `ChannelNorm`; `affine` and `track_running_stats` are False by default.

    Source: Ulyanov, Vedaldi and Lempitsky (2016).
    """

    layouts = ("N, C, T, H, W",)
