"""What every drawing function owes to its page: one row each in DRAWINGS."""

import copy
import gc
import hashlib
import re
import subprocess
import sys
import weakref
from functools import cache

import matplotlib.figure
import numpy as np
import pytest

from course_lib import figures
from course_lib.analysis.statistics import LayerStatistics, distribution
from course_lib.figures.inline_svg import view_box
from course_lib.training.history import History
from tests.course_lib.figures.reading import root_of, texts


def layer(values):
    known = distribution(values)
    return LayerStatistics("", "", values.shape, known, None, 0.0, known, values)


def history(length, shift=0.0):
    falling = [1 / (i + 1) + shift for i in range(length)]
    return History(
        loss=falling,
        accuracy=[1 - x for x in falling],
        validation_loss=[x + 0.1 for x in falling],
        validation_accuracy=[0.9 - x for x in falling],
    )


GRID = np.linspace(-1, 1, 3 * 4 * 5).reshape(3, 4, 5)
BOWL = np.add.outer(np.arange(-3.0, 4) ** 2, np.arange(-3.0, 4) ** 2)
DRAWINGS = {
    "draw_boxes": ({"batch norm": GRID.reshape(3, 2, 2, 5) > 0},),
    "draw_confusion": (np.array([[5, 1], [0, 7]]), ["cat", "dog"]),
    "draw_curves": ({"a": np.arange(6.0), "b": GRID[0]},),
    "draw_feature_maps": (GRID,),
    "draw_images": ((GRID + 1) / 2,),
    "draw_kernels": (GRID,),
    "draw_layer_curves": ([layer(GRID[0]), layer(GRID)],),
    "draw_layer_histograms": ({"tanh": [layer(GRID[0]), GRID]},),
    "draw_loss_slices": (BOWL, np.linspace(-1, 1, 7)),
    "draw_matrices": ({"K": GRID[0], "x": np.arange(5)},),
    "draw_overlays": ((GRID[0] + 1) / 2, {"saliency": GRID[1, :2, :3]}),
    "draw_paths": (lambda x: x @ x, {"SGD": GRID[0, :, :2]}),
    "draw_training": ({"SGD": [history(5), history(4, 0.1)], "Adam": history(5)},),
}
ALT = 'What is < found & "seen".'
every_drawing = pytest.mark.parametrize("name", DRAWINGS)


def draw(name, alt=ALT, **settings):
    """A new picture."""
    return getattr(figures, name)(*DRAWINGS[name], alt, **settings)


@cache
def drawn(name):
    """A picture that all tests may look at."""
    return draw(name)


def test_every_drawing_has_a_row():
    names = {name for name in figures.__all__ if name.startswith("draw_")}
    assert names - {"draw_graph"} == set(DRAWINGS)


@every_drawing
def test_it_is_an_image_with_words(name):
    picture = drawn(name)
    root = root_of(picture)
    assert root.get("role") == "img"
    assert root.get("aria-label") == picture.alt == ALT
    assert picture.png.startswith(b"\x89PNG")


@every_drawing
def test_without_words_there_is_no_picture(name):
    with pytest.raises(ValueError, match="alt is empty"):
        draw(name, " \n")


@every_drawing
def test_its_title_is_written(name):
    assert "A title" in texts(draw(name, title="A title"))


@every_drawing
def test_it_takes_ink_and_paper_from_its_page(name):
    html = drawn(name).html
    assert "#000000" not in html
    assert "#ffffff" not in html.replace("--jp-layout-color0, #ffffff", "")
    assert "<style" not in html


@every_drawing
def test_it_can_be_read_on_a_phone(name):
    html = drawn(name).html
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", html)]
    # A phone of 390 px leaves a figure 358.
    assert all(size * 358 / view_box(html)[0] >= 8.5 for size in sizes)


@every_drawing
def test_other_words_share_no_id(name):
    ids = [
        set(re.findall(r' id="([^"]*)"', picture.html))
        for picture in (drawn(name), draw(name, "Other words"))
    ]
    assert not ids[0] & ids[1]


@every_drawing
def test_every_reference_resolves_and_no_id_stands_twice(name):
    html = drawn(name).html
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"(?:url\(#|href=\"#)([^)\"]*)", html)) == set(ids)


@every_drawing
def test_no_figure_stays_in_memory_and_no_input_is_changed(name, monkeypatch):
    before = copy.deepcopy(DRAWINGS[name])
    made = []
    start = matplotlib.figure.Figure.__init__

    def remember(self, *args, **settings):
        made.append(weakref.ref(self))
        start(self, *args, **settings)

    monkeypatch.setattr(matplotlib.figure.Figure, "__init__", remember)
    draw(name)
    gc.collect()
    assert made
    assert all(figure() is None for figure in made)
    assert repr(before[1:]) == repr(DRAWINGS[name][1:])
    assert callable(before[0]) or repr(before[0]) == repr(DRAWINGS[name][0])


def fingerprint(picture):
    return hashlib.sha256(picture.html.encode() + picture.png).hexdigest()


def test_another_process_draws_the_same_bytes():
    program = (
        "import sys\n"
        "from tests.course_lib.figures.test_drawings import *\n"
        "print([fingerprint(draw(name)) for name in reversed(DRAWINGS)])\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    others, pyplot = run.stdout.splitlines()
    assert others == str([fingerprint(drawn(name)) for name in reversed(DRAWINGS)])
    assert pyplot == "False"
