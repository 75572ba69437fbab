"""torchvision's models, where its compiled operators do not fit the installed torch.

Its wheels are built for one kind of torch. Beside another, such as one for CPUs alone,
the operators are missing, and then the import of the models fails, though none of them
uses an operator of those. Declared, but never called, they are no longer missed.
"""

import torch

MISSED = ("nms", "qnms")

try:
    from torchvision import models
except RuntimeError:
    library = torch.library.Library("torchvision", "DEF")
    for name in MISSED:
        library.define(f"{name}(Tensor dets, Tensor scores, float iou) -> Tensor")
    from torchvision import models

__all__ = ["models", "with_drawn_norms"]


def with_drawn_norms(network):
    """The network, with what batch norms hold drawn at random: their first values, 1
    and 0, would not show it if one were left out, or two were exchanged."""
    for layer in network.modules():
        if isinstance(layer, torch.nn.modules.batchnorm._BatchNorm):
            for tensor in (layer.weight, layer.running_var):
                torch.nn.init.uniform_(tensor, 0.5, 1.5)
            for tensor in (layer.bias, layer.running_mean):
                torch.nn.init.uniform_(tensor, -0.5, 0.5)
    return network
