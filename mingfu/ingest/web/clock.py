"""Time, waiting, and what may go better the next time."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

from mingfu.errors import MingfuError


class Stopped(MingfuError):
    """Somebody asked to stop before all was done."""


class Clock:
    """The time, waiting, and the wish to stop; tests give one of their own."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def now(self) -> float:
        """Return seconds that only grow."""
        return time.monotonic()

    def today(self) -> datetime:
        """Return the time of day in UTC, to the second."""
        return datetime.now(UTC).replace(microsecond=0)

    def sleep(self, seconds: float) -> None:
        """Wait; raise Stopped where somebody wishes to stop."""
        self._stop.wait(seconds)
        self.check()

    def check(self) -> None:
        """Raise Stopped where somebody wishes to stop."""
        if self._stop.is_set():
            raise Stopped("stopped before all was done")

    def stop(self) -> None:
        """Ask everybody who waits or works by this clock to stop."""
        self._stop.set()


class Again(MingfuError):
    """What went wrong may go right the next time: after so many seconds, if they are known, or in another run (inf)."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.reason, self.after = reason, after
