import torch
from torch import nn
from torch.nn.functional import max_pool2d, pad, relu

from course_lib.backbones import UNet
from tests.course_lib.backbones.row import Row


class TorchUNet(nn.Module):
    """Figure 1, level by level from below, which is how it nests: a level is two
    convolutions, what lies under it, and two convolutions."""

    def __init__(self, width, depth, padding=0, skip=True, *, channels=1, classes=0):
        super().__init__()
        self.depth, self.skip = depth, skip

        def conv(inner):
            return nn.Conv2d(inner, width, 3, padding=padding)

        if depth:
            self.a, self.b = conv(channels), conv(width)
            wide = 2 * width
            self.under = TorchUNet(wide, depth - 1, padding, skip, channels=width)
            self.up = nn.ConvTranspose2d(wide, width, 2, 2)
            self.c, self.d = conv(wide if skip else width), conv(width)
        else:
            self.lowest_a, self.lowest_b = conv(channels), conv(width)
        self.last = nn.Conv2d(width, classes, 1) if classes else nn.Identity()

    def forward(self, x):
        if self.depth == 0:
            return relu(self.lowest_b(relu(self.lowest_a(x))))
        x = relu(self.b(relu(self.a(x))))
        y = self.up(self.under(max_pool2d(x, 2)))
        if self.skip:
            down, across = (
                (x.shape[2] - y.shape[2]) // 2,
                (x.shape[3] - y.shape[3]) // 2,
            )
            x = pad(x, [-across, -across, -down, -down])
            y = torch.cat([x, y], dim=1)
        return self.last(relu(self.d(relu(self.c(y)))))


def key(name):
    """Its under.under.c.weight is merge.2.conv1.weight, at level 2."""
    *under, layer, kind = name.split(".")
    level = len(under)
    ours = {
        "a": f"down.{level}.conv1",
        "b": f"down.{level}.conv2",
        "lowest_a": "bottom.conv1",
        "lowest_b": "bottom.conv2",
        "up": f"up.{level}",
        "c": f"merge.{level}.conv1",
        "d": f"merge.{level}.conv2",
        "last": "head",
    }
    return f"{ours[layer]}.{kind}"


def parameters(classes, channels, width, depth, skip=True):
    """By formula: k²·C·O + O for a convolution of C channels to O."""

    def pair(inner, outer):
        return 9 * inner * outer + outer + 9 * outer**2 + outer

    total = pair(channels, width) + width * classes + classes
    for level in range(depth):
        here, below = width * 2**level, width * 2 ** (level + 1)
        total += pair(here, below)
        total += 4 * below * here + here
        total += pair(2 * here if skip else here, here)
    return total


def row(padding, small_shape, skip=True):
    theirs = {"padding": int(padding == "same"), "skip": skip}
    return Row(
        "unet",
        parameters(2, 1, 64, 4, skip),
        (1, 572, 572) if padding == "valid" else (1, 512, 512),
        lambda: TorchUNet(64, 4, classes=2, **theirs),
        lambda rng: UNet(
            num_classes=3,
            in_channels=2,
            width=4,
            depth=2,
            padding=padding,
            skip=skip,
            dropout=0.0,
            rng=rng,
        ),
        lambda: TorchUNet(4, 2, channels=2, classes=3, **theirs),
        small_shape,
        settings={"padding": padding, "skip": skip},
        key=key,
        source="Ronneberger et al. (2015), figure 1: the widths; the count follows",
    )


ROWS = [
    row("valid", (3, 2, 44, 52)),
    row("same", (3, 2, 12, 20)),
    row("same", (3, 2, 12, 20), skip=False),
]
