"""What the norms must be, whichever way they are computed."""

import numpy as np
import pytest

from course_lib.graph import Node, apply, backpropagate
from course_lib.operations.fast_batch_norm import fast_batch_norm
from course_lib.operations.normalization import (
    batch_norm,
    frozen_batch_norm,
    group_norm,
    instance_norm,
    layer_norm,
)
from tests.course_lib.operations.row import relative_error

BATCH_NORMS = pytest.mark.parametrize("operation", [batch_norm, fast_batch_norm])
SHAPE = (4, 6, 5, 3)


def inputs(shape=SHAPE, seed=0, size=None):
    """x, γ and β; of the channels' size unless another is given."""
    rng = np.random.default_rng(seed)
    size = shape[1:2] if size is None else size
    return 3 * rng.normal(size=shape) + 2, rng.normal(size=size), rng.normal(size=size)


def in_layout(x, axes):
    """The same array with its memory in another order."""
    return np.ascontiguousarray(x.transpose(axes)).transpose(np.argsort(axes))


def of_small_nodes(x, gamma, beta, axes, eps):
    """The norm as a graph: a mean, a difference, a square, …; γ and β broadcast."""
    mean = x.mean(axes, keepdims=True)
    deviation = x - mean
    variance = (deviation * deviation).mean(axes, keepdims=True)
    return deviation / (variance + eps) ** 0.5 * gamma + beta


# The second reference: the graph derives what the operations' backward says.


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(
    ("operation", "axes", "settings"),
    [
        (batch_norm, (0, 2, 3), {"eps": 0.1}),
        (fast_batch_norm, (0, 2, 3), {"eps": 0.1}),
        (instance_norm, (2, 3), {"eps": 0.2}),
        (layer_norm, (1, 2, 3), {"eps": 0.3}),
        (group_norm, (2, 3, 4), {"eps": 0.4, "groups": 2}),
    ],
)
def test_one_node_agrees_with_many_small_ones(operation, axes, settings, seed):
    size = SHAPE[1:] if operation is layer_norm else SHAPE[1:2]
    nodes = [Node(a) for a in inputs(seed=seed, size=size)]
    y = apply(operation, *nodes, **settings)
    y = y[0] if isinstance(y, tuple) else y
    x, gamma, beta = nodes
    if operation is group_norm:
        x = x.reshape(4, 2, 3, 5, 3)
        gamma, beta = gamma.reshape(2, 3, 1, 1), beta.reshape(2, 3, 1, 1)
    elif operation is not layer_norm:
        gamma, beta = gamma.reshape(6, 1, 1), beta.reshape(6, 1, 1)
    other = of_small_nodes(x, gamma, beta, axes, settings["eps"]).reshape(*SHAPE)
    assert relative_error(y.value, other.value) <= 1e-13
    dy = np.random.default_rng(2).normal(size=SHAPE)
    ours = backpropagate(y, nodes, gradient=dy)
    theirs = backpropagate(other, nodes, gradient=dy)
    for node in nodes:
        assert relative_error(ours[node], theirs[node]) <= 1e-12


# What a slice has afterwards.


@pytest.mark.parametrize(
    ("operation", "shape", "axes", "settings"),
    [
        (batch_norm, SHAPE, (0, 2, 3), {}),
        (fast_batch_norm, SHAPE, (0, 2, 3), {}),
        (instance_norm, SHAPE, (2, 3), {}),
        (layer_norm, SHAPE, (1, 2, 3), {}),
        (group_norm, (4, 2, 3, 5, 3), (2, 3, 4), {"groups": 2}),
    ],
)
def test_each_slice_gets_mean_0_and_variance_1(operation, shape, axes, settings):
    x, _, _ = inputs()
    size = SHAPE[1:] if operation is layer_norm else SHAPE[1:2]
    value, _ = operation(x, np.ones(size), np.zeros(size), eps=0.0, **settings)
    y = value[0] if isinstance(value, tuple) else value
    y = y.reshape(shape)
    np.testing.assert_allclose(y.mean(axis=axes), 0, atol=1e-14)
    np.testing.assert_allclose(y.var(axis=axes), 1, rtol=1e-13)


@BATCH_NORMS
def test_gamma_and_beta_can_undo_the_rest(operation):
    x, _, _ = inputs()
    mu, variance = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
    (y, *_), _ = operation(x, np.sqrt(variance + 0.3), mu, eps=0.3)
    np.testing.assert_allclose(y, x, rtol=1e-13)


@BATCH_NORMS
def test_a_shift_or_a_scale_of_the_input_changes_nothing(operation):
    """So dx is orthogonal to 1 and, without ε, to x, channel by channel."""
    x, gamma, beta = inputs()
    (y, *_), backward = operation(x, gamma, beta, eps=0.0)
    (again, *_), _ = operation(7 * x - 3, gamma, beta, eps=0.0)
    np.testing.assert_allclose(again, y, rtol=1e-12, atol=1e-13)
    dy = np.random.default_rng(1).normal(size=SHAPE)
    dx, _, _ = backward(dy, np.zeros(6), np.zeros(6))
    np.testing.assert_allclose(dx.sum(axis=(0, 2, 3)), 0, atol=1e-13)
    np.testing.assert_allclose((dx * x).sum(axis=(0, 2, 3)), 0, atol=1e-12)


