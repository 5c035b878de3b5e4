"""The language knowledge of this room: measure words, bounds, names with numerals, known codes.

Everything here is read from lexicon/*.csv, which docs/ledger.md explains column by column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from mingfu.model import Span
from mingfu.project import read_csv


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure word: its class, whether it counts after a Chinese numeral, and what may not follow it."""

    word: str
    kind: str
    chinese: bool
    not_before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A word that qualifies a figure, and the characters that make it part of another word."""

    word: str
    qualifier: str
    not_after: str


def _rows(name: str) -> Iterator[dict[str, str]]:
    with resources.as_file(resources.files("mingfu.extract") / "lexicon" / name) as path:
        yield from read_csv(path)


@cache
def measures() -> dict[str, Measure]:
    """Return the measure words by their spelling."""
    return {
        row["word"]: Measure(row["word"], row["class"], row["chinese"] == "yes", tuple(_split(row["not_before"])))
        for row in _rows("measures.csv")
    }


@cache
def bounds(place: str) -> dict[str, Bound]:
    """Return the bounds that stand `before`, `inside` or `after` a figure."""
    rows = (row for row in _rows("bounds.csv") if row["place"] == place)
    return {row["word"]: Bound(row["word"], row["qualifier"], row["not_after"]) for row in rows}


@cache
def names(*, chinese: bool) -> list[tuple[str, re.Pattern[str], str]]:
    """Return what makes a numeral part of a name: words before it, pattern behind it, reason.

    Some names are only written with Chinese numerals: 三项制度, but 3项制度 is a quantity.
    """
    rows = (row for row in _rows("names.csv") if chinese or row["numerals"] == "any")
    return [(row["before"], re.compile(row["after"]), row["reason"]) for row in rows]


def named(text: str, start: int, end: int, *, chinese: bool) -> tuple[str, Span] | None:
    """Return the reason and the span of a name that the numeral between `start` and `end` is part of."""
    for before, pattern, reason in names(chinese=chinese):
        match = pattern.match(text, end) if text.endswith(before, 0, start) else None
        if match:
            return reason, (start, match.end())
    return None


@cache
def identifiers() -> frozenset[str]:
    """Return the public service numbers."""
    return frozenset(row["code"] for row in _rows("identifiers.csv"))


def _split(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def find_measure(text: str, position: int) -> Measure | None:
    """Return the longest measure word at `position` of folded text, or None."""
    known = measures()
    for length in range(min(7, len(text) - position), 0, -1):
        measure = known.get(text[position : position + length])
        if measure and not text.startswith(measure.not_before, position + length):
            return measure
    return None
