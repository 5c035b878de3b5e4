"""A web server on the loopback whose answers a test writes, a clock that need not tick, and a socket audit."""

import socketserver
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from typing import Any

from mingfu.ingest.web.clock import Clock
from mingfu.ingest.web.guard import Guard
from mingfu.ingest.web.politeness import Visitor

HERE = "127.0.0.1"
NAME = "reports.gov.cn"
NO_ROBOTS = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

Answer = bytes | Iterator[bytes]
_watching: list[list[tuple[str, Any]]] = []


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        target = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments[0]
        for notes in _watching:
            notes.append((event, target))


sys.addaudithook(_note)  # it cannot be taken away again


@contextmanager
def audit() -> Iterator[list[tuple[str, Any]]]:
    """Note every connection and every look-up of a name, by whichever library."""
    notes: list[tuple[str, Any]] = []
    _watching.append(notes)
    try:
        yield notes
    finally:
        _watching.remove(notes)


class StoppedClock(Clock):
    """A clock that goes on only while somebody sleeps by it."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def today(self) -> datetime:
        return datetime(2026, 4, 1, 8, 0, 0, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        self.check()
        self.time += seconds
        self.slept.append(seconds)


@dataclass
class Request:
    path: str
    headers: dict[str, str]


@dataclass
class Server:
    """`pages` are raw answers by path, or functions from the request to one; `asked` are the requests."""

    port: int = 0
    pages: dict[str, Answer | Callable[[Request], Answer]] = field(default_factory=lambda: {"/robots.txt": NO_ROBOTS})
    asked: list[Request] = field(default_factory=list)
    clock: StoppedClock = field(default_factory=StoppedClock)

    def url(self, path: str, host: str = NAME) -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """The paths that were asked for, robots.txt left out."""
        return [request.path for request in self.asked if request.path != "/robots.txt"]

    def guard(self) -> Guard:
        """A guard that allows this server, and by which every name leads to it."""
        return Guard(lambda _: [HERE], [(HERE, self.port)])

    def visitor(self, guard: Guard | None = None) -> Visitor:
        return Visitor(guard or self.guard(), "mailto:office@example.org", self.clock)

    def answer(self, request: Request) -> Iterator[bytes]:
        self.asked.append(request)
        page = self.pages.get(request.path, NO_ROBOTS)
        found = page(request) if callable(page) else page
        yield from [found] if isinstance(found, bytes) else found


def reply(body: bytes = b"", status: str = "200 OK", length: int | None = None, **headers: str) -> bytes:
    """Return a raw answer; underscores in names of headers are hyphens."""
    named = {"Content-Length": str(len(body) if length is None else length)}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in named.items()), "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + body


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server()

    class Handler(socketserver.StreamRequestHandler):
        def setup(self) -> None:
            if context:
                self.request = context.wrap_socket(self.request, server_side=True)
            super().setup()

        def finish(self) -> None:
            super().finish()
            self.request.close()

        def handle(self) -> None:
            start = self.rfile.readline().decode("latin-1").split()
            headers = BytesHeaderParser().parsebytes(b"".join(iter(self.rfile.readline, b"\r\n")))
            try:
                for piece in server.answer(Request(start[1], {key.lower(): value for key, value in headers.items()})):
                    self.wfile.write(piece)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the client has had enough

    class Listener(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = True

        def handle_error(self, *_: Any) -> None:
            """Let a client go that does not like the certificate; the requests tell of all else."""

    with Listener((HERE, 0), Handler) as listener:
        server.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown()
            thread.join()
