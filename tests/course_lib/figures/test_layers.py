"""Statistics and histograms by layer, of networks that pass real batches."""

import numpy as np
import pytest

from course_lib.analysis.statistics import layer_statistics
from course_lib.figures import draw_layer_curves, draw_layer_histograms
from course_lib.figures.layer_curves import layer_numbers
from course_lib.figures.layer_histograms import bar_heights, common_limits
from course_lib.layers import Dense, ReLU, Sequential, Tanh
from course_lib.operations.classification_losses import cross_entropy
from tests.course_lib.figures.reading import texts


def statistics(activation=Tanh, **settings):
    rng = np.random.default_rng(0)
    layers = [part for _ in range(3) for part in (Dense(12, 12, rng=rng), activation())]
    return layer_statistics(Sequential(*layers), rng.normal(size=(20, 12)), **settings)


LABELS = np.arange(20) % 12
WITH_GRADIENTS = statistics(loss=cross_entropy, labels=LABELS)


@pytest.mark.parametrize("measure", ["activation.std", "gradient.norm", "dead"])
def test_numbers_are_those_of_the_layers(measure):
    numbers = layer_numbers(WITH_GRADIENTS, measure)
    assert len(numbers) == 6
    first = WITH_GRADIENTS[0]
    expected = {
        "activation.std": first.values.std(),
        "gradient.norm": first.gradient.norm,
        "dead": 0.0,
    }
    assert numbers[0] == expected[measure]


def test_a_picture_names_its_networks():
    curves = {"tanh": WITH_GRADIENTS, "ReLU": statistics(ReLU)}
    shown = texts(draw_layer_curves(curves, "Two"))
    assert {"tanh", "ReLU", "layer", "activation std", "1", "6"} <= set(shown)


@pytest.mark.parametrize(
    ("networks", "settings", "message"),
    [
        (statistics(), {"measure": "gradient.norm"}, "not every layer has 'gradient.n"),
        (statistics(), {"measure": "saturated"}, "not every layer has 'saturated'"),
        (statistics(), {"measure": "activation.sum"}, "'activation.sum'"),
        (statistics(), {"measure": "dead"}, "6 numbers of '' are 0 or less"),
        ([], {}, r"shape \(0,\)"),
    ],
)
def test_numbers_that_there_are_not(networks, settings, message):
    with pytest.raises(ValueError, match=f"draw_layer_curves: .*{message}"):
        draw_layer_curves(networks, "Nothing", **settings)


def test_a_histogram_is_as_high_as_its_row():
    values = np.array([-1.0, -1, 0.1, 0.9, 0.9, 0.9, 0.9])
    heights = bar_heights(values, (-1, 1), 4)
    assert heights.tolist() == [0.5, 0, 0.25, 1]


def test_what_lies_beyond_is_counted_at_the_ends():
    assert bar_heights(np.array([-9.0, 0.2, 7, 8]), (-1, 1), 4).tolist() == [
        0.5, 0, 0.5, 1
    ]  # fmt: skip


def test_exact_zeros_do_not_set_the_scale():
    values = np.array([0.0] * 50 + [0.9] * 2 + [0.4])
    assert bar_heights(values, (0, 1), 4).tolist() == [1, 0.5, 0, 1]
    assert bar_heights(np.zeros(5), (0, 1), 4).tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([[-1.0, 0.5]], (-1, 1)),
        ([[-1.0], [3.0]], (-3, 3)),
        ([[0.0, 2.0]], (0, 2)),
        ([[-2.0, -1.0]], (-2, -1)),
        ([[4.0, 4.0]], (3.5, 4.5)),
    ],
)
def test_limits_hold_all_layers(values, expected):
    limits = common_limits([np.array(layer) for layer in values])
    np.testing.assert_allclose(limits, expected, atol=5e-3)


def test_one_value_in_a_thousand_may_lie_beyond():
    values = np.append(np.linspace(-1, 1, 100_000), [50.0] * 10)
    assert common_limits([values])[1] < 1.1


def test_rows_are_layers_and_columns_networks():
    networks = {
        "tanh": [layer for layer in statistics() if layer.type == "Tanh"],
        "constant": [np.full((3, 4), 0.5)] * 2,
    }
    picture = draw_layer_histograms(networks, "Two", limits=(-1, 1))
    shown = texts(picture)
    assert [t for t in shown if t in "123"] == ["1", "2", "3", "1", "1"]
    stds = [f"{layer.activation.std:.2g}" for layer in networks["tanh"]]
    assert [t for t in shown if t.startswith("0.") or t == "0"] == [*stds, "0", "0"]
    assert shown.count("−1") == 2
    assert picture.html.count("fill: var(--figure-blue") == 5


def test_zeros_alone_and_a_single_value_can_be_drawn():
    shown = texts(draw_layer_histograms({"zeros": [np.zeros(3), [0.0]]}, "Zeros"))
    assert {"−0.5", "0.5"} <= set(shown)


@pytest.mark.parametrize(
    ("networks", "message"),
    [
        ({}, "are {}, expected 1 to 3"),
        ({"a": []}, "{'a': 0}"),
        ({str(i): [np.ones(2)] for i in range(4)}, "1 to 3 networks"),
        ({"a": [np.ones(2), [1, np.nan]]}, r"layer 2 of 'a', shape \(2,\), has values"),
        ({"a": [np.ones((0, 3))]}, r"shape \(0, 3\).*or none"),
    ],
)
def test_what_has_no_histogram(networks, message):
    with pytest.raises(ValueError, match=f"draw_layer_histograms: .*{message}"):
        draw_layer_histograms(networks, "Nothing")
