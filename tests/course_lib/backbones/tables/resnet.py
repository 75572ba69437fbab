import re

from course_lib.backbones import ResNet
from course_lib.backbones.residual_blocks import BasicBlock, Bottleneck
from tests.course_lib.backbones.reference_models import models
from tests.course_lib.backbones.row import Row

SMALL = (1, 2, 1, 1)  # blocks a stage


def key(name):
    """torchvision's layer1 is stages.0."""
    return re.sub(r"layer(\d)", lambda m: f"stages.{int(m[1]) - 1}", name)


def row(name, parameters, giga_mult_adds, small_block=None):
    small = {}
    if small_block:
        theirs = getattr(models.resnet, small_block.__name__)
        small = {
            "small": lambda rng: ResNet(small_block, SMALL, num_classes=7, rng=rng),
            "torch_small": lambda: models.resnet.ResNet(theirs, SMALL, num_classes=7),
            "small_shape": (3, 3, 48, 33),
        }
    return Row(
        name,
        parameters,
        (3, 224, 224),
        getattr(models, name),
        **small,
        mult_adds=(giga_mult_adds * 1e9, 0.0005e9),
        key=key,
        source="torchvision, whose bottlenecks stride in the 3×3: 3.8 G in the paper",
    )


ROWS = [
    row("resnet18", 11_689_512, 1.814, BasicBlock),
    row("resnet34", 21_797_672, 3.664),
    row("resnet50", 25_557_032, 4.089, Bottleneck),
    row("resnet101", 44_549_160, 7.801),
    row("resnet152", 60_192_808, 11.514),
]
