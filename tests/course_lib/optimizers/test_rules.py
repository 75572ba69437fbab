"""Every rule against torch, against a case worked by hand, and as a good citizen.

A new rule adds a row to RULES and a case to BY_HAND.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import pytest
import torch

import course_lib.optimizers
from course_lib.graph import Parameter
from course_lib.optimizers import (
    SGD,
    SGDW,
    AdaDelta,
    AdaGrad,
    Adam,
    AdamW,
    AMSGrad,
    Momentum,
    MovingAverageMomentum,
    NAdam,
    Nesterov,
    Optimizer,
    RandomRates,
    RMSProp,
)
from course_lib.optimizers.optimizer import BLOCK

Arrays = list[np.ndarray]


class TorchSGDW(torch.optim.SGD):
    """torch's SGD with the decay of torch's AdamW."""

    def __init__(
        self, params: Any, lr: float = 1e-3, momentum: float = 0.9, weight_decay=0.0
    ) -> None:
        torch.optim.Optimizer.__init__(
            self,
            params,
            torch.optim.SGD([torch.zeros(1)], lr=lr, momentum=momentum).defaults
            | {"factor": weight_decay},
        )

    def add_param_group(self, group: dict[str, Any]) -> None:
        if "weight_decay" in group:
            group["factor"] = group.pop("weight_decay")
        super().add_param_group(group)

    def step(self) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for p in group["params"]:
                p.data.mul_(1 - group["lr"] * group["factor"])
        super().step()


class TorchRandomRates(torch.optim.SGD):
    """torch's SGD, after each row of a gradient was multiplied by a rate of its own.

    The second parameter is a vector as long as the first has rows: it is the bias.
    """

    def __init__(
        self,
        params: Any,
        rng: int,
        lr: float = 1.0,
        lowest: float = 1e-5,
        highest: float = 10.0,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, lr=lr, weight_decay=weight_decay)
        generator = np.random.default_rng(rng)
        self.rates = []
        for group in self.param_groups:
            low = np.log10(group.get("lowest", lowest))
            high = np.log10(group.get("highest", highest))
            for p in group["params"]:
                units = p.shape[0] if p.ndim else 1
                if p.ndim != 1 or not self.rates or units != len(self.rates[-1]):
                    drawn = 10 ** (low + (high - low) * generator.random(units))
                self.rates.append(torch.tensor(drawn))

    def step(self) -> None:  # type: ignore[override]
        rates = iter(self.rates)
        for group in self.param_groups:
            for p in group["params"]:
                decayed = p.grad + group["weight_decay"] * p.data
                rate = next(rates).reshape(-1, *[1] * (p.ndim - 1))
                p.data.sub_((group["lr"] * rate * decayed).reshape(p.shape))


def same(**settings: Any) -> dict[str, Any]:
    return settings


@dataclass(frozen=True)
class Row:
    """Settings other than the defaults, and the torch optimizer they amount to."""

    rule: type[Optimizer]
    settings: dict[str, Any]
    torch_rule: Callable[..., torch.optim.Optimizer]
    to_torch: Callable[..., dict[str, Any]] = same  # where torch's are not the same

    def make(self, parameters: Any, **others: Any) -> Optimizer:
        return self.rule(parameters, **{**self.settings, **others, **self.generator()})

    def generator(self) -> dict[str, np.random.Generator]:
        if "rng" not in self.settings:
            return {}
        return {"rng": np.random.default_rng(self.settings["rng"])}

    def make_torch(self, parameters: Any) -> torch.optim.Optimizer:
        return self.torch_rule(parameters, **self.to_torch(**self.settings))

    def others(self) -> dict[str, Any]:
        """Yet other settings, for a second group."""
        return {
            name: tuple(x / 2 for x in value) if name == "betas" else value / 2
            for name, value in self.settings.items()
            if name != "rng"
        }


# ε is large enough to see on which side of the root it stands, and the averages are
# short enough to see which rate belongs to which.
EPS = {"eps": 0.01}
BETAS = {"betas": (0.8, 0.95)}
DECAY = {"weight_decay": 0.3}
SEED = 5
RULES = [
    Row(SGD, {"lr": 0.05, **DECAY}, torch.optim.SGD),
    Row(Momentum, {"lr": 0.05, "momentum": 0.7, **DECAY}, torch.optim.SGD),
    Row(
        MovingAverageMomentum,
        {"lr": 0.05, "momentum": 0.7, **DECAY},
        torch.optim.SGD,
        lambda lr, momentum, **others: {
            "lr": lr * (1 - momentum),
            "momentum": momentum,
            **others,
        },
    ),
    Row(
        Nesterov,
        {"lr": 0.05, "momentum": 0.7, **DECAY},
        torch.optim.SGD,
        lambda **settings: {**settings, "nesterov": True},
    ),
    Row(SGDW, {"lr": 0.05, "momentum": 0.7, **DECAY}, TorchSGDW),
    Row(
        RandomRates,
        {"lr": 0.5, "lowest": 1e-3, "highest": 0.1, "rng": SEED, **DECAY},
        TorchRandomRates,
    ),
    Row(AdaGrad, {"lr": 0.05, **EPS, **DECAY}, torch.optim.Adagrad),
    Row(RMSProp, {"lr": 0.05, "alpha": 0.8, **EPS, **DECAY}, torch.optim.RMSprop),
    Row(AdaDelta, {"lr": 0.5, "rho": 0.8, **EPS, **DECAY}, torch.optim.Adadelta),
    Row(Adam, {"lr": 0.05, **BETAS, **EPS, **DECAY}, torch.optim.Adam),
    Row(
        AMSGrad,
        {"lr": 0.05, **BETAS, **EPS, **DECAY},
        torch.optim.Adam,
        lambda **settings: {**settings, "amsgrad": True},
    ),
    Row(AdamW, {"lr": 0.05, **BETAS, **EPS, **DECAY}, torch.optim.AdamW),
    Row(
        NAdam,
        {"lr": 0.05, **BETAS, **EPS, **DECAY, "momentum_decay": 0.1},
        torch.optim.NAdam,
    ),
]

# From x = 1: settings, two gradients, and x after each.
BY_HAND: dict[type[Optimizer], tuple[dict[str, Any], tuple, tuple]] = {
    SGD: ({"lr": 0.1}, (3, 4), (0.7, 0.3)),
    # x = ¾, then v = ¼ + ½; ¼·¾ of the first x is lost, then ¼ of the second
    SGDW: (
        {"lr": 0.5, "momentum": 0.5, "weight_decay": 0.5},
        (1, 1),
        (0.75 - 0.5, 0.25 * 0.75 - 0.75),
    ),
    # the rate is 0.1, and η is 2
    RandomRates: ({"lr": 2.0, "lowest": 0.1, "highest": 0.1}, (3, 4), (0.4, -0.4)),
    # v = 0.3, then 0.15 + 0.4
    Momentum: ({"lr": 0.1, "momentum": 0.5}, (3, 4), (0.7, 0.15)),
    # v = −1.5, then −0.75 − 2
    MovingAverageMomentum: ({"lr": 0.1, "momentum": 0.5}, (3, 4), (0.85, 0.575)),
    # steps 0.15 + 0.3, then 0.275 + 0.4
    Nesterov: ({"lr": 0.1, "momentum": 0.5}, (3, 4), (0.55, -0.125)),
    # √v = 3, then √(9 + 16) = 5
    AdaGrad: ({"lr": 0.1, "eps": 1.0}, (3, 4), (1 - 0.3 / 4, 1 - 0.3 / 4 - 0.4 / 6)),
    # √v = √(16/4) = 2, then √(4·¾ + 4/4) = 2
    RMSProp: ({"lr": 0.1, "alpha": 0.75, "eps": 0.5}, (4, 2), (0.84, 0.76)),
    # v = 8, d = 4·√1/√9, u = 8/9; then v = 12, d = 4·√(17/9)/√13
    AdaDelta: (
        {"lr": 1.0, "rho": 0.5, "eps": 1.0},
        (4, 4),
        (1 - 4 / 3, 1 - 4 / 3 - 4 / 3 * sqrt(17 / 13)),
    ),
    # m = 0.1, v = 0.001; then m = −0.11, v = 0.004999, over 0.19 and 0.001999
    Adam: (
        {"lr": 0.1, "eps": 0.0},
        (1, -2),
        (0.9, 0.9 + 0.1 * (0.11 / 0.19) / sqrt(0.004999 / 0.001999)),
    ),
    # x = 0.95, and the step is η; then 0.95·0.85, less the step of Adam above
    AdamW: (
        {"lr": 0.1, "eps": 0.0, "weight_decay": 0.5},
        (1, -2),
        (
            0.95 - 0.1,
            0.95 * (0.95 - 0.1) + 0.1 * (0.11 / 0.19) / sqrt(0.004999 / 0.001999),
        ),
    ),
    # v = 8 over 1/2; then v = 4.5, so that u stays 8, over 3/4
    AMSGrad: (
        {"lr": 0.1, "betas": (0.0, 0.5), "eps": 0.0},
        (4, 1),
        (0.9, 0.9 - 0.1 / sqrt(8 / 0.75)),
    ),
    # μ = 0.4: m = 0.4, v̂ = 4, m̂ = 0.16/0.84 + 1.2/0.6;
    # then m = 0.52, v̂ = 1/0.4375, m̂ = 0.208/0.936 + 0.6/0.84
    NAdam: (
        {"lr": 0.1, "betas": (0.8, 0.75), "eps": 0.0, "momentum_decay": 0.0},
        (2, 1),
        (
            1 - 0.1 * (4 / 21 + 2) / 2,
            1 - 0.1 * (4 / 21 + 2) / 2 - 0.1 * (2 / 9 + 5 / 7) * sqrt(0.4375),
        ),
    ),
}

SHAPES: list[tuple[int, ...]] = [(3, 4), (3,), (5,), (2, 3, 4), ()]

every_rule = pytest.mark.parametrize("row", RULES, ids=lambda row: row.rule.__name__)


@pytest.fixture
def torch_float64() -> Iterator[None]:
    """torch's NAdam keeps its product of μ in the default type, whatever the type of
    its parameters: in float32 it is wrong from the eighth digit on."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def draw(rng: np.random.Generator, dtype: type = np.float64) -> Arrays:
    return [rng.normal(size=shape).astype(dtype) for shape in SHAPES]


