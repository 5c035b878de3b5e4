"""Furniture: headers, footers and page numbers, told by where they stand and by their coming back."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from mingfu.ingest.layout.lines import Line

_MARGIN = 0.13  # of the page's height, at the top and at the bottom
_SAME_PLACE = 8.0  # points by which it may move
_LEAST_SHARE = 0.4  # of the pages, for what stands at the top of left or right ones only
_OTHER_SIZE = 1.1  # times the type size
_MORE_SPACE = 1.3  # times the usual distance of lines
_DIGITS = re.compile(r"[\d０-９一二三四五六七八九十百]+")
_DASHES = r"[-—－–─―·•~～\s]*"
_NUMBER = re.compile(
    rf"{_DASHES}(?:第|page)?\s*(\d{{1,4}})\s*[页頁]?(?:\s*[,，/／共of]+\s*\d+\s*[页頁]?)?{_DASHES}", re.I
)


def body_lines(pages: Sequence[tuple[float, list[Line]]]) -> list[list[Line]]:
    """Return the lines of each page (given with its height) without its furniture."""
    ordered = [sorted(lines, key=lambda line: line.top) for _, lines in pages]
    distance = median([b.top - a.top for lines in ordered for a, b in pairwise(lines) if b.top > a.top] or [0.0])
    margins = [_apart(lines, height, distance) for lines, (height, _) in zip(ordered, pages, strict=True)]
    standing: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for index, lines in enumerate(margins):
        for line in lines:
            standing[_mark(line)].append((index, line.top))
    first = _first_number(margins)
    least = max(2, len(pages) * _LEAST_SHARE)
    away = {
        id(line)
        for index, lines in enumerate(margins)
        for line in lines
        if _is_number(line, index, first) or _pages_with(standing[_mark(line)], line) >= least
    }
    return [[line for line in lines if id(line) not in away] for _, lines in pages]


def _apart(lines: Sequence[Line], height: float, distance: float) -> list[Line]:
    """Return the lines in the margins of a page that do not stand as the lines of the body do."""
    body = [index for index, line in enumerate(lines) if not _in_margin(line, height)]
    first, last = (body[0], body[-1]) if body else (len(lines), len(lines))
    while 0 < first < len(lines) and _in_one_body(lines[first - 1], lines[first], distance):
        first -= 1
    while last + 1 < len(lines) and _in_one_body(lines[last], lines[last + 1], distance):
        last += 1
    return [*lines[:first], *lines[last + 1 :]]


def _in_margin(line: Line, height: float) -> bool:
    return not _MARGIN < (line.top + line.bottom) / 2 / height < 1 - _MARGIN


def _in_one_body(upper: Line, lower: Line, distance: float) -> bool:
    alike = 1 / _OTHER_SIZE < upper.size / lower.size < _OTHER_SIZE
    return alike and lower.top - upper.top <= _MORE_SPACE * distance


def _mark(line: Line) -> str:
    """Return what a line has in common with its likes on other pages."""
    return _DIGITS.sub("0", re.sub(r"\s", "", line.text))


def _pages_with(standing: Sequence[tuple[int, float]], line: Line) -> int:
    return len({index for index, top in standing if abs(top - line.top) <= _SAME_PLACE})


def _first_number(margins: Sequence[list[Line]]) -> int:
    """Return the number that the first page bears or would bear, as most pages have it."""
    firsts = Counter(
        int(match[1]) - index
        for index, lines in enumerate(margins)
        for line in lines
        if (match := _NUMBER.fullmatch(line.text.strip()))
    )
    first, count = firsts.most_common(1)[0] if firsts else (1, 0)
    return first if count > 1 else 1


def _is_number(line: Line, index: int, first: int) -> bool:
    """Tell whether a line is the number of its page; one within dashes needs no other to agree with it."""
    text = line.text.strip()
    match = _NUMBER.fullmatch(text)
    return match is not None and (int(match[1]) == first + index or not (text[0].isdigit() and text[-1].isdigit()))
