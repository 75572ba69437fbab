"""The pure parts of figure.js, run in node: axes, numbers, addresses."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from playwright._impl._driver import compute_driver_executable

SCRIPT = Path(__file__).parents[2] / "book/static/figure.js"
STYLE = SCRIPT.with_name("figures.css")


def node(expression):
    program = (
        f"const f = require({str(SCRIPT)!r});console.log(JSON.stringify({expression}))"
    )
    run = subprocess.run(
        [compute_driver_executable()[0], "-e", program],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


def test_a_linear_axis_places_values_and_finds_them_again():
    assert node("[0, 5, 10].map(f.linearAxis(0, 10, 100, 300).place)") == [
        100,
        200,
        300,
    ]
    assert node("f.linearAxis(0, 10, 300, 100).value(250)") == 2.5


def test_a_log_axis_gives_equal_room_to_equal_factors():
    assert node("[1, 10, 100].map(f.logAxis(1, 100, 0, 50).place)") == [0, 25, 50]
    assert node("f.logAxis(1, 100, 0, 50).value(25)") == pytest.approx(10)
    assert node("f.logAxis(0.01, 1000, 0, 1).ticks()") == [0.01, 0.1, 1, 10, 100, 1000]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 10, [0, 2, 4, 6, 8, 10]),
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (-3, 3, [-2, 0, 2]),
        (0.1, 0.35, [0.1, 0.15, 0.2, 0.25, 0.3, 0.35]),
    ],
)
def test_ticks_are_round_and_inside(low, high, ticks):
    assert np.allclose(node(f"f.linearAxis({low}, {high}, 0, 1).ticks()"), ticks)


def test_numbers_are_printed_as_in_the_book():
    assert node("[-0.196611, 12, 0, 1e-7].map((x) => f.number(x))") == [
        "−0.1966",
        "12",
        "0",
        "1e−7",
    ]


def test_a_state_survives_the_address():
    state = {"graph": "diamond", "w₀": "-2", "done": "cde"}
    address = node(f"f.formatHash('fig-x', {json.dumps(state)})")
    assert address.startswith("#fig-x:")
    assert node(f"f.parseHash('fig-x', {address!r})") == state
    assert node(f"f.parseHash('fig-y', {address!r})") is None
    assert node("f.parseHash('fig-x', '#fig-x')") is None


def test_every_theme_has_every_color_with_enough_contrast():
    """4.5:1, for the numbers in a figure are text."""
    from course_lib.figures import COLORS

    def luminance(color):
        rgb = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    rules = STYLE.read_text().split("}")
    for theme, paper in [("light", "#ffffff"), ("dark", "#14181e")]:
        rule = next(rule for rule in rules if f'[data-theme="{theme}"] {{' in rule)
        for name in COLORS:
            color = rule.split(f"--figure-{name}: ")[1][:7]
            light, dark = sorted([luminance(color), luminance(paper)], reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (theme, name)
