"""Curves, their bands, gaps and names."""

import copy

import numpy as np
import pytest

from course_lib.figures import draw_curves, draw_training, subplots
from course_lib.figures.colors import COLORS
from course_lib.figures.curves import plot_curves, summarize
from course_lib.figures.direct_labels import spread
from course_lib.figures.log_axes import make_logarithmic, power_text
from course_lib.training.history import History
from tests.course_lib.figures.reading import texts

RUNS = np.array([[1.0, 2, 4], [3, 2, 10]])


def known(values, how="std", **settings):
    return summarize(values, name="loss", log=False, spread=how, caller="f", **settings)


def plotted(curves, **settings):
    """The axes and the ends of curves."""
    _, axes = subplots()
    given = {"x": None, "log": "", "spread": "std", "caller": "f", **settings}
    return axes, plot_curves(axes, curves, **given)


@pytest.mark.parametrize(
    ("how", "low", "high"),
    [
        ("std", [1, 2, 4], [3, 2, 10]),  # 7 ± 3
        ("range", [1, 2, 4], [3, 2, 10]),
        ("none", [2, 2, 7], [2, 2, 7]),
    ],
)
def test_two_runs_have_a_mean_and_a_band(how, low, high):
    middle = known(RUNS, how)
    assert middle.middle.tolist() == [2, 2, 7]
    assert middle.low.tolist() == low
    assert middle.high.tolist() == high


def test_of_three_runs_the_deviation_is_not_the_range():
    runs = np.array([[0.0], [0], [3]])
    np.testing.assert_allclose(known(runs).high, 1 + np.sqrt(2))
    assert known(runs, "range").high.tolist() == [3]


def test_what_is_not_finite_in_one_run_is_a_gap():
    runs = np.array([[1.0, np.nan, 3, np.inf], [1, 2, 5, 4]])
    np.testing.assert_array_equal(known(runs).middle, [1, np.nan, 4, np.nan])


def test_a_cross_marks_the_last_point_before_a_gap():
    axes, ends = plotted({"η": [1.0, 2, np.inf, 4, np.nan]})
    line, cross = axes.lines
    np.testing.assert_array_equal(line.get_ydata(), [1, 2, np.nan, 4, np.nan])
    assert cross.get_xydata().tolist() == [[2, 2], [4, 4]]
    assert ends[0][:3] == ("η", 4, 4)
    assert len(plotted({"η": [1.0, 2]})[0].lines) == 1


def test_a_curve_takes_the_x_that_it_needs():
    axes, ends = plotted({"a": [5.0, 6, 7], "b": [1.0, 2]}, x=[0, 10, 20])
    assert axes.lines[0].get_xdata().tolist() == [0, 10, 20]
    assert axes.lines[1].get_xdata().tolist() == [0, 10]
    assert [(end.x, end.y) for end in ends] == [(20, 7), (10, 2)]
    assert plotted({"a": [5.0, 6]})[0].lines[0].get_xdata().tolist() == [1, 2]


def test_curves_have_a_color_each_and_only_runs_a_band():
    axes, ends = plotted({"a": RUNS, "b": RUNS[0], "": RUNS[:1]})
    assert [line.get_color() for line in axes.lines] == list(COLORS.values())[:3]
    assert len(axes.collections) == 1
    assert [end.name for end in ends] == ["a", "b"]


def test_curves_begin_and_end_with_their_axes():
    axes, _ = plotted({"a": RUNS})
    assert axes.get_xlim() == (1, 3)


@pytest.mark.parametrize(
    ("curves", "settings", "message"),
    [
        ({}, {}, "there are no curves"),
        ({"a": 3.0}, {}, r"'a' has shape \(\), expected \(n,\) or \(runs, n\)"),
        ({"a": []}, {}, r"'a' has shape \(0,\).*Was it measured"),
        ({"a": np.ones((2, 3, 4))}, {}, r"shape \(2, 3, 4\)"),
        ({"a": [np.nan, np.inf]}, {}, r"all numbers of 'a', shape \(1, 2\), finite"),
        ({"a": [[1, np.nan], [np.nan, 1]]}, {}, r"shape \(2, 2\), finite"),
        ({"a": [1.0, 0, -1]}, {"log": "y"}, "2 numbers of 'a' are 0 or less"),
        ({"a": [1.0, 2]}, {"x": [1]}, r"x has shape \(1,\), and 'a' 2 points"),
        ({"a": [1.0, 2]}, {"spread": "iqr"}, "spread is 'iqr'.*range"),
        ({str(i): [1.0] for i in range(7)}, {}, "7 kinds .*at most 6"),
    ],
)
def test_what_cannot_be_drawn(curves, settings, message):
    with pytest.raises(ValueError, match=f"draw_curves: .*{message}"):
        draw_curves(curves, "Nothing", **settings)


