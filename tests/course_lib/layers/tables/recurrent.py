import torch

from course_lib.layers import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell
from tests.course_lib.layers.row import Row


def row(cls, torch_cls, shape, *output_shape, **settings):
    """A layer of 3 inputs and 4 units, with the same settings here and in torch."""
    shown = "".join(f", {name}={value!r}" for name, value in settings.items())
    return Row(
        lambda rng: cls(3, 4, **settings, rng=rng),
        shape,
        lambda: torch_cls(3, 4, **settings),
        list(output_shape),
        repr=f"{cls.__name__}(3, 4{shown})",
    )


X, H = (5, 7, 3), (7, 4)  # sequences (T, N, D), states (N, H)

ROWS = [
    row(RNNCell, torch.nn.RNNCell, [(7, 3), H], H),
    row(RNNCell, torch.nn.RNNCell, (7, 3), H, bias=False, nonlinearity="relu"),
    row(LSTMCell, torch.nn.LSTMCell, (7, 3), H, H),
    row(LSTMCell, torch.nn.LSTMCell, (7, 3), H, H, bias=False),
    row(GRUCell, torch.nn.GRUCell, [(7, 3), H], H),
    row(GRUCell, torch.nn.GRUCell, (7, 3), H, bias=False),
    *[
        output
        for cls, torch_cls, states in [
            (RNN, torch.nn.RNN, 1),
            (LSTM, torch.nn.LSTM, 2),
            (GRU, torch.nn.GRU, 1),
        ]
        for output in [
            row(cls, torch_cls, X, (5, 7, 4), *[(1, 7, 4)] * states),
            row(
                cls,
                torch_cls,
                (5, 6, 3),
                (5, 6, 8),
                *[(4, 5, 4)] * states,
                num_layers=2,
                batch_first=True,
                bidirectional=True,
            ),
            row(
                cls,
                torch_cls,
                X,
                (5, 7, 4),
                *[(3, 7, 4)] * states,
                num_layers=3,
                bias=False,
            ),
        ]
    ],
    row(RNN, torch.nn.RNN, [X, (1, 7, 4)], (5, 7, 4), (1, 7, 4), nonlinearity="relu"),
    row(
        GRU,
        torch.nn.GRU,
        [X, (4, 7, 4)],
        (5, 7, 8),
        (4, 7, 4),
        num_layers=2,
        bidirectional=True,
    ),
]
