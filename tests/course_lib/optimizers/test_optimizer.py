"""What all rules share: the count of steps, and errors that leave nothing half done."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from course_lib.graph import GradientError, Parameter, backpropagate
from course_lib.optimizers import (
    SGD,
    SGDW,
    AdaDelta,
    Adam,
    AdamW,
    AMSGrad,
    Group,
    Momentum,
    NAdam,
    Optimizer,
)
from course_lib.optimizers.optimizer import State


def two_parameters() -> list[Parameter]:
    return [Parameter(np.ones((2, 3)), "weight"), Parameter(np.ones(2), "bias")]


def test_a_step_counts_once_for_all_parameters() -> None:
    parameters = two_parameters()
    optimizer = SGD(parameters)
    counted = []
    optimizer.update = lambda *_: counted.append(optimizer.t)  # type: ignore
    for _ in range(2):
        optimizer.step({p: p.value for p in parameters})
    assert counted == [1, 1, 2, 2]


def test_takes_what_backpropagate_returns() -> None:
    x = Parameter(2.0)
    SGD([x], lr=0.1).step(backpropagate(x * x))
    np.testing.assert_allclose(x.value, 1.6)


def test_there_must_be_parameters() -> None:
    names: Iterator[Parameter] = iter(two_parameters())
    list(names)
    with pytest.raises(ValueError, match="Adam: there are no parameters"):
        Adam(names)


def test_a_parameter_must_not_come_twice() -> None:
    parameters = two_parameters()
    with pytest.raises(ValueError, match="SGD: a parameter is named twice"):
        SGD([*parameters, parameters[0]])


def test_parameters_must_be_parameters() -> None:
    pairs = [("weight", two_parameters()[0])]
    with pytest.raises(TypeError, match=r"is a tuple.*network\.parameters\(\)"):
        SGD(pairs)  # type: ignore[arg-type]


def test_every_parameter_needs_a_gradient() -> None:
    weight, bias = two_parameters()
    optimizer = Momentum([weight, bias])
    with pytest.raises(GradientError, match=r"no gradient of .*bias"):
        optimizer.step({weight: np.ones((2, 3))})
    with pytest.raises(GradientError, match=r"no gradient of .*bias"):
        optimizer.step(backpropagate(weight, gradient=np.ones((2, 3))))
    assert optimizer.t == 0
    np.testing.assert_array_equal(weight.value, np.ones((2, 3)))


def test_a_gradient_of_another_shape_is_refused_before_anything_moves() -> None:
    weight, bias = two_parameters()
    optimizer = Momentum([weight, bias])
    with pytest.raises(ValueError, match=r"Momentum\.step.*bias.*shape \(2, 3\)"):
        optimizer.step({weight: np.ones((2, 3)), bias: np.ones((2, 3))})
    assert optimizer.t == 0
    np.testing.assert_array_equal(weight.value, np.ones((2, 3)))


def test_a_gradient_is_not_broadcast() -> None:
    weight, _ = two_parameters()
    with pytest.raises(ValueError, match=r"shape \(3,\)"):
        SGD([weight]).step({weight: np.ones(3)})


def test_a_gradient_is_read_before_the_parameter_it_is_moves() -> None:
    """AdamW and SGDW change x first: here x, their gradient, has to wait."""
    x = Parameter([2.0])
    optimizer = SGDW([x], lr=0.5, momentum=0.0, weight_decay=1.0)
    optimizer.step({x: x.value.reshape(1)})
    np.testing.assert_array_equal(x.value, [0.5 * 2 - 0.5 * 2])


def test_the_rate_may_change_between_steps_and_stays_checked() -> None:
    x = Parameter([1.0])
    optimizer = SGD([x], lr=0.5)
    optimizer.step({x: np.array([1.0])})
    optimizer.lr = 0.125
    optimizer.step({x: np.array([1.0])})
    np.testing.assert_array_equal(x.value, [0.375])
    with pytest.raises(ValueError, match="SGD: lr is -1"):
        optimizer.lr = -1
    assert optimizer.lr == 0.125


def test_the_rate_is_the_first_groups_and_is_set_for_all() -> None:
    weight, bias = two_parameters()
    optimizer = SGD([{"params": [weight]}, {"params": [bias], "lr": 0.5}], lr=0.25)
    assert optimizer.lr == 0.25
    assert [group.lr for group in optimizer.groups] == [0.25, 0.5]
    optimizer.lr = 0.125
    assert [group.lr for group in optimizer.groups] == [0.125, 0.125]


def test_a_group_has_the_defaults_but_for_what_it_says() -> None:
    weight, bias = two_parameters()
    groups = iter([{"params": iter([bias]), "eps": 0.5}, {"params": [weight]}])
    optimizer = Adam(groups, lr=0.25, betas=(0.5, 0.75))
    assert optimizer.parameters == [bias, weight]
    assert optimizer.groups[0].parameters == [bias]
    assert optimizer.groups[0].settings() == {
        "lr": 0.25,
        "betas": (0.5, 0.75),
        "eps": 0.5,
        "weight_decay": 0.0,
    }
    assert optimizer.groups[1].eps == 1e-8


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (lambda w, b: w, TypeError, r"are a Parameter, expected a list.*Adam\(\[…\]\)"),
        (lambda w, b: {"params": [w]}, TypeError, "are a dict, expected a list"),
        (lambda w, b: [{"params": [w]}, b], TypeError, "groups and parameters mixed"),
        (lambda w, b: [{"lr": 0.1}], TypeError, r"is {'lr': 0\.1}, expected a mapping"),
        (lambda w, b: [{"params": w}], TypeError, r"one Parameter, expected a list"),
        (lambda w, b: [{"params": ["w"]}], TypeError, "is a str, expected Param"),
        (lambda w, b: [{"params": [w]}, {"params": []}], ValueError, "no parameters"),
        (lambda w, b: [{"params": [w]}, {"params": [b, w]}], ValueError, "named twice"),
        (
            lambda w, b: [{"params": [w], "rho": 0.9, "beta": 0.9}],
            ValueError,
            r"sets \['beta', 'rho'\].*some of \['betas', 'eps', 'lr', 'weight_decay'\]",
        ),
        (lambda w, b: [{"params": [w], "eps": -1.0}], ValueError, "eps is -1.0"),
    ],
)
def test_groups_that_are_none_are_refused(
    given: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"^Adam: .*{message}"):
        Adam(given(*two_parameters()))


def test_all_settings_are_checked_before_anything_moves() -> None:
    weight, bias = two_parameters()
    optimizer = Adam([{"params": [weight]}, {"params": [bias]}])
    optimizer.groups[1].lr = float("nan")
    with pytest.raises(ValueError, match="Adam: lr is nan"):
        optimizer.step({p: p.value for p in (weight, bias)})
    assert optimizer.t == 0
    np.testing.assert_array_equal(weight.value, np.ones((2, 3)))


def test_a_rule_needs_no_more_than_update() -> None:
    class Signs(Optimizer):
        def update(
            self, x: np.ndarray, g: np.ndarray, state: State, group: Group
        ) -> None:
            x -= group.lr * (np.sign(g) + group.boost * g)

    x = Parameter([2.0, -1.0])
    optimizer = Signs([x], lr=0.5, boost=0.25)
    optimizer.step({x: np.array([4.0, -2.0])})
    np.testing.assert_array_equal(x.value, [2 - 0.5 * 2, -1 + 0.5 * 1.5])
    assert optimizer.groups[0].settings() == {
        "lr": 0.5,
        "weight_decay": 0.0,
        "boost": 0.25,
    }


def test_a_rule_must_define_update() -> None:
    x = Parameter([1.0])
    with pytest.raises(NotImplementedError, match="Optimizer does not define update"):
        Optimizer([x], lr=0.1).step({x: np.array([1.0])})


def test_a_rule_must_change_its_state_in_place() -> None:
    """A new array would be lost where a large parameter is updated part by part."""

    class Forgetful(Momentum):
        def update(
            self, x: np.ndarray, g: np.ndarray, state: State, group: Group
        ) -> None:
            state["v"] = group.momentum * state["v"] + g  # type: ignore[index]

    x = Parameter([1.0])
    with pytest.raises(TypeError, match="item assignment"):
        Forgetful([x]).step({x: np.array([1.0])})


def moved_adam() -> Adam:
    parameters = two_parameters()
    optimizer = Adam(parameters)
    optimizer.step({p: 2 * p.value for p in parameters})
    return optimizer


def test_a_state_names_its_arrays() -> None:
    state = moved_adam().state_dict()
    assert {name: array.shape for name, array in state.items()} == {
        "t": (),
        "0.m": (2, 3),
        "0.v": (2, 3),
        "1.m": (2,),
        "1.v": (2,),
        "groups.0.lr": (),
        "groups.0.weight_decay": (),
        "groups.0.betas": (2,),
        "groups.0.eps": (),
    }


@pytest.mark.parametrize("rule", [Adam, AMSGrad, AdamW, NAdam])
def test_the_moments_go_by_their_names(rule: type[Adam]) -> None:
    p = Parameter([0.0, 0.0])
    optimizer = rule([p], betas=(0.75, 0.5))
    optimizer.step({p: np.array([2.0, -4.0])})
    state = optimizer.state_dict()
    np.testing.assert_allclose(state["0.m"], [0.5, -1.0], rtol=1e-15)
    np.testing.assert_allclose(state["0.v"], [2.0, 8.0], rtol=1e-15)


def test_the_averages_of_adadelta_go_by_their_names() -> None:
    p = Parameter([0.0])
    optimizer = AdaDelta([p], rho=0.75, eps=1.0)
    optimizer.step({p: np.array([2.0])})
    state = optimizer.state_dict()
    np.testing.assert_allclose(state["0.v"], [1.0], rtol=1e-15)  # of the gradients
    np.testing.assert_allclose(state["0.u"], [0.5], rtol=1e-15)  # (2/√2)²/4: of steps


def test_a_state_of_another_rule_or_network_is_refused() -> None:
    state = moved_adam().state_dict()
    weight, bias = two_parameters()
    without_v = {name: state[name] for name in state if not name.endswith(".v")}
    with pytest.raises(ValueError, match=r"Adam.*missing \['0\.v', '1\.v'\]"):
        Adam([weight, bias]).load_state_dict(without_v)
    with pytest.raises(ValueError, match=r"unknown \['1.m', '1.v'\]"):
        Adam([weight]).load_state_dict(state)
    with pytest.raises(ValueError, match=r"Momentum\.load_state_dict: missing"):
        Momentum([weight, bias]).load_state_dict(state)


def test_a_state_of_another_shape_is_refused_before_anything_changes() -> None:
    weight, bias = two_parameters()
    swapped = Adam([bias, weight])
    with pytest.raises(ValueError, match=r"0\.m has shape \(2, 3\), expected \(2,\)"):
        swapped.load_state_dict(moved_adam().state_dict())
    assert swapped.t == 0
    state = moved_adam().state_dict()
    state["1.v"] = np.zeros(3)
    fresh = Adam([weight, bias])
    with pytest.raises(ValueError, match=r"1\.v has shape \(3,\)"):
        fresh.load_state_dict(state)
    assert fresh.t == 0
    assert not any(array.any() for s in fresh.states for array in s.values())


def test_settings_come_back_with_the_state() -> None:
    """They may have been changed since the optimizer was made, as by a schedule."""
    weight, bias = two_parameters()
    first = NAdam([{"params": [weight]}, {"params": [bias], "betas": (0.5, 0.6)}])
    first.groups[1].lr = 0.25
    for _ in range(3):
        first.step({p: p.value for p in (weight, bias)})
    second = NAdam([{"params": [p]} for p in two_parameters()])
    kept = second.groups[1]
    second.load_state_dict(first.state_dict())
    assert second.groups[1] is kept
    for group, other in zip(second.groups, first.groups, strict=True):
        assert group.settings() == other.settings()
        assert type(group.lr) is float
        assert type(group.betas) is tuple
    assert second.groups[0].mu_product != second.groups[1].mu_product
    assert [p.value.tolist() for p in kept.parameters] == [[1.0, 1.0]]


def test_a_state_with_a_setting_out_of_range_is_refused() -> None:
    state = moved_adam().state_dict()
    state["groups.0.betas"] = np.array([0.9, 1.5])
    fresh = Adam(two_parameters())
    with pytest.raises(ValueError, match=r"Adam: beta2 is 1\.5"):
        fresh.load_state_dict(state)
    assert fresh.t == 0
    assert fresh.groups[0].betas == (0.9, 0.999)


def test_decay_that_is_zero_leaves_the_gradient_alone() -> None:
    x = Parameter([float("inf"), 1.0])
    SGD([x], lr=0.5).step({x: np.array([0.0, 1.0])})
    np.testing.assert_array_equal(x.value, [float("inf"), 0.5])
