import re

import torch
from torch import nn

from course_lib.backbones import SlowFast
from tests.course_lib.backbones.row import Row


class Unit(nn.Module):
    """A residual unit, of a sum of two branches."""

    def __init__(self, before, inner, frames, stride):
        super().__init__()
        after = 4 * inner
        kernels = [(frames, 1, 1), (1, 3, 3), (1, 1, 1)]
        sizes = [before, inner, inner, after]
        self.branch = nn.Sequential()
        for i, kernel in enumerate(kernels):
            conv = nn.Conv3d(
                sizes[i],
                sizes[i + 1],
                kernel,
                (1, stride, stride) if i == 1 else 1,
                tuple(k // 2 for k in kernel),
                bias=False,
            )
            self.branch.append(conv).append(nn.BatchNorm3d(sizes[i + 1]))
        self.side = nn.Sequential()
        if before != after or stride > 1:
            conv = nn.Conv3d(before, after, 1, (1, stride, stride), bias=False)
            self.side.append(conv).append(nn.BatchNorm3d(after))

    def forward(self, x):
        y = self.branch[1](self.branch[0](x)).relu()
        y = self.branch[3](self.branch[2](y)).relu()
        return (self.branch[5](self.branch[4](y)) + self.side(x)).relu()


class TorchSlowFast(nn.Module):
    """Table 1, row by row."""

    def __init__(self, classes, depths, width, narrow, tau, alpha, lateral=5, c=3):
        super().__init__()
        self.tau, self.alpha = tau, alpha
        rows = {"slow": nn.ModuleList(), "fast": nn.ModuleList()}
        for name, n, k in (("slow", width, 1), ("fast", narrow, 5)):
            conv = nn.Conv3d(c, n, (k, 7, 7), (1, 2, 2), (k // 2, 3, 3), bias=False)
            pool = nn.MaxPool3d((1, 3, 3), (1, 2, 2), (0, 1, 1))
            rows[name].append(nn.Sequential(conv, nn.BatchNorm3d(n), nn.ReLU(), pool))
        self.to_slow = nn.ModuleList()
        a, b = width, narrow
        for i, depth in enumerate(depths):
            conv = nn.Conv3d(
                b,
                2 * b,
                (lateral, 1, 1),
                (alpha, 1, 1),
                (lateral // 2, 0, 0),
                bias=False,
            )
            bridge = nn.Sequential(conv, nn.BatchNorm3d(2 * b), nn.ReLU())
            self.to_slow.append(bridge)
            for name, before, n in (("slow", a + 2 * b, width), ("fast", b, narrow)):
                frames = 1 if name == "slow" and i < len(depths) - 2 else 3
                units = nn.Sequential()
                for j in range(depth):
                    stride = 2 if i and not j else 1
                    units.append(Unit(before, n << i, frames, stride))
                    before = 4 * (n << i)
                rows[name].append(units)
            a, b = 4 * (width << i), 4 * (narrow << i)
        self.slow, self.fast = rows["slow"], rows["fast"]
        self.fc = nn.Linear(a + b, classes)

    def forward(self, x):
        frames = range(x.shape[2])
        slow = self.slow[0](x[:, :, [t for t in frames if t % self.tau == 0]])
        step = self.tau // self.alpha
        fast = self.fast[0](x[:, :, [t for t in frames if t % step == 0]])
        for i, bridge in enumerate(self.to_slow, 1):
            slow = self.slow[i](torch.cat([slow, bridge(fast)], dim=1))
            fast = self.fast[i](fast)
        means = [y.flatten(2).mean(dim=2) for y in (slow, fast)]
        return self.fc(torch.cat(means, dim=1))


def key(name):
    """slow.2.0.branch.3.bias is slow_stages.1.0.bn2.bias, to_slow is laterals."""
    name = name.replace("to_slow", "laterals")
    name = re.sub(r"^(slow|fast)\.0\.", r"\1_stem.", name)
    name = re.sub(
        r"^(slow|fast)\.(\d)", lambda m: f"{m[1]}_stages.{int(m[2]) - 1}", name
    )
    name = re.sub(
        r"branch\.(\d)",
        lambda m: f"{('conv', 'bn')[int(m[1]) % 2]}{int(m[1]) // 2 + 1}",
        name,
    )
    return name.replace("side", "downsample")


def parameters(lateral):
    """By formula: kernels, and two numbers of a batch norm for all that they make."""

    def pathway(channels, stem, frames, beside):
        """`frames` that the first kernel of a unit sees, and channels from beside."""
        total, before = 3 * stem * 49 * channels + 2 * channels, channels
        for i, depth in enumerate((3, 4, 6, 3)):
            n, entering = channels * 2**i, before + beside[i]
            before = 4 * n
            total += entering * before + 2 * before  # where x has another shape
            total += frames[i] * n * (entering + (depth - 1) * before)
            total += depth * (9 * n * n + n * before + 2 * (n + n + before))
        return total

    fast = (8, 32, 64, 128)
    total = pathway(64, 1, (1, 1, 3, 3), [2 * n for n in fast])
    total += pathway(8, 5, (3, 3, 3, 3), (0, 0, 0, 0))
    total += sum(lateral * n * 2 * n + 2 * 2 * n for n in fast)
    return total + (2048 + 256) * 400 + 400


def full(tau, alpha, lateral):
    return TorchSlowFast(400, (3, 4, 6, 3), 64, 8, tau, alpha, lateral)


def row(tau, alpha, lateral, giga_mult_adds):
    small = {"depths": (1, 2, 1, 1), "tau": 4, "alpha": alpha // 2}
    return Row(
        "slowfast",
        parameters(lateral),
        (3, 64, 256, 256),
        lambda: full(tau, alpha, lateral),
        lambda rng: SlowFast(
            **small,
            num_classes=5,
            width=8,
            beta=1 / 4,
            lateral_frames=lateral,
            in_channels=2,
            dropout=0.0,
            rng=rng,
        ),
        lambda: TorchSlowFast(
            5, small["depths"], 8, 2, 4, small["alpha"], lateral, c=2
        ),
        (3, 2, 8, 24, 17),
        settings={"tau": tau, "alpha": alpha, "lateral_frames": lateral},
        mult_adds=(giga_mult_adds * 1e9, 0.05e9),
        key=key,
        source="Feichtenhofer et al. (2019): mult-adds in table 2, the widths in table "
        "1; the count follows, which PyTorchVideo gives as 34.48 M and 34.57 M",
    )


ROWS = [row(16, 8, 5, 36.1), row(8, 4, 7, 65.7)]
