"""SIREN: its derivatives by the coordinates, and how its signals start."""

import numpy as np
import pytest
import torch

from course_lib.backbones import Siren
from course_lib.derivatives.directional import hessian_vector_product
from course_lib.graph import Node, backpropagate
from course_lib.layers import ReLU
from course_lib.optimizers import Adam
from tests.course_lib.backbones.tables.siren import Reference, key


def both(seed):
    """Ours and torch's with the same weights, and coordinates."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    ours = Siren(width=9, frequency=5.0, rng=rng)
    theirs = Reference(2, 9, 9, 9, 9, 1, frequency=5.0).double()
    ours.load_state_dict({key(k): v for k, v in theirs.state_dict().items()})
    return ours, theirs, rng.uniform(-1, 1, size=(6, 2))


def gradient(network, x):
    """∇f at each point: of the sum over all, as each value depends on its own point."""
    x = Node(x)
    return backpropagate(network(x).sum(), [x])[x]


def laplacian(network, x):
    """Δf = ∂²f/∂x² + ∂²f/∂y²: along each axis the gradient's change, at all points in
    one product."""
    total = np.zeros(len(x))
    for axis in range(x.shape[1]):
        direction = np.zeros_like(x)
        direction[:, axis] = 1
        function = lambda points: network(points).sum()  # noqa: E731
        [change], _ = hessian_vector_product(function, [x], [direction])
        total += change[:, axis]
    return total


@pytest.mark.parametrize("seed", [0, 1])
def test_gradient_and_laplacian_by_the_coordinates_are_torchs(seed):
    ours, theirs, x = both(seed)
    points = torch.tensor(x, requires_grad=True)
    [expected] = torch.autograd.grad(theirs(points).sum(), points, create_graph=True)
    np.testing.assert_allclose(
        gradient(ours, x), expected.detach(), rtol=1e-11, atol=1e-12
    )
    second = [
        torch.autograd.grad(expected[:, i].sum(), points, retain_graph=True)[0][:, i]
        for i in range(2)
    ]
    np.testing.assert_allclose(laplacian(ours, x), sum(second), rtol=1e-11, atol=1e-11)


def test_the_laplacian_of_one_sine_is_known():
    """f = sin(ωw·x): Δf = −ω²|w|² f."""
    network = Siren(width=1, depth=0, frequency=3.0, rng=np.random.default_rng(0))
    w = np.array([[0.5, -0.25]])
    network.sines[0].linear.weight.value[...] = w
    network.linear.weight.value[...] = 1
    for layer in (network.sines[0].linear, network.linear):
        layer.bias.value[...] = 0
    x = np.array([[0.1, 0.7], [-0.4, 0.2], [0.9, -0.9]])
    f = np.sin(3 * x @ w.T)
    np.testing.assert_allclose(network.predict(x), f, rtol=1e-14)
    np.testing.assert_allclose(laplacian(network, x), -9 * 0.3125 * f[:, 0], rtol=1e-12)


def test_the_weights_are_drawn_as_published():
    network = Siren(width=200, frequency=20.0, rng=np.random.default_rng(0))
    first, *rest = network.sines
    assert within(first.linear.weight, 1 / 2)
    assert within(first.linear.bias, 1 / np.sqrt(2))
    assert [repr(layer.sine) for layer in network.sines] == ["Sine(20.0)"] * 4
    for layer in [*(sine.linear for sine in rest), network.linear]:
        assert within(layer.weight, np.sqrt(6 / 200) / 20)
    for layer in rest:
        assert within(layer.linear.bias, 1 / np.sqrt(200))


def within(parameter, limit):
    """Whether numbers drawn from U(−limit, limit) look like it: the largest of n is
    about 1 − 1/n of the limit."""
    largest = np.abs(parameter.value).max() / limit
    n = parameter.value.size
    return 1 - 8 / n < largest <= 1 and parameter.value.min() < -0.9 * limit


def test_signals_are_as_large_in_each_layer():
    """A sine of many periods has the mean square ½. Of it the part that varies over the
    image falls, slowly: the phases of a layer are constants for the next."""
    rng = np.random.default_rng(0)
    network = Siren(rng=rng)
    x = Node(rng.uniform(-1, 1, size=(300, 2)))
    varying = []
    for layer in network.sines:
        x = layer(x)
        assert abs(np.mean(x.value**2) - 0.5) < 0.03
        varying.append(x.value.var(axis=0).mean())
    np.testing.assert_allclose(varying, [0.49, 0.29, 0.21, 0.17], atol=0.03)


def test_the_phases_make_it_no_odd_function():
    network = Siren(rng=np.random.default_rng(0))
    x = np.array([[0.3, -0.6]])
    assert abs(network.predict(x) + network.predict(-x)).item() > 0.01


def fit(network, x, image):
    optimizer = Adam(network.parameters(), lr=2e-3)
    for _ in range(150):
        loss = ((network(x) - image) ** 2).mean()
        optimizer.step(backpropagate(loss))
    return loss.value


def test_sines_fit_an_image_that_the_same_layers_with_relu_do_not():
    rng = np.random.default_rng(0)
    axis = np.linspace(-1, 1, 10)
    x = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    image = rng.choice([-1.0, 1.0], size=(100, 1))  # variance 1, and all detail
    sines, relus = (Siren(width=32, depth=1, rng=rng) for _ in range(2))
    for layer in relus.sines:
        layer.sine = ReLU()
    assert fit(sines, x, image) < 1e-4
    assert fit(relus, x, image) > 0.5
