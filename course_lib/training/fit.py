"""The training loop: one step for each mini-batch, epoch by epoch."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from course_lib.data.batches import batches
from course_lib.layers.layer import Layer
from course_lib.optimizers.optimizer import Optimizer
from course_lib.schedules.plateau import Plateau
from course_lib.schedules.scheduler import Scheduler
from course_lib.training.checkpoint import Run
from course_lib.training.early_stopping import EarlyStopping
from course_lib.training.evaluation import (
    Loss,
    Scores,
    checked_samples,
    evaluate,
    mean_scores,
)
from course_lib.training.history import History
from course_lib.training.progress import progress_bar
from course_lib.training.step import Step
from course_lib.types import Array


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
    augment: Callable[..., Array] | None = None,
    step_schedule: Scheduler | None = None,
    epoch_schedule: Scheduler | Plateau | None = None,
    max_norm: float | None = None,
    patience: int | None = None,
    min_delta: float = 0.0,
    checkpoint: str | PathLike[str] | None = None,
    resume: bool = False,
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
        rng: shuffles the samples anew for each epoch, and draws for `augment`.
        validation: samples and labels to evaluate after each epoch.
        augment: makes new samples of each training batch, `augment(x, rng=rng)`. The
            validation samples are left as they are.
        step_schedule: changes the optimizer's rate after each step.
        epoch_schedule: changes it after each epoch. A Plateau goes by the validation
            loss, or by the training loss where there is no validation.
        max_norm: scale the gradients down, all together, to this norm at most.
        patience: stop when so many epochs in a row have passed without a new lowest
            validation loss, and end with the weights of the best epoch, also where
            training ends otherwise.
        min_delta: by how much a loss must lie below the lowest to be a new one.
        checkpoint: a file to write after each epoch, from which a run that was cut
            short goes on to the same bits.
        resume: go on from the checkpoint; begin where there is none yet. `epochs`
            counts those that are finished too.
        progress: show a bar on stderr, if tqdm is installed.

    Returns:
        The history. Ctrl-C, or a notebook's stop button, ends training early: then the
        network is as far as it got, and the history has the epochs that were finished.

    Raises:
        ValueError: lengths differ, a class does not exist, a setting is out of its
            range, or the checkpoint is another run's.
        FloatingPointError: a loss or a gradient is NaN or infinite; the message names
            the layer that made it. The network and its generators are as they were
            before the step that it would have led to.
    """
    _check_settings(epochs, batch_size, validation, patience, checkpoint, resume)
    x, labels = checked_samples("fit", network, x, labels)
    if validation is not None:
        validation = checked_samples("fit: validation", network, *validation)
    history, path = History(), Path(checkpoint) if checkpoint is not None else None
    best = EarlyStopping(network, patience=patience, min_delta=min_delta)
    schedules = _schedules(optimizer, step=step_schedule, epoch=epoch_schedule)
    settings = {"samples": list(x.shape), "batch_size": batch_size}
    run = Run(network, optimizer, schedules, rng, best, history, settings)
    if path and resume and path.exists():
        run.load(path)
    step = Step(network, loss, optimizer, history, max_norm, step_schedule)
    finished = len(history.loss)
    steps = np.array([epochs, finished]) * -(-len(x) // batch_size)
    with network.in_mode(training=True), progress_bar(*steps, shown=progress) as bar:
        try:
            for epoch in range(finished + 1, epochs + 1):
                if best.is_over:
                    break
                bar.set_description(f"epoch {epoch}/{epochs}")
                results: list[tuple[Scores, int]] = []
                for part, wanted in batches(x, labels, batch_size=batch_size, rng=rng):
                    part = augment(part, rng=rng) if augment else part
                    results.append((step(part, wanted), len(part)))
                    bar.update()
                held_out = evaluate(network, loss, *validation) if validation else None
                history.add_epoch(mean_scores(results), held_out)
                if patience is not None and held_out is not None:
                    best.update(epoch, held_out.loss)
                if epoch_schedule:
                    _advance(epoch_schedule, history)
                if path:
                    run.save(path)
                bar.set_postfix(history.last_epoch())
        except KeyboardInterrupt:
            history.interrupted = True
    history.best_epoch, history.stopped_early = best.best_epoch, best.is_over
    best.restore()
    return history


def _schedules(
    optimizer: Optimizer, **given: Scheduler | Plateau | None
) -> dict[str, Scheduler | Plateau]:
    """Those that there are."""
    schedules = {f"{n}_schedule": s for n, s in given.items() if s is not None}
    for name, schedule in schedules.items():
        if schedule.optimizer is not optimizer:
            raise ValueError(f"fit: {name} was made for another optimizer.")
    if isinstance(given["step"], Plateau):
        raise ValueError(
            "fit: step_schedule is a Plateau, which needs a measure of an epoch. Is "
            "epoch_schedule meant?"
        )
    return schedules


def _advance(schedule: Scheduler | Plateau, history: History) -> None:
    if isinstance(schedule, Plateau):
        schedule.step((history.validation_loss or history.loss)[-1])
    else:
        schedule.step()


def _check_settings(
    epochs: int,
    batch_size: int,
    validation: Any,
    patience: int | None,
    checkpoint: Any,
    resume: bool,
) -> None:
    if epochs < 1 or batch_size < 1:
        raise ValueError(
            f"fit: epochs is {epochs}, batch_size {batch_size}; expected at least 1."
        )
    if patience is not None and validation is None:
        raise ValueError(
            f"fit: patience is {patience}, but there are no validation samples to tell "
            "whether training gets better. Pass validation=(x, labels)."
        )
    if resume and checkpoint is None:
        raise ValueError(
            "fit: resume is True, but there is no checkpoint to go on from."
        )
