import warnings

import numpy as np
from torch.nn import functional

from course_lib.operations import convolution
from tests.course_lib.operations.row import Example, Refusal, Row

conv1d, conv2d, conv3d = convolution.conv1d, convolution.conv2d, convolution.conv3d


def in_torch(operation, padding=0, padding_mode="zeros", **settings):
    """torch's function has no padding mode: other borders are put around beforehand."""
    function = getattr(functional, operation.__name__)
    if padding_mode == "zeros":
        return lambda *inputs: silently(function)(*inputs, padding=padding, **settings)
    flat = [n for n in reversed(padding) for _ in range(2)]

    def padded(x, *others):
        return function(functional.pad(x, flat, padding_mode), *others, **settings)

    return padded


def silently(function):
    """torch warns that padding="same" costs a copy where the kernel is even."""

    def called(*inputs, **settings):
        with warnings.catch_warnings(action="ignore", category=UserWarning):
            return function(*inputs, **settings)

    return called


def row(operation, x, w, **settings):
    """With a bias, unless `bias` is False. A shape of the kernel with two equal sizes
    is meant: a size of 1 for what is pointwise or depthwise."""
    biases = ((w[0],),) if settings.pop("bias", True) else ()
    square = (1,) if len(set(w)) < len(w) else ()
    function = in_torch(operation, **settings)
    return Row(operation, (x, w, *biases), function, settings, square=square)


ROWS = [
    row(conv1d, (3, 4, 8), (6, 4, 3)),
    row(conv1d, (3, 4, 9), (5, 4, 2), bias=False, stride=3, padding=2),
    row(conv1d, (3, 4, 8), (6, 2, 3), padding="same", dilation=2, groups=2),
    row(conv1d, (5, 4, 3), (6, 2, 3), padding=(2,), padding_mode="reflect", groups=2),
    # Windows of other sizes than the image's; 6×6 with a 3×3 kernel and stride 2.
    row(conv2d, (3, 2, 5, 7), (4, 2, 3, 1)),
    row(conv2d, (4, 3, 5, 7), (6, 3, 2, 4), bias=False),
    row(conv2d, (3, 4, 7, 6), (2, 4, 3, 5), stride=2, padding=1),
    row(conv2d, (3, 2, 9, 8), (5, 2, 3, 4), stride=(2, 3), padding=(1, 2)),
    row(conv2d, (3, 2, 5, 6), (4, 2, 1, 3), stride=(3, 1), padding="valid"),
    row(conv2d, (3, 4, 9, 8), (5, 4, 3, 2), dilation=2, padding=1),
    row(conv2d, (3, 2, 9, 8), (5, 2, 3, 1), dilation=(2, 3), stride=(3, 2)),
    row(conv2d, (3, 2, 7, 10), (4, 2, 1, 3), dilation=(1, 3), padding=(0, 4)),
    # An even kernel: "same" adds one more after than before.
    row(conv2d, (3, 2, 5, 7), (5, 2, 4, 3), padding="same"),
    row(conv2d, (3, 4, 5, 7), (6, 4, 3, 2), padding="same", dilation=(2, 3)),
    # Other borders.
    *[
        row(conv2d, (3, 4, 6, 5), (2, 4, 3, 5), padding=(1, 4), padding_mode=mode)
        for mode in ["reflect", "replicate"]
    ],
    row(
        conv2d,
        (3, 2, 6, 5),
        (4, 2, 3, 1),
        stride=(1, 2),
        padding=(2, 3),
        padding_mode="reflect",
        bias=False,
    ),
    # Groups; depthwise, with one kernel a channel and with several; pointwise.
    row(conv2d, (3, 4, 7, 6), (8, 2, 3, 1), groups=2, padding=1),
    row(conv2d, (3, 6, 5, 7), (9, 2, 3, 4), groups=3, stride=2, bias=False),
    row(conv2d, (3, 4, 6, 5), (4, 1, 3, 2), groups=4, padding=(1, 0), dilation=2),
    row(conv2d, (3, 4, 6, 5), (4, 1, 3, 2), groups=4, stride=(2, 3)),
    row(conv2d, (3, 2, 6, 5), (8, 1, 3, 2), groups=2, padding=1),
    row(conv2d, (3, 4, 6, 5), (7, 4, 1, 1)),
    row(conv2d, (3, 4, 6, 5), (1, 4, 1, 1), bias=False),
    row(conv2d, (3, 4, 6, 5), (7, 4, 1, 1), stride=(1, 2), padding=(2, 0)),
    row(conv2d, (3, 4, 6, 5), (7, 4, 1, 1), stride=(2, 1)),
    row(conv2d, (3, 4, 6, 5), (6, 2, 1, 1), groups=2, bias=False),
    row(conv2d, (3, 4, 6, 5), (4, 1, 1, 1), groups=4, padding=(0, 1)),
    row(conv3d, (3, 2, 4, 6, 5), (5, 2, 1, 3, 4), padding=(0, 1, 2)),
    row(
        conv3d,
        (3, 4, 5, 7, 6),
        (6, 2, 3, 1, 4),
        groups=2,
        stride=(1, 3, 2),
        padding=(2, 0, 1),
        dilation=(2, 1, 1),
        bias=False,
    ),
    row(
        conv3d,
        (3, 2, 4, 6, 5),
        (4, 2, 3, 1, 5),
        padding=(1, 2, 3),
        padding_mode="replicate",
    ),
]

