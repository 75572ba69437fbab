"""Where the course's repository is, and which assignments it has."""

from __future__ import annotations

from pathlib import Path


def repository(root: Path | None = None) -> Path:
    """The folder that holds `solutions/`.

    Args:
        root: taken as it is, where it is given. Otherwise the working directory and
            those above it are searched, then the place this package was imported from.

    Raises:
        FileNotFoundError: there is none: the package was installed without it.
    """
    if root is not None:
        return root
    here = Path.cwd()
    for folder in (here, *here.parents, Path(__file__).parents[1]):
        if (folder / "solutions").is_dir() and (folder / "course_grader").is_dir():
            return folder
    raise FileNotFoundError(
        "this needs a clone of the course's repository: there is no folder `solutions` "
        f"in {here} or above it."
    )


def names(root: Path | None = None) -> list[str]:
    """The assignments of the repository, in alphabetical order."""
    folders = (repository(root) / "solutions").glob("*/")
    return sorted(f.name for f in folders if (f / f"{f.name}.py").is_file())