def make_parameters(arrays: Arrays) -> list[Parameter]:
    return [Parameter(x, f"x{i}") for i, x in enumerate(arrays)]


def walk(optimizer: Optimizer, steps: list[Arrays]) -> None:
    for gradients in steps:
        optimizer.step(dict(zip(optimizer.parameters, gradients, strict=True)))


def relative_error(actual: np.ndarray, expected: np.ndarray) -> float:
    return float(np.abs(actual - expected).max() / np.abs(expected).max())


def test_every_rule_has_a_row_and_a_case() -> None:
    rules = set()
    for module in pkgutil.iter_modules(course_lib.optimizers.__path__):
        found = importlib.import_module(f"course_lib.optimizers.{module.name}")
        for thing in vars(found).values():
            if isinstance(thing, type) and issubclass(thing, Optimizer):
                rules.add(thing)
    rules.remove(Optimizer)
    assert rules == {row.rule for row in RULES}
    assert rules == BY_HAND.keys()
    names = {rule.__name__ for rule in rules}
    others = {"Optimizer", "Group", "ModelAverage", "GradientDescent"}
    functions = {"clip_grad_norm", "clip_grad_value"}
    assert names | others | functions == set(course_lib.optimizers.__all__)


@every_rule
@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.usefixtures("torch_float64")
def test_equals_torch_at_every_one_of_100_steps(row: Row, seed: int) -> None:
    rng = np.random.default_rng(seed)
    arrays = draw(rng)
    ours = make_parameters(arrays)
    theirs = [torch.nn.Parameter(torch.tensor(x)) for x in arrays]
    optimizer, reference = row.make(ours), row.make_torch(theirs)
    for _ in range(100):
        gradients = draw(rng)
        for tensor, g in zip(theirs, gradients, strict=True):
            tensor.grad = torch.tensor(g)
        walk(optimizer, [gradients])
        reference.step()
        for p, tensor in zip(ours, theirs, strict=True):
            assert relative_error(p.value, tensor.detach().numpy()) <= 1e-12


