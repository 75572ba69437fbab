"""Data sets that come with the course, and how they are dealt in batches."""

from course_lib.data.batches import batches
from course_lib.data.digits import load_digits, split

__all__ = ["batches", "load_digits", "split"]
