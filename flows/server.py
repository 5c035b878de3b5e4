"""A Prefect server of our own, on the loopback, that never outlives the process that started it.

The server holds the reading end of a pipe as its standard input.  When the process at the other
end closes it or dies, however it dies, the server reads the end of the file and stops.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from flows.settings import SILENCE

HOST = "127.0.0.1"
START_SECONDS = 300  # a busy machine may take minutes; a server that died refuses at once
STOP_SECONDS = 10


@contextmanager
def running_server(port: int = 0, *, services: bool = False) -> Iterator[str]:
    """Run a server until the block ends, and yield the address of its API.

    Port 0 takes a free one.  With `services` it also schedules runs and shows its web pages.
    Raises RuntimeError when the server does not answer, OSError when the port is taken.
    """
    with socket.create_server((HOST, port)) as listener:
        url = f"http://{HOST}:{listener.getsockname()[1]}/api"
        process = _start(listener.fileno(), url, services)
    try:
        _wait_until_ready(url)
        yield url
    finally:
        _stop(process)


def _start(listener: int, url: str, services: bool) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "flows.server", str(listener), "services" if services else "api"],
        stdin=subprocess.PIPE,
        pass_fds=[listener],
        start_new_session=True,  # Ctrl-C is for the process that owns the server
        env={**os.environ, **SILENCE, "PREFECT_API_URL": url},
    )


def _wait_until_ready(url: str) -> None:
    # The socket listens already, so one request waits in its queue until the server answers.
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{url}/health", timeout=START_SECONDS)
    except OSError as error:
        raise RuntimeError(f"the Prefect server at {url} did not start: {error}") from error


def _stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin
    process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _serve(listener: int, services: bool) -> None:
    import uvicorn
    from prefect.server.api.server import create_app

    app = create_app(ephemeral=not services, final=True)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=2))
    threading.Thread(target=_stop_with_owner, args=[server], daemon=True).start()
    server.run(sockets=[socket.socket(fileno=listener)])


def _stop_with_owner(server: object) -> None:
    os.read(0, 1)
    vars(server)["should_exit"] = True
    threading.Timer(STOP_SECONDS, os._exit, [1]).start()


if __name__ == "__main__":
    _serve(int(sys.argv[1]), sys.argv[2] == "services")
