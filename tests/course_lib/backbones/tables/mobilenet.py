from torch import nn

from course_lib.backbones import MobileNetV1
from tests.course_lib.backbones.reference_models import with_drawn_norms
from tests.course_lib.backbones.row import Row

# Table 1, line by line: kind, stride, and output channels where they change.
TABLE = """
conv 2 32   dw 1   pw 64   dw 2   pw 128   dw 1   pw 128   dw 2   pw 256
dw 1   pw 256   dw 2   pw 512
dw 1   pw 512   dw 1   pw 512   dw 1   pw 512   dw 1   pw 512   dw 1   pw 512
dw 2   pw 1024   dw 1   pw 1024
"""
SMALL_TABLE = "conv 1 16   dw 2   pw 12   dw 1   pw 12   dw 2   pw 20"
SMALL_BLOCKS = ((24, 2), (24, 1), (40, 2))


class Reference(nn.Module):
    def __init__(self, table, channels, classes):
        super().__init__()
        words = iter(table.split())
        layers = []
        for kind in words:
            stride = int(next(words)) if kind != "pw" else 1
            outputs = int(next(words)) if kind != "dw" else channels
            size, groups = (1, 1) if kind == "pw" else (3, 1)
            if kind == "dw":
                groups = channels
            layers += [
                nn.Conv2d(channels, outputs, size, stride, size // 2, 1, groups, False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(),
            ]
            channels = outputs
        self.layers = nn.Sequential(*layers)
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        return self.fc(self.layers(x).mean((2, 3)))


def key(name):
    """Of three torch layers ours makes a unit, of two units but the first a block."""
    if name.startswith("fc"):
        return name
    _, index, kind = name.split(".")
    unit, place = divmod(int(index), 3)
    if unit == 0:
        return f"features.0.{place}.{kind}"
    part = "pointwise" if unit % 2 == 0 else "depthwise"
    return f"features.{(unit + 1) // 2}.{part}.{place}.{kind}"


ROWS = [
    Row(
        "mobilenet_v1",
        4_231_976,
        (3, 224, 224),
        lambda: Reference(TABLE, 3, 1000),
        small=lambda rng: MobileNetV1(
            width=0.5,
            blocks=SMALL_BLOCKS,
            small_images=True,
            in_channels=2,
            num_classes=7,
            rng=rng,
        ),
        torch_small=lambda: with_drawn_norms(Reference(SMALL_TABLE, 2, 7)),
        small_shape=(3, 2, 14, 9),
        mult_adds=(569e6, 0.5e6),
        key=key,
        source="Howard et al. (2017), table 6; parameters: 4.2 million there, of "
        "which table 1 tells the exact number",
    )
]
