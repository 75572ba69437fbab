"""The lecture's table: what ten layers make of a unit Gaussian input, by initializer.

Each figure of the table is one draw. So each has a tolerance of its own: this file
draws the same network several times, and the figure must lie within five standard
deviations of the mean of these draws. From layer to layer the tolerance grows: for He's
rule from 1 % to 60 %, since each layer's draw multiplies what came before.

float32 halves the time, and changes no figure by more than 0.00001.
"""

from functools import cache, partial

import numpy as np
import pytest

from course_lib.initializers import (
    activation_gain,
    he_normal,
    lecun_normal,
    normal,
    torch_default,
    uniform,
    zeros,
)
from course_lib.layers import Dense, ReLU, Tanh

SAMPLES, WIDTH, LAYERS = 1000, 500, 10
SEEDS = range(8)
DEVIATIONS = 5

ROWS = {
    "tanh, 0.01": (Tanh, partial(normal, std=0.01)),
    "tanh, 1.0": (Tanh, partial(normal, std=1.0)),
    "tanh, 1/√fan_in": (Tanh, lecun_normal),
    "ReLU, 1/√fan_in": (ReLU, lecun_normal),
    "ReLU, √(2/fan_in)": (ReLU, he_normal),
}

# Standard deviations by layer, as printed; the fourth row, which the lecture leaves
# without figures, is the mean of 20 other draws.
# fmt: off
STDS = {
    "tanh, 0.01": [.213081, .047551, .010630, .002378, .000532,
                   .000119, .000026, .000006, .000001, .000000],
    "tanh, 1.0": [.981879, .981649, .981601, .981755, .981614,
                  .981560, .981520, .981913, .981728, .981736],
    "tanh, 1/√fan_in": [.627953, .486051, .407723, .357108, .320917,
                        .292116, .273387, .254935, .239266, .228008],
    "ReLU, 1/√fan_in": [.584, .415, .295, .209, .147, .103, .073, .051, .037, .025],
    "ReLU, √(2/fan_in)": [.825232, .827835, .813855, .826902, .834092,
                          .860035, .870610, .889348, .845357, .844523],
}
HE_MEANS = [.562488, .553614, .545867, .565396, .547678,
            .587103, .596867, .623214, .567498, .552531]
# fmt: on

# Half of the last digit that is printed.
ROUNDING = dict.fromkeys(ROWS, 0.5e-6) | {"ReLU, 1/√fan_in": 0.5e-3}


MISTAKES = [
    ("tanh, 0.01", partial(uniform, limit=0.01)),
    ("tanh, 0.01", partial(normal, std=0.01**2)),
    ("tanh, 1.0", partial(uniform, limit=1.0)),
    ("tanh, 1/√fan_in", partial(normal, std=1 / WIDTH)),
    ("tanh, 1/√fan_in", torch_default),
    ("tanh, 1/√fan_in", he_normal),
    ("ReLU, 1/√fan_in", he_normal),
    ("ReLU, √(2/fan_in)", lecun_normal),
    ("ReLU, √(2/fan_in)", partial(he_normal, gain=activation_gain("tanh"))),
    ("ReLU, √(2/fan_in)", partial(normal, std=2 / WIDTH)),
    ("ReLU, √(2/fan_in)", zeros),
]


def mean_and_std_by_layer(activation, initializer, seed):
    """What one draw gives, of shape (2, LAYERS)."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(SAMPLES, WIDTH)).astype(np.float32)
    found = []
    for _ in range(LAYERS):
        layer = Dense(WIDTH, WIDTH, initializer=initializer, rng=rng)
        x = activation().predict(layer.astype(np.float32).predict(x))
        found.append((x.mean(), x.std()))
    return np.transpose(found)


@cache
def drawn(row):
    """Mean over the seeds, and tolerance, each of shape (2, LAYERS)."""
    draws = [mean_and_std_by_layer(*ROWS[row], seed) for seed in SEEDS]
    spread = np.std(draws, axis=0, ddof=1)
    return np.mean(draws, axis=0), DEVIATIONS * spread + ROUNDING[row]


@pytest.mark.parametrize("row", ROWS)
def test_standard_deviations(row):
    mean, tolerance = drawn(row)
    assert np.all(np.abs(mean[1] - STDS[row]) <= tolerance[1])


def test_means_of_the_relu_network_by_hes_rule():
    mean, tolerance = drawn("ReLU, √(2/fan_in)")
    assert np.all(np.abs(mean[0] - HE_MEANS) <= tolerance[0])


@pytest.mark.parametrize("row", [row for row in ROWS if "tanh" in row])
def test_means_of_the_tanh_networks_are_zero(row):
    mean, tolerance = drawn(row)
    assert np.all(np.abs(mean[0]) <= tolerance[0])


def refused(row, initializer):
    """Which of the ten figures would be refused, had they been drawn with it."""
    mean, tolerance = drawn(row)
    _, std = mean_and_std_by_layer(ROWS[row][0], initializer, seed=99)
    return np.abs(mean[1] - std) > tolerance[1]


@pytest.mark.parametrize(("row", "initializer"), MISTAKES)
def test_a_wrong_initializer_falls_outside(row, initializer):
    """All but the figure that rounds to 0 in print."""
    assert refused(row, initializer)[:-1].all()


@pytest.mark.parametrize("row", ROWS)
def test_so_does_one_that_is_wrong_by_a_twentieth(row):
    """From the first layers on, which vary least."""
    right = ROWS[row][1]
    assert refused(row, lambda shape, rng: 1.05 * right(shape, rng))[:2].all()
