"""Serve the book, rebuilt and reloaded as its sources change, and the formgrader.

Both listen on this machine alone. Ctrl+C ends both.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from sphinx_autobuild.filter import IgnoreFilter
from sphinx_autobuild.middleware import JavascriptInjectorMiddleware
from sphinx_autobuild.server import RebuildServer
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, WebSocketRoute
from starlette.staticfiles import StaticFiles

HOST = "127.0.0.1"
BOOK_PORT = 8000
FORMGRADER_PORT = 8888
SITE = Path("_build/html")
WATCHED = ["book", "course_lib", "solutions", "_config.yml"]
SAMPLE_CLASS = Path("_build/sample_class")


def free_port(preferred: int) -> int:
    """The preferred port, or any free one when it is taken."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    sys.exit("make serve: no free port on this machine")


def rebuild(changed_paths: Sequence[Path]) -> None:
    """Build what the changed files ask for; errors are printed, the server stays."""
    names = ", ".join(sorted({path.name for path in changed_paths}))
    print(f"\nchanged: {names}", flush=True)
    subprocess.run(["make", "--no-print-directory", "book"], check=False)


def book_server(port: int) -> uvicorn.Server:
    ignored = IgnoreFilter(["__pycache__"], [r"/__pycache__/", r"\.ipynb_checkpoints"])
    watcher = RebuildServer(WATCHED, ignored, change_callback=rebuild)
    app = Starlette(
        routes=[
            WebSocketRoute("/websocket-reload", watcher, name="reload"),
            Mount("/", app=StaticFiles(directory=SITE, html=True), name="book"),
        ],
        middleware=[Middleware(JavascriptInjectorMiddleware, ws_url=f"{HOST}:{port}")],
        lifespan=watcher.lifespan,
    )
    return uvicorn.Server(
        uvicorn.Config(app, host=HOST, port=port, log_level="warning")
    )


@contextmanager
def formgrader(port: int, token: str) -> Iterator[None]:
    """JupyterLab with nbgrader's formgrader, looking at the sample class."""
    log = Path("_build/logs/formgrader.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}"]
    options = [f"--ip={HOST}", f"--IdentityProvider.token={token}", "--allow-root"]
    environment = os.environ | {"COURSE_CLASS": str(SAMPLE_CLASS.resolve())}
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            [*command, *options], stdout=file, stderr=file, env=environment
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def main() -> None:
    port, grading_port = free_port(BOOK_PORT), free_port(FORMGRADER_PORT)
    token = secrets.token_hex(8)
    with formgrader(grading_port, token):
        print(f"book        http://{HOST}:{port}/")
        print(f"formgrader  http://{HOST}:{grading_port}/formgrader?token={token}")
        print("The book is rebuilt as you save. Ctrl+C ends both.", flush=True)
        book_server(port).run()


if __name__ == "__main__":
    main()
