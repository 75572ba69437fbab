import numpy as np
from torch.nn import functional

from course_lib.operations import transposed_convolution
from tests.course_lib.operations.row import Example, Refusal, Row

conv_transpose1d = transposed_convolution.conv_transpose1d
conv_transpose2d = transposed_convolution.conv_transpose2d
conv_transpose3d = transposed_convolution.conv_transpose3d


def row(operation, x, w, *, bias=True, **settings):
    """With a bias, unless `bias` is False."""
    biases = ((w[1] * settings.get("groups", 1),),) if bias else ()
    square = (1,) if len(set(w)) < len(w) else ()
    function = getattr(functional, operation.__name__)

    def in_torch(*inputs):
        return function(*inputs, **settings)

    return Row(operation, (x, w, *biases), in_torch, settings, square=square)


ROWS = [
    row(conv_transpose1d, (3, 4, 5), (4, 6, 3)),
    row(conv_transpose1d, (3, 4, 5), (4, 6, 2), stride=3, padding=1, bias=False),
    row(
        conv_transpose1d,
        (3, 4, 5),
        (4, 6, 3),
        stride=2,
        groups=2,
        output_padding=1,
        dilation=2,
    ),
    row(conv_transpose2d, (3, 4, 5, 2), (4, 6, 3, 2)),
    row(conv_transpose2d, (3, 4, 5, 7), (4, 5, 2, 3), bias=False, padding=1),
    # Overlaps, gaps, and strides that differ.
    row(conv_transpose2d, (3, 4, 5, 2), (4, 2, 3, 5), stride=2, padding=(1, 2)),
    row(conv_transpose2d, (3, 2, 4, 5), (2, 6, 1, 3), stride=(3, 4)),
    row(
        conv_transpose2d,
        (3, 2, 4, 5),
        (2, 6, 3, 4),
        stride=(3, 2),
        padding=(2, 1),
        output_padding=(2, 1),
    ),
    # The output padding is less than the dilation, but not less than the stride.
    row(
        conv_transpose2d,
        (3, 2, 4, 5),
        (2, 5, 3, 4),
        dilation=(3, 2),
        padding=(1, 0),
        output_padding=(2, 1),
    ),
    row(conv_transpose2d, (3, 6, 4, 5), (6, 2, 3, 1), groups=3, stride=2, bias=False),
    row(conv_transpose2d, (3, 4, 2, 5), (4, 1, 3, 2), groups=4, stride=(1, 2)),
    row(conv_transpose2d, (3, 4, 2, 5), (4, 6, 1, 1)),
    row(conv_transpose2d, (3, 4, 2, 5), (4, 3, 1, 1), groups=2, bias=False),
    row(conv_transpose2d, (3, 4, 2, 5), (4, 1, 1, 1), groups=4),
    row(conv_transpose2d, (3, 4, 2, 5), (4, 6, 1, 1), stride=(1, 2), output_padding=0),
    row(
        conv_transpose3d,
        (3, 4, 2, 6, 5),
        (4, 6, 3, 1, 2),
        stride=(2, 1, 3),
        padding=(1, 0, 1),
        output_padding=(0, 0, 2),
    ),
    row(
        conv_transpose3d,
        (3, 4, 2, 6, 5),
        (4, 5, 3, 1, 2),
        groups=2,
        dilation=(1, 1, 3),
        bias=False,
    ),
]

EXAMPLES = [
    Example(
        conv_transpose1d,
        [[[[1, 2]]], [[[10, 1, 3]]], [5]],
        value=[[[15, 6, 28, 7, 11]]],
        dy=[[[1, 2, 3, 4, 5]]],
        dxs=[[[[21, 49]]], [[[7, 10, 13]]], [15]],
        settings={"stride": 2},
    ),
    Example(
        conv_transpose2d,
        [[[[[25, 31], [43, 49]]]], [[[[0, 1], [2, 3]]]]],
        value=[[[[0, 25, 31], [50, 180, 142], [86, 227, 147]]]],
        dy=[[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]],
        dxs=[[[[[25, 31], [43, 49]]]], [[[[504, 652], [948, 1096]]]]],
    ),
    Example(
        conv_transpose3d,
        [[[[[[1, 2]]]]], [[[[[1]], [[10]]]]], [100]],
        value=[[[[[101, 102]], [[110, 120]]]]],
        dy=[[[[[1, 2]], [[3, 4]]]]],
        dxs=[[[[[[31, 42]]]]], [[[[[5]], [[11]]]]], [10]],
    ),
]


def refusal(operation, x, w, message, b=None, **settings):
    biases = [] if b is None else [np.ones(b)]
    inputs = [np.ones(x), np.ones(w), *biases]
    return Refusal(operation, inputs, message, settings=settings)


REFUSALS = [
    *[
        refusal(
            operation,
            x,
            w,
            rf"{operation.__name__}: x has shape .*expected .*\(C, O/groups, …kernel\)",
        )
        for operation, x, w in [
            (conv_transpose1d, (4, 8), (4, 6, 3)),
            (conv_transpose2d, (4, 5, 7), (4, 6, 3, 2)),
            (conv_transpose2d, (3, 4, 5, 7), (4, 6, 3)),
            (conv_transpose3d, (3, 4, 5, 7), (4, 6, 3, 2, 1)),
        ]
    ],
    refusal(
        conv_transpose2d,
        (3, 6, 5, 7),
        (4, 6, 3, 2),
        r"x has 6 channels, the kernel expects 4 \(weight shape \(4, 6, 3, 2\)",
    ),
    refusal(
        conv_transpose2d,
        (3, 4, 5, 7),
        (4, 6, 3, 2),
        "groups is 3, which does not divide the 4 input channels",
        groups=3,
    ),
    refusal(
        conv_transpose2d,
        (3, 4, 5, 7),
        (4, 6, 3, 2),
        r"b has shape \(6,\), expected \(12,\)",
        b=6,
        groups=2,
    ),
    *[
        refusal(
            conv_transpose2d,
            (3, 4, 5, 7),
            (4, 6, 3, 2),
            rf"conv_transpose2d: {name} is .*expected an integer from {least} on",
            **{name: least - 1},
        )
        for name, least in [
            ("stride", 1),
            ("dilation", 1),
            ("padding", 0),
            ("output_padding", 0),
        ]
    ],
    *[
        refusal(
            conv_transpose2d,
            (3, 4, 5, 7),
            (4, 6, 3, 2),
            "output_padding is .*less than the stride or the dilation",
            **settings,
        )
        for settings in [
            {"output_padding": 1},
            {"output_padding": (0, 2), "stride": (3, 2)},
            {"output_padding": (3, 1), "stride": 2, "dilation": 3},
        ]
    ],
    *[
        refusal(
            operation,
            x,
            w,
            rf"{operation.__name__}: padding .* leaves nothing of an output",
            padding=padding,
        )
        for operation, x, w, padding in [
            (conv_transpose1d, (3, 4, 2), (4, 6, 3), 2),
            (conv_transpose2d, (3, 4, 5, 2), (4, 6, 3, 2), (0, 2)),
            (conv_transpose3d, (3, 4, 1, 2, 5), (4, 6, 3, 2, 1), (2, 0, 0)),
        ]
    ],
]
