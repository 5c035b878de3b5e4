"""Cells: tables whose cells hold paragraphs and tables of their own, as Word and web pages have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mingfu.ingest.blocks import Block, Paragraph, Table
from mingfu.ingest.grid import TableCell

MOST_COLUMNS = 1000
_IDEOGRAPHS = ("\u3400", "\u9fff")


@dataclass(slots=True)
class FullCell:
    """A cell with its blocks: its place in the grid (from 0), and over how many rows and columns it reaches."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1
    blocks: list[Block] = field(default_factory=list)


def table_blocks(cells: Sequence[FullCell]) -> Iterator[Block]:
    """Yield a table with the text of the cells, then the tables within them; a frame yields what it holds.

    A table of a single column is a frame around paragraphs.
    """
    if len({cell.column for cell in cells}) <= 1:
        for cell in cells:
            yield from cell.blocks
        return
    yield Table(tuple(TableCell(_text(cell), cell.row, cell.column, cell.rows, cell.columns) for cell in cells))
    for cell in cells:
        yield from (block for block in cell.blocks if isinstance(block, Table))


def _text(cell: FullCell) -> str:
    return joined(block.text for block in cell.blocks if isinstance(block, Paragraph))


def joined(lines: Iterable[str]) -> str:
    """Return lines as one, with a blank between them except between two ideographs.

    >>> joined(["行政", "处罚", "12", "34"])
    '行政处罚 12 34'
    """
    text = ""
    for line in filter(None, (line.strip() for line in lines)):
        within_words = text and _is_ideograph(text[-1]) and _is_ideograph(line[0])
        text += line if within_words or not text else f" {line}"
    return text


def _is_ideograph(char: str) -> bool:
    return _IDEOGRAPHS[0] <= char <= _IDEOGRAPHS[1]
