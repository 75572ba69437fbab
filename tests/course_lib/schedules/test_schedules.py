"""Every schedule against torch's, step by step, and by its closed form.

A new schedule adds a row to ROWS.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from math import log, pi
from typing import Any

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler as torchs

import course_lib.schedules
from course_lib.graph import Parameter
from course_lib.optimizers import SGD, Momentum
from course_lib.schedules import (
    Schedule,
    Scheduler,
    constant,
    cosine,
    cosine_with_restarts,
    cyclical,
    exponential_decay,
    in_turn,
    inverse_time_decay,
    multi_step_decay,
    product,
    step_decay,
    warm_up,
)

RATES = (0.3, 0.02)  # of two groups


@dataclass(frozen=True)
class Row:
    """A schedule, and torch's scheduler for an optimizer."""

    schedule: Schedule
    torchs: Callable[[torch.optim.Optimizer], Any]
    name: str


ROWS = [
    Row(
        constant(factor=0.7),
        lambda o: torchs.ConstantLR(o, factor=0.7, total_iters=10**6),
        "constant",
    ),
    Row(
        step_decay(every=7, factor=0.6),
        lambda o: torchs.StepLR(o, 7, gamma=0.6),
        "step_decay",
    ),
    Row(
        multi_step_decay(milestones=(21, 4, 9, 9), factor=0.6),
        lambda o: torchs.MultiStepLR(o, [4, 9, 9, 21], gamma=0.6),
        "multi_step_decay",
    ),
    Row(
        exponential_decay(factor=0.93),
        lambda o: torchs.ExponentialLR(o, 0.93),
        "exponential_decay",
    ),
    Row(
        inverse_time_decay(steps=12),
        lambda o: torchs.LambdaLR(o, lambda t: 12 / (12 + t)),
        "inverse_time_decay",
    ),
    Row(
        cosine(steps=30),
        lambda o: torchs.CosineAnnealingLR(o, 30),
        "cosine",
    ),
    Row(
        cosine_with_restarts(first=7),
        lambda o: torchs.CosineAnnealingWarmRestarts(o, 7),
        "cosine_with_restarts",
    ),
    Row(
        cosine_with_restarts(first=5, growth=3),
        lambda o: torchs.CosineAnnealingWarmRestarts(o, 5, T_mult=3),
        "cosine_with_restarts",
    ),
    Row(
        cyclical(up=6, lowest=0.2),
        lambda o: torchs.CyclicLR(o, *ends(0.2), 6, cycle_momentum=False),
        "cyclical",
    ),
    Row(
        cyclical(up=5, down=9, lowest=0.1, mode="triangular2"),
        lambda o: torchs.CyclicLR(
            o, *ends(0.1), 5, 9, mode="triangular2", cycle_momentum=False
        ),
        "cyclical",
    ),
    Row(
        cyclical(up=8, down=3, mode="exp_range", factor=0.97),
        lambda o: torchs.CyclicLR(
            o, *ends(0.1), 8, 3, mode="exp_range", gamma=0.97, cycle_momentum=False
        ),
        "cyclical",
    ),
    Row(
        warm_up(steps=9, start=0.25),
        lambda o: torchs.LinearLR(o, start_factor=0.25, total_iters=9),
        "warm_up",
    ),
    Row(
        warm_up(steps=9, then=exponential_decay(factor=0.9)),
        lambda o: torchs.SequentialLR(
            o,
            [torchs.LinearLR(o, total_iters=9), torchs.ExponentialLR(o, 0.9)],
            [9],
        ),
        "warm_up",
    ),
    Row(
        in_turn(
            [constant(factor=0.5), step_decay(every=3), exponential_decay(factor=0.8)],
            milestones=[4, 15],
        ),
        lambda o: torchs.SequentialLR(
            o,
            [
                torchs.ConstantLR(o, 0.5, total_iters=10**6),
                torchs.StepLR(o, 3),
                torchs.ExponentialLR(o, 0.8),
            ],
            [4, 15],
        ),
        "in_turn",
    ),
    Row(
        product(step_decay(every=8, factor=0.5), exponential_decay(factor=0.97)),
        lambda o: torchs.ChainedScheduler(
            [torchs.StepLR(o, 8, gamma=0.5), torchs.ExponentialLR(o, 0.97)]
        ),
        "product",
    ),
]

