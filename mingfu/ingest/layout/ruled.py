"""Ruled tables: rules that cross make a grid, and squares without a rule between them are one cell."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from mingfu.ingest.layout.page import Glyph, Rule

_NEAR = 3.0  # points within which two edges are one
_MOST_RULES = 2000  # more are a drawing
_MOST_SQUARES = 20_000


@dataclass(frozen=True, slots=True)
class Box:
    """A cell: its row and column (from 0), how many of them it takes, its right edge, and what stands in it."""

    row: int
    column: int
    rows: int
    columns: int
    right: float
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table on a page: the edges of its columns and rows, and its cells by row and column."""

    page: int
    across: tuple[float, ...]
    down: tuple[float, ...]
    boxes: tuple[Box, ...] = ()


def tables_of(rules: Sequence[Rule], glyphs: Sequence[Glyph], page: int) -> tuple[list[Ruled], list[Glyph]]:
    """Return the tables with at least two cells and something in them, from top to bottom, and what stands in none."""
    merged = _merge(rules)
    loose = list(glyphs)
    tables: list[Ruled] = []
    for group in _touching(merged) if len(merged) <= _MOST_RULES else ():
        edges = _edges(group)
        if edges is None:
            continue
        table = _table(group, Ruled(page, *edges), loose)
        if len(table.boxes) > 1 and any(box.glyphs for box in table.boxes):
            tables.append(table)
            loose = [glyph for glyph in loose if not _holds(table, glyph)]
    return sorted(tables, key=lambda table: table.down[0]), loose


def _holds(table: Ruled, glyph: Glyph) -> bool:
    x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
    return table.across[0] <= x < table.across[-1] and table.down[0] <= y < table.down[-1]


def _merge(rules: Iterable[Rule]) -> list[Rule]:
    """Return the rules with those that lie in one another's line and touch made one."""
    merged: list[Rule] = []
    for across in (True, False):
        ordered = sorted((rule for rule in rules if rule.across is across), key=lambda rule: rule.at)
        for line in _clusters(ordered):
            at = sum(rule.at for rule in line) / len(line)
            first, *others = sorted(line, key=lambda rule: rule.start)
            start, end = first.start, first.end
            for rule in others:
                if rule.start > end + _NEAR:
                    merged.append(Rule(across, at, start, end))
                    start = rule.start
                end = max(end, rule.end)
            merged.append(Rule(across, at, start, end))
    return merged


def _clusters(ordered: Sequence[Rule]) -> Iterator[list[Rule]]:
    cluster: list[Rule] = []
    for rule in ordered:
        if cluster and rule.at - cluster[0].at > _NEAR:
            yield cluster
            cluster = []
        cluster.append(rule)
    if cluster:
        yield cluster


def _touching(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Return the groups of rules that cross or touch, directly or by others; the shorter first: tables in tables."""
    left = set(range(len(rules)))
    groups: list[list[Rule]] = []
    while left:
        group, reached = [], [left.pop()]
        while reached:
            one = rules[reached.pop()]
            group.append(one)
            near = [other for other in left if _cross(one, rules[other])]
            left.difference_update(near)
            reached += near
        groups.append(group)
    return sorted(groups, key=lambda group: max(rule.end - rule.start for rule in group))


def _cross(one: Rule, other: Rule) -> bool:
    return one.across is not other.across and _meets(one, other.at) and _meets(other, one.at)


def _meets(rule: Rule, at: float) -> bool:
    return rule.start - _NEAR <= at <= rule.end + _NEAR


def _edges(group: Sequence[Rule]) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    """Return the edges of columns and rows; where a table is open at a side, its rules' ends close it."""
    flat = [rule for rule in group if rule.across]
    upright = [rule for rule in group if not rule.across]
    if not flat or not upright:
        return None
    across = _distinct([rule.at for rule in upright] + [end for rule in flat for end in (rule.start, rule.end)])
    down = _distinct([rule.at for rule in flat] + [end for rule in upright for end in (rule.start, rule.end)])
    if len(across) < 2 or len(down) < 2 or len(across) * len(down) > _MOST_SQUARES:
        return None
    return across, down


def _distinct(edges: Sequence[float]) -> tuple[float, ...]:
    kept: list[float] = []
    for edge in sorted(edges):
        if not kept or edge - kept[-1] > _NEAR:
            kept.append(edge)
    return tuple(kept)


def _table(group: Sequence[Rule], grid: Ruled, glyphs: Sequence[Glyph]) -> Ruled:
    region = _regions(group, grid.across, grid.down)
    squares: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for square, name in region.items():
        squares[name].append(square)
    inside: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        if _holds(grid, glyph):
            row = bisect(grid.down, (glyph.top + glyph.bottom) / 2) - 1
            column = bisect(grid.across, (glyph.left + glyph.right) / 2) - 1
            inside[region[row, column]].append(glyph)
    boxes = [_box(members, grid.across, inside[name]) for name, members in squares.items()]
    return replace(grid, boxes=tuple(sorted(boxes, key=lambda box: (box.row, box.column))))


def _box(squares: Sequence[tuple[int, int]], across: Sequence[float], glyphs: Sequence[Glyph]) -> Box:
    rows = [row for row, _ in squares]
    columns = [column for _, column in squares]
    top, left = min(rows), min(columns)
    right = across[max(columns) + 1]
    return Box(top, left, max(rows) - top + 1, max(columns) - left + 1, right, tuple(glyphs))


def _regions(group: Sequence[Rule], across: Sequence[float], down: Sequence[float]) -> dict[tuple[int, int], int]:
    """Return for each square of the grid the name of its cell: the number of its first square."""
    middles_down = [(top + bottom) / 2 for top, bottom in pairwise(down)]
    middles_across = [(left + right) / 2 for left, right in pairwise(across)]
    uprights = [[rule for rule in group if not rule.across and _is_at(rule, edge)] for edge in across]
    flats = [[rule for rule in group if rule.across and _is_at(rule, edge)] for edge in down]
    width = len(middles_across)
    names = list(range(len(middles_down) * width))
    for row, column in product(range(len(middles_down)), range(width)):
        square = row * width + column
        if column and not any(rule.start <= middles_down[row] <= rule.end for rule in uprights[column]):
            _join(names, square - 1, square)
        if row and not any(rule.start <= middles_across[column] <= rule.end for rule in flats[row]):
            _join(names, square - width, square)
    return {divmod(square, width): _name(names, square) for square in range(len(names))}


def _is_at(rule: Rule, edge: float) -> bool:
    return abs(rule.at - edge) <= _NEAR


def _join(names: list[int], one: int, other: int) -> None:
    low, high = sorted((_name(names, one), _name(names, other)))
    names[high] = low


def _name(names: list[int], square: int) -> int:
    while names[square] != square:
        names[square] = square = names[names[square]]
    return square
