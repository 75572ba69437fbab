import torch

from course_lib.layers import (
    ELU,
    SELU,
    LeakyReLU,
    LogSoftmax,
    Maxout,
    ReLU,
    ReLU6,
    Sigmoid,
    Sine,
    Softmax,
    Softplus,
    Softsign,
    Tanh,
)
from tests.course_lib.layers.row import Row


class TorchSine(torch.nn.Module):
    """sin(ωx): torch has no such module."""

    def __init__(self, frequency):
        super().__init__()
        self.frequency = frequency

    def forward(self, x):
        return torch.sin(self.frequency * x)


class TorchMaxout(torch.nn.Linear):
    """The largest of each k neighbouring outputs: torch has no such module."""

    def __init__(self, in_features, out_features, pieces):
        super().__init__(in_features, out_features * pieces)
        self.pieces = pieces

    def forward(self, x):
        return super().forward(x).unflatten(1, (-1, self.pieces)).amax(dim=2)


ROWS = [
    *[
        Row(lambda rng, make=make: make(), (3, 5, 2), theirs, (3, 5, 2), repr=text)
        for make, theirs, text in [
            (Sigmoid, torch.nn.Sigmoid, "Sigmoid()"),
            (Tanh, torch.nn.Tanh, "Tanh()"),
            (Softsign, torch.nn.Softsign, "Softsign()"),
            (ReLU, torch.nn.ReLU, "ReLU()"),
            (ReLU6, torch.nn.ReLU6, "ReLU6()"),
            (LeakyReLU, torch.nn.LeakyReLU, "LeakyReLU(0.01)"),
            (lambda: LeakyReLU(0.1), lambda: torch.nn.LeakyReLU(0.1), "LeakyReLU(0.1)"),
            (ELU, torch.nn.ELU, "ELU(1.0)"),
            (lambda: ELU(alpha=0.5), lambda: torch.nn.ELU(alpha=0.5), "ELU(0.5)"),
            (SELU, torch.nn.SELU, "SELU()"),
            (Softplus, torch.nn.Softplus, "Softplus(1.0)"),
            (
                lambda: Softplus(beta=2.0),
                lambda: torch.nn.Softplus(beta=2.0),
                "Softplus(2.0)",
            ),
            (lambda: Sine(3), lambda: TorchSine(3), "Sine(3)"),
            (lambda: Sine(frequency=0.5), lambda: TorchSine(0.5), "Sine(0.5)"),
            (Softmax, lambda: torch.nn.Softmax(dim=-1), "Softmax(-1)"),
            (lambda: Softmax(dim=1), lambda: torch.nn.Softmax(dim=1), "Softmax(1)"),
            (LogSoftmax, lambda: torch.nn.LogSoftmax(dim=-1), "LogSoftmax(-1)"),
            (
                lambda: LogSoftmax(dim=1),
                lambda: torch.nn.LogSoftmax(dim=1),
                "LogSoftmax(1)",
            ),
        ]
    ],
    *[
        Row(
            lambda rng, settings=settings: Maxout(4, 7, rng=rng, **settings),
            (5, 4),
            lambda pieces=pieces: TorchMaxout(4, 7, pieces),
            (5, 7),
            repr=f"Maxout(4, 7, pieces={pieces})",
        )
        for pieces, settings in [(2, {}), (3, {"pieces": 3})]
    ],
]
