"""Clues: what is known of a report beside its text.

The text decides.  What source.yaml states, the folder, the page or file around the text and the file's
name help where the text is silent, in this order.  A person who knows better than the text says so, and
why, by the key `because` of source.yaml: then what source.yaml states is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from mingfu.ingest.origin import Origin
from mingfu.ingest.reading import Hints


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder <area code>/<year>/ that a report lies in."""

    ref_area: str
    year: int


@dataclass(frozen=True, slots=True)
class Clues:
    """What is known of a report beside its text; `name` is its file's, without the suffix."""

    origin: Origin = field(default_factory=Origin)
    hints: Hints = field(default_factory=Hints)
    folder: Folder | None = None
    name: str | None = None


def folder_of(path: Path) -> Folder | None:
    """Return the folder <area code>/<year>/ of a report, or None where it lies elsewhere."""
    parts = path.absolute().parts
    code, year = parts[-3:-1] if len(parts) > 3 else ("", "")
    proper = len(code) == 6 and len(year) == 4 and (code + year).isascii() and (code + year).isdecimal()
    return Folder(code, int(year)) if proper else None
