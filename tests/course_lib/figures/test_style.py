"""A figure must survive dark mode, a phone, grey print and its neighbours on a page."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import matplotlib
import numpy as np
import pytest

from course_lib.figures import COLORS, show, subplots


def picture(alt="A rising line", label="η"):
    figure, axes = subplots()
    axes.plot([0, 1, 2], [1.0, 3.0, 2.0], marker="o", label=label)
    axes.set_xlabel("step")
    axes.legend()
    return show(figure, alt)


def luminance(color):
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


@pytest.mark.parametrize("name", COLORS)
@pytest.mark.parametrize("paper", ["#ffffff", "#14181e"])
def test_colors_contrast_on_white_and_on_the_dark_page(name, paper):
    light, dark = sorted([luminance(COLORS[name]), luminance(paper)], reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3


def test_svg_is_well_formed_and_its_text_is_text():
    root = ElementTree.fromstring(picture().html)
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "step" in texts
    assert "η" in texts


def test_svg_takes_the_ink_the_paper_and_the_font_of_its_page():
    html = picture().html
    assert "#000000" not in html
    assert "#ffffff" not in html.replace("--jp-layout-color0, #ffffff", "")
    assert f"var(--figure-blue, {COLORS['blue']})" in html
    assert set(re.findall(r"font-family: ([^;\"]*)", html)) == {
        "var(--pst-font-family-base, var(--jp-content-font-family, sans-serif))"
    }


def test_a_path_is_drawn_to_a_hundredth_of_a_point():
    figure, axes = subplots()
    axes.plot(np.arange(9) / 7, np.sin(np.arange(9)))
    paths = re.findall(r' d="([^"]*)"', show(figure, "A wave").html)
    decimals = {len(n) for path in paths for n in re.findall(r"\.(\d+)", path)}
    assert max(decimals) == 2


def test_svg_has_no_style_of_its_own_that_would_reach_the_page():
    assert "<style" not in picture().html
    assert "<?xml" not in picture().html


def test_alt_is_the_accessible_name_and_is_escaped():
    root = ElementTree.fromstring(picture('x < 1 & "y"').html)
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'x < 1 & "y"'


def test_two_figures_share_no_id_and_every_reference_resolves():
    first, second = picture("One line").html, picture("Another line").html
    ids = [re.findall(r' id="([^"]*)"', html) for html in (first, second)]
    assert ids[0], "markers need ids: the test would be empty"
    assert not set(ids[0]) & set(ids[1])
    for html, own in zip((first, second), ids, strict=True):
        assert len(own) == len(set(own))
        assert set(re.findall(r"(?:url\(#|href=\"#)([^)\"]*)", html)) == set(own)


def test_the_same_figure_gives_the_same_bytes_in_another_process():
    program = (
        "from course_lib.figures import show, subplots\n"
        "figure, axes = subplots()\n"
        "axes.plot([0, 1, 2], [1.0, 3.0, 2.0], marker='o', label='η')\n"
        "axes.set_xlabel('step'); axes.legend()\n"
        "import sys; sys.stdout.buffer.write("
        "show(figure, 'A rising line').html.encode())"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True
    )
    assert run.stdout.decode() == picture().html


def test_notebooks_get_html_a_png_and_words():
    bundle = picture()._repr_mimebundle_()
    assert bundle["text/html"].startswith("<svg")
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["text/plain"] == "A rising line"


def test_an_empty_alt_is_refused():
    with pytest.raises(ValueError, match="alt is empty"):
        picture("  ")


def test_text_too_small_for_a_phone_is_refused():
    figure, axes = subplots(size=(9, 3))
    axes.set_xlabel("step")
    with pytest.raises(ValueError, match=r"9\.\d in wide.*text of 15\.\d pt or more"):
        show(figure, "Too wide")


def test_a_narrow_drawing_stands_in_where_the_wide_one_cannot_be_read():
    wide, _ = subplots(1, 3, size=(9, 3))
    narrow, _ = subplots(3, 1, size=(5, 6))
    html = show(wide, "Three panels", narrow=narrow).html
    root = ElementTree.fromstring(html[html.index("<div") :])
    assert [svg.get("class") for svg in root] == ["figure-wide", "figure-narrow"]
    switch = float(re.search(r"max-width:(\d+)px\)", html)[1])
    width = float(root[0].get("viewBox").split()[2])
    assert switch * 11 / width == pytest.approx(10, abs=0.02)  # 11 pt are 10 px


def test_a_narrow_drawing_must_itself_be_readable():
    wide, _ = subplots(1, 3, size=(9, 3))
    with pytest.raises(ValueError, match="phone"):
        show(wide, "Three panels", narrow=wide)


def test_pyplot_forgets_a_figure_that_was_shown():
    plt = pytest.importorskip("matplotlib.pyplot")
    before = plt.get_backend()
    plt.switch_backend("agg")
    figure, axes = plt.subplots(figsize=(5, 3))
    axes.plot([0, 1])
    show(figure, "A line")
    assert not plt.fignum_exists(figure.number)
    plt.switch_backend(before)


def test_curves_differ_by_line_style_too():
    subplots()
    styles = matplotlib.rcParams["axes.prop_cycle"].by_key()["linestyle"]
    assert len({str(style) for style in styles}) == len(COLORS)
