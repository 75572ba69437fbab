import torch

from course_lib import layers
from tests.course_lib.layers.row import Row


def row(name, shape, output_shape, repr, *args, **settings):
    """A layer and torch's, of the same name and with the same arguments."""
    return Row(
        lambda rng: getattr(layers, name)(*args, **settings, rng=rng),
        shape,
        lambda: getattr(torch.nn, name)(*args, **settings),
        output_shape,
        repr=repr,
    )


ROWS = [
    row("Conv1d", (3, 4, 9), (3, 6, 7), "Conv1d(4, 6, kernel_size=3)", 4, 6, 3),
    row(
        "Conv1d",
        (3, 4, 9),
        (3, 6, 4),
        "Conv1d(4, 6, kernel_size=2, stride=3, padding=2, dilation=2, groups=2, "
        "bias=False)",
        *(4, 6, 2, 3, 2, 2, 2, False),
    ),
    row(
        "Conv2d",
        (3, 4, 7, 5),
        (3, 6, 6, 5),
        "Conv2d(4, 6, kernel_size=(2, 3), padding=(0, 1))",
        *(4, 6, (2, 3)),
        padding=(0, 1),
    ),
    row(
        "Conv2d",
        (3, 4, 7, 5),
        (3, 8, 4, 5),
        "Conv2d(4, 8, kernel_size=3, stride=(2, 1), padding=1, groups=4, "
        "padding_mode='reflect', bias=False)",
        *(4, 8, 3, (2, 1), 1),
        groups=4,
        bias=False,
        padding_mode="reflect",
    ),
    row(
        "Conv2d",
        (3, 4, 7, 5),
        (3, 2, 7, 5),
        "Conv2d(4, 2, kernel_size=4, padding='same', padding_mode='replicate')",
        *(4, 2, 4),
        padding="same",
        padding_mode="replicate",
    ),
    row(
        "Conv3d",
        (3, 4, 6, 7, 5),
        (3, 2, 3, 7, 5),
        "Conv3d(4, 2, kernel_size=(2, 3, 1), stride=(2, 1, 1), padding=(0, 1, 0))",
        *(4, 2, (2, 3, 1)),
        stride=(2, 1, 1),
        padding=(0, 1, 0),
    ),
    row(
        "ConvTranspose1d",
        (3, 4, 5),
        (3, 6, 15),
        "ConvTranspose1d(4, 6, kernel_size=3, stride=3)",
        *(4, 6, 3, 3),
    ),
    row(
        "ConvTranspose2d",
        (3, 4, 5, 7),
        (3, 6, 10, 17),
        "ConvTranspose2d(4, 6, kernel_size=3, stride=2, padding=1, "
        "output_padding=(1, 0), dilation=(1, 3), groups=2, bias=False)",
        *(4, 6, 3, 2, 1, (1, 0), 2, False, (1, 3)),
    ),
    row(
        "ConvTranspose2d",
        (3, 4, 5, 7),
        (3, 2, 10, 14),
        "ConvTranspose2d(4, 2, kernel_size=2, stride=2)",
        *(4, 2, 2),
        stride=2,
    ),
    row(
        "ConvTranspose3d",
        (3, 4, 2, 3, 5),
        (3, 2, 3, 3, 11),
        "ConvTranspose3d(4, 2, kernel_size=(2, 1, 3), stride=(1, 1, 2))",
        *(4, 2, (2, 1, 3)),
        stride=(1, 1, 2),
    ),
]
