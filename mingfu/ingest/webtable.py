"""Tables of pages: which are tables and which only lay the page out, and their cells in the grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mingfu.ingest.blocks import Block
from mingfu.ingest.cells import MOST_COLUMNS, FullCell, table_blocks
from mingfu.ingest.markup import Element
from mingfu.ingest.reading import File

_LONGEST_CELL = 600  # characters; longer ones are texts that a table puts side by side


def is_data_table(table: Element) -> bool:
    """Tell whether a table has rows and columns of its own, rather than placing parts of the page."""
    if table.get("role") in ("presentation", "none") or table.find(".//table") is not None:
        return False
    rows = list(table.iter("tr"))
    cells = [len(list(_cells_of(row))) for row in rows]
    if len(rows) < 2 or max(cells, default=0) < 2:
        return False
    return all(len("".join(cell.itertext())) <= _LONGEST_CELL for row in rows for cell in _cells_of(row))


def table_of(table: Element, lines_of: Callable[[Element], list[Any]], file: File) -> Iterator[Block]:
    """Yield the caption of a table and the table; rowspan and colspan become the reach of a cell.

    Raise InputError E_TOO_LARGE where it has more columns than a browser lets a cell reach over.
    """
    for caption in table.iter("caption"):
        yield from (line.block for line in lines_of(caption))
    rows = list(table.iter("tr"))
    cells: list[FullCell] = []
    taken: dict[int, int] = {}  # the first row below, by column
    for number, row in enumerate(rows):
        column = 0
        for item in _cells_of(row):
            while taken.get(column, 0) > number:
                column += 1
            height, width = _span(item, "rowspan", len(rows) - number), _span(item, "colspan", MOST_COLUMNS)
            cells.append(FullCell(number, column, height, width, [line.block for line in lines_of(item)]))
            taken |= dict.fromkeys(range(column, column + width), number + height)
            column += width
            if column > MOST_COLUMNS:
                raise file.error("E_TOO_LARGE", f"a table in it has more than {MOST_COLUMNS:,} columns")
    yield from table_blocks(cells)


def _cells_of(row: Element) -> Iterator[Element]:
    yield from row.iterchildren("td", "th")


def _span(item: Element, name: str, most: int) -> int:
    """Return over how many rows or columns a cell reaches; 0 is to the last row, and no number of columns."""
    stated = item.get(name, "1").strip()
    if not stated.isdecimal() or len(stated) > len(str(MOST_COLUMNS)) + 2:
        return 1
    return min(int(stated) or (most if name == "rowspan" else 1), most)
