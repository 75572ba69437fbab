"""How the chapters' cells run: cached per state of the library, several at once.

Jupyter Cache keys a run on the chapter's cells alone. A chapter would so keep passing
after the library under it broke. Here the cache's path contains a digest of what the
cells can import, and a changed path makes Sphinx read every page again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor
from myst_nb.core.read import is_myst_markdown_notebook
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
# What a chapter's result depends on, apart from the chapter itself.
DEPENDENCIES = ("course_lib", "constraints.txt")
CACHES = "chapter_runs"


def digest(root: Path, dependencies: tuple[str, ...] = DEPENDENCIES) -> str:
    """A hash of every file under the dependencies: names and contents.

    Args:
        root: the folder that the dependencies are relative to.
        dependencies: files and folders; what Python compiled is left out.

    Returns:
        16 hexadecimal digits.
    """
    result = hashlib.sha256()
    for dependency in dependencies:
        path = root / dependency
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                result.update(file.relative_to(root).as_posix().encode() + b"\0")
                result.update(hashlib.sha256(file.read_bytes()).digest())
    return result.hexdigest()[:16]


def choose_cache(app: Sphinx, config: Any) -> None:
    """Point the cache at the folder of the library's present state."""
    caches = Path(app.outdir).parent / CACHES
    current = caches / digest(ROOT)
    if caches.is_dir():
        for old in caches.iterdir():
            if old != current:
                shutil.rmtree(old)
    current.mkdir(parents=True, exist_ok=True)
    config.nb_execution_cache_path = str(current)


def run_chapters(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Run the chapters about to be read, as many at once as there are cores.

    Sphinx then finds them in the cache. A chapter that fails here is run again by
    Sphinx, which reports the error with its page.
    """
    if app.config.nb_execution_mode != "cache":
        return
    paths = [Path(env.doc2path(name)) for name in docnames]
    chapters = [
        str(path)
        for path in paths
        if path.suffix == ".md" and is_myst_markdown_notebook(path.read_text("utf-8"))
    ]
    if len(chapters) < 2:
        return
    cache = get_cache(app.config.nb_execution_cache_path)
    for chapter in chapters:
        cache.add_nb_to_project(
            chapter, read_data={"name": "myst_nb_md", "type": "plugin"}
        )
    # Two chapters at once with two threads each would be four for two cores.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    logger.info("running the cells of up to %d chapters", len(chapters))
    load_executor("local-parallel", cache).run_and_cache(
        filter_uris=chapters,
        timeout=app.config.nb_execution_timeout,
        allow_errors=False,
    )


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("config-inited", choose_cache)
    app.connect("env-before-read-docs", run_chapters)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
