from course_lib.backbones import MobileNetV2
from tests.course_lib.backbones.reference_models import models, with_drawn_norms
from tests.course_lib.backbones.row import Row

STAGES = ((1, 16, 1, 1), (3, 24, 2, 2), (6, 16, 3, 1))
SMALL = {"num_classes": 7, "dropout": 0.0}
WIDTH = 0.35


def small_reference():
    settings = {"width_mult": WIDTH, "inverted_residual_setting": STAGES, **SMALL}
    return with_drawn_norms(models.MobileNetV2(**settings))


ROWS = [
    Row(
        "mobilenet_v2",
        3_504_872,
        (3, 224, 224),
        models.mobilenet_v2,
        small=lambda rng: MobileNetV2(width=WIDTH, stages=STAGES, **SMALL, rng=rng),
        torch_small=small_reference,
        small_shape=(3, 3, 22, 31),
        # Two digits: with the dense layer it is 300.8, without it 299.5.
        mult_adds=(300e6, 5e6),
        source="Sandler et al. (2018), table 4; parameters: torchvision, the paper has "
        "3.4 million",
    )
]
