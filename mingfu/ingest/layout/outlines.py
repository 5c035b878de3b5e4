"""Outlines: which straight lines across or down a page a drawn shape shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from mingfu.ingest.layout.page import Rule

_THIN = 3.0  # points: a filled shape no thicker is a line
_SHORT = 4.0  # points: a shorter line is no rule

Point = tuple[float, float]


def rules_of(points: Sequence[Point], stroked: bool, filled: bool) -> Iterator[Rule]:
    """Yield the rules of an outline: the sides of one that is drawn, and one itself that is as thin as a line."""
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    if min(right - left, bottom - top) <= _THIN and (filled or stroked):
        yield from _rule((left, top), (right, bottom))
    elif stroked:
        for one, other in pairwise(points):
            yield from _rule(one, other)


def _rule(one: Point, other: Point) -> Iterator[Rule]:
    (x0, x1), (y0, y1) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    if max(x1 - x0, y1 - y0) >= _SHORT and min(x1 - x0, y1 - y0) <= _THIN:
        across = x1 - x0 > y1 - y0
        yield Rule(across, (y0 + y1) / 2, x0, x1) if across else Rule(across, (x0 + x1) / 2, y0, y1)
