"""Readers: from the bytes of a file to its text, by the suffix of the file's name.

A format is added by registering a function here; nothing else knows which formats there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from mingfu.errors import InputError
from mingfu.ingest.encodings import decode


@dataclass(frozen=True, slots=True)
class Reader:
    """How files of one format are read: `read` takes the bytes and the file's name for messages.

    It returns the text and the name of the encoding, or raises InputError.
    """

    name: str
    media_type: str
    read: Callable[[bytes, str], tuple[str, str | None]]


_TEXT = Reader("text", "text/plain", decode)
READERS = {
    "": _TEXT,
    ".txt": _TEXT,
    ".text": _TEXT,
    ".md": Reader("text", "text/markdown", decode),
}


def reader_for(name: str) -> Reader:
    """Return the reader for a file of this name; raise InputError E_FORMAT where there is none."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in READERS:
        accepted = ", ".join(sorted(known for known in READERS if known))
        raise InputError(name, "E_FORMAT", f"{suffix} files cannot be read, only {accepted}")
    return READERS[suffix]
