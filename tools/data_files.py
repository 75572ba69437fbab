"""Make the photographs and the penguins of course_lib/data/files from their sources.

    python tools/data_files.py FOLDER

FOLDER holds what scikit-image 0.26.0 and palmerpenguins 0.1.6 ship, unpacked:
skimage/data/chelsea.png and coffee.png, palmerpenguins/data/penguins.csv. The library
ships what this writes; nobody needs to run it again. It says which file changed.
"""

from __future__ import annotations

import csv
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
from PIL import Image

FILES = Path(__file__).resolve().parents[1] / "course_lib" / "data" / "files"
# Divisible by 32, so that five halvings of a pyramid or a network come out even.
HEIGHT, WIDTH = 288, 448

CHELSEA = "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb"
COFFEE = "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7"
PENGUINS = "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93"

SPECIES = ("Adelie", "Chinstrap", "Gentoo")
MEASURES = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")


def main(folder: Path) -> None:
    cat = Image.open(checked(folder / "skimage/data/chelsea.png", CHELSEA))
    save("cat", image=np.asarray(cropped(cat)))
    coffee = Image.open(checked(folder / "skimage/data/coffee.png", COFFEE))
    smaller = coffee.resize((450, 300), Image.Resampling.LANCZOS)
    save("coffee", image=np.asarray(cropped(smaller)))
    save("penguins", **penguins(folder / "palmerpenguins/data/penguins.csv"))


def checked(path: Path, checksum: str) -> Path:
    found = sha256(path.read_bytes()).hexdigest()
    if found != checksum:
        raise SystemExit(f"{path}: SHA-256 is {found}, expected {checksum}.")
    return path


def cropped(image: Image.Image) -> Image.Image:
    """The middle of a picture."""
    left, top = (image.width - WIDTH) // 2, (image.height - HEIGHT) // 2
    return image.crop((left, top, left + WIDTH, top + HEIGHT))


def penguins(path: Path) -> dict[str, np.ndarray]:
    """Whole numbers: tenths of a millimetre and of a gram."""
    with checked(path, PENGUINS).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["body_mass_g"] != "NA"]
    return {
        "measures": np.array(
            [[round(10 * float(row[name])) for name in MEASURES] for row in rows],
            dtype=np.uint16,
        ),
        "species": np.array(
            [SPECIES.index(row["species"]) for row in rows], dtype=np.uint8
        ),
    }


def save(name: str, **arrays: np.ndarray) -> None:
    path = FILES / f"{name}.npz"
    np.savez_compressed(path, **arrays)
    content = path.read_bytes()
    print(f"{path.name}: {len(content)} bytes, SHA-256 {sha256(content).hexdigest()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
