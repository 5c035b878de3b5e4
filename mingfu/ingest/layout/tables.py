"""Tables: what stands in the cells, and the parts of a table that goes on over pages."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from itertools import pairwise, takewhile

from mingfu.ingest.blocks import Table
from mingfu.ingest.grid import TableCell, is_figure
from mingfu.ingest.layout.columns import whole_lines
from mingfu.ingest.layout.lines import rows_of, sureness
from mingfu.ingest.layout.paragraphs import is_full, joints
from mingfu.ingest.layout.ruled import Box, Ruled

_NEAR = 6.0  # points by which the edges of a table may move from one page to the next


def goes_on(one: Ruled, other: Ruled) -> bool:
    """Tell whether a table at the top of a page has the columns of the one that the page before it ended with."""
    few, many = sorted((one.across, other.across), key=len)
    ends = all(abs(few[end] - many[end]) <= _NEAR for end in (0, -1))
    return ends and all(min(abs(edge - near) for near in many) <= _NEAR for edge in few)


def table_block(parts: Sequence[Ruled]) -> Table:
    """Return the table whose parts stand on successive pages."""
    edges = max((part.across for part in parts), key=len)
    cells: list[TableCell] = []
    for part in parts:
        cells = _added(cells, [_cell(box, part, edges) for box in part.boxes])
    return Table(tuple(cells), cells[0].page)


def _cell(box: Box, part: Ruled, edges: Sequence[float]) -> TableCell:
    first, last = (_nearest(part.across[column], edges) for column in (box.column, box.column + box.columns))
    return TableCell(_text(box), box.row, first, box.rows, last - first, sureness(box.glyphs), part.page)


def _nearest(edge: float, edges: Sequence[float]) -> int:
    return min(range(len(edges)), key=lambda index: abs(edges[index] - edge))


def _text(box: Box) -> str:
    """Return the text of a cell; figures beneath one another are one only where the upper one had no room."""
    lines = whole_lines(rows_of(box.glyphs))
    text = lines[0].text if lines else ""
    for last, line in pairwise(lines):
        apart = last.text[-1].isdigit() and line.text[0].isdigit() and not is_full(last, box.right, line.text)
        text = f"{text} {line.text}" if apart else "".join(joints((text, line.text)))
    return text


def _added(cells: Sequence[TableCell], more: Sequence[TableCell]) -> list[TableCell]:
    """Return the cells with those of the next page below them, without the heads printed anew."""
    if not cells:
        return list(more)
    height = max(cell.row + cell.rows for cell in cells)
    pairs = zip(_rows(cells), _rows(more), strict=False)
    repeated = len(list(takewhile(lambda pair: any(pair[0]) and pair[0] == pair[1], pairs)))
    below = [replace(cell, row=cell.row - repeated + height) for cell in more if cell.row >= repeated]
    words = {(cell.row, cell.column) for cell in (*cells, *below) if not is_figure(cell.text)}
    parted = {
        index: other for index, cell in enumerate(cells) for other in below if _is_rest(cell, other, height, words)
    }
    whole = [
        replace(cell, text="".join(joints((cell.text, rest.text))), rows=cell.rows + rest.rows)
        if (rest := parted.get(index))
        else cell
        for index, cell in enumerate(cells)
    ]
    return whole + [cell for cell in below if cell not in parted.values()]


def _rows(cells: Sequence[TableCell]) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(max(cell.row for cell in cells) + 1)]
    for cell in cells:
        rows[cell.row].append(cell.text)
    return rows


def _is_rest(cell: TableCell, other: TableCell, height: int, words: Set[tuple[int, int]]) -> bool:
    """Tell whether the end of a page parted a cell that reaches over rows.

    Where it left one row on each page, the lower part looks like an empty cell; to the left of words it is none.
    """
    beneath = cell.row + cell.rows == height == other.row
    same_column = (cell.column, cell.columns) == (other.column, other.columns)
    reaches = max(cell.rows, other.rows) > 1
    heads = {(cell.row, cell.column), (other.row, other.column + other.columns)} <= words
    return beneath and same_column and (reaches or heads) and (not other.text or min(cell.rows, other.rows) > 1)
