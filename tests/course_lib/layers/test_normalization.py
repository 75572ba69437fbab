"""What the norms remember: running averages, in training only, by torch's rules."""

import numpy as np
import pytest
import torch

from course_lib.graph import Node, backpropagate, no_grad
from course_lib.layers import (
    BatchNorm1d,
    BatchNorm2d,
    BatchNorm3d,
    GroupNorm,
    InstanceNorm1d,
    InstanceNorm2d,
    InstanceNorm3d,
    LayerNorm,
    Sequential,
)

EVERY = [
    ((4, 3), BatchNorm1d, torch.nn.BatchNorm1d),
    ((4, 3, 5), BatchNorm1d, torch.nn.BatchNorm1d),
    ((4, 3, 5, 2), BatchNorm2d, torch.nn.BatchNorm2d),
    ((4, 3, 2, 5, 6), BatchNorm3d, torch.nn.BatchNorm3d),
    ((4, 3, 5), InstanceNorm1d, torch.nn.InstanceNorm1d),
    ((4, 3, 5, 2), InstanceNorm2d, torch.nn.InstanceNorm2d),
    ((4, 3, 2, 5, 6), InstanceNorm3d, torch.nn.InstanceNorm3d),
]
every_norm = pytest.mark.parametrize(("shape", "ours", "torchs"), EVERY)


def batches(shape, n=3, seed=0):
    rng = np.random.default_rng(seed)
    return [2 * rng.normal(size=shape) + 3 for _ in range(n)]


def assert_close(actual, expected):
    np.testing.assert_allclose(actual, np.asarray(expected), rtol=1e-12, atol=1e-13)


@every_norm
@pytest.mark.parametrize("momentum", [0.1, 0.7, 0.0, 1.0])
@pytest.mark.parametrize("seed", [0, 1])
def test_three_batches_leave_torchs_state(shape, ours, torchs, momentum, seed):
    settings = {"momentum": momentum, "track_running_stats": True, "affine": True}
    layer, module = ours(3, **settings), torchs(3, **settings).double()
    for x in batches(shape, seed=seed):
        assert_close(layer(x).value, module(torch.tensor(x)).detach())
    state, expected = layer.state_dict(), module.state_dict()
    assert list(state) == list(expected)
    # torch's instance norm does not count.
    if ours.__name__.startswith("Batch"):
        assert state["num_batches_tracked"] == expected["num_batches_tracked"]
    assert state["num_batches_tracked"] == 3
    assert state["num_batches_tracked"].dtype == np.int64
    for name in ["running_mean", "running_var"]:
        assert_close(state[name], expected[name])
    (x,) = batches(shape, n=1, seed=9)
    layer.eval(), module.eval()
    assert_close(layer(x).value, module(torch.tensor(x)).detach())


@pytest.mark.parametrize(("shape", "ours", "torchs"), EVERY[:4])
def test_without_momentum_all_batches_count_alike(shape, ours, torchs):
    layer, module = ours(3, momentum=None), torchs(3, momentum=None).double()
    xs = batches(shape)
    for x in xs:
        layer(x), module(torch.tensor(x))
    axes = (0, *range(2, len(shape)))
    assert_close(layer.running_mean, np.mean([x.mean(axis=axes) for x in xs], axis=0))
    variances = [x.var(axis=axes, ddof=1) for x in xs]
    assert_close(layer.running_var, np.mean(variances, axis=0))
    assert_close(layer.running_mean, module.running_mean)
    assert_close(layer.running_var, module.running_var)


def test_by_hand():
    """Values 2 and 8: μ = 5, σ² = 9 to normalize by, and 18, unbiased, to remember."""
    layer = BatchNorm1d(1, eps=16)
    np.testing.assert_equal(layer(np.array([[2.0], [8.0]])).value, [[-0.6], [0.6]])
    np.testing.assert_allclose(layer.running_mean, [0.1 * 5])
    np.testing.assert_allclose(layer.running_var, [0.9 * 1 + 0.1 * 18])


@every_norm
def test_evaluation_remembers_nothing_and_uses_what_is_remembered(shape, ours, torchs):
    layer = ours(3, track_running_stats=True, eps=0.5)
    for x in batches(shape):
        layer(x)
    before = layer.state_dict()
    layer.eval()
    (x,) = batches(shape, n=1, seed=5)
    y = layer(x).value
    np.testing.assert_equal(layer.state_dict(), before)
    per_channel = (3, *[1] * (len(shape) - 2))
    mean, var = (
        before[f"running_{name}"].reshape(per_channel) for name in ["mean", "var"]
    )
    assert_close(y, (x - mean) / np.sqrt(var + 0.5))
    np.testing.assert_equal(layer(x[:1]).value, y[:1])  # one sample will do
    np.testing.assert_equal(layer.train().predict(x), y)
    assert layer.training


@every_norm
def test_training_does_not_depend_on_what_is_remembered(shape, ours, torchs):
    fresh, used = (ours(3, track_running_stats=True) for _ in range(2))
    first, second = batches(shape, n=2)
    used(first)
    np.testing.assert_equal(used(second).value, fresh(second).value)


