"""The check itself: does it pass what is right, and fail all that is wrong?"""

import numpy as np
import pytest

from course_lib.gradient_check import Disagreement, directional_check, gradient_check
from course_lib.graph import Parameter, apply
from course_lib.layers import Dense, Sequential, Tanh
from course_lib.operations import (
    activations,
    elementwise,
    losses,
    matrices,
    shapes,
    softmax,
)

RNG_SEED = 0
X = np.random.default_rng(1).normal(size=(3, 4))


def both(function, *inputs, **settings):
    rng = np.random.default_rng(RNG_SEED)
    return [
        gradient_check(function, *inputs, **settings),
        directional_check(function, *inputs, rng=rng, **settings),
    ]


def wrong_in_one_entry(x):
    value, backward = elementwise.sine(x)

    def wrong(dy):
        dx = backward(dy)
        dx[1, 2] *= 1.001
        return dx

    return value, wrong


def dense_without_bias_gradient(x, w, b):
    value, backward = matrices.dense(x, w, b)
    return value, lambda dy: (*backward(dy)[:2], np.zeros_like(b))


def split_swapped(x):
    (first, second), backward = shapes.split(x, sizes=[2, 2], axis=1)
    return (first, second), lambda d_first, d_second: backward(d_second, d_first)


def test_right_operations_agree_to_eight_digits():
    for check in [
        *both(activations.sigmoid, X),
        *both(elementwise.divide, X, np.abs(X[:1]) + 1),
        *both(losses.cross_entropy, X, labels=[0, 3, 1]),
        *both(shapes.split, X, sizes=[1, 3], axis=1),
        *both(shapes.reshape, X, shape=(2, 6)),
    ]:
        assert check.error < 1e-8, str(check)


def test_differences_are_centred():
    """Of x² and x³ forward differences would be off by h/x and more, about 1e-5."""
    for check in both(elementwise.square, X) + both(elementwise.power, X, exponent=3):
        assert check.error < 1e-8, str(check)


def test_a_wrong_entry_is_found_and_named():
    check = gradient_check(wrong_in_one_entry, X)
    assert (check.name, check.index) == ("input 0", (1, 2))
    np.testing.assert_allclose(check.error, 0.001 / 1.001, rtol=1e-3)
    np.testing.assert_allclose(check.backward, 1.001 * check.differences, rtol=1e-6)
    assert "input 0, entry (1, 2): backward gives" in str(check)
    check = directional_check(wrong_in_one_entry, X, rng=np.random.default_rng(0))
    assert check.error > 1e-5
    assert "input 0, a random direction" in str(check)


def test_the_wrong_input_is_named():
    inputs = X, np.ones((2, 4)), np.ones(2)
    for check in both(dense_without_bias_gradient, *inputs):
        assert check.name == "input 2"
        assert check.error == 1
        assert check.backward == 0


def test_every_output_counts():
    for check in both(split_swapped, X):
        assert check.error > 0.1


def test_dy_is_uneven():
    """A backward that ignores dy, or takes its mean, passes under a dy of ones."""

    def deaf(x):
        return np.sin(x), lambda dy: np.cos(x)

    def flattened(x):
        return np.sin(x), lambda dy: dy.mean() * np.cos(x)

    for check in both(deaf, X) + both(flattened, X):
        assert check.error > 0.01


def test_functions_of_nodes_and_their_parameters_are_checked():
    rng = np.random.default_rng(0)
    network = Sequential(Dense(4, 3, rng=rng), Tanh(), Dense(3, 2, rng=rng))
    before = network.state_dict()
    for check in both(network, X) + both(lambda x: (x * x).sum(axis=0), X):
        assert check.error < 1e-8, str(check)
    np.testing.assert_equal(network.state_dict(), before)


def test_a_wrong_gradient_of_a_parameter_is_found():
    b = Parameter(np.ones(2), "bias")

    def layer(x):
        return apply(dense_without_bias_gradient, x, np.ones((2, 4)), b)

    for check in both(layer, X):
        assert (check.name, check.error) == ("bias", 1)


def test_what_was_moved_is_put_back_even_after_an_error():
    w = Parameter(np.ones(3), "w")
    before = w.value.copy()

    def fragile(x):
        if w.value[1] != 1:
            raise ArithmeticError("it moved")
        return x * w

    for check in [
        lambda: gradient_check(fragile, np.ones(3)),
        lambda: directional_check(fragile, np.ones(3), rng=np.random.default_rng(0)),
    ]:
        with pytest.raises(ArithmeticError):
            check()
        np.testing.assert_equal(w.value, before)


def test_the_callers_arrays_are_never_moved():
    x = X.copy()
    x.flags.writeable = False
    both(elementwise.exp, x)
    np.testing.assert_equal(x, X)


def test_two_zeros_agree():
    """0/0, and a rounding error beside a 0."""
    negative = -np.abs(X)
    for check in both(activations.relu, negative):
        assert check.error == 0
    for check in both(lambda x: apply(softmax.softmax, x).sum(axis=1), 3 * X):
        assert check.error < 1e-7, str(check)


def test_nan_does_not_pass():
    def undefined(x):
        return x + 0, lambda dy: np.full_like(dy, np.nan)

    for check in both(undefined, X):
        assert check.error == np.inf


def test_float32_is_refused():
    w = Parameter(np.ones(4, np.float32), "w")
    for function, x in [(elementwise.exp, np.float32(X)), (lambda x: x * w, X)]:
        with pytest.raises(TypeError, match="is float32, expected float64"):
            gradient_check(function, x)
        with pytest.raises(TypeError, match="is float32, expected float64"):
            directional_check(function, x, rng=np.random.default_rng(0))


def test_whole_numbers_are_checked_as_floats():
    assert gradient_check(elementwise.square, [1, 2, 3]).error < 1e-8
    assert gradient_check(elementwise.square, 3).index == ()


def test_a_random_function_is_refused():
    rng = np.random.default_rng(0)

    def noisy(x):
        return x + rng.normal(size=x.shape), lambda dy: dy

    with pytest.raises(ValueError, match=r"another value each time.*random"):
        gradient_check(noisy, X)


def test_nothing_to_check_is_no_success():
    with pytest.raises(ValueError, match="nothing to check"):
        gradient_check(elementwise.exp, np.ones((0, 3)))


def test_step_and_floor_are_settings():
    coarse = gradient_check(elementwise.exp, X, step=1e-2)
    assert 1e-6 < coarse.error < 1e-4  # h²/6, relative to eˣ
    small = gradient_check(elementwise.multiply, X, 1e-9, floor=1e-15)
    assert isinstance(small, Disagreement)
    assert small.error > gradient_check(elementwise.multiply, X, 1e-9).error
