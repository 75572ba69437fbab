"""Data sets: what ships, what is made as it is needed, what is downloaded once; and how
samples are set aside, dealt in batches and augmented.

Here are the names that most chapters need. Transforms of images are in `transforms` and
`color_transforms`, conversions of pixels in `pixels`, functions to fit in `curves`.
"""

from course_lib.data.batches import batches
from course_lib.data.cifar import load_cifar10
from course_lib.data.clips import make_clips
from course_lib.data.curves import make_curve
from course_lib.data.data_loader import DataLoader
from course_lib.data.digits import load_digits
from course_lib.data.event_camera import events
from course_lib.data.homing import make_homing
from course_lib.data.mnist import load_fashion_mnist, load_mnist
from course_lib.data.optical_flow import optical_flow
from course_lib.data.penguins import load_penguins
from course_lib.data.photographs import load_photograph
from course_lib.data.points import make_moons, make_separable, make_spirals, make_xor
from course_lib.data.roads import make_drives, make_roads
from course_lib.data.sequences import make_adding, make_copying, make_recall
from course_lib.data.shapes import make_overlapping_shapes, make_shapes
from course_lib.data.splits import k_fold, split
from course_lib.data.standardization import Standardization
from course_lib.data.whitening import Whitening

__all__ = [
    "DataLoader",
    "Standardization",
    "Whitening",
    "batches",
    "events",
    "k_fold",
    "load_cifar10",
    "load_digits",
    "load_fashion_mnist",
    "load_mnist",
    "load_penguins",
    "load_photograph",
    "make_adding",
    "make_clips",
    "make_copying",
    "make_curve",
    "make_drives",
    "make_homing",
    "make_moons",
    "make_overlapping_shapes",
    "make_recall",
    "make_roads",
    "make_separable",
    "make_shapes",
    "make_spirals",
    "make_xor",
    "optical_flow",
    "split",
]
