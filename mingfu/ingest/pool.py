"""The pool: reads files in worker processes, and stops those that take too long or break.

A worker leads a process group of its own, so that whatever it started ends with it, and has a folder of
its own for temporary files, which goes with it, and also when the process of the pool is killed.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mingfu.errors import InputError
from mingfu.ingest.formats import FORMATS, Format
from mingfu.ingest.reading import Hints, Reading
from mingfu.model import Cell, Place

COMMAND = (sys.executable, "-m", "mingfu.ingest.worker")
SECONDS = 20
MOST_ANSWERED = 256_000_000  # bytes
_CHUNK = 1 << 20
_JOBS = 4


@dataclass(frozen=True, slots=True)
class Contents:
    """What a worker read from a file."""

    format: Format
    sha256: str
    bytes: int
    reading: Reading


def read_files(files: Iterable[tuple[Path, str]], seconds: int = SECONDS) -> Iterator[Contents | InputError]:
    """Yield for each (path, name) what the file holds or the error that says why not, in the order given.

    A file that takes longer than `seconds`, or kills its worker, is an error of its own: E_TIMEOUT,
    E_TOO_LARGE or E_DAMAGED.  No more than a few answers are held at a time.
    """
    jobs = min(_JOBS, os.cpu_count() or 1)
    workers = _Workers(seconds)
    waiting: deque[Future[Contents | InputError]] = deque()
    threads = ThreadPoolExecutor(jobs, thread_name_prefix="reader")
    try:
        for path, name in files:
            waiting.append(threads.submit(workers.read, path, name))
            if len(waiting) > 2 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        workers.kill()
        threads.shutdown(cancel_futures=True)
        workers.stop()


class _Workers:
    """A worker for each thread that asks for one."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self._own = threading.local()
        self._all: list[_Worker] = []

    def read(self, path: Path, name: str) -> Contents | InputError:
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None:
            worker = self._own.worker = _Worker()
            self._all.append(worker)
        try:
            return worker.read(path, name, self._seconds)
        except InputError as error:
            return error

    def kill(self) -> None:
        """End all processes, so that no thread waits for one."""
        for worker in self._all:
            worker.kill()

    def stop(self) -> None:
        """Clear up after all processes, once no thread uses them."""
        for worker in self._all:
            worker.stop()


class _Worker:
    """A worker process, started when it is first needed and anew after it was stopped."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: TemporaryDirectory[str] | None = None

    def read(self, path: Path, name: str, seconds: int) -> Contents:
        """Return what a file holds; raise InputError where its worker says so, is too slow or breaks."""
        process = self._process or self._start()
        ask = json.dumps({"path": str(path.absolute()), "name": name}) + "\n"
        assert process.stdin
        try:
            process.stdin.write(ask.encode())
            process.stdin.flush()
            answer = self._answer(process, name, seconds)
        except (BrokenPipeError, EOFError):
            raise self._broken(process, name) from None
        if "error" in answer:
            raise InputError(name, *answer["error"])
        return _contents(answer)

    def kill(self) -> None:
        """End the process and whatever it started."""
        if self._process and self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def stop(self) -> None:
        """End the process and clear up after it."""
        self.kill()
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            assert stream
            with suppress(BrokenPipeError):
                stream.close()
        process.wait()
        assert self._folder
        self._folder.cleanup()

    def _start(self) -> subprocess.Popen[bytes]:
        self._folder = TemporaryDirectory(prefix="mingfu-", ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [*COMMAND, self._folder.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"TMPDIR": self._folder.name},
            start_new_session=True,
        )
        return self._process

    def _answer(self, process: subprocess.Popen[bytes], name: str, seconds: int) -> dict[str, Any]:
        """Return the next answer; raise EOFError where the worker ended, InputError where it is too slow."""
        assert process.stdout
        stream = process.stdout.fileno()
        deadline = time.monotonic() + seconds
        received = bytearray()
        while True:
            if not select.select([stream], [], [], max(0.0, deadline - time.monotonic()))[0]:
                self.stop()
                raise InputError(name, "E_TIMEOUT", "reading it took too long")
            chunk = os.read(stream, _CHUNK)
            if not chunk:
                raise EOFError
            received += chunk
            if len(received) > MOST_ANSWERED:
                self.stop()
                raise InputError(name, "E_TOO_LARGE", "it holds more text than a report can")
            while b"\n" in chunk and (end := received.find(b"\n")) >= 0:
                answer: dict[str, Any] = json.loads(received[:end])
                del received[: end + 1]
                if "more_time" not in answer:
                    return answer
                deadline = time.monotonic() + answer["more_time"]

    def _broken(self, process: subprocess.Popen[bytes], name: str) -> InputError:
        """Return the error for a file over which the worker ended."""
        self.stop()
        if process.returncode == -signal.SIGXCPU:
            return InputError(name, "E_TIMEOUT", "reading it took too long")
        if process.returncode == -signal.SIGABRT:  # so libraries in C end that are given no more memory
            return InputError(name, "E_TOO_LARGE", "reading it takes more memory than a report can need")
        return InputError(name, "E_DAMAGED", f"its reader broke off with exit code {process.returncode}")


def _contents(answer: dict[str, Any]) -> Contents:
    reading = answer["reading"]
    hints = reading["hints"]
    published = hints["published"]
    return Contents(
        FORMATS[answer["format"]],
        answer["sha256"],
        answer["bytes"],
        Reading(
            reading["text"],
            tuple(_place(place) for place in reading["places"]),
            reading["encoding"],
            Hints(**hints | {"published": published and date.fromisoformat(published)}),
        ),
    )


def _place(place: dict[str, Any]) -> Place:
    cell = place["cell"]
    where = cell and Cell(
        cell["table"], cell["row"], cell["column"], *(tuple(map(tuple, cell[side])) for side in ("beside", "above"))
    )
    return Place(place["start"], place["end"], place["page"], where, place["confidence"])