def test_a_picture_has_names_and_axes_instead_of_a_legend():
    shown = texts(
        draw_curves({"η = 1": [1.0, 0.1]}, "A", xlabel="step", ylabel="loss", log="y")
    )
    assert {"η = 1", "step", "loss", "0.1", "1"} <= set(shown)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ([], []),
        ([5.0], [5]),
        ([30.0, 10.0], [30, 10]),
        ([10.0, 10.0], [5, 15]),
        ([20.0, 12.0], [21, 11]),
        ([40.0, 41.0, 50.0], [33.5, 43.5, 53.5]),  # the third gives way too
        ([0.0, 1.0], [0, 10]),  # in the room
        ([100.0, 99.0], [100, 90]),
        ([2.0, 3.0, 14.0], [0, 10, 20]),
    ],
)
def test_names_keep_their_distance_and_stay_in_the_room(wanted, expected):
    places = spread(wanted, 10, room=(0, 100))
    np.testing.assert_allclose(places, expected, atol=0.2)


def test_names_of_many_ends_keep_their_order():
    wanted = np.random.default_rng(0).uniform(0, 100, size=12)
    places = np.array(spread(list(wanted), 7, room=(0, 100)))
    assert np.all(np.argsort(places) == np.argsort(wanted))
    assert np.diff(np.sort(places)).min() >= 7 - 1e-9
    assert places.min() >= 0
    assert places.max() <= 100


def test_numbers_of_a_logarithmic_axis():
    assert [power_text(10.0**k) for k in (-4, -3, 0, 4, 5)] == [
        "10⁻⁴", "0.001", "1", "10000", "10⁵"
    ]  # fmt: skip
    assert [power_text(x) for x in (2e-12, 0.5)] == ["2·10⁻¹²", "0.5"]


@pytest.mark.parametrize(("high", "expected"), [(30, [1, 2, 5, 10, 20]), (3e3, None)])
def test_a_short_logarithmic_axis_has_more_numbers(high, expected):
    _, axes = subplots()
    axes.set(ylim=(1, high), xlim=(1, 2))
    make_logarithmic(axes, "y")
    shown = [y for y in axes.get_yticks() if 1 <= y <= high]
    np.testing.assert_allclose(shown, expected or [1, 10, 100, 1000])
    assert axes.get_xscale() == "linear"


def history(length=4, shift=0.0, **settings):
    loss = [1 / (i + 1) + shift for i in range(length)]
    return History(loss=loss, accuracy=[1 - x for x in loss], **settings)


def validated(**settings):
    return history(
        validation_loss=[0.9, 0.8, 0.7, 0.75],
        validation_accuracy=[0.1, 0.2, 0.3, 0.2],
        **settings,
    )


def test_one_training_has_training_and_validation():
    shown = texts(draw_training(validated(), "One"))
    assert shown.count("training") == shown.count("validation") == 2
    assert {"loss", "accuracy", "epoch"} <= set(shown)
    assert shown.count("epoch") == shown.count("4") == 1  # the panels share an axis


def test_trainings_have_their_names():
    shown = texts(draw_training({"SGD": validated(), "Adam": history()}, "Two"))
    assert shown.count("SGD training") == shown.count("SGD validation") == 2
    assert shown.count("Adam") == 2


def test_a_ring_marks_the_best_epoch():
    plain, best = (
        draw_training(validated(best_epoch=k), "One", measures=["loss"]).html
        for k in (None, 3)
    )
    assert best.count("<use") == plain.count("<use") + 1


def test_seeds_are_one_line_with_a_band():
    alone = draw_training([history()], "One", measures=["loss"]).html
    three = [history(shift=s) for s in (0, 0.1, 0.3)]
    several = draw_training(three, "Three", measures=["loss"]).html
    assert several.count("fill-opacity: 0.2") > alone.count("fill-opacity: 0.2") == 0
    none = draw_training(three, "Three", measures=["loss"], spread="none").html
    assert "fill-opacity: 0.2" not in none


def test_validation_needs_all_seeds():
    shown = texts(draw_training([validated(), history()], "Two", measures=["loss"]))
    assert "validation" not in shown


def test_steps_are_no_epochs():
    run = history()
    run.learning_rate = [0.1, 0.01]
    shown = texts(draw_training(run, "Both", measures=["loss", "learning_rate"]))
    assert {"epoch", "step", "learning rate"} <= set(shown)


def test_a_history_is_only_read():
    run = validated(best_epoch=2)
    before = copy.deepcopy(run)
    draw_training([run, history(3)], "Two", log=["loss"], spread="range")
    assert run == before


@pytest.mark.parametrize(
    ("measures", "message"),
    [
        (["losses"], r"measures are \('losses',\), expected lists of History"),
        (["best_epoch"], "expected lists of History"),
        ([], r"measures are \(\)"),
        (["gradient_norm"], r"'gradient_norm' has shape \(1, 0\).*Was it measured"),
    ],
)
def test_what_was_not_measured(measures, message):
    with pytest.raises(ValueError, match=f"draw_training: .*{message}"):
        draw_training(history(), "Nothing", measures=measures)