every_schedule = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


def ends(lowest: float) -> tuple[list[float], list[float]]:
    """torch's base_lr and max_lr."""
    return [lowest * rate for rate in RATES], list(RATES)


def torch_optimizer(rates: tuple[float, ...] = RATES) -> torch.optim.Optimizer:
    return torch.optim.SGD(
        [{"params": [torch.zeros(1, requires_grad=True)], "lr": lr} for lr in rates]
    )


def our_optimizer(rates: tuple[float, ...] = RATES) -> SGD:
    return SGD([{"params": [Parameter(np.zeros(1))], "lr": lr} for lr in rates])


def torch_steps(scheduler: Any, optimizer: torch.optim.Optimizer) -> Any:
    """The groups' rates before each of 60 steps."""
    for _ in range(60):
        yield [group["lr"] for group in optimizer.param_groups]
        optimizer.step()
        scheduler.step()


def test_every_schedule_has_a_row() -> None:
    functions = {
        name
        for name in course_lib.schedules.__all__
        if inspect.isfunction(getattr(course_lib.schedules, name))
    }
    assert functions == {row.name for row in ROWS}


@every_schedule
def test_equals_torchs_at_every_step(row: Row) -> None:
    reference = torch_optimizer()
    optimizer = our_optimizer()
    scheduler = Scheduler(optimizer, row.schedule)
    seen = []
    for expected in torch_steps(row.torchs(reference), reference):
        rates = [group.lr for group in optimizer.groups]
        np.testing.assert_allclose(rates, expected, rtol=1e-12, atol=1e-16)
        assert [type(rate) for rate in rates] == [float, float]
        seen.append(rates[0])
        scheduler.step()
    assert scheduler.t == 60
    assert len(set(seen)) > 1 or row.name == "constant"


@every_schedule
def test_a_schedule_is_a_pure_function_of_the_step(row: Row) -> None:
    forward = [row.schedule(t) for t in range(50)]
    backward = [row.schedule(t) for t in reversed(range(50))]
    assert forward == backward[::-1]


def test_the_lowest_factor_is_reached_and_kept_to() -> None:
    """torch's eta_min is a rate, for all groups the same: so with one group."""
    reference = torch_optimizer((0.5,))
    scheduler = torchs.CosineAnnealingLR(reference, 20, eta_min=0.1)
    expected = [rates[0] for rates in torch_steps(scheduler, reference)]
    ours = [0.5 * cosine(steps=20, lowest=0.2)(t) for t in range(60)]
    np.testing.assert_allclose(ours, expected, rtol=1e-12)
    assert ours[20] == pytest.approx(0.1, rel=1e-15)

    reference = torch_optimizer((0.5,))
    scheduler = torchs.CosineAnnealingWarmRestarts(reference, 4, 2, eta_min=0.1)
    expected = [rates[0] for rates in torch_steps(scheduler, reference)]
    schedule = cosine_with_restarts(first=4, growth=2, lowest=0.2)
    ours = [0.5 * schedule(t) for t in range(60)]
    np.testing.assert_allclose(ours, expected, rtol=1e-12)


def test_defaults() -> None:
    assert [step_decay(every=1)(t) for t in range(2)] == [1.0, 0.1]
    assert multi_step_decay(milestones=[1])(1) == 0.1
    assert constant()(5) == 1.0
    assert warm_up(steps=3)(0) == 1 / 3
    assert warm_up(steps=3)(1000) == 1.0
    assert inverse_time_decay()(1) == 0.5
    assert cyclical(up=4)(0) == 0.1
    assert cyclical(up=4, mode="exp_range")(12) == pytest.approx(1.0)
    assert cosine(steps=4)(4) == 0.0


