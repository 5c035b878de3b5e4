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

_NEARBY = 10
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
    for row in _rows("names.csv"):
        if not chinese and row["numerals"] != "any":
            continue
        words = _split(row["words"])
        nearby = tuple(word[1:] for word in words if word.startswith("*"))
        plain = tuple(word for word in words if not word.startswith("*"))
        name = Name(row["measure"], plain, nearby, tuple(_split(row["not_before"])), row["reason"])
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


@cache
def followers() -> frozenset[str]:
    """Return the characters of which one stands behind every Chinese numeral that is more than part of a word."""
    return frozenset(
        {word[0] for word in measures()}
        | set(names(chinese=True))
        | set("分点余多来几月年季日号世年代、)是要为至到-~万亿% 0123456789")
    )