@every_norm
def test_untracked_there_is_nothing_to_remember(shape, ours, torchs):
    layer = ours(3, track_running_stats=False, affine=True)
    (x,) = batches(shape, n=1)
    y = layer(x).value
    assert list(layer.state_dict()) == ["weight", "bias"]
    np.testing.assert_equal(layer.eval()(x).value, y)
    assert not ours(3, track_running_stats=False, affine=False).state_dict()


def test_defaults_are_torchs():
    for _, ours, torchs in EVERY:
        assert list(ours(3).state_dict()) == list(torchs(3).state_dict())
        assert ours(3).eps == torchs(3).eps
        assert ours(3).momentum == torchs(3).momentum
    assert LayerNorm(3).eps == torch.nn.LayerNorm(3).eps
    assert GroupNorm(1, 3).eps == torch.nn.GroupNorm(1, 3).eps


@every_norm
def test_a_state_of_torch_serves_here(shape, ours, torchs):
    settings = {"track_running_stats": True, "affine": True}
    module = torchs(3, **settings).double()
    torch.nn.init.normal_(module.weight, generator=torch.Generator().manual_seed(0))
    for x in batches(shape):
        module(torch.tensor(x))
    layer = ours(3, **settings)
    own = layer.running_mean
    layer.load_state_dict(module.state_dict())
    assert layer.running_mean is own
    (x,) = batches(shape, n=1, seed=5)
    y, expected = layer.eval()(x), module.eval()(torch.tensor(x))
    assert_close(y.value, expected.detach())


@every_norm
def test_float32_and_a_batch_without_record(shape, ours, torchs):
    layer = ours(3, track_running_stats=True, affine=True).astype(np.float32)
    (x,) = batches(shape, n=1)
    with no_grad():
        y = layer(x.astype(np.float32))
    assert y.call is None
    assert layer.num_batches_tracked == 1
    assert layer.num_batches_tracked.dtype == np.int64
    for name in ["running_mean", "running_var"]:
        assert getattr(layer, name).dtype == np.float32
    assert layer.eval()(x.astype(np.float32)).value.dtype == np.float32


def test_a_layer_used_twice_remembers_both_batches():
    layer = BatchNorm1d(3, momentum=None)
    first, second = batches((4, 3), n=2)
    a, b = Node(first), Node(second)
    y = layer(a) * layer(b)
    assert layer.num_batches_tracked == 2
    expected = (first.mean(axis=0) + second.mean(axis=0)) / 2
    assert_close(layer.running_mean, expected)
    twins = [BatchNorm1d(3), BatchNorm1d(3)]
    separate = twins[0](a) * twins[1](b)
    ours = backpropagate(y.sum(), [a, b])
    theirs = backpropagate(separate.sum(), [a, b])
    np.testing.assert_equal(ours[a], theirs[a])
    total = theirs[twins[0].weight] + theirs[twins[1].weight]
    assert_close(ours[layer.weight], total)


def test_running_averages_within_a_network_have_torchs_names():
    ours = Sequential(Sequential(BatchNorm2d(3)), LayerNorm((3, 4, 2)))
    theirs = torch.nn.Sequential(
        torch.nn.Sequential(torch.nn.BatchNorm2d(3)), torch.nn.LayerNorm((3, 4, 2))
    )
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert [p.name for p in ours.parameters()] == ["weight", "bias"] * 2


@every_norm
def test_other_axes_or_channels_are_refused(shape, ours, torchs):
    layer = ours(3)
    wrong = [shape[1:], (*shape, 2, 2), (shape[0], 4, *shape[2:])]
    for x in map(np.ones, wrong):
        with pytest.raises(ValueError, match=rf"{ours.__name__}: x has shape .*C = 3"):
            layer(x)
    name = ours.__name__
    expected = {"1": r"\(N, C, L\)", "2": r"\(N, C, H, W\)", "3": r"\(N, C, T, H, W\)"}
    with pytest.raises(ValueError, match=expected[name[-2]]):
        layer(np.ones(3))


@pytest.mark.parametrize(("shape", "ours", "torchs"), EVERY[:4])
def test_a_single_value_has_no_variance_in_training(shape, ours, torchs):
    x = np.ones((1, 3, *[1] * (len(shape) - 2)))
    layer, module = ours(3), torchs(3).double()
    with pytest.raises(ValueError, match="more than 1 value per channel"):
        module(torch.tensor(x))
    with pytest.raises(ValueError, match=r"1 value a channel.*training mode"):
        layer(x)
    assert layer.num_batches_tracked == 0
    assert_close(layer.eval()(x).value, module.eval()(torch.tensor(x)).detach())


@pytest.mark.parametrize("layer", [LayerNorm(3), GroupNorm(3, 3), InstanceNorm1d(3)])
def test_norms_of_a_sample_evaluate_as_they_train(layer):
    (x,) = batches((4, 3, 3), n=1)
    y = layer(x).value
    np.testing.assert_equal(layer.eval()(x).value, y)
    np.testing.assert_allclose(layer(x[:1]).value, y[:1], rtol=1e-13)
