import re

from course_lib.backbones import DenseNet
from tests.course_lib.backbones.reference_models import models, with_drawn_norms
from tests.course_lib.backbones.row import Row

RENAMED = {
    "features.conv0": "conv1",
    "features.norm0": "bn1",
    "features.norm5": "bn2",
    "classifier": "fc",
}


def key(name):
    """torchvision's dense blocks and transitions, from 1 on, take turns in ours."""
    for theirs, ours in RENAMED.items():
        if name.startswith(theirs):
            return name.replace(theirs, ours)
    layer = re.fullmatch(r"features\.denseblock(\d)\.denselayer(\d+)\.(.*)", name)
    if layer:
        stage, position, rest = layer.groups()
        rest = rest.replace("norm", "bn")
        return f"stages.{2 * int(stage) - 2}.{int(position) - 1}.{rest}"
    stage, part, rest = re.fullmatch(
        r"features\.transition(\d)\.(norm|conv)\.(.*)", name
    ).groups()
    place = {"norm": 0, "conv": 2}[part]
    return f"stages.{2 * int(stage) - 1}.{place}.{rest}"


ROWS = [
    Row(
        "densenet121",
        7_978_856,
        (3, 224, 224),
        models.densenet121,
        small=lambda rng: DenseNet(6, (2, 1, 3), width=10, num_classes=7, rng=rng),
        torch_small=lambda: with_drawn_norms(
            models.DenseNet(
                growth_rate=6,
                block_config=(2, 1, 3),
                num_init_features=10,
                num_classes=7,
            )
        ),
        small_shape=(3, 3, 48, 33),
        mult_adds=(2.834e9, 0.0005e9),
        key=key,
        source="torchvision; 8.0 million in other words",
    )
]
