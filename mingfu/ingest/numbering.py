"""Numbering: the ordinals that Word puts before paragraphs, which are not in their text.

A paragraph names a list (numId) and a level, itself or by its style; the list is an edition of an
abstract list, whose levels say how the count is written: "（%1）" in chineseCounting is （一）, （二） …
(ECMA-376 part 1, 17.9).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mingfu.ingest.markup import Element, all_of, child_of, value_of
from mingfu.ingest.ordinals import written

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    style: str
    text: str
    all_decimal: bool
    restart: int | None
    paragraph_style: str | None


@dataclass(frozen=True, slots=True)
class _List:
    abstract: str
    levels: Mapping[int, _Level]
    starts: Mapping[int, int]


class Styles:
    """The paragraph styles of a document: what each is based on, called, and numbered by."""

    def __init__(self, root: Element | None) -> None:
        self._styles = {value_of(style, "styleId"): style for style in all_of(root, "style")}
        paragraphs = (style for style in self._styles.values() if value_of(style, "type") == "paragraph")
        self._default = next((style for style in paragraphs if value_of(style, "default") in ("1", "true")), None)

    def chain(self, paragraph: Element) -> list[Element]:
        """Return the style of a paragraph and those that it is based on, nearest first."""
        named = child_of(paragraph, "pPr", "pStyle")
        style = self._default if named is None else self._styles.get(value_of(named, "val"))
        return self.bases(style)

    def bases(self, style: Element | None) -> list[Element]:
        """Return a style and those that it is based on, nearest first; a circle ends where it began."""
        chain: list[Element] = []
        while style is not None and style not in chain:
            chain.append(style)
            base = child_of(style, "basedOn")
            style = None if base is None else self._styles.get(value_of(base, "val"))
        return chain

    def named(self, style_id: str | None) -> Element | None:
        """Return the style of an id, or None."""
        return self._styles.get(style_id)


class Numbering:
    """The lists of a document, and how far each is counted."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstracts = {value_of(item, "abstractNumId"): item for item in all_of(root, "abstractNum")}
        self._nums = {value_of(item, "numId"): item for item in all_of(root, "num")}
        self._lists: dict[str, _List | None] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()

    def ordinal(self, paragraph: Element) -> str:
        """Count a paragraph and return its ordinal, or "" where it has none; bullets are none.

        To be asked once for each paragraph, in the order of the document.
        """
        number, depth = self._place(paragraph)
        known = self._list(number) if number else None
        level = known and known.levels.get(depth)
        if not number or not known or not level:
            return ""
        counts = self._count(number, known, depth)
        return "" if level.style == "bullet" else _ordinal(level, known, counts)

    def _place(self, paragraph: Element) -> tuple[str | None, int]:
        """Return the list of a paragraph and its level in it (from 0)."""
        number = depth = None
        for holder in (paragraph, *self._styles.chain(paragraph)):
            settings = child_of(holder, "pPr", "numPr")
            number = number or _value(settings, "numId")
            depth = _value(settings, "ilvl") if depth is None else depth
            if number:
                styled = None if holder is paragraph else value_of(holder, "styleId")
                return (None, 0) if number == "0" else (number, self._depth(number, depth, styled))
        return None, 0

    def _depth(self, number: str, stated: str | None, style: str | None) -> int:
        known = self._list(number) if style else None
        levels = known.levels.items() if known else ()
        linked = next((depth for depth, level in levels if level.paragraph_style == style), None)
        return _whole(stated, 0) if linked is None else linked

    def _list(self, number: str) -> _List | None:
        if number not in self._lists:
            item = self._nums.get(number)
            self._lists[number] = None if item is None else self._read_list(item)
        return self._lists[number]

    def _read_list(self, item: Element) -> _List | None:
        abstract = self._abstract(item)
        if abstract is None:
            return None
        levels = _levels(abstract)
        starts = {}
        for override in all_of(item, "lvlOverride"):
            levels |= _levels(override)
            start = _value(override, "startOverride")
            if start is not None:
                starts[_whole(value_of(override, "ilvl"), 0)] = _whole(start, 1)
        return _List(value_of(abstract, "abstractNumId") or "", levels, starts)

    def _abstract(self, item: Element) -> Element | None:
        """Return the abstract list of a list, by way of a list style where it names one."""
        abstract = self._abstracts.get(_value(item, "abstractNumId"))
        link = None if abstract is None else _value(abstract, "numStyleLink")
        if not link:
            return abstract
        numbered = child_of(self._styles.named(link), "pPr", "numPr")
        linked = self._nums.get(_value(numbered, "numId"))
        return self._abstracts.get(_value(linked, "abstractNumId"))

    def _count(self, number: str, known: _List, depth: int) -> list[int | None]:
        counts = self._counts.setdefault(known.abstract, [None] * _LEVELS)
        last = counts[depth]
        anew = depth in known.starts and (number, depth) not in self._begun
        self._begun.add((number, depth))
        if anew:
            counts[depth] = known.starts[depth]
        else:
            counts[depth] = known.levels[depth].start if last is None else last + 1
        for deeper in range(depth + 1, _LEVELS):
            level = known.levels.get(deeper)
            if level is None or level.restart is None or depth < level.restart:
                counts[deeper] = None
        return counts


def _ordinal(level: _Level, known: _List, counts: list[int | None]) -> str:
    def number(match: re.Match[str]) -> str:
        depth = int(match[1]) - 1
        other = known.levels.get(depth, level)
        if other.style == "none":
            return ""
        count = counts[depth]
        return written(other.start if count is None else count, "decimal" if level.all_decimal else other.style)

    return _PLACE.sub(number, level.text).strip()


def _levels(holder: Element) -> dict[int, _Level]:
    levels = {_whole(value_of(item, "ilvl"), 0): _level(item) for item in all_of(holder, "lvl")}
    return {depth: level for depth, level in levels.items() if 0 <= depth < _LEVELS}


def _level(item: Element) -> _Level:
    styles = [value_of(style, "val") for style in all_of(item, "numFmt")]  # the last stands for those not understood
    legal = child_of(item, "isLgl")
    restart = _value(item, "lvlRestart")
    return _Level(
        start=_whole(_value(item, "start"), 0),
        style=(styles[-1:] or ["decimal"])[0] or "decimal",
        text=_value(item, "lvlText") or "",
        all_decimal=legal is not None and value_of(legal, "val") not in ("0", "false"),
        restart=None if restart is None else _whole(restart, 0),
        paragraph_style=_value(item, "pStyle"),
    )


def _value(holder: Element | None, name: str) -> str | None:
    child = child_of(holder, name)
    return None if child is None else value_of(child, "val")


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < _LEVELS else otherwise