def test_where_each_changes() -> None:
    """The classic mistake is to be off by one."""
    assert [step_decay(every=3, factor=0.5)(t) for t in (2, 3, 5, 6)] == [
        1,
        0.5,
        0.5,
        0.25,
    ]
    assert [multi_step_decay(milestones=[3], factor=0.5)(t) for t in (2, 3)] == [1, 0.5]
    restarts = cosine_with_restarts(first=2, growth=2)
    np.testing.assert_allclose(
        [restarts(t) for t in range(7)],
        [1, 0.5, 1, (1 + 0.5**0.5) / 2, 0.5, (1 - 0.5**0.5) / 2, 1],
        rtol=1e-14,
    )
    zigzag = cyclical(up=2, down=1, lowest=0.0, mode="triangular2")
    assert [zigzag(t) for t in range(8)] == [0, 0.5, 1, 0, 0.25, 0.5, 0, 0.125]
    rise = warm_up(steps=2, start=0.0, then=lambda t: 10 + t)
    assert [rise(t) for t in range(4)] == [0, 0.5, 10, 11]


def harmonic(n: int) -> float:
    """1 + 1/2 + … + 1/n, to within 1/(120n⁴)."""
    return log(n) + np.euler_gamma + 1 / (2 * n) - 1 / (12 * n**2)


@pytest.mark.parametrize("steps", [1, 1000])
def test_one_over_t_travels_any_distance_and_its_noise_dies_out(steps: int) -> None:
    """Σ T/(T+t) = T(H_{T+n−1} − H_{T−1}), which grows as T·log n; and Σ of the squares
    stays below its limit T²·Σ 1/k² over k ≥ T."""
    n = 10**6
    schedule = inverse_time_decay(steps=steps)
    factors = np.array([schedule(t) for t in range(n)])
    before = harmonic(steps - 1) if steps > 1 else 0.0
    closed = steps * (harmonic(steps + n - 1) - before)
    np.testing.assert_allclose(factors.sum(), closed, rtol=1e-11)
    tail = pi**2 / 6 - (1 / np.arange(1, steps) ** 2.0).sum()
    left = (factors**2).sum() - steps**2 * tail
    # what is still to come lies between the integrals of T²/k² from T+n and T+n−1
    assert -(steps**2) / (steps + n - 1) < left < -(steps**2) / (steps + n)
    if steps == 1000:
        assert schedule(0) == 1.0
        assert schedule(1000) == 0.5


def test_an_exponential_decay_travels_only_so_far() -> None:
    factors = [exponential_decay(factor=0.9)(t) for t in range(1000)]
    np.testing.assert_allclose(sum(factors), 1 / (1 - 0.9), rtol=1e-12)


def test_with_one_over_t_the_noise_averages_out_and_with_a_constant_rate_it_stays() -> (
    None
):
    """SGD on E(x − z)²/2 with the rate 1/(1+t) is the mean of all z, exactly."""
    z = np.random.default_rng(0).normal(3.0, 1.0, size=400)
    x = Parameter(np.zeros(1))
    optimizer = SGD([x], lr=1.0)
    scheduler = Scheduler(optimizer, inverse_time_decay())
    for sample in z:
        optimizer.step({x: x.value - sample})
        scheduler.step()
    np.testing.assert_allclose(x.value, [z.mean()], rtol=1e-12)


def test_the_first_steps_go_with_the_first_factor() -> None:
    """Once an epoch of three steps: s(0) three times, then s(1)."""
    x = Parameter([0.0])
    optimizer = SGD([x], lr=0.5)
    scheduler = Scheduler(optimizer, lambda t: [2.0, 4.0, 8.0][t])
    moved = []
    for _ in range(2):
        for _ in range(3):
            before = x.value.copy()
            optimizer.step({x: np.array([-1.0])})
            moved.append((x.value - before).item())
        scheduler.step()
    assert moved == [1, 1, 1, 2, 2, 2]
    assert optimizer.lr == 4.0


