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

__all__ = ["models"]
