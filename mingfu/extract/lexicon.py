"""The language knowledge of this room: measure words, bounds, names with numerals, known codes.

Everything here is read from lexicon/*.csv, which docs/ledger.md explains column by column.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from mingfu.errors import SchemaError
from mingfu.model import Span
from mingfu.project import read_csv

_NEARBY = 10
_PLACES = ("before", "inside", "after")
_QUALIFIERS = ("approx", "at_least", "more_than", "at_most", "less_than")
_PARTED = re.compile(r"[,。;0-9]")


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure word: its class, whether it counts after a Chinese numeral, and what may not follow it."""

    word: str
    kind: str
    chinese: bool
    not_before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A word that qualifies a figure, and what before it makes it part of another word."""

    word: str
    qualifier: str
    not_after: tuple[str, ...]


def rows(name: str, unique: Sequence[str], **columns: Container[str] | None) -> list[dict[str, str]]:
    """Return the rows of a file of the lexicon, no two of them with the same cells in the `unique` columns.

    `columns` names those that must be there, each with the values allowed in it, or None where
    anything but nothing is.  Raise SchemaError with the fault of every row, each with file and line.
    """
    seen: set[tuple[str, ...]] = set()
    found, faults = [], []
    with resources.as_file(resources.files("mingfu.extract") / "lexicon" / name) as path:
        for line, row in enumerate(read_csv(path), 2):
            fault = _fault(row, columns)
            cells = tuple(row.get(column, "") for column in unique)
            if not fault and cells in seen:
                fault = f"{', '.join(cells)} is already listed"
            seen.add(cells)
            found.append(row)
            faults.extend([f"{path}:{line}: {fault}"] if fault else [])
    if faults:
        raise SchemaError(faults)
    return found


def _fault(row: Mapping[str, str], columns: Mapping[str, Container[str] | None]) -> str | None:
    if None in row or None in row.values():
        return "a row needs as many cells as the header"
    for column, values in columns.items():
        cell = row.get(column)
        if cell is None:
            return f"the file needs the column {column}"
        if (not cell) if values is None else (cell not in values):
            return f"{cell or 'nothing'} cannot stand in the column {column}"
    if any("" in cell.split("|") for cell in row.values() if "|" in cell):
        return "a word is missing beside a bar"
    return None


@cache
def measures() -> dict[str, Measure]:
    """Return the measure words by their spelling."""
    return {
        row["word"]: Measure(row["word"], row["class"], row["chinese"] == "yes", tuple(split(row["not_before"])))
        for row in rows("measures.csv", ["word"], word=None, chinese=("", "yes"))
    }


@cache
def bounds(place: str) -> dict[str, Bound]:
    """Return the bounds that stand `before`, `inside` or `after` a figure."""
    return {
        row["word"]: Bound(row["word"], row["qualifier"], tuple(split(row["not_after"])))
        for row in rows("bounds.csv", ["word", "place"], word=None, place=_PLACES, qualifier=_QUALIFIERS)
        if row["place"] == place
    }


@dataclass(frozen=True, slots=True)
class Name:
    """What stands behind a numeral that is part of a name: a measure word and one of some words."""

    measure: str
    words: tuple[str, ...]
    nearby: tuple[str, ...]
    not_before: tuple[str, ...]
    reason: str

    def end(self, text: str, position: int) -> int | None:
        """Return where the name ends that has its numeral right before `position`."""
        if not text.startswith(self.measure, position):
            return None
        start = position + len(self.measure)
        if text.startswith(self.not_before, start):
            return None
        for word in self.words:
            if text.startswith(word, start):
                return start + len(word)
        for word in self.nearby:
            found = text.find(word, start, start + _NEARBY)
            if found >= 0 and not _PARTED.search(text, start, found):
                return found + len(word)
        return None if self.words or self.nearby else start


@cache
def names(*, chinese: bool) -> dict[str, list[Name]]:
    """Return the names by the character behind the numeral.

    Some names are only written with Chinese numerals: 三项制度, but 3项制度 is a quantity.
    """
    known: dict[str, list[Name]] = {}
    for row in rows("names.csv", ["numerals", "measure", "words"], numerals=("any", "chinese"), reason=None):
        if not chinese and row["numerals"] != "any":
            continue
        words = split(row["words"])
        nearby = tuple(word[1:] for word in words if word.startswith("*"))
        plain = tuple(word for word in words if not word.startswith("*"))
        name = Name(row["measure"], plain, nearby, tuple(split(row["not_before"])), row["reason"])
        for first in {(row["measure"] + word)[0] for word in words or [""]}:
            known.setdefault(first, []).append(name)
    return known


def named(text: str, start: int, end: int, *, chinese: bool) -> tuple[str, Span] | None:
    """Return the reason and the span of a name that the numeral between `start` and `end` is part of."""
    for name in names(chinese=chinese).get(text[end : end + 1], ()):
        last = name.end(text, end)
        if last is not None:
            return name.reason, (start, last)
    return None


@cache
def identifiers() -> frozenset[str]:
    """Return the public service numbers."""
    return frozenset(row["code"] for row in rows("identifiers.csv", ["code"], code=None))


def split(cell: str) -> list[str]:
    """Return the words of a cell, which bars part."""
    return cell.split("|") if cell else []


@cache
def _measures_by_first() -> dict[str, list[Measure]]:
    """Return the measure words by their first character, the longest first."""
    known: dict[str, list[Measure]] = {}
    for measure in sorted(measures().values(), key=lambda measure: -len(measure.word)):
        known.setdefault(measure.word[0], []).append(measure)
    return known


def find_measure(text: str, position: int) -> Measure | None:
    """Return the longest measure word at `position` of folded text, or None."""
    for measure in _measures_by_first().get(text[position : position + 1], ()):
        end = position + len(measure.word)
        if text.startswith(measure.word, position) and not text.startswith(measure.not_before, end):
            return measure
    return None


@cache
def followers() -> frozenset[str]:
    """Return the characters of which one stands behind every Chinese numeral that is more than part of a word."""
    return frozenset(
        {word[0] for word in measures()}
        | set(names(chinese=True))
        | set("分点余多来几月年季日号世年代、)是要为至到-~万亿% 0123456789")
    )
