import torch
from torch import nn
from torch.nn.functional import max_pool2d, relu

from course_lib.backbones import ResNet, SEBottleneck
from tests.course_lib.backbones.reference_models import with_drawn_norms
from tests.course_lib.backbones.row import Row


def conv(inputs, outputs, size, stride=1):
    return nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)


class SqueezeExcitation(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.fc1 = nn.Linear(channels, channels // 16)
        self.fc2 = nn.Linear(channels // 16, channels)

    def forward(self, x):
        z = torch.einsum("nchw->nc", x) / (x.shape[2] * x.shape[3])
        return torch.einsum("nc,nchw->nchw", self.fc2(self.fc1(z).relu()).sigmoid(), x)


class Block(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        outputs = 4 * width
        self.conv1, self.bn1 = conv(inputs, width, 1), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = conv(width, width, 3, stride), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = conv(width, outputs, 1), nn.BatchNorm2d(outputs)
        self.se = SqueezeExcitation(outputs)
        self.downsample = nn.Sequential()
        if inputs != outputs:
            self.downsample = nn.Sequential(
                conv(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs)
            )

    def forward(self, x):
        y = relu(self.bn1(self.conv1(x)))
        y = relu(self.bn2(self.conv2(y)))
        return relu(self.downsample(x) + self.se(self.bn3(self.conv3(y))))


class Reference(nn.Module):
    """Names are those of ours, so that no map is needed."""

    def __init__(self, depths, width, classes):
        super().__init__()
        self.conv1, self.bn1 = conv(3, width, 7, 2), nn.BatchNorm2d(width)
        stages, channels = [], width
        for depth in depths:
            blocks = []
            for place in range(depth):
                stride = 2 if stages and not place else 1
                blocks.append(Block(channels, width * 2 ** len(stages), stride))
                channels = 4 * width * 2 ** len(stages)
            stages.append(nn.Sequential(*blocks))
        self.stages = nn.Sequential(*stages)
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        x = max_pool2d(relu(self.bn1(self.conv1(x))), 3, 2, 1)
        return self.fc(self.stages(x).mean((2, 3)))


ROWS = [
    Row(
        "se_resnet50",
        28_088_024,
        (3, 224, 224),
        lambda: Reference((3, 4, 6, 3), 64, 1000),
        small=lambda rng: ResNet(
            SEBottleneck, (1, 2, 1), width=8, num_classes=7, rng=rng
        ),
        torch_small=lambda: with_drawn_norms(Reference((1, 2, 1), 8, 7)),
        small_shape=(3, 3, 40, 33),
        source="Hu et al. (2018): 28.1 million; exactly, with biases as in the "
        "authors' program; 28,071,976 without, as in equation 5",
    )
]
