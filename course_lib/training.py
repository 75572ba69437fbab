"""Training: epochs of mini-batches, with a record of how it went."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from course_lib.data.batches import batches
from course_lib.graph import apply, backpropagate
from course_lib.layers.layer import Layer
from course_lib.optimizers.optimizer import Optimizer
from course_lib.types import Array, Operation

# An operation of a network's output, with the labels as its setting `labels`: a mean
# over the batch, such as `cross_entropy` and `mse`.
Loss = Callable[..., Operation]

# How many samples `evaluate` passes at a time: this bounds the memory it needs.
EVALUATION_BATCH = 256


class Scores(NamedTuple):
    """The mean loss of some samples, and the share of them classified correctly: NaN
    where the labels are not classes."""

    loss: float
    accuracy: float


@dataclass
class History:
    """What training measured: one number for each finished epoch.

    Attributes:
        loss, accuracy: of the training samples, each as its batch was passed, before
            the step that this batch led to.
        validation_loss, validation_accuracy: of the validation samples, after the epoch
            and in evaluation mode; empty where there are none.
        interrupted: whether training was stopped by hand.
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    interrupted: bool = False


def fit(
    network: Layer,
    loss: Loss,
    optimizer: Optimizer,
    x: Array,
    labels: Array,
    *,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
    validation: tuple[Array, Array] | None = None,
    progress: bool = True,
) -> History:
    """Train a network: one step of the optimizer for each mini-batch.

    Layers are in training mode meanwhile; each layer's mode is put back at the end.

    Args:
        network: computes an output for a batch of `x`.
        loss: an operation of the output and the labels, such as `cross_entropy`.
        optimizer: has the parameters that are to change.
        x: training samples along the first axis.
        labels: what belongs to each: integers of shape (N,) for classes, or whatever
            the loss takes.
        epochs: how often every sample is used, at least 1.
        batch_size: samples in a mini-batch, at least 1; the last has what is left.
        rng: shuffles the samples anew for each epoch.
        validation: samples and labels to evaluate after each epoch.
        progress: show a bar on stderr, if tqdm is installed.

    Returns:
        The history. Ctrl-C, or a notebook's stop button, ends training early: then the
        network is as far as it got, and the history has the epochs that were finished.

    Raises:
        ValueError: lengths differ, a class does not exist, or a setting is too small.
        FloatingPointError: a loss is NaN or infinite. The step that it would have led
            to was not taken.
    """
    if epochs < 1 or batch_size < 1:
        raise ValueError(
            f"fit: epochs is {epochs}, batch_size {batch_size}; expected at least 1."
        )
    x, labels = _checked("fit", network, x, labels)
    if validation is not None:
        validation = _checked("fit: validation", network, *validation)
    history = History()
    steps = epochs * -(-len(x) // batch_size)
    with _training_mode(network), _progress_bar(steps, progress) as bar:
        try:
            for epoch in range(1, epochs + 1):
                bar.set_description(f"epoch {epoch}/{epochs}")
                results = []
                for batch in batches(x, labels, batch_size=batch_size, rng=rng):
                    scores = _step(network, loss, optimizer, *batch, epoch=epoch)
                    results.append((scores, len(batch[0])))
                    bar.update()
                scores = _mean(results)
                shown = scores._asdict()
                if validation is not None:
                    held_out = evaluate(network, loss, *validation)
                    history.validation_loss.append(held_out.loss)
                    history.validation_accuracy.append(held_out.accuracy)
                    shown["validation_accuracy"] = held_out.accuracy
                history.loss.append(scores.loss)
                history.accuracy.append(scores.accuracy)
                bar.set_postfix(shown)
        except KeyboardInterrupt:
            history.interrupted = True
    return history


def evaluate(network: Layer, loss: Loss, x: Array, labels: Array) -> Scores:
    """Scores of a network in evaluation mode, over all samples.

    Args:
        network, loss, x, labels: as for `fit`.

    Raises:
        ValueError: lengths differ, or a class does not exist.
    """
    x, labels = _checked("evaluate", network, x, labels)
    results = []
    for part, wanted in batches(x, labels, batch_size=EVALUATION_BATCH, rng=None):
        output = network.predict(part)
        value, _ = loss(output, labels=wanted)
        results.append((Scores(float(value), _accuracy(output, wanted)), len(part)))
    return _mean(results)


def _step(
    network: Layer,
    loss: Loss,
    optimizer: Optimizer,
    x: Array,
    labels: Array,
    *,
    epoch: int,
) -> Scores:
    # NumPy would warn of each overflow on the way to the one error below.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        output = network(x)
        l = apply(loss, output, labels=labels)
        gradients = backpropagate(l)
        if not np.isfinite(l.value):
            raise FloatingPointError(
                f"fit: the loss is {float(l.value)} in epoch {epoch}, after "
                f"{optimizer.t} steps with a learning rate of {optimizer.lr:g}. "
                "Try a smaller learning rate, and look for NaN in the samples."
            )
        optimizer.step(gradients)
    return Scores(float(l.value), _accuracy(output.value, labels))


def _accuracy(output: Array, labels: Array) -> float:
    if not _are_classes(output, labels):
        return float("nan")
    return float(np.mean(output.argmax(axis=1) == labels))


def _are_classes(output: Array, labels: Array) -> bool:
    return output.ndim == 2 and labels.ndim == 1 and labels.dtype.kind in "iu"


def _mean(results: list[tuple[Scores, int]]) -> Scores:
    """The mean over samples, which is not the mean over batches of unequal size."""
    scores, sizes = zip(*results, strict=True)
    loss, accuracy = np.average(scores, axis=0, weights=sizes)
    return Scores(float(loss), float(accuracy))


def _checked(
    function: str, network: Layer, x: Array, labels: Array
) -> tuple[Array, Array]:
    """Samples and labels as arrays, if they belong together and to the network."""
    x, labels = np.asarray(x), np.asarray(labels)
    if x.ndim == 0 or labels.ndim == 0 or len(x) != len(labels) or len(x) == 0:
        raise ValueError(
            f"{function}: samples have shape {x.shape}, labels {labels.shape}; expected"
            " as many of both, at least 1. Is the first axis of both the batch?"
        )
    output = network.predict(x[:1])
    if _are_classes(output, labels):
        classes = output.shape[1]
        if labels.min() < 0 or labels.max() >= classes:
            raise ValueError(
                f"{function}: labels run from {labels.min()} to {labels.max()}, the "
                f"network has {classes} outputs, for 0 to {classes - 1}. Do the labels "
                "start at 1, or is the last layer too narrow?"
            )
    return x, labels


@contextmanager
def _training_mode(network: Layer) -> Iterator[None]:
    modes = [(layer, layer.training) for layer in network.layers()]
    network.train()
    try:
        yield
    finally:
        for layer, training in modes:
            layer.training = training


@contextmanager
def _progress_bar(steps: int, shown: bool) -> Iterator[Any]:
    """tqdm's bar, or one that shows nothing where it is not wanted or not installed."""
    bar: Any = _NoBar()
    if shown:
        try:
            from tqdm import tqdm
        except ImportError:
            pass
        else:
            bar = tqdm(total=steps, unit="batch")
    try:
        yield bar
    finally:
        bar.close()


class _NoBar:
    def set_description(self, text: str) -> None: ...
    def set_postfix(self, values: dict[str, float]) -> None: ...
    def update(self) -> None: ...
    def close(self) -> None: ...
