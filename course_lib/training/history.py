"""What training measured on its way."""

from __future__ import annotations

from dataclasses import dataclass, field

from course_lib.training.evaluation import Scores


@dataclass
class History:
    """What training measured: numbers for each finished epoch and for each step.

    Attributes:
        loss, accuracy: of the training samples, each as its batch was passed, before
            the step that this batch led to; one number an epoch.
        validation_loss, validation_accuracy: of the validation samples, after the epoch
            and in evaluation mode; empty where there are none.
        step_loss: of each batch, before its step; also of the steps of an epoch that
            was not finished.
        learning_rate: of each step.
        gradient_norm: of each step, before clipping; empty where nothing is clipped.
        best_epoch: the epoch, counted from 1, whose weights the network has at the end;
            None without `patience`.
        stopped_early: whether training stopped because it got no better.
        interrupted: whether training was stopped by hand.
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    step_loss: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    gradient_norm: list[float] = field(default_factory=list)
    best_epoch: int | None = None
    stopped_early: bool = False
    interrupted: bool = False

    def add_epoch(self, training: Scores, validation: Scores | None) -> None:
        """Enter the scores of an epoch."""
        self.loss.append(training.loss)
        self.accuracy.append(training.accuracy)
        if validation is not None:
            self.validation_loss.append(validation.loss)
            self.validation_accuracy.append(validation.accuracy)

    def last_epoch(self) -> dict[str, float]:
        """What a progress bar shows: the last number of each list kept by epoch."""
        names = ("loss", "accuracy", "validation_loss", "validation_accuracy")
        return {name: getattr(self, name)[-1] for name in names if getattr(self, name)}
