"""The published networks, built from the library's layers as the papers draw them."""

from course_lib.backbones.alexnet import AlexNet, alexnet
from course_lib.backbones.inverted_residuals import MobileNetV2, mobilenet_v2
from course_lib.backbones.lenet import LeNet5, lenet5
from course_lib.backbones.mobilenet import MobileNetV1, mobilenet_v1
from course_lib.backbones.resnet import (
    ResNet,
    resnet18,
    resnet34,
    resnet50,
    resnet101,
    resnet152,
)
from course_lib.backbones.unet import UNet, unet
from course_lib.backbones.vgg import (
    VGG,
    vgg11,
    vgg11_lrn,
    vgg13,
    vgg16,
    vgg16_1x1,
    vgg19,
)

__all__ = [
    "VGG",
    "AlexNet",
    "LeNet5",
    "MobileNetV1",
    "MobileNetV2",
    "ResNet",
    "UNet",
    "alexnet",
    "lenet5",
    "mobilenet_v1",
    "mobilenet_v2",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "unet",
    "vgg11",
    "vgg11_lrn",
    "vgg13",
    "vgg16",
    "vgg16_1x1",
    "vgg19",
]
