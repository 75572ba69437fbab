import torch

from course_lib.layers import (
    BatchNorm1d,
    BatchNorm2d,
    BatchNorm3d,
    GroupNorm,
    InstanceNorm1d,
    InstanceNorm2d,
    InstanceNorm3d,
    LayerNorm,
    LocalResponseNorm,
)
from tests.course_lib.layers.row import Row

AXES = [
    ((4, 3), BatchNorm1d, torch.nn.BatchNorm1d),
    ((4, 3, 5), BatchNorm1d, torch.nn.BatchNorm1d),
    ((4, 3, 5, 2), BatchNorm2d, torch.nn.BatchNorm2d),
    ((4, 3, 2, 5, 6), BatchNorm3d, torch.nn.BatchNorm3d),
    ((4, 3, 5), InstanceNorm1d, torch.nn.InstanceNorm1d),
    ((4, 3, 5, 2), InstanceNorm2d, torch.nn.InstanceNorm2d),
    ((4, 3, 2, 5, 6), InstanceNorm3d, torch.nn.InstanceNorm3d),
]


def channel_norm(shape, ours, torchs, *, mode="train", **settings):
    return Row(
        lambda rng: getattr(ours(3, **settings), mode)(),
        shape,
        lambda: getattr(torchs(3, **settings), mode)(),
        shape,
        repr=f"{ours.__name__}(3)",
    )


def same(make, torchs, shape, text):
    return Row(lambda rng: make(), shape, torchs, shape, repr=text)


ROWS = [
    *[channel_norm(*row, affine=True, eps=0.1) for row in AXES],
    *[channel_norm(*row) for row in AXES],
    *[channel_norm(*row, affine=False) for row in AXES],
    *[channel_norm(*row, track_running_stats=False, mode="eval") for row in AXES],
    *[channel_norm(*row, track_running_stats=True) for row in AXES],
    *[
        channel_norm(*row, track_running_stats=True, affine=True, mode="eval", eps=0.2)
        for row in AXES
    ],
    same(
        lambda: LayerNorm(5), lambda: torch.nn.LayerNorm(5), (4, 5), "LayerNorm((5,))"
    ),
    same(
        lambda: LayerNorm((3, 2), eps=0.1),
        lambda: torch.nn.LayerNorm((3, 2), eps=0.1),
        (4, 5, 3, 2),
        "LayerNorm((3, 2))",
    ),
    same(
        lambda: LayerNorm([5], elementwise_affine=False),
        lambda: torch.nn.LayerNorm([5], elementwise_affine=False),
        (4, 3, 5),
        "LayerNorm((5,))",
    ),
    same(
        lambda: GroupNorm(2, 6, eps=0.1),
        lambda: torch.nn.GroupNorm(2, 6, eps=0.1),
        (4, 6, 5, 3),
        "GroupNorm(2, 6)",
    ),
    same(
        lambda: GroupNorm(3, 6, affine=False),
        lambda: torch.nn.GroupNorm(3, 6, affine=False),
        (4, 6, 5),
        "GroupNorm(3, 6)",
    ),
    same(
        lambda: LocalResponseNorm(5),
        lambda: torch.nn.LocalResponseNorm(5),
        (4, 6, 5, 3),
        "LocalResponseNorm(5)",
    ),
    same(
        lambda: LocalResponseNorm(4, alpha=0.5, beta=0.6, k=2.0),
        lambda: torch.nn.LocalResponseNorm(4, alpha=0.5, beta=0.6, k=2.0),
        (4, 6, 5, 3),
        "LocalResponseNorm(4)",
    ),
]
