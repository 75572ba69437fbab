"""A schedule that reacts: against torch's over whole histories, and by hand."""

from typing import Any

import numpy as np
import pytest
import torch

from course_lib.graph import Parameter
from course_lib.optimizers import SGD
from course_lib.schedules import Plateau


def optimizer_of(*rates: float) -> SGD:
    return SGD([{"params": [Parameter(np.zeros(1))], "lr": lr} for lr in rates])


def rates_of(plateau: Plateau) -> list[float]:
    return [group.lr for group in plateau.optimizer.groups]


def histories() -> list[np.ndarray]:
    """Losses that fall, stop, and sometimes jump; of either sign."""
    rng = np.random.default_rng(0)
    t = np.arange(120)
    falling = np.exp(-t / 15) + 0.01 * rng.normal(size=120)
    stairs = np.repeat(rng.permutation(12), 10) / 10.0
    noise = rng.normal(size=120)
    infinite = np.where(t % 7 == 0, np.inf, falling)
    return [falling, stairs, noise, infinite, np.zeros(120)]


SETTINGS: list[dict[str, Any]] = [
    {},
    {"factor": 0.2, "patience": 2},
    {"patience": 0, "cooldown": 3},
    {"patience": 3, "cooldown": 1, "threshold": 0.05},
    {"patience": 2, "threshold": 0.1, "relative": False},
    {"patience": 1, "minimize": False, "threshold": 0.02},
    {"patience": 1, "minimize": False, "threshold": 0.3, "relative": False},
    {"patience": 1, "min_lr": 0.01},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("history", histories(), ids=range(5))
def test_equals_torchs_at_every_step(
    settings: dict[str, Any], history: np.ndarray
) -> None:
    plateau = Plateau(optimizer_of(0.5, 0.03), **settings)
    reference = torch.optim.SGD(
        [
            {"params": [torch.zeros(1, requires_grad=True)], "lr": lr}
            for lr in (0.5, 0.03)
        ]
    )
    others = dict(settings)
    mode = "min" if others.pop("minimize", True) else "max"
    threshold_mode = "rel" if others.pop("relative", True) else "abs"
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
        reference,
        mode,
        threshold_mode=threshold_mode,
        eps=0.0,
        **({"factor": 0.5} | others),
    )
    for measure in history:
        before = rates_of(plateau)
        lowered = plateau.step(measure)
        reference.step()
        scheduler.step(measure)
        expected = [group["lr"] for group in reference.param_groups]
        np.testing.assert_allclose(rates_of(plateau), expected, rtol=1e-12)
        assert plateau.best == scheduler.best
        if rates_of(plateau) != before:
            assert lowered is True


def test_the_numbers_of_steps_by_hand() -> None:
    """A patience of 2 accepts two bad steps, and acts on the third; then one step of
    cooldown is not counted."""
    plateau = Plateau(optimizer_of(1.0), factor=0.2, patience=2, cooldown=1)
    assert plateau.step(1.0) is False
    acted = [plateau.step(1.0) for _ in range(12)]
    assert [i for i, lowered in enumerate(acted, 1) if lowered] == [3, 7, 11]
    np.testing.assert_allclose(rates_of(plateau), [0.2**3], rtol=1e-14)


def test_an_improvement_must_exceed_the_threshold() -> None:
    plateau = Plateau(optimizer_of(1.0), patience=0, threshold=0.25)
    assert plateau.step(1.0) is False
    assert plateau.step(0.75) is True  # not less than 1 − 0.25
    assert plateau.best == 1.0
    assert plateau.step(0.74) is False
    assert plateau.best == 0.74
    absolute = Plateau(optimizer_of(1.0), patience=0, threshold=0.5, relative=False)
    assert [absolute.step(x) for x in (-4.0, -4.5, -4.6)] == [False, True, False]


def test_defaults_are_torchs_but_for_the_factor() -> None:
    ours = Plateau(optimizer_of(1.0))
    theirs = torch.optim.lr_scheduler.ReduceLROnPlateau(
        torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    )
    for name in ("patience", "threshold", "cooldown"):
        assert getattr(ours, name) == getattr(theirs, name)
    assert (ours.factor, ours.min_lr) == (0.5, theirs.min_lrs[0])
    assert ours.relative
    assert ours.minimize


def test_a_rate_below_the_least_one_is_not_raised() -> None:
    plateau = Plateau(optimizer_of(0.5, 0.001), patience=0, min_lr=0.3)
    plateau.step(1.0)
    assert plateau.step(1.0) is True
    assert rates_of(plateau) == [0.3, 0.001]


def test_reacts_where_training_has_stopped() -> None:
    """SGD on noisy samples of E(x − z)²/2 hovers at a height proportional to its rate;
    each time the mean loss of an epoch stops falling, the rate is halved."""
    rng = np.random.default_rng(0)
    x = Parameter(np.full(50, 5.0))

    def hover(plateau: Plateau | None, optimizer: SGD) -> float:
        heights = []
        for _ in range(60):
            loss = 0.0
            for _ in range(20):
                g = x.value - rng.normal(size=50)
                loss += float((x.value**2).mean() / 20)
                optimizer.step({x: g})
            heights.append(loss)
            if plateau:
                plateau.step(loss)
        return float(np.mean(heights[-10:]))

    optimizer = SGD([x], lr=0.5)
    stuck = hover(None, optimizer)
    np.testing.assert_allclose(stuck, 0.5 / (2 - 0.5), rtol=0.1)  # η/(2 − η)
    lowered = hover(Plateau(optimizer, patience=2), optimizer)
    assert optimizer.lr < 0.5 / 16
    assert lowered < stuck / 8


@pytest.mark.parametrize("stop", range(1, 9))
def test_going_on_from_a_saved_state_changes_nothing(stop: int) -> None:
    measures = [3.0, 2.0, 2.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0]

    def make() -> Plateau:
        return Plateau(optimizer_of(1.0), patience=1, cooldown=2)

    whole, first, second = make(), make(), make()
    expected = [whole.step(measure) for measure in measures]
    assert sum(expected) == 2
    found = [first.step(measure) for measure in measures[:stop]]
    state = {name: np.asarray(array) for name, array in first.state_dict().items()}
    second.load_state_dict(state)
    assert second.state_dict() == state
    found += [second.step(measure) for measure in measures[stop:]]
    assert found == expected
    assert second.best == whole.best


def test_a_measure_that_is_nan_is_refused() -> None:
    plateau = Plateau(optimizer_of(1.0))
    with pytest.raises(ValueError, match="Plateau: the measure is NaN"):
        plateau.step(float("nan"))
    assert plateau.step(np.float32(1.0)) is False  # type: ignore[arg-type]
    assert type(plateau.best) is float


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("factor", 1.0, "expected one below 1.*divided by"),
        ("factor", 2.0, "expected one below 1"),
        ("factor", -0.5, "at least 0"),
        ("patience", -1, "at least 0"),
        ("threshold", float("nan"), "at least 0"),
        ("cooldown", -1, "at least 0"),
        ("min_lr", -1e-3, "at least 0"),
    ],
)
def test_settings_out_of_range_are_refused(
    name: str, value: float, message: str
) -> None:
    with pytest.raises(ValueError, match=f"Plateau: {name} is .*{message}"):
        Plateau(optimizer_of(1.0), **{name: value})  # type: ignore[arg-type]
