"""A small web server on this machine, which can behave as badly as real ones do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from course_lib.data.download import RemoteFile


class Server:
    """Serves `content[name]` at `address(manner, name)`, in one of these manners.

    good: honors ranges. plain: ignores them. cut: closes the connection after `piece`
    bytes. cut_plain: closes too, and ignores ranges. stuck: closes before the first
    byte of a body. corrupt: one byte is wrong. short: a file that ends early, as if
    whole. long: bytes after the end. shifted: a range other than that asked for. past:
    answers each range with 416. portal: a page to log in at. missing: 404.
    """

    def __init__(self, port: int, content: dict[str, bytes], piece: int) -> None:
        self.port = port
        self.content = content
        self.piece = piece
        self.requests: list[tuple[str, str | None]] = []

    def address(self, manner: str, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{manner}/{name}"

    def file(self, name: str, *manners: str) -> RemoteFile:
        """The file as its author publishes it, at one address for each manner."""
        content = self.content[name]
        urls = tuple(self.address(manner, name) for manner in manners)
        return RemoteFile(name, len(content), sha256(content).hexdigest(), urls)


@contextmanager
def serving(content: dict[str, bytes], *, piece: int = 1000) -> Iterator[Server]:
    """A server in a thread of its own, which is gone at the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _, manner, name = self.path.split("/")
            wanted = self.headers.get("Range")
            state.requests.append((manner, wanted))
            answer(self, manner, content[name], wanted, state.piece)

        def log_message(self, *args: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state = Server(server.server_address[1], content, piece)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()


def answer(
    handler: BaseHTTPRequestHandler,
    manner: str,
    content: bytes,
    wanted: str | None,
    piece: int,
) -> None:
    if manner == "missing":
        handler.send_error(404)
        return
    if manner == "past" and wanted:
        handler.send_error(416)
        return
    body = {
        "corrupt": content[:-1] + bytes([content[-1] ^ 1]),
        "short": content[: len(content) // 2],
        "long": content + b"more",
        "portal": b"<html>Please log in</html>",
    }.get(manner, content)
    start = 0
    if wanted and manner in {"good", "cut", "corrupt", "shifted"}:
        start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        start += manner == "shifted"
        handler.send_response(206)
        last = len(body) - 1
        handler.send_header("Content-Range", f"bytes {start}-{last}/{len(body)}")
    else:
        handler.send_response(200)
    handler.send_header("Content-Length", str(len(body) - start))
    handler.end_headers()
    sent = {"cut": piece, "cut_plain": piece, "stuck": 0}.get(manner, len(body))
    handler.wfile.write(body[start : start + sent])
