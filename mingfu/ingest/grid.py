"""Tables: which cells head which.

Rows without figures at the top of a table, or after rows with figures, head the columns beneath them;
words in a row with figures head the figures to their right; a cell as wide as the table is a title of
what follows.  So the three tables in one that the disclosure reports have are each read with their own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# A figure may carry a sign of its own or a short measure word: 12, 1,024, 98.5%, 12件, －; but 3.其他 is no figure.
_FIGURE = re.compile(
    r"[-+－]?[\d０-９][\d０-９,，.．、]*(?:(?<![.．、])\s*[^\d０-９\s.．、][^\d０-９\s]{0,2})?|[-－—–/\\]*"
)
_YEAR = re.compile(r"(?:19|20)\d{2}(?:年|年度)?")
_DEEPEST = 4  # heads above or beside a cell
_WIDEST = 1000  # columns that a cell can reach over


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a table: its place in the grid (from 0), over how many rows and columns it reaches, and its page."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    confidence: float | None = None
    page: int | None = None


Indexes = tuple[int, ...]


def heads_of(cells: Sequence[TableCell]) -> list[tuple[Indexes, Indexes]]:
    """Return for each cell the indexes of the cells that head its row, from the left, and its column, from the top.

    `cells` are in the order of their rows and columns.  Words have no heads; a title heads columns.
    """
    heads: list[tuple[Indexes, Indexes]] = [((), ())] * len(cells)
    width = max((cell.column + cell.columns for cell in cells), default=0)
    columns: dict[int, list[int]] = defaultdict(list)
    title: Indexes = ()
    reaching: list[int] = []
    below_figures = False
    for row in _rows(cells):
        reaching = [index for index in reaching if cells[index].row + cells[index].rows > cells[row[0]].row]
        words = [index for index in row if not is_figure(cells[index].text, below_figures or bool(columns))]
        if len(row) == 1 and words and cells[row[0]].columns == width > 1:
            title = (row[0],)
        elif len(words) == len(row) or (len(words) > 1 and words == row[1:] and not cells[row[0]].text):
            if below_figures:
                columns.clear()
            below_figures = False
            _put_above(columns, cells, words)
        else:
            below_figures = True
            left = sorted((*reaching, *words), key=lambda index: cells[index].column)
            places = [cells[index].column for index in left]
            for index in set(row) - set(words):
                end = bisect_left(places, cells[index].column)
                beside = tuple(left[max(0, end - _DEEPEST) : end])
                heads[index] = beside, (*title, *columns.get(cells[index].column, ()))
        reaching += [index for index in words if cells[index].rows > 1]
    return heads


def is_figure(text: str, below_heads: bool = True) -> bool:
    """Tell whether a cell holds a figure, or nothing; a year is one only below heads."""
    return _FIGURE.fullmatch(text) is not None and (below_heads or not _YEAR.fullmatch(text))


def _rows(cells: Sequence[TableCell]) -> Iterator[list[int]]:
    row: list[int] = []
    for index, cell in enumerate(cells):
        if row and cells[row[0]].row != cell.row:
            yield row
            row = []
        row.append(index)
    if row:
        yield row


def _put_above(columns: dict[int, list[int]], cells: Sequence[TableCell], words: Sequence[int]) -> None:
    for index in words:
        first = cells[index].column
        for column in range(first, first + min(cells[index].columns, _WIDEST)):
            columns[column] = [*columns[column], index][-_DEEPEST:]
