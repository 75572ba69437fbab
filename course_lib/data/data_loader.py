"""A data loader: mini-batches of one epoch after the other, augmented on the way."""

from collections.abc import Callable, Iterator

import numpy as np

from course_lib.data.batches import batches
from course_lib.types import Array


class DataLoader:
    """Samples to iterate over, once for each epoch.

        loader = DataLoader(x, labels, batch_size=64, rng=rng, augment=flip)
        for epoch in range(10):
            for x_batch, labels_batch in loader: ...

    With a generator it is a loader to train with: every epoch has an order of its own,
    and every batch is augmented anew. Without one it is a loader to evaluate with: the
    order is kept, nothing is drawn and so nothing can be augmented.

    Args:
        x: samples along the first axis, of any shape.
        labels: what belongs to each sample, along the first axis too.
        batch_size: how many samples a batch has, at least 1.
        rng: shuffles and augments; None to evaluate.
        augment: makes new samples of a batch, `augment(x, rng=rng)`, in their order:
            `random_horizontal_flip`, a `Compose`, a function of yours.
        prepare: what every sample needs, in training and evaluation alike,
            `prepare(x)`, after it was augmented: `to_float`, or the subtraction of the
            training samples' mean. The samples themselves may so stay small, as uint8.
        drop_last: leave out a last batch that is short, for batch statistics that
            need many samples. Each epoch leaves out others.

    Raises:
        ValueError: the lengths differ, there is no sample, a batch would be empty, or
            there is something to augment with but no generator.
    """

    def __init__(
        self,
        x: Array,
        labels: Array,
        *,
        batch_size: int,
        rng: np.random.Generator | None,
        augment: Callable[..., Array] | None = None,
        prepare: Callable[[Array], Array] | None = None,
        drop_last: bool = False,
    ) -> None:
        if augment is not None and rng is None:
            raise ValueError(
                "DataLoader: it is to augment but rng is None, which makes a loader to "
                "evaluate with. Augment training samples only."
            )
        if drop_last and len(x) < batch_size:
            raise ValueError(
                f"DataLoader: {len(x)} samples make no batch of {batch_size}, and "
                "drop_last leaves out shorter ones."
            )
        batches(x, labels, batch_size=batch_size, rng=None)  # refuses what does not fit
        self.x = x
        self.labels = labels
        self.batch_size = batch_size
        self.rng = rng
        self.augment = augment
        self.prepare = prepare
        self.drop_last = drop_last

    def __len__(self) -> int:
        """How many batches an epoch has."""
        whole, rest = divmod(len(self.x), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[tuple[Array, Array]]:
        """The batches of a new epoch: pairs (x, labels)."""
        dealt = batches(self.x, self.labels, batch_size=self.batch_size, rng=self.rng)
        for x, labels in dealt:
            if self.drop_last and len(x) < self.batch_size:
                return
            if self.augment is not None:
                x = self.augment(x, rng=self.rng)
            if self.prepare is not None:
                x = self.prepare(x)
            yield x, labels
