"""Checkpoints: a run that was cut short goes on, to the same bits.

The file is a NumPy archive of arrays. What is not an array stands in one of them as
JSON text. Nothing in it can run when it is read, as a pickle could.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from course_lib.layers.layer import Layer
from course_lib.optimizers.optimizer import Optimizer
from course_lib.schedules.plateau import Plateau
from course_lib.schedules.scheduler import Scheduler
from course_lib.training.early_stopping import EarlyStopping
from course_lib.training.history import History
from course_lib.types import Array

# What reading a file raises that is cut short, damaged, or of another kind.
UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile)


@dataclass
class Run:
    """All that the rest of a training run depends on.

    Attributes:
        network, optimizer, schedules, rng: as `fit` was given them; the schedules by
            their names there, where there are any.
        stopping: the best weights so far.
        history: whose length says how many epochs are finished.
        settings: what has to be the same when the run goes on, by name.
    """

    network: Layer
    optimizer: Optimizer
    schedules: dict[str, Scheduler | Plateau]
    rng: np.random.Generator
    stopping: EarlyStopping
    history: History
    settings: dict[str, Any]

    def save(self, path: Path) -> None:
        """Write a checkpoint. The file is replaced at once when the new one is whole:
        a write that is cut short leaves the old one."""
        arrays: dict[str, Any] = {
            f"{part}/{name}": array
            for part, state in self._states().items()
            for name, array in state.items()
        }
        arrays["json"] = np.array(json.dumps(self._notes(), default=np.ndarray.tolist))
        new = path.with_name(path.name + ".part")
        try:
            with open(new, "wb") as file:
                np.savez(file, **arrays)
                file.flush()
                os.fsync(file.fileno())
            os.replace(new, path)
        finally:
            new.unlink(missing_ok=True)

    def load(self, path: Path) -> None:
        """Go back to where a checkpoint was written.

        Raises:
            ValueError: the file is no checkpoint, or another run's. Then nothing has
                been changed.
        """
        notes, states = _read(path)
        for name, value in self._settings().items():
            if notes["settings"].get(name) != value:
                raise ValueError(
                    f"fit: the checkpoint {path} was written with {name} "
                    f"{notes['settings'].get(name)}, this run has {value}. Is it "
                    "another run's? Without resume=True it is begun anew."
                )
        self.network.load_state_dict(states["network"])
        self.optimizer.load_state_dict(states["optimizer"])
        for name, schedule in self.schedules.items():
            schedule.load_state_dict(states[name])
        for name, generator in self._generators().items():
            generator.bit_generator.state = notes["generators"][name]
        for name, value in notes["stopping"].items():
            setattr(self.stopping, name, value)
        self.stopping.best_state = states["best"]
        for name, value in notes["history"].items():
            setattr(self.history, name, value)

    def _states(self) -> dict[str, dict[str, Array]]:
        return {
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "best": self.stopping.best_state,
        } | {name: schedule.state_dict() for name, schedule in self.schedules.items()}

    def _notes(self) -> dict[str, Any]:
        generators = self._generators().items()
        stopping = self.stopping
        return {
            "settings": self._settings(),
            "generators": {name: g.bit_generator.state for name, g in generators},
            "stopping": {
                "best_loss": stopping.best_loss,
                "best_epoch": stopping.best_epoch,
                "waited": stopping.waited,
            },
            "history": asdict(self.history),
        }

    def _settings(self) -> dict[str, Any]:
        """The settings, and the shapes of what is to be loaded."""
        generators = self._generators()
        first_names: dict[int, str] = {}
        for name, generator in generators.items():
            first_names.setdefault(id(generator), name)
        return self.settings | {
            "optimizer": type(self.optimizer).__name__,
            "schedules": {n: type(s).__name__ for n, s in self.schedules.items()},
            "parameters": _shapes(self.network.state_dict()),
            "state": _shapes(self.optimizer.state_dict()),
            # One that is shared has to be shared again: both would draw the same.
            "generators": {
                name: f"{type(generator.bit_generator).__name__} of "
                f"{first_names[id(generator)]}"
                for name, generator in generators.items()
            },
        }

    def _generators(self) -> dict[str, np.random.Generator]:
        """That of the run, and those of layers, such as dropout's."""
        found = {"fit": self.rng}
        for prefix, layer in self.network.named_layers():
            for name, value in vars(layer).items():
                if isinstance(value, np.random.Generator):
                    found[f"network.{prefix}.{name}"] = value
        return found


def _shapes(state: Mapping[str, Array]) -> dict[str, list[int]]:
    return {name: list(np.shape(array)) for name, array in state.items()}


def _read(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Array]]]:
    """The notes, and the arrays of each part."""
    states: dict[str, dict[str, Array]] = {"best": {}}  # empty before the first epoch
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as archive:
            notes = json.loads(str(archive["json"]))
            for key in archive.files:
                if key != "json":
                    part, _, name = key.partition("/")
                    states.setdefault(part, {})[name] = archive[key]
    except UNREADABLE as error:
        raise ValueError(
            f"fit: {path} is not a checkpoint, or it is damaged: {error}"
        ) from error
    return notes, states
