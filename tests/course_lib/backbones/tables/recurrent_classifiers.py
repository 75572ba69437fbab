import torch
from torch import nn

import course_lib.backbones
from tests.course_lib.backbones.row import Row


class TorchClassifier(nn.Module):
    """It takes the last outputs, not the last states, which are the same numbers."""

    def __init__(self, recurrent, inputs=28, hidden=128, classes=10, **settings):
        super().__init__()
        self.recurrent = recurrent(inputs, hidden, **settings)
        directions = 1 + self.recurrent.bidirectional
        self.fc = nn.Linear(directions * hidden, classes)

    def forward(self, x):
        output, _ = self.recurrent(x)
        output = output.transpose(0, 1) if self.recurrent.batch_first else output
        hidden = self.recurrent.hidden_size
        forward, reverse = output[-1, :, :hidden], output[0, :, hidden:]
        return self.fc(torch.cat([forward, reverse], dim=1))


def row(name, recurrent, blocks, **small):
    """`blocks` weighted sums of 28 inputs and 128 states, with two biases each, for
    every state; then ten of the states."""
    sizes = {"num_classes": 4, "input_size": 3, "hidden_size": 5}
    return Row(
        name,
        blocks * 128 * (28 + 128 + 2) + 10 * (128 + 1),
        (28, 28),
        lambda: TorchClassifier(recurrent, batch_first=True),
        lambda rng: getattr(course_lib.backbones, name)(**sizes, **small, rng=rng),
        lambda: TorchClassifier(recurrent, 3, 5, 4, **small),
        (6, 4, 3),
        settings={"batch_first": True},
        source="none is published: the layers' formula, for images row by row",
    )


ROWS = [
    row("rnn_classifier", nn.RNN, 1, num_layers=2, nonlinearity="relu"),
    row("rnn_classifier", nn.RNN, 1, bidirectional=True, batch_first=True),
    row("lstm_classifier", nn.LSTM, 4, num_layers=2, bidirectional=True),
    row("lstm_classifier", nn.LSTM, 4, batch_first=True),
]
