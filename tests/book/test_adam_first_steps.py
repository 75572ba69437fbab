"""The model of the figure of Adam's first steps computes what course_lib computes."""

import inspect
import json
import subprocess
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from playwright._impl._driver import compute_driver_executable

from course_lib.graph import Parameter
from course_lib.optimizers import Adam

SCRIPT = Path(__file__).parents[2] / "book/static/adam_first_steps.js"
RATES = [(0.9, 0.999), (0.9, 0.99), (0.9, 0.9), (0.0, 0.999), (0.99, 0.0), (0.5, 0.8)]

PROGRAM = """
const figure = require(process.argv[1]);
const { number } = require(process.argv[2]);
const asked = JSON.parse(process.argv[3]);
console.log(JSON.stringify({
  rates: figure.RATES,
  defaults: figure.DEFAULTS,
  axis: figure.AXIS,
  ratios: asked.map(([b1, b2, count]) =>
    Array.from({ length: count }, (_, i) => figure.ratio(b1, b2, i + 1))),
  summaries: asked.map(([b1, b2]) => figure.summary(b1, b2)),
  sentences: asked.map(([b1, b2]) => figure.describe({ b1, b2 }, number)),
  links: [
    ["0.9", 0.5], ["0.93", 0.5], ["7", 0.5], ["nonsense", 0.5], ["", 0.5],
    [undefined, 0.5],
  ].map(([value, otherwise]) => figure.known(figure.RATES.b2, value, otherwise)),
}));
"""
STEPS = 3000


@pytest.fixture(scope="module")
def model():
    node = compute_driver_executable()[0]
    asked = json.dumps([[*betas, STEPS] for betas in RATES])
    helpers = SCRIPT.with_name("figure.js")
    finished = subprocess.run(
        [node, "-e", PROGRAM, str(SCRIPT), str(helpers), asked],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(finished.stdout)


def library_ratios(betas):
    """Uncorrected step / corrected step for a constant gradient, from Adam's state."""
    x = Parameter(np.array(0.0))
    adam = Adam([x], lr=1.0, betas=betas, eps=0.0)
    ratios = []
    for _ in range(STEPS):
        before = x.value.copy()
        adam.step({x: np.array(1.0)})
        state = adam.states[0]
        ratios.append(state["m"] / np.sqrt(state["v"]) / (before - x.value))
    return np.array(ratios)


@pytest.mark.parametrize("index", range(len(RATES)))
def test_ratios_are_the_library_s(model, index):
    ours = library_ratios(RATES[index])
    np.testing.assert_allclose(model["ratios"][index], ours, rtol=1e-9)


@pytest.mark.parametrize("index", range(len(RATES)))
def test_the_summary_is_read_off_the_ratios(model, index):
    ours, summary = library_ratios(RATES[index]), model["summaries"][index]
    farthest = np.abs(np.log(ours)).argmax()
    far = np.abs(ours - 1) >= 0.05
    assert summary["first"] == pytest.approx(ours[0], rel=1e-9)
    assert summary["farthest"] == pytest.approx(ours[farthest], rel=1e-9)
    assert summary["at"] == farthest + 1
    assert summary["near"] == (np.flatnonzero(far)[-1] + 2 if far.any() else 1)


def test_the_published_values(model):
    usual = model["summaries"][0]
    assert usual["first"] == pytest.approx(3.1623, abs=5e-5)
    assert (usual["farthest"], usual["at"]) == (pytest.approx(6.5685, abs=5e-5), 12)
    assert usual["near"] == 2375
    assert model["summaries"][2]["first"] == pytest.approx(0.3162, abs=5e-5)


def test_the_figure_opens_with_the_library_s_defaults(model):
    betas = inspect.signature(Adam).parameters["betas"].default
    assert (model["defaults"]["b1"], model["defaults"]["b2"]) == betas


def test_all_curves_lie_on_the_axis(model):
    t, axis = np.arange(1, STEPS + 1), model["axis"]
    for b1, b2 in product(model["rates"]["b1"], model["rates"]["b2"]):
        curve = (1 - b1**t) / np.sqrt(1 - b2**t)
        assert axis["least"] <= curve.min() * (1 + 1e-9), (b1, b2)
        assert curve.max() <= axis["most"], (b1, b2)


def test_the_sentence_says_which_way_the_first_step_is_wrong(model):
    usual, right, small = model["sentences"][:3]
    assert "3.16 times the corrected one: too large" in usual
    assert "Step 12 is the farthest off, at 6.57 times" in usual
    assert "From step 2,375 on" in usual
    assert "1 times the corrected one: right" in right
    assert "0.316 times the corrected one: too small" in small


def test_a_link_gets_the_nearest_rate_or_none(model):
    assert model["links"] == [0.9, 0.95, 0.999, 0.5, 0.5, 0.5]
