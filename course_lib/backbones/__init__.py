"""The published networks, built from the library's layers as the papers draw them."""

from course_lib.backbones.alexnet import AlexNet, alexnet
from course_lib.backbones.densenet import DenseNet, densenet121
from course_lib.backbones.dilated_context import DilatedContext, dilated_context
from course_lib.backbones.fcn import FCN, fcn
from course_lib.backbones.inverted_residuals import MobileNetV2, mobilenet_v2
from course_lib.backbones.lenet import LeNet5, lenet5
from course_lib.backbones.mobilenet import MobileNetV1, mobilenet_v1
from course_lib.backbones.randomly_wired import RandomlyWired, randomly_wired
from course_lib.backbones.recurrent_classifiers import (
    RecurrentClassifier,
    lstm_classifier,
    rnn_classifier,
)
from course_lib.backbones.resnet import (
    ResNet,
    resnet18,
    resnet34,
    resnet50,
    resnet101,
    resnet152,
)
from course_lib.backbones.se_resnet import SEBottleneck, se_resnet50
from course_lib.backbones.self_normalizing import SelfNormalizing, self_normalizing
from course_lib.backbones.siren import Siren, siren
from course_lib.backbones.slowfast import SlowFast, slowfast
from course_lib.backbones.spatiotemporal import Conv3dNet, conv3d_net
from course_lib.backbones.two_stream import TwoStream, two_stream
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
from course_lib.backbones.wide_resnet import (
    WideResNet,
    wide_resnet16_8,
    wide_resnet28_10,
)

__all__ = [
    "FCN",
    "VGG",
    "AlexNet",
    "Conv3dNet",
    "DenseNet",
    "DilatedContext",
    "LeNet5",
    "MobileNetV1",
    "MobileNetV2",
    "RandomlyWired",
    "RecurrentClassifier",
    "ResNet",
    "SEBottleneck",
    "SelfNormalizing",
    "Siren",
    "SlowFast",
    "TwoStream",
    "UNet",
    "WideResNet",
    "alexnet",
    "conv3d_net",
    "densenet121",
    "dilated_context",
    "fcn",
    "lenet5",
    "lstm_classifier",
    "mobilenet_v1",
    "mobilenet_v2",
    "randomly_wired",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "rnn_classifier",
    "se_resnet50",
    "self_normalizing",
    "siren",
    "slowfast",
    "two_stream",
    "unet",
    "vgg11",
    "vgg11_lrn",
    "vgg13",
    "vgg16",
    "vgg16_1x1",
    "vgg19",
    "wide_resnet16_8",
    "wide_resnet28_10",
]