@every_rule
@pytest.mark.usefixtures("torch_float64")
def test_two_groups_equal_torchs(row: Row) -> None:
    """Every setting of the second group is another."""
    rng = np.random.default_rng(0)
    arrays = draw(rng)
    ours = make_parameters(arrays)
    theirs = [torch.nn.Parameter(torch.tensor(x)) for x in arrays]
    others = row.others()
    optimizer = row.make([{"params": ours[:2]}, {"params": ours[2:], **others}])
    reference = row.make_torch(
        [
            {"params": theirs[:2]},
            {"params": theirs[2:], **row.to_torch(**others)},
        ]
    )
    for _ in range(100):
        gradients = draw(rng)
        for tensor, g in zip(theirs, gradients, strict=True):
            tensor.grad = torch.tensor(g)
        walk(optimizer, [gradients])
        reference.step()
    for p, tensor in zip(ours, theirs, strict=True):
        assert relative_error(p.value, tensor.detach().numpy()) <= 1e-12


@every_rule
def test_a_case_worked_by_hand(row: Row) -> None:
    settings, gradients, expected = BY_HAND[row.rule]
    x = Parameter([1.0])
    optimizer = row.rule([x], **settings, **row.generator())
    for g, value in zip(gradients, expected, strict=True):
        optimizer.step({x: np.array([float(g)])})
        np.testing.assert_allclose(x.value, [value], rtol=1e-14)