def test_going_on_from_a_saved_state_changes_nothing() -> None:
    """Optimizer and scheduler resume to the same bits, in the middle of a decay."""

    def make(x: np.ndarray) -> tuple[list[Parameter], Momentum, Scheduler]:
        ps = [Parameter(part) for part in x]
        optimizer = Momentum([{"params": [ps[0]]}, {"params": [ps[1]], "lr": 0.03}])
        schedule = warm_up(steps=4, then=cosine(steps=20))
        return ps, optimizer, Scheduler(optimizer, schedule)

    def walk(ps: list[Parameter], optimizer: Momentum, scheduler: Scheduler) -> None:
        for _ in range(9):
            optimizer.step({p: p.value**3 for p in ps})
            scheduler.step()

    start = np.random.default_rng(0).normal(size=(2, 3))
    whole, first = make(start), make(start)
    walk(*whole)
    walk(*whole)
    walk(*first)
    ps, optimizer, scheduler = make(np.array([p.value for p in first[0]]))
    optimizer.load_state_dict(first[1].state_dict())
    scheduler.load_state_dict(first[2].state_dict())
    assert scheduler.t == 9
    assert scheduler.rates == [1e-3, 0.03]
    walk(ps, optimizer, scheduler)
    for p, q in zip(whole[0], ps, strict=True):
        np.testing.assert_array_equal(p.value, q.value)


def test_a_scheduler_sets_the_rates_it_loads() -> None:
    one, other = our_optimizer((0.5, 0.25)), our_optimizer((1.0, 1.0))
    schedule = step_decay(every=1, factor=0.5)
    stopped, resumed = Scheduler(one, schedule), Scheduler(other, schedule)
    stopped.step()
    resumed.load_state_dict(stopped.state_dict())
    assert [group.lr for group in other.groups] == [0.25, 0.125]
    with pytest.raises(ValueError, match=r"shape \(2,\), expected \(1,\)"):
        Scheduler(our_optimizer((0.5,)), schedule).load_state_dict(stopped.state_dict())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: constant(factor=-0.1), "constant: factor is -0.1"),
        (lambda: step_decay(every=0), "step_decay: every is 0"),
        (lambda: step_decay(every=2.5), "step_decay: every is 2.5"),  # type: ignore
        (lambda: step_decay(every=1, factor=-1.0), "step_decay: factor is -1"),
        (
            lambda: multi_step_decay(milestones=[1], factor=float("inf")),
            "multi_step_decay: factor is inf",
        ),
        (lambda: exponential_decay(factor=float("nan")), "exponential_decay: factor"),
        (lambda: exponential_decay(factor="1"), "exponential_decay: factor"),  # type: ignore
        (lambda: inverse_time_decay(steps=0.0), "inverse_time_decay: steps is 0.0"),
        (lambda: cosine(steps=0), "cosine: steps is 0"),
        (lambda: cosine(steps=1, lowest=-1.0), "cosine: lowest is -1.0"),
        (lambda: cosine_with_restarts(first=0), "restarts: first is 0"),
        (lambda: cosine_with_restarts(first=1, growth=0), "restarts: growth is 0"),
        (lambda: cosine_with_restarts(first=1, lowest=-1.0), "restarts: lowest is -1"),
        (lambda: cyclical(up=0), "cyclical: up is 0"),
        (lambda: cyclical(up=1, down=0), "cyclical: down is 0"),
        (lambda: cyclical(up=1, lowest=-1.0), "cyclical: lowest is -1.0"),
        (lambda: cyclical(up=1, factor=-1.0), "cyclical: factor is -1.0"),
        (lambda: cyclical(up=1, mode="saw"), "cyclical: mode is 'saw'.*'triangular2'"),
        (lambda: warm_up(steps=0), "warm_up: steps is 0"),
        (lambda: warm_up(steps=1, start=-1.0), "warm_up: start is -1.0"),
        (
            lambda: in_turn([constant()], milestones=[1]),
            r"in_turn: there are 1 schedules and the milestones \[1\]",
        ),
        (lambda: in_turn([], milestones=[]), "in_turn: there are 0 schedules"),
        (lambda: in_turn([constant()] * 2, milestones=[0]), "in_turn: .*above 0"),
        (lambda: in_turn([constant()] * 3, milestones=[2, 2]), "in_turn: .*rising"),
    ],
)
def test_settings_out_of_range_are_refused(
    make: Callable[[], object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_settings_at_the_ends_of_their_ranges() -> None:
    assert constant(factor=0.0)(3) == 0
    assert cosine(steps=1)(0) == 1
    assert cosine_with_restarts(first=1)(5) == 1
    assert [cyclical(up=1, lowest=0.0)(t) for t in range(3)] == [0, 1, 0]
    assert warm_up(steps=1, start=0.0)(0) == 0
