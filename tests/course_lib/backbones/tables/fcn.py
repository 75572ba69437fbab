from itertools import pairwise

from torch import nn
from torch.nn.functional import interpolate, max_pool2d, relu

from course_lib.backbones import FCN
from tests.course_lib.backbones.row import Row

VGG16 = (2, 2, 3, 3, 3)


class TorchFCN(nn.Module):
    """The network of the paper's figure 3, under the names of the authors' program."""

    def __init__(self, stride, classes=21, width=64, depths=VGG16, hidden=4096):
        super().__init__()
        self.stride, self.depths = stride, depths
        before = 3
        for stage, depth in enumerate(depths, 1):
            channels = width * (1, 2, 4, 8, 8)[stage - 1]
            for index in range(1, depth + 1):
                conv = nn.Conv2d(before, channels, 3, padding=1)
                self.add_module(f"conv{stage}_{index}", conv)
                before = channels
            if stride <= 2**stage and stage < len(depths):
                score = nn.Conv2d(channels, classes, 1)
                self.add_module(f"score_pool{stage}", score)
                doubling = nn.ConvTranspose2d(classes, classes, 4, 2, 1, bias=False)
                self.add_module(f"upscore_pool{stage}", doubling)
        self.fc6 = nn.Conv2d(before, hidden, 7, padding=3)
        self.fc7 = nn.Conv2d(hidden, hidden, 1)
        self.score_fr = nn.Conv2d(hidden, classes, 1)

    def forward(self, x):
        image, pools = x, {}
        for stage, depth in enumerate(self.depths, 1):
            for index in range(1, depth + 1):
                x = relu(getattr(self, f"conv{stage}_{index}")(x))
            x = pools[stage] = max_pool2d(x, 2, ceil_mode=True)
        y = self.score_fr(relu(self.fc7(relu(self.fc6(x)))))
        for stage in reversed(range(1, len(self.depths))):
            if self.stride <= 2**stage:
                finer = getattr(self, f"score_pool{stage}")(pools[stage])
                doubled = getattr(self, f"upscore_pool{stage}")(y)
                y = finer + doubled[..., : finer.shape[2], : finer.shape[3]]
        y = interpolate(y, scale_factor=self.stride, mode="bilinear")
        return y[..., : image.shape[2], : image.shape[3]]


def key(name):
    """conv2_1 is stages.1.0, score_pool4 finer_scores.0, upscore_pool4 doublings.0."""
    layer, kind = name.split(".")
    if layer.startswith("conv"):
        stage, index = map(int, layer[4:].split("_"))
        layer = f"stages.{stage - 1}.{2 * index - 2}"
    elif "pool" in layer:
        group = "doublings" if layer.startswith("up") else "finer_scores"
        layer = f"{group}.{4 - int(layer[-1])}"
    return f"{layer.replace('score_fr', 'score')}.{kind}"


def small(stride, rng):
    """One whose scores are drawn: where they all start at zero, nothing shows."""
    network = FCN(
        num_classes=4,
        width=2,
        depths=(1, 2, 1, 1, 1),
        hidden=5,
        stride=stride,
        dropout=0.0,
        rng=rng,
    )
    for layer in (network.score, *network.finer_scores):
        layer.weight.value[...] = rng.normal(size=layer.weight.shape)
    return network


def parameters(stride):
    """By formula: VGG-16 without its last layer, and what is on top of it."""
    widths = [3, 64, 64, 128, 128, *[256] * 3, *[512] * 6]
    convolutions = sum(9 * a * b + b for a, b in pairwise(widths))
    dense = 49 * 512 * 4096 + 4096 + 4096 * 4096 + 4096
    scores = 4096 * 21 + 21
    for channels in {32: (), 16: (512,), 8: (512, 256)}[stride]:
        scores += channels * 21 + 21 + 4 * 4 * 21 * 21
    return convolutions + dense + scores


def torch_small(stride):
    return TorchFCN(stride, 4, 2, (1, 2, 1, 1, 1), 5)


ROWS = [
    Row(
        "fcn",
        parameters(8),
        (3, 500, 500),
        lambda: TorchFCN(8),
        lambda rng: small(8, rng),
        lambda: torch_small(8),
        (3, 3, 45, 34),
        key=key,
        source="Long et al. (2015), table 1: 134 M for FCN-VGG16; the count follows",
    )
]
