"""Early stopping: when training gets no better it ends, and the best weights return."""

from __future__ import annotations

from course_lib.layers.layer import Layer
from course_lib.types import Array


class EarlyStopping:
    """Keeps the weights of the epoch with the lowest validation loss, and says when
    that lies too far back.

    Args:
        network: whose weights, and buffers, are kept.
        patience: how many epochs in a row may pass without a new lowest loss; at least
            1. None: any number.
        min_delta: by how much a loss must lie below the lowest to count, at least 0.

    Attributes:
        best_loss: the lowest so far.
        best_epoch: its epoch; None before the first.
        best_state: copies of the network's arrays after that epoch.
        waited: how many epochs have passed since.

    Raises:
        ValueError: a setting is out of its range.

    Source: Prechelt (1998), Early stopping, but when?
    """

    def __init__(
        self, network: Layer, *, patience: int | None, min_delta: float
    ) -> None:
        if (patience is not None and patience < 1) or not min_delta >= 0:
            raise ValueError(
                f"fit: patience is {patience}, min_delta {min_delta}; expected at least"
                " 1 epoch, and a number of at least 0."
            )
        self.network = network
        self.patience = patience
        self.min_delta = min_delta
        self.best_loss = float("inf")
        self.best_epoch: int | None = None
        self.best_state: dict[str, Array] = {}
        self.waited = 0

    def update(self, epoch: int, loss: float) -> None:
        """Compare the validation loss after an epoch with the lowest."""
        if loss < self.best_loss - self.min_delta:
            self.best_loss, self.best_epoch, self.waited = loss, epoch, 0
            self.best_state = self.network.state_dict()
        else:
            self.waited += 1

    @property
    def is_over(self) -> bool:
        """Whether patience has run out."""
        return self.patience is not None and self.waited >= self.patience

    def restore(self) -> None:
        """Give the network the weights of its best epoch, where there has been one."""
        if self.best_epoch is not None:
            self.network.load_state_dict(self.best_state)