# The deck's image and kernel, asymmetric: it tells whether it is flipped.
X = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
W = [[0, 1], [2, 3]]

EXAMPLES = [
    Example(
        conv1d,
        [[[[1, 2, 3]]], [[[10, 1]]], [5]],
        value=[[[17, 28]]],
        dy=[[[1, 2]]],
        dxs=[[[[10, 21, 2]]], [[[5, 8]]], [3]],
    ),
    Example(
        conv2d,
        [[[X]], [[W]]],
        value=[[[[25, 31], [43, 49]]]],
        dy=[[[[25, 31], [43, 49]]]],
        dxs=[
            [[[[0, 25, 31], [50, 180, 142], [86, 227, 147]]]],
            [[[[504, 652], [948, 1096]]]],
        ],
    ),
    Example(
        conv3d,
        [[[[[[1, 2]], [[3, 4]]]]], [[[[[1]], [[10]]]]], [100]],
        value=[[[[[131, 142]]]]],
        dy=[[[[[1, 2]]]]],
        dxs=[[[[[[1, 2]], [[10, 20]]]]], [[[[[5]], [[11]]]]], [3]],
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
            rf"{operation.__name__}: x has shape .*expected \({layout}\) and .*missing",
        )
        for operation, layout, x, w in [
            (conv1d, "N, C, L", (3, 8), (6, 3, 2)),
            (conv2d, "N, C, H, W", (3, 5, 7), (6, 3, 2, 4)),
            (conv2d, "N, C, H, W", (3, 2, 5, 7), (2, 3, 4)),
            (conv2d, "N, C, H, W", (3, 2, 5, 7), (6, 2, 0, 3)),
            (conv3d, "N, C, T, H, W", (3, 2, 5, 7), (6, 3, 2, 4, 1)),
        ]
    ],
    refusal(
        conv2d,
        (5, 3, 28, 29),
        (6, 1, 5, 4),
        r"conv2d: x has 3 channels, the kernel expects 1 \(weight shape "
        r"\(6, 1, 5, 4\), groups 1\). Is the input \(N, C, H, W\)\?",
    ),
    refusal(
        conv2d, (3, 4, 7, 5), (6, 4, 2, 3), "x has 4 channels.*expects 8", groups=2
    ),
    *[
        refusal(
            conv2d,
            (3, 4, 7, 5),
            (6, 1, 2, 3),
            rf"conv2d: groups is {groups}, .*divide the 6 output channels",
            groups=groups,
        )
        for groups in [4, 0, -2, 7]
    ],
    *[
        refusal(
            conv2d,
            (3, 4, 7, 5),
            (6, 4, 2, 3),
            r"conv2d: b has shape .*expected \(6,\)",
            b=b,
        )
        for b in [(4,), (6, 1), ()]
    ],
    *[
        refusal(
            conv2d,
            (3, 4, 7, 5),
            (6, 4, 2, 3),
            rf"conv2d: {name} is .*expected an integer from {least} on.* of 2",
            **{name: value},
        )
        for name, least in [("stride", 1), ("dilation", 1), ("padding", 0)]
        for value in [least - 1, (2, least - 1), (1,), (1, 1, 1), 1.5]
    ],
    refusal(
        conv2d,
        (3, 4, 7, 5),
        (6, 4, 2, 3),
        "padding is 'full', expected 'same', 'valid'",
        padding="full",
    ),
    refusal(
        conv2d,
        (3, 4, 7, 5),
        (6, 4, 2, 3),
        r"padding is 'same', stride \(1, 2\); expected a stride of 1",
        padding="same",
        stride=(1, 2),
    ),
    *[
        refusal(
            operation,
            x,
            w,
            rf"{operation.__name__}: the kernel is larger than the image.*padding",
            **settings,
        )
        for operation, x, w, settings in [
            (conv1d, (3, 4, 5), (6, 4, 7), {}),
            (conv2d, (3, 4, 7, 5), (6, 4, 3, 6), {}),
            (conv2d, (3, 4, 7, 5), (6, 4, 3, 5), {"dilation": (4, 1)}),
            (conv2d, (3, 4, 7, 5), (6, 4, 8, 9), {"padding": (0, 2)}),
            (conv3d, (3, 4, 2, 7, 5), (6, 4, 3, 2, 1), {"stride": 2}),
        ]
    ],
    refusal(
        conv2d,
        (3, 4, 7, 5),
        (6, 4, 2, 3),
        "mode is 'circular'",
        padding_mode="circular",
    ),
]
