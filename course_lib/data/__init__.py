"""Data sets that come with the course, and how they are dealt in batches."""

from course_lib.data.batches import batches
from course_lib.data.cifar import load_cifar10
from course_lib.data.data_loader import DataLoader
from course_lib.data.digits import load_digits
from course_lib.data.mnist import load_fashion_mnist, load_mnist
from course_lib.data.penguins import load_penguins
from course_lib.data.photographs import load_photograph
from course_lib.data.splits import k_fold, split
from course_lib.data.standardization import Standardization
from course_lib.data.whitening import Whitening

__all__ = [
    "DataLoader",
    "Standardization",
    "Whitening",
    "batches",
    "k_fold",
    "load_cifar10",
    "load_digits",
    "load_fashion_mnist",
    "load_mnist",
    "load_penguins",
    "load_photograph",
    "split",
]
