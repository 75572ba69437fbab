from course_lib.backbones import MobileNetV2
from tests.course_lib.backbones.reference_models import models
from tests.course_lib.backbones.row import Row

STAGES = ((1, 16, 1, 1), (3, 24, 2, 2), (6, 16, 3, 1))
SMALL = {"num_classes": 7, "dropout": 0.0}
WIDTH = 0.35


def small_reference():
    return models.MobileNetV2(
        width_mult=WIDTH, inverted_residual_setting=STAGES, **SMALL
    )


ROWS = [
    Row(
        "mobilenet_v2",
        3_504_872,
        (3, 224, 224),
        models.mobilenet_v2,
        small=lambda rng: MobileNetV2(width=WIDTH, stages=STAGES, **SMALL, rng=rng),
        torch_small=small_reference,
        small_shape=(3, 3, 22, 31),
        mult_adds=(
            300e6,
            5e6,
        ),  # two digits: 300 is neither with the dense layer, 300.8,
        # nor without it, 299.5
        source="Sandler et al. (2018), table 4; parameters: torchvision, where the paper "
        "has 3.4 million",
    )
]
