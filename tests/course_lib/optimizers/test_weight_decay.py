"""Decay of the weights and the L2 prior: where they are one rule, and where they part.

x ← (1 − ηλ)x before the rule's step, or g + λx in the place of g: the decay per step is
τ = ηλ in the first, and what the rule makes of λx in the second.
"""

from collections.abc import Callable

import numpy as np
import pytest

from course_lib.graph import Parameter
from course_lib.optimizers import SGD, SGDW, Adam, AdamW, Momentum, Optimizer

LR, DECAY = 0.1, 0.3


def walk(
    make: Callable[[list[Parameter]], Optimizer], scale: float = 1.0
) -> np.ndarray:
    """Where 30 noisy gradients of this size lead from (1, −2, 3)."""
    rng = np.random.default_rng(0)
    x = Parameter([1.0, -2.0, 3.0])
    optimizer = make([x])
    for _ in range(30):
        optimizer.step({x: scale * rng.normal(size=3)})
    return x.value


def prior(rule: type, **settings: float) -> np.ndarray:
    return walk(lambda ps: rule(ps, lr=LR, weight_decay=DECAY, **settings))


def test_for_sgd_decay_and_prior_are_the_same() -> None:
    np.testing.assert_allclose(
        prior(SGD), prior(SGDW, momentum=0.0), rtol=0, atol=1e-14
    )


def test_with_momentum_they_are_not() -> None:
    gap = np.abs(prior(Momentum, momentum=0.9) - prior(SGDW, momentum=0.9))
    assert gap.min() > 0.1


def test_for_adam_they_are_not() -> None:
    assert np.abs(prior(Adam) - prior(AdamW)).min() > 0.02


@pytest.mark.parametrize("rule", [SGDW, AdamW])
def test_weights_without_gradient_decay_by_the_same_factor_each_step(
    rule: type[Optimizer],
) -> None:
    """τ = ηλ: after n steps (1 − ηλ)ⁿ is left."""
    x = Parameter([1.0, -2.0])
    optimizer = rule([x], lr=LR, weight_decay=DECAY)
    for _ in range(25):
        optimizer.step({x: np.zeros(2)})
    np.testing.assert_allclose(x.value, (1 - LR * DECAY) ** 25 * np.array([1.0, -2.0]))
    assert not any(array.any() for array in optimizer.states[0].values())


def test_the_prior_in_adam_fades_where_gradients_are_large() -> None:
    """Alternating gradients of size s: Adam divides λx by s as it does all of g. AdamW
    keeps (1 − ηλ)ⁿ of the weight whatever s is."""

    def left(rule: type[Optimizer], size: float) -> float:
        x = Parameter([1.0])
        optimizer = rule([x], lr=1e-3, weight_decay=1.0)
        for t in range(1000):
            optimizer.step({x: np.array([size if t % 2 else -size])})
        return float(x.value[0])

    for size in (10.0, 1000.0):
        assert left(AdamW, size) == pytest.approx((1 - 1e-3) ** 1000, abs=0.02)
    assert left(Adam, 10.0) > 0.88
    assert left(Adam, 1000.0) > 0.98


def test_the_prior_is_the_gradient_of_a_square() -> None:
    """‖x‖²λ/2 added to the loss gives the same steps."""

    def with_prior(ps: list[Parameter]) -> Optimizer:
        class Penalized(Adam):
            def step(self, gradients: dict) -> None:  # type: ignore[override]
                super().step({p: gradients[p] + DECAY * p.value for p in ps})

        return Penalized(ps, lr=LR)

    np.testing.assert_allclose(walk(with_prior), prior(Adam), rtol=0, atol=1e-13)
