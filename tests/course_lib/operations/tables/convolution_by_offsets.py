import numpy as np
from torch.nn import functional

from course_lib.operations.convolution_by_offsets import cross_correlation
from tests.course_lib.operations.row import Example, Refusal, Row

FUNCTIONS = {3: functional.conv1d, 4: functional.conv2d, 5: functional.conv3d}


def row(x, w, **settings):
    function = FUNCTIONS[len(x)]
    in_torch = lambda *inputs: function(*inputs, **settings)  # noqa: E731
    return Row(cross_correlation, (x, w), in_torch, settings)


ROWS = [
    row((3, 4, 8), (6, 4, 3), stride=2),
    row((3, 2, 5, 7), (4, 2, 3, 1)),
    row((3, 2, 9, 8), (5, 2, 3, 4), stride=3, dilation=2),
    row((3, 4, 7, 5), (6, 4, 2, 3), stride=2),
    row((3, 4, 2, 6, 5), (6, 4, 1, 3, 2), dilation=2),
]

EXAMPLES = [
    Example(
        cross_correlation,
        [[[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]], [[[[0, 1], [2, 3]]]]],
        value=[[[[25, 31], [43, 49]]]],
        dy=[[[[25, 31], [43, 49]]]],
        dxs=[
            [[[[0, 25, 31], [50, 180, 142], [86, 227, 147]]]],
            [[[[504, 652], [948, 1096]]]],
        ],
    )
]

REFUSALS = [
    *[
        Refusal(
            cross_correlation,
            [np.ones(x), np.ones(w)],
            r"cross_correlation: x has shape .*equally many axes.*channel axis",
        )
        for x, w in [((3, 4, 8), (6, 5, 2)), ((3, 4, 8), (6, 4, 3, 2))]
    ],
    *[
        Refusal(
            cross_correlation,
            [np.ones((3, 4, 7, 5)), np.ones((6, 4, *kernel))],
            "the kernel is larger than the image",
            settings={"dilation": dilation},
        )
        for kernel, dilation in [((3, 6), 1), ((8, 2), 1), ((2, 3), 3)]
    ],
]
