"""The outline: the sections 一、 / (一) / 1. / (1) / 一是 of a text, nested, with their spans.

An ordinal at the start of a line opens a section.  Texts copied from web pages often come as one
single line; there, an ordinal within the line opens a section only where it goes on with a sequence
(三 after 二) or begins one (its successor follows before a higher ordinal), so that 1.5% or a
quoted （一） does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mingfu.ingest.dates import CHINESE, matches_at, read_numeral
from mingfu.ingest.signature import find_signature
from mingfu.model import Section
from mingfu.script import fold

# （一） in a citation: 第三条（一）项规定, （一）、（二）.
_CITED = r"(?!(?:[项款条](?:[的之所中和及、,。;]|规定)|[、,;。)\]”》]))"
# From the highest level to the lowest; the names are the groups of the pattern.
_KINDS = ("chapter", "part", "item", "point", "remark")
_WRITTEN = {"chapter": "{}", "part": "({})", "item": "{}", "point": "({})", "remark": "{}是"}
_ORDINAL = re.compile(
    rf"(?P<chapter>{CHINESE}) ?[、.](?!{CHINESE}[、是])"
    rf"|\( ?(?P<part>{CHINESE}) ?\){_CITED}"
    rf"|(?<![\d.%第/-])(?P<item>[1-9]\d?) ?[.、](?!\d(?!\d{{3}}年)|\.)"
    rf"|\( ?(?P<point>[1-9]\d?) ?\){_CITED}"
    rf"|(?P<remark>{CHINESE})是"
)
_FIRST = re.compile("[(一二三四五六七八九十1-9](?=[ 一二三四五六七八九十0-9]{0,5}[、.)是])")
_HEADING_ENDS, _REMARK_ENDS = re.compile(r"[\n。]"), re.compile(r"[\n。,;]")
_BOUNDARY = frozenset("。;:!?… \t\r\n”)》")
_OPENING = frozenset("“‘《<[\"'(")
# 统一是, 唯一是, 其一是 … are words, not ordinals.
_WORDS_BEFORE_ONE = frozenset("统唯单第专同不万其逐如之")


class _Ordinal(NamedTuple):
    level: int
    number: int
    written: str
    start: int
    end: int
    opens_line: bool
    bounded: bool


def outline(text: str) -> tuple[Section, ...]:
    """Return the sections of `text`, sorted by start; a section holds the lower ones that follow it.

    A section ends where the next one of its own or a higher level begins, at the latest where the body
    of the text ends; 一是 within a paragraph ends with the paragraph at the latest.
    """
    folded = fold(text)
    end = find_signature(folded).start
    ordinals = _accepted([ordinal for ordinal in _ordinals(folded) if ordinal.start < end])
    starts = [ordinal.start for ordinal in ordinals] + [end]
    limits = zip(starts[1:], _ends(ordinals, folded, end), _paths(ordinals), strict=True)
    return tuple(
        Section(path, _heading(text, folded, ordinal, limit), ordinal.start, stop)
        for ordinal, (limit, stop, path) in zip(ordinals, limits, strict=True)
    )


def _ordinals(folded: str) -> Iterator[_Ordinal]:
    """Yield whatever has the form of an ordinal and stands where one may stand."""
    for match in matches_at(_ORDINAL, _FIRST, folded):
        kind = str(match.lastgroup)
        place = match.start()
        while place and folded[place - 1] in " \t\r":
            place -= 1
        opens_line = place == 0 or folded[place - 1] == "\n"
        last = "\n" if opens_line else folded[match.start() - 1]
        bounded = last in _BOUNDARY or (kind == "remark" and last in ",、")
        if last in _OPENING or (kind == "chapter" and not bounded) or (kind == "remark" and last in _WORDS_BEFORE_ONE):
            continue
        yield _Ordinal(
            _KINDS.index(kind),
            read_numeral(match[kind]),
            _WRITTEN[kind].format(match[kind]),
            match.start(),
            match.end(),
            opens_line,
            bounded,
        )


def _accepted(ordinals: Sequence[_Ordinal]) -> list[_Ordinal]:
    """Return the ordinals that open a section: those at the start of a line and those in a sequence."""
    accepted: list[_Ordinal] = []
    last: dict[int, int] = {}
    for ordinal, has_next in zip(ordinals, _has_successor(ordinals), strict=True):
        previous = last.get(ordinal.level)
        goes_on = previous is not None and ordinal.number == previous + 1
        begins = has_next and (ordinal.number == 1 or (ordinal.bounded and previous is None))
        if ordinal.opens_line or begins or (goes_on and (ordinal.bounded or _KINDS[ordinal.level] != "remark")):
            last = {level: number for level, number in last.items() if level < ordinal.level}
            last[ordinal.level] = ordinal.number
            accepted.append(ordinal)
    return accepted


def _has_successor(ordinals: Sequence[_Ordinal]) -> list[bool]:
    """Tell of each ordinal whether the next number of its kind follows before a higher ordinal does.

    A lone one (一、 above the only chapter of a report) counts where a lower 一 comes right after it.
    """
    following: dict[int, set[int]] = {level: set() for level in range(len(_KINDS))}
    answers = []
    after: _Ordinal | None = None
    for ordinal in reversed(ordinals):
        above_one = ordinal.bounded and after is not None and after.number == 1 and after.level > ordinal.level
        answers.append(above_one or ordinal.number + 1 in following[ordinal.level])
        after = ordinal
        following[ordinal.level].add(ordinal.number)
        if ordinal.bounded:
            for level in range(ordinal.level + 1, len(_KINDS)):
                following[level].clear()
    return answers[::-1]


def _paths(ordinals: Sequence[_Ordinal]) -> list[str]:
    paths = []
    above: list[_Ordinal] = []
    for ordinal in ordinals:
        while above and above[-1].level >= ordinal.level:
            above.pop()
        above.append(ordinal)
        paths.append("/".join(other.written for other in above))
    return paths


def _ends(ordinals: Sequence[_Ordinal], folded: str, end: int) -> list[int]:
    """Return where the section of each ordinal ends."""
    next_start = [end] * len(_KINDS)
    ends = []
    for ordinal in reversed(ordinals):
        stop = min(next_start[: ordinal.level + 1])
        if _KINDS[ordinal.level] == "remark" and not ordinal.opens_line:
            line_end = folded.find("\n", ordinal.start) + 1
            stop = min(stop, line_end or stop)
        ends.append(stop)
        next_start[ordinal.level] = ordinal.start
    return ends[::-1]


def _heading(text: str, folded: str, ordinal: _Ordinal, limit: int) -> str:
    """Return the words after an ordinal, up to the first full stop (一是: the first comma) or the line's end."""
    stop = (_REMARK_ENDS if _KINDS[ordinal.level] == "remark" else _HEADING_ENDS).search(folded, ordinal.end, limit)
    return text[ordinal.end : stop.start() if stop else limit].strip()
