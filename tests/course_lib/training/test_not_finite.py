"""NaN is stopped before it moves anything, and the layer that made it is named."""

import numpy as np
import pytest

from course_lib.graph import apply
from course_lib.layers import Dense, Layer, ReLU, Sequential
from course_lib.operations import elementwise
from course_lib.operations.losses import cross_entropy, mse
from course_lib.optimizers import SGD
from course_lib.training import fit
from tests.course_lib.training.layers import (
    Noise,
    Operate,
    assert_same,
    make_network,
    make_samples,
)

SETTINGS = {"epochs": 1, "batch_size": 10, "progress": False}


def complaint(network, loss=cross_entropy, *, lr=0.1, **settings):
    """What the error says, for a network that was to be trained."""
    x, labels = make_samples()
    arguments = {"x": x, "labels": labels, **SETTINGS, **settings}
    optimizer = SGD(network.parameters(), lr=lr)
    with pytest.raises(FloatingPointError) as raised:
        fit(network, loss, optimizer, rng=np.random.default_rng(2), **arguments)
    return str(raised.value)


def double_exp(x):
    y = np.exp(np.exp(x + 7))
    return y, lambda dy: dy * y * np.exp(x + 7)


def steep(x):
    return x.copy(), lambda dy: np.full_like(dy, np.inf)


def network_with(middle, last=None):
    rng = np.random.default_rng(0)
    return Sequential(
        Dense(5, 7, rng=rng),
        Sequential(ReLU(), middle),
        Dense(7, 3, rng=rng),
        last or ReLU(),
    )


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        (
            network_with(Operate(double_exp)),
            "layer 1.1, Operate(double_exp) (double_exp), in the forward pass",
        ),
        (
            network_with(Noise(np.random.default_rng(0)), Operate(elementwise.log)),
            "layer 3, Operate(log) (log), in the forward pass",
        ),
        (
            network_with(Operate(steep)),
            "layer 1.1, Operate(steep) (steep), in the backward",
        ),
    ],
    ids=["forward", "last", "backward"],
)
def test_the_layer_that_made_it_is_named(network, expected):
    message = complaint(network)
    assert message.startswith("fit: the loss is ")
    assert (
        f"It comes from {expected}" in message or f"it comes from {expected}" in message
    )


def test_a_gradient_is_told_from_a_loss():
    message = complaint(network_with(Operate(steep)))
    assert "the loss is nan" not in message
    assert "A gradient is not finite: it comes from layer 1.1" in message


class Block(Layer):
    """Has its own operations around a layer, which are not that layer's."""

    def __init__(self, layer, before=None, after=None):
        self.layer, self.before, self.after = layer, before, after

    def __call__(self, x):
        x = apply(self.before, x) if self.before else x
        x = self.layer(x)
        return apply(self.after, x) if self.after else x

    def __repr__(self):
        return "Block()"


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("operation", [double_exp, steep])
def test_a_layers_own_operations_are_told_from_those_within(side, operation):
    message = complaint(network_with(Block(ReLU(), **{side: operation})))
    assert f"comes from layer 1.1, Block() ({operation.__name__})" in message


def test_of_two_the_first_is_named():
    network = network_with(Operate(double_exp), Operate(elementwise.log))
    assert "layer 1.1," in complaint(network)
    network = Sequential(Operate(steep), network_with(Operate(steep)))
    message = complaint(Sequential(Dense(5, 5, rng=np.random.default_rng(0)), network))
    assert "layer 1.1.1.1," in message  # on the way back that one comes first


def test_a_layer_that_only_passes_it_on_is_not_named():
    """Its gradient is not finite, but what came was not either."""
    rng = np.random.default_rng(0)

    class Twice(Layer):
        """x is used by a good operation, and by one that makes it infinite."""

        def __call__(self, x):
            return x * 2.0 + apply(steep, x)

    message = complaint(Sequential(Dense(5, 5, rng=rng), Twice(), Dense(5, 3, rng=rng)))
    assert "layer 1, Twice() (steep), in the backward pass" in message


def test_the_loss_may_have_made_it():
    def bad(y, *, labels):
        return np.log(-np.mean(y**2)), lambda dy: dy * y

    assert "It comes from the loss (bad), in the forward" in complaint(
        make_network(), bad
    )

    def bad_backward(y, *, labels):
        return np.mean(y), lambda dy: np.full_like(y, np.nan)

    message = complaint(make_network(), bad_backward)
    assert "it comes from the loss (bad_backward), in the backward pass" in message


def test_the_network_itself_may_have_made_it():
    message = complaint(
        Block(Dense(5, 3, rng=np.random.default_rng(0)), after=double_exp)
    )
    assert "It comes from the network (double_exp)" in message


def test_a_parameter_that_a_step_has_spoiled_is_named():
    network = network_with(ReLU())
    network[2].bias.value[1] = np.inf
    message = complaint(network)
    assert "left inf (at (1,)) in parameter 2.bias. Try a smaller" in message


def test_samples_are_named():
    x, labels = make_samples()
    x[:, 2] = -np.inf
    message = complaint(make_network(), x=x, labels=labels)
    assert "The samples hold -inf (at (0, 2)) of their batch" in message


def test_all_is_as_it_was_before_the_step():
    """Parameters, buffers and generators: also the second pass is taken back."""
    network, untouched = make_network(), make_network()
    spoiled = Sequential(network, Operate(steep))
    complaint(spoiled)
    assert_same(network.state_dict(), untouched.state_dict())
    assert network[0].rng.random() == untouched[0].rng.random()


class Moody(Layer):
    """Makes NaN at its second use in training, and then no more."""

    def __init__(self):
        self.uses = 0

    def __call__(self, x):
        self.uses += self.training
        return x * (np.nan if self.training and self.uses == 1 else 1.0)


def test_what_does_not_come_again_is_said():
    message = complaint(Sequential(make_network(), Moody()))
    assert "The same pass again gave finite values only" in message


class Shift(Layer):
    """Its output is below 0 where a factor of the noise is below 0.501."""

    def __call__(self, x):
        return x - 0.501


@pytest.mark.parametrize("seed", range(5))
def test_a_random_layer_is_asked_the_same_again(seed):
    """Where its noise led to NaN, the search sees the same noise. It is rare: of the
    factors between 0.5 and 1.5, one in a thousand leads there."""
    noise = Noise(np.random.default_rng(seed))
    network = Sequential(
        Dense(5, 3, rng=noise.rng), noise, Shift(), Operate(elementwise.log)
    )
    network[0].weight.value[...] = 0
    network[0].bias.value[...] = 1
    message = complaint(
        network, mse, labels=np.zeros((10, 3)), epochs=500, batch_size=5, lr=1e-12
    )
    assert "after 0 steps" not in message
    assert "It comes from layer 3, Operate(log) (log), in the forward pass" in message
