"""What ships is whole, documented, licensed, and the real thing."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from course_lib.data import load_penguins, load_photograph, penguins, photographs
from course_lib.data.penguins import MEASURES, SPECIES
from course_lib.data.shipped import FILES

PHOTOGRAPHS = ["cat", "coffee"]


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_a_photograph_has_its_documented_form(name: str) -> None:
    image = load_photograph(name)
    assert image.shape == (288, 448, 3)
    assert image.dtype == np.float64
    assert 0 <= image.min() < 0.05
    assert 0.9 < image.max() <= 1


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_gray_is_the_luminance(name: str) -> None:
    red, green, blue = np.moveaxis(load_photograph(name), -1, 0)
    expected = 0.299 * red + 0.587 * green + 0.114 * blue
    gray = load_photograph(name, gray=True)
    np.testing.assert_allclose(gray, expected, rtol=0, atol=1e-15)


def test_white_stays_white() -> None:
    assert sum(photographs.LUMINANCE) == pytest.approx(1, rel=0, abs=1e-15)


def test_the_cat_is_the_published_one() -> None:
    """Pixels (6, 1) and (150, 201) of chelsea.png, of which the middle is kept."""
    pixels = (load_photograph("cat") * 255).round()
    assert pixels[0, 0].tolist() == [157, 134, 126]
    assert pixels[144, 200].tolist() == [110, 50, 24]


def test_the_cat_looks_ginger_and_the_cup_red() -> None:
    """Channels in the order red, green, blue."""
    for name in PHOTOGRAPHS:
        red, green, blue = load_photograph(name).mean(axis=(0, 1))
        assert red > green > blue


def test_an_eye_is_a_template_that_the_cat_has_once() -> None:
    """Its best normalised match is itself; the next best away from it is far worse."""
    image = load_photograph("cat", gray=True)[::4, ::4]
    template = image[18:36, 32:54]
    windows = np.lib.stride_tricks.sliding_window_view(image, template.shape)
    centred = windows - windows.mean(axis=(2, 3), keepdims=True)
    t = template - template.mean()
    scores = (centred * t).sum(axis=(2, 3)) / np.sqrt(
        (centred**2).sum(axis=(2, 3)) * (t**2).sum()
    )
    assert np.unravel_index(scores.argmax(), scores.shape) == (18, 32)
    scores[10:27, 20:45] = 0
    assert scores.max() < 0.7


def test_an_unknown_photograph_is_refused_with_the_known() -> None:
    with pytest.raises(ValueError, match=r"no photograph 'dog', .* cat, coffee"):
        load_photograph("dog")


def test_a_damaged_photograph_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cat.npz").write_bytes((FILES / "cat.npz").read_bytes()[:-1])
    monkeypatch.setattr(photographs, "FILES", tmp_path)
    with pytest.raises(ValueError, match=r"load_photograph: .*cat\.npz is damaged"):
        load_photograph("cat")


def test_penguins_have_their_documented_form() -> None:
    measures, species = load_penguins()
    assert measures.shape == (342, len(MEASURES))
    assert measures.dtype == np.float64
    assert species.dtype == np.int64
    assert np.bincount(species).tolist() == [151, 68, 123]
    assert len(SPECIES) == 3


def test_penguins_are_the_published_ones() -> None:
    measures, species = load_penguins()
    assert measures[0].tolist() == [39.1, 18.7, 181.0, 3750.0]
    assert SPECIES[species[0]] == "Adelie"
    # The means that R's palmerpenguins prints in its summary.
    means = measures.mean(axis=0)
    assert np.round(means[:2], 2).tolist() == [43.92, 17.15]
    assert round(means[2], 1) == 200.9
    assert round(means[3]) == 4202


def test_damaged_penguins_are_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "penguins.npz").write_bytes(b"not an archive")
    monkeypatch.setattr(penguins, "FILES", tmp_path)
    with pytest.raises(ValueError, match=r"load_penguins: .*penguins\.npz is damaged"):
        load_penguins()


def test_what_was_loaded_may_be_changed() -> None:
    image, (measures, _) = load_photograph("cat"), load_penguins()
    image[:], measures[:] = -1, -1
    assert load_photograph("cat").min() == 0
    assert load_penguins()[0].min() > 0


def test_every_file_has_its_license_beside_it() -> None:
    licenses = "".join(
        path.read_text(encoding="utf-8") for path in FILES.glob("LICENSE-*.txt")
    )
    for path in FILES.glob("*.npz"):
        assert f"{path.name}\n{'=' * len(path.name)}\n" in licenses
        assert path.stat().st_size < 400_000
    assert licenses.count("CC0 1.0") == 3
    for author in ("van der Walt", "Michetti", "Gorman"):
        assert author in licenses


def test_files_are_what_their_checksums_say() -> None:
    """So that a checkout has not turned their line ends."""
    for name, checksum in (*photographs.CHECKSUMS, ("penguins", penguins.CHECKSUM)):
        content = (FILES / f"{name}.npz").read_bytes()
        assert hashlib.sha256(content).hexdigest() == checksum
