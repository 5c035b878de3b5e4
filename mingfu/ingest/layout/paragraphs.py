"""Paragraphs: lines that go on are joined, so that a number broken by the end of a line or page is one number.

A line goes on where the next one's first word did not fit on it, unless that one is set off: by an
indent, by more space above it, or by another size of type.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mingfu.ingest.layout.lines import Line, is_latin

INDENT = 1.2  # of the type size
_OTHER_SIZE = 1.15  # times
_MORE_SPACE = 1.45  # times the usual distance of lines
_TITLE = 1.1  # times the type size of the body
_ENDS = frozenset("。！？；：!?;:…")
_OPENING = frozenset("（《“‘【〔([<")
CLOSING = frozenset("，。、；：！？）》”’】〕％%,.;:!?)]")
_WORD = re.compile(r"[0-9A-Za-z０-９.,%％+/×\-]+|.", re.S)
_ORDINAL = re.compile(
    r"\s*(?:第?[一二三四五六七八九十]{1,3}[、章条部]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．](?!\d))"
)


@dataclass(frozen=True, slots=True)
class Setting:
    """How a column is set: its edges, its type size, the distance of its lines, and whether paragraphs are indented."""

    left: float
    right: float
    size: float
    distance: float
    indented: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A line on its page, in its column."""

    line: Line
    page: int
    setting: Setting


def paragraphs_of(lines: Iterable[Placed]) -> list[list[Placed]]:
    """Return the lines of each paragraph."""
    paragraphs: list[list[Placed]] = []
    for placed in lines:
        if paragraphs and _goes_on(paragraphs[-1][-1], placed, first=len(paragraphs[-1]) == 1):
            paragraphs[-1].append(placed)
        else:
            paragraphs.append([placed])
    return paragraphs


def joints(texts: Sequence[str]) -> list[str]:
    """Return the texts of successive lines, with a blank before one where a Latin word ends and another begins."""
    parted = ["", *(" " if _parts_words(one[-1:], other[:1]) else "" for one, other in pairwise(texts))]
    return [blank + text for blank, text in zip(parted, texts, strict=False)]


def _parts_words(one: str, other: str) -> bool:
    return is_latin(one) and is_latin(other) and not (one.isdigit() and other.isdigit())


def is_full(line: Line, right: float, following: str) -> bool:
    """Tell whether the first word of what follows had no room between a line and the right edge."""
    following = following.lstrip()
    needed = 0.5
    for word in _WORD.finditer(following):
        needed += sum(0.5 if letter.isascii() else 1.0 for letter in word[0])
        if word[0] not in _OPENING and following[word.end() : word.end() + 1] not in CLOSING:
            break
    return line.right + needed * line.size >= right


def _goes_on(last: Placed, placed: Placed, *, first: bool) -> bool:
    one, other, setting = last.line, placed.line, placed.setting
    if other.text[0] in CLOSING:  # no paragraph begins with one
        return True
    if one.pieces > 1 or other.pieces > 1 or not is_full(one, last.setting.right, other.text):
        return False
    if not 1 / _OTHER_SIZE < one.size / other.size < _OTHER_SIZE:
        return False
    if last.page == placed.page and other.top - one.top > _MORE_SPACE * setting.distance:
        return False
    if other.left > setting.left + INDENT * other.size:
        return _hangs(one, other, setting, first=first)
    return setting.indented or not _ORDINAL.match(other.text)


def _hangs(one: Line, other: Line, setting: Setting, *, first: bool) -> bool:
    """Tell whether an indented line goes on all the same: the last of a title, or in a hanging indent."""
    if one.text.rstrip()[-1] in _ENDS or _ORDINAL.match(other.text):
        return False
    middle = (other.left + other.right - setting.left - setting.right) / 2
    is_title = one.size > _TITLE * setting.size and abs(middle) < other.size
    indent = other.left - one.left
    return is_title or (indent > other.size if first else abs(indent) < other.size)