@every_rule
def test_defaults_are_torchs(row: Row) -> None:
    ours = row.rule([Parameter(np.zeros(2))], **row.generator()).groups[0].settings()
    seed = {"rng": SEED} if "rng" in row.settings else {}
    theirs = row.torch_rule([torch.zeros(2, requires_grad=True)], **seed).defaults
    shared = (row.settings.keys() - {"momentum"}) & theirs.keys()
    assert "lr" in shared
    assert {name: ours[name] for name in shared} == {
        name: theirs[name] for name in shared
    }


def test_the_momentum_that_torch_leaves_at_zero_is_nine_tenths() -> None:
    p = Parameter([0.0])
    for rule in [Momentum, MovingAverageMomentum, Nesterov]:
        assert rule([p]).groups[0].settings()["momentum"] == 0.9


@every_rule
def test_zero_gradients_move_nothing(row: Row) -> None:
    arrays = draw(np.random.default_rng(0))
    parameters = make_parameters(arrays)
    zeros = [np.zeros_like(x) for x in arrays]
    undecayed = row.rule(parameters, weight_decay=0.0, **row.generator())
    walk(undecayed, [zeros] * 3)  # with the default ε
    for p, x in zip(parameters, arrays, strict=True):
        np.testing.assert_array_equal(p.value, x)


@every_rule
def test_float32_stays_float32(row: Row) -> None:
    rng = np.random.default_rng(0)
    arrays = draw(rng, np.float32)
    steps = [draw(rng, np.float32) for _ in range(20)]
    single = make_parameters(arrays)
    double = make_parameters([x.astype(np.float64) for x in arrays])
    optimizer = row.make(single)
    optimizer.lr = np.float64(row.settings["lr"])  # as a schedule in NumPy would
    walk(optimizer, steps)
    walk(row.make(double), [[g.astype(np.float64) for g in step] for step in steps])
    for p, exact in zip(single, double, strict=True):
        assert p.value.dtype == np.float32
        assert relative_error(p.value, exact.value) < 1e-5
    for state in optimizer.states:
        assert {array.dtype for array in state.values()} <= {np.dtype(np.float32)}
    assert type(optimizer.lr) is float


@every_rule
def test_gradients_are_only_read(row: Row) -> None:
    rng = np.random.default_rng(0)
    parameters = make_parameters(draw(rng))
    optimizer = row.make(parameters)
    for _ in range(3):
        gradients = draw(rng)
        for g in gradients:
            g.flags.writeable = False
        walk(optimizer, [gradients])


@every_rule
def test_a_gradient_may_be_the_parameter_itself(row: Row) -> None:
    shared, apart = Parameter([1.0, -2.0]), Parameter([1.0, -2.0])
    with_alias, with_copy = row.make([shared]), row.make([apart])
    for _ in range(3):
        with_alias.step({shared: shared.value})  # the gradient of x²/2
        with_copy.step({apart: apart.value.copy()})
    np.testing.assert_array_equal(shared.value, apart.value)


@every_rule
def test_parameters_do_not_influence_one_another(row: Row) -> None:
    rng = np.random.default_rng(0)
    arrays = draw(rng)
    steps = [draw(rng) for _ in range(5)]
    together, apart = make_parameters(arrays), make_parameters(arrays)
    optimizer = row.make(together)
    initial = deepcopy(optimizer.states)
    walk(optimizer, steps)
    assert optimizer.t == 5
    for i, p in enumerate(apart):
        alone = row.make([p])
        for name, array in initial[i].items():
            alone.states[0][name][...] = array
        walk(alone, [[gradients[i]] for gradients in steps])
        np.testing.assert_array_equal(together[i].value, p.value)


@every_rule
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_large_parameter_moves_as_its_parts_would(row: Row, order: Any) -> None:
    rng = np.random.default_rng(0)
    rows, columns = 3, BLOCK // 2 + 7
    x = np.asarray(rng.normal(size=(rows, columns)), order=order)
    steps = [rng.normal(size=x.shape) for _ in range(3)]
    whole, parts = Parameter(x), make_parameters(list(x))
    assert whole.value.size > BLOCK > parts[0].value.size
    of_whole, of_parts = row.make([whole]), row.make(parts)
    for i, state in enumerate(of_parts.states):
        for name, array in state.items():
            array[...] = of_whole.states[0][name][i]
    walk(of_whole, [[g] for g in steps])
    walk(of_parts, [list(g) for g in steps])
    np.testing.assert_array_equal(whole.value, [p.value for p in parts])


