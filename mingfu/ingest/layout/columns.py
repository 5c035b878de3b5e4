"""Reading order: where a page is set in columns, the left one is read before the right one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import fmean

from mingfu.ingest.layout.lines import Line, line_of

_LEAST_LINES = 3  # on each side
_LEAST_FILL = 0.6  # of a column's width: the cells of a table without rules are shorter

Rows = Sequence[list[Line]]


def columns_of(rows: Rows) -> Iterator[list[Line]]:
    """Yield the lines column by column, in reading order; what runs across all columns parts them."""
    for start in range(len(rows)):
        for gap in _gaps(rows, start):
            end, middle = _gutter(rows, start, gap)
            left = [[piece for piece in row if piece.right <= middle] for row in rows[start:end]]
            right = [[piece for piece in row if piece.left >= middle] for row in rows[start:end]]
            if _is_column(left) and _is_column(right):
                if start:
                    yield whole_lines(rows[:start])
                for part in (left, right, rows[end:]):
                    yield from columns_of([row for row in part if row])
                return
    yield whole_lines(rows)


def _gaps(rows: Rows, start: int) -> Iterator[tuple[float, float]]:
    """Yield where a piece of a row ends and the next begins, which may stand a little lower."""
    beside = [*rows[start], *rows[start + 1][:1]] if start + 1 < len(rows) else rows[start]
    for one, other in pairwise(beside):
        if one.right < other.left:
            yield one.right, other.left


def _gutter(rows: Rows, start: int, gap: tuple[float, float]) -> tuple[int, float]:
    """Return where the rows end that leave a gap free from row `start` on, and the gap's middle."""
    left, right = gap
    for end in range(start, len(rows)):
        edges = [float("-inf"), *(edge for piece in rows[end] for edge in (piece.left, piece.right)), float("inf")]
        gaps = [(max(left, a), min(right, b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        widest = max(gaps, key=lambda gap: gap[1] - gap[0])
        if widest[1] - widest[0] < rows[end][0].size:
            return end, (left + right) / 2
        left, right = widest
    return len(rows), (left + right) / 2


def _is_column(rows: Rows) -> bool:
    pieces = [piece for row in rows for piece in row]
    if len(pieces) < _LEAST_LINES:
        return False
    width = max(piece.right for piece in pieces) - min(piece.left for piece in pieces)
    return fmean(piece.right - piece.left for piece in pieces) >= _LEAST_FILL * width


def whole_lines(rows: Rows) -> list[Line]:
    """Return a line for each row, whatever gaps it has."""
    return [row[0] if len(row) == 1 else _joined(row) for row in rows]


def _joined(row: list[Line]) -> Line:
    return line_of([glyph for piece in row for glyph in piece.glyphs], len(row))
