import torch

from course_lib.layers import Dense, Flatten, Identity, Sequential, Sigmoid
from tests.course_lib.layers.row import Row

ROWS = [
    Row(
        lambda rng: Dense(4, 7, rng=rng),
        (5, 4),
        lambda: torch.nn.Linear(4, 7),
        (5, 7),
        repr="Dense(4, 7)",
    ),
    Row(
        lambda rng: Dense(4, 7, bias=False, rng=rng),
        (5, 3, 4),
        lambda: torch.nn.Linear(4, 7, bias=False),
        (5, 3, 7),
        repr="Dense(4, 7, bias=False)",
    ),
    Row(lambda rng: Flatten(), (3, 5, 2), torch.nn.Flatten, (3, 10), repr="Flatten()"),
    Row(lambda rng: Identity(), (3, 5), torch.nn.Identity, (3, 5), repr="Identity()"),
    Row(
        lambda rng: Sequential(Flatten(), Sequential(Dense(6, 4, rng=rng)), Sigmoid()),
        (5, 2, 3),
        lambda: torch.nn.Sequential(
            torch.nn.Flatten(),
            torch.nn.Sequential(torch.nn.Linear(6, 4)),
            torch.nn.Sigmoid(),
        ),
        (5, 4),
        repr="Sequential(Flatten(), Sequential(Dense(6, 4)), Sigmoid())",
    ),
]
