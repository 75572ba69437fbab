import torch
from torch import nn
from torch.nn.functional import conv2d, pad, relu

from course_lib.backbones import DilatedContext
from tests.course_lib.backbones.row import Row

BASIC = (1,) * 8
LARGE = (2, 2, 4, 8, 16, 32, 32, 1)
DILATIONS = (1, 1, 2, 4, 8, 16, 1)


class TorchContext(nn.Module):
    """Table 1, each convolution by its nine entries: a shifted map times a matrix."""

    def __init__(self, c, multiples, dilations=DILATIONS, padded=True):
        super().__init__()
        self.dilations, self.padded = dilations, padded
        widths = [c, *(c * multiple for multiple in multiples)]
        sizes = [3] * len(dilations) + [1]
        self.w = nn.ParameterList(
            torch.empty(widths[i + 1], widths[i], k, k) for i, k in enumerate(sizes)
        )
        self.b = nn.ParameterList(torch.empty(n) for n in widths[1:])
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=0.5)

    def forward(self, x):
        for w, b, d in zip(self.w, self.b, self.dilations, strict=False):
            x = pad(x, [d] * 4) if self.padded else x
            high, wide = x.shape[2] - 2 * d, x.shape[3] - 2 * d
            y = b[:, None, None]
            for i in range(3):
                for j in range(3):
                    shifted = x[:, :, i * d : i * d + high, j * d : j * d + wide]
                    y = y + torch.einsum("oc,nchw->nohw", w[:, :, i, j], shifted)
            x = relu(y)
        return conv2d(x, self.w[-1], self.b[-1])


def key(name):
    """w.0 is convolutions.0.weight; the eighth is the last."""
    kind, index = name.split(".")
    layer = "last" if index == "7" else f"convolutions.{index}"
    return f"{layer}.{'weight' if kind == 'w' else 'bias'}"


def row(multiples, weights, small_shape, padding="same"):
    """`weights` times C², and a bias for each channel."""
    chosen = {"multiples": multiples[:-1], "padding": padding}
    padded = padding == "same"
    return Row(
        "dilated_context",
        weights * 21**2 + sum(multiples) * 21,
        (21, 64, 64) if padded else (21, 130, 130),
        lambda: TorchContext(21, multiples, DILATIONS, padded),
        lambda rng: DilatedContext(num_classes=2, noise=0.1, rng=rng, **chosen),
        lambda: TorchContext(2, multiples, DILATIONS, padded),
        small_shape,
        settings=chosen,
        key=key,
        source="Yu and Koltun (2016), section 3: about 64C² for the basic form",
    )


ROWS = [
    row(BASIC, 64, (3, 2, 9, 14)),
    row(BASIC, 64, (3, 2, 70, 68), padding="valid"),
    row(LARGE, 9 * (2 + 4 + 8 + 32 + 128 + 512 + 1024) + 32, (3, 2, 5, 7)),
]