@every_rule
def test_going_on_from_a_saved_state_changes_nothing(row: Row, tmp_path: Any) -> None:
    rng = np.random.default_rng(0)
    arrays = draw(rng)
    steps = [draw(rng) for _ in range(40)]
    uninterrupted, first = make_parameters(arrays), make_parameters(arrays)
    walk(row.make(uninterrupted), steps)
    stopped = row.make(first)
    walk(stopped, steps[:17])
    np.savez(tmp_path / "state.npz", allow_pickle=False, **stopped.state_dict())

    second = make_parameters([p.value for p in first])
    resumed = row.make(second)
    with np.load(tmp_path / "state.npz", allow_pickle=False) as state:
        resumed.load_state_dict(state)
    assert resumed.t == 17
    walk(resumed, steps[17:])
    for p, q in zip(uninterrupted, second, strict=True):
        np.testing.assert_array_equal(p.value, q.value)


@every_rule
def test_a_copied_optimizer_goes_its_own_way(row: Row) -> None:
    rng = np.random.default_rng(0)
    optimizer = row.make(make_parameters(draw(rng)))
    walk(optimizer, [draw(rng) for _ in range(3)])
    copied = deepcopy(optimizer)
    steps = [draw(rng) for _ in range(3)]
    walk(optimizer, steps)
    expected = [p.value.copy() for p in optimizer.parameters]
    walk(optimizer, steps)  # must not move the copy
    walk(copied, steps)
    for p, value in zip(copied.parameters, expected, strict=True):
        np.testing.assert_array_equal(p.value, value)


@every_rule
def test_a_saved_state_is_a_copy(row: Row) -> None:
    rng = np.random.default_rng(0)
    optimizer = row.make(make_parameters(draw(rng)))
    walk(optimizer, [draw(rng)])
    saved = optimizer.state_dict()
    before = {name: array.copy() for name, array in saved.items()}
    walk(optimizer, [draw(rng)])
    for name, array in before.items():
        np.testing.assert_array_equal(saved[name], array)


FAULTY_SETTINGS = [
    ("lr", -0.1, "at least 0"),
    ("lr", float("nan"), "at least 0"),
    ("lr", "0.1", "at least 0"),
    ("eps", -1e-8, "at least 0"),
    ("momentum", 1.1, "0"),
    ("momentum", -0.1, "0"),
    ("alpha", 1.0, "below 1"),
    ("rho", 90, "below 1"),
    ("betas", (1.0, 0.9), "beta1 is 1.0"),
    ("betas", (0.9, 1.0), "beta2 is 1.0"),
    ("betas", (-0.9, 0.9), "beta1 is -0.9"),
    ("betas", 0.9, "two rates"),
    ("momentum_decay", -1.0, "at least 0"),
    ("weight_decay", -0.1, "at least 0"),
    ("lowest", 0.0, "above 0"),
    ("lowest", 20.0, "in each other's place"),
    ("highest", float("inf"), "above 0"),
    ("highest", 1e-6, "in each other's place"),
]


@every_rule
def test_settings_out_of_range_are_refused(row: Row) -> None:
    tried = set()
    for name, value, expected in FAULTY_SETTINGS:
        if name in row.settings:
            tried.add(name)
            with pytest.raises(ValueError, match=expected) as caught:
                row.make([Parameter(np.zeros(2))], **{name: value})
            assert str(caught.value).startswith(f"{row.rule.__name__}: ")
            x = Parameter(np.ones(2))
            optimizer = row.make([x])
            setattr(optimizer.groups[0], name, value)
            with pytest.raises(ValueError, match=expected):
                optimizer.step({x: np.ones(2)})
            assert optimizer.t == 0
            np.testing.assert_array_equal(x.value, np.ones(2))
    assert tried == row.settings.keys() - {"rng"}


def test_only_the_velocity_may_be_kept_whole() -> None:
    x: list[Parameter] = [Parameter(np.zeros(2))]
    makers: list[Callable[[], Optimizer]] = [
        lambda: Momentum(x, momentum=1.0),
        lambda: Nesterov(x, momentum=1.0),
    ]
    for make in makers:
        make()
    with pytest.raises(ValueError, match="below 1"):
        MovingAverageMomentum(x, momentum=1.0)


def test_the_momentum_of_nadam_rises_from_a_half_of_beta1() -> None:
    rule = NAdam([Parameter(np.zeros(2))])
    (group,) = rule.groups
    assert rule.mu(0, group) == 0.45
    np.testing.assert_allclose(rule.mu(250, group), 0.9 * (1 - 0.5 * 0.96), rtol=1e-15)
    np.testing.assert_allclose(rule.mu(10**6, group), 0.9, rtol=1e-15)