@BATCH_NORMS
def test_eps_stands_inside_the_root(operation):
    """At a variance of 1e-6 and ε = 1e-5, 1/(σ + ε) would be three times as large."""
    x = np.array([[1e-3], [-1e-3]])
    (y, *_), _ = operation(x, np.ones(1), np.zeros(1), eps=1e-5)
    np.testing.assert_allclose(y, x / np.sqrt(1e-6 + 1e-5), rtol=1e-12)


@BATCH_NORMS
def test_a_constant_channel_becomes_beta(operation):
    (y, mu, variance), backward = operation(
        np.full((4, 1), 3.0), np.ones(1), np.ones(1)
    )
    np.testing.assert_equal(y, np.ones((4, 1)))
    assert (mu, variance) == (3, 0)
    dx, dgamma, _ = backward(np.arange(4.0)[:, None], np.zeros(1), np.zeros(1))
    assert np.isfinite(dx).all()
    assert dgamma == 0


@BATCH_NORMS
def test_a_large_mean_costs_little_precision(operation):
    """E(x²) − E(x)² in float32 would leave no digit of a variance of 1."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(8, 2, 20, 20))
    shifted = (x + 1000).astype(np.float32)
    ones, zeros = np.ones(2, np.float32), np.zeros(2, np.float32)
    (y, _, variance), _ = operation(shifted, ones, zeros)
    np.testing.assert_allclose(variance, x.var(axis=(0, 2, 3)), rtol=1e-3)
    np.testing.assert_allclose(y.std(axis=(0, 2, 3)), 1, rtol=1e-3)


# How the norms are related.


def test_groups_of_one_channel_are_instances_and_one_group_is_a_layer():
    x, gamma, beta = inputs()
    ones, zeros = np.ones(SHAPE[1:]), np.zeros(SHAPE[1:])
    by_channel, _ = group_norm(x, gamma, beta, groups=6)
    (by_instance, *_), _ = instance_norm(x, gamma, beta)
    np.testing.assert_allclose(by_channel, by_instance, rtol=1e-12)
    in_one, _ = group_norm(x, np.ones(6), np.zeros(6), groups=1)
    by_layer, _ = layer_norm(x, ones, zeros)
    np.testing.assert_allclose(in_one, by_layer, rtol=1e-12)


def test_instance_norm_is_batch_norm_of_each_sample():
    x, gamma, beta = inputs()
    (together, *_), _ = instance_norm(x, gamma, beta)
    for sample, y in zip(x, together, strict=True):
        (alone, *_), _ = batch_norm(sample[None], gamma, beta)
        np.testing.assert_allclose(alone[0], y, rtol=1e-12)


def test_only_batch_norm_depends_on_the_other_samples():
    x, gamma, beta = inputs()
    changed = x.copy()
    changed[1:] += np.random.default_rng(1).normal(size=changed[1:].shape)
    for operation, settings, depends in [
        (batch_norm, {}, True),
        (instance_norm, {}, False),
        (group_norm, {"groups": 3}, False),
    ]:
        first, second = (operation(a, gamma, beta, **settings)[0] for a in (x, changed))
        if isinstance(first, tuple):
            first, second = first[0], second[0]
        assert (not np.array_equal(first[0], second[0])) == depends


def test_frozen_batch_norm_with_the_batchs_statistics_has_its_value():
    x, gamma, beta = inputs()
    (y, mu, variance), backward = batch_norm(x, gamma, beta)
    frozen, frozen_backward = frozen_batch_norm(
        x, gamma, beta, mean=mu, variance=variance
    )
    np.testing.assert_allclose(frozen, y, rtol=1e-12)
    dx, *_ = backward(np.ones(SHAPE), np.zeros(6), np.zeros(6))
    frozen_dx, *_ = frozen_backward(np.ones(SHAPE))
    np.testing.assert_allclose(dx, 0, atol=1e-14)  # but the constants let it through
    assert np.abs(frozen_dx).min() > 0.001


# Memory.

LAYOUTS = [(0, 1, 2, 3), (1, 2, 3, 0), (0, 2, 3, 1), (3, 1, 0, 2), (2, 3, 0, 1)]


@pytest.mark.parametrize("axes", LAYOUTS)
def test_all_norms_keep_the_layout(axes):
    x, gamma, beta = inputs()
    x = in_layout(x, axes)
    for operation, settings in [
        (batch_norm, {}),
        (instance_norm, {}),
        (group_norm, {"groups": 2}),
        (frozen_batch_norm, {"mean": beta, "variance": np.abs(gamma)}),
    ]:
        value, _ = operation(x, gamma, beta, **settings)
        y = value[0] if isinstance(value, tuple) else value
        assert y.strides == x.strides, operation
    y, _ = layer_norm(x, np.ones(3), np.zeros(3))
    assert y.strides == x.strides


def test_backward_keeps_one_array_of_the_inputs_size():
    """x̂ is enough."""
    x, gamma, beta = inputs()
    (y, *_), backward = batch_norm(x, gamma, beta)
    held = {id(a): a for a in arrays_within(backward) if a.size == x.size}
    assert len(held) == 1
    assert not any(np.shares_memory(array, y) for array in held.values())


def arrays_within(function):
    """The arrays that a closure holds, and those within it."""
    for cell in function.__closure__ or ():
        content = cell.cell_contents
        if isinstance(content, np.ndarray):
            yield content
        elif callable(content):
            yield from arrays_within(content)
