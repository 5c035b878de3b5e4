"""What goes into a reader and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from mingfu.errors import InputError
from mingfu.model import Place

MOST_BYTES = 100_000_000
MOST_CHARACTERS = 2_000_000
MOST_PLACES = 100_000


def _no_limit(amount: int) -> None:
    """Let a reader without limits go on."""


@dataclass(frozen=True, slots=True)
class File:
    """The bytes of a file, the name that messages give it, and how a reader asks for more seconds and bytes."""

    data: bytes
    name: str
    more_time: Callable[[int], None] = _no_limit
    more_memory: Callable[[int], None] = _no_limit

    def error(self, code: str, reason: str) -> InputError:
        """Return the error that a reader raises for this file."""
        return InputError(self.name, code, reason)


@dataclass(frozen=True, slots=True)
class Hints:
    """What the wrapping of a text says of it: the metadata of a web page or the properties of a document."""

    title: str | None = None
    publisher: str | None = None
    published: date | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a file, where its parts stood in it, its encoding if it has one, and hints."""

    text: str
    places: tuple[Place, ...] = ()
    encoding: str | None = None
    hints: Hints = Hints()
