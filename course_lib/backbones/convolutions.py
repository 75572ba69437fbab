"""Convolutions as most networks use them: square, no bias, drawn as He et al. do.

A batch norm follows, which has the bias.
"""

from functools import partial

from course_lib.initializers import he_normal
from course_lib.layers import Conv2d

conv1x1 = partial(Conv2d, kernel_size=1, bias=False, initializer=he_normal)
conv3x3 = partial(Conv2d, kernel_size=3, padding=1, bias=False, initializer=he_normal)
conv7x7 = partial(Conv2d, kernel_size=7, padding=3, bias=False, initializer=he_normal)
