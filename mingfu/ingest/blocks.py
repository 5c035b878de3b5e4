"""Blocks: what the readers find in a file, put together to one text that keeps its places.

A paragraph is a line of the text; a row of a table is a line with its cells parted by tabs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mingfu.ingest.grid import TableCell, heads_of
from mingfu.model import Cell, Place, Span

_LINE_BREAKS = re.compile(r"[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_BLANKS = " \u3000\xa0"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, with its page (from 1) and how surely it was read (0 to 1) where that is known."""

    text: str
    page: int | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """A paragraph by its parts, each read from a page of its own or with a sureness of its own."""

    parts: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table, its cells in any order."""

    cells: tuple[TableCell, ...]
    page: int | None = None


Block = Paragraph | Table


def assemble(blocks: Iterable[Block | Lines]) -> tuple[str, tuple[Place, ...]]:
    """Return the text of the blocks and the places of its parts, in order.

    Paragraphs without any text are left out.  Blanks around a paragraph or cell are dropped, and a line
    break within one becomes a blank, so that a line of the text is a paragraph or a row.
    """
    text = _Text()
    tables = 0
    for block in blocks:
        if isinstance(block, Table):
            tables += 1
            text.add_table(block, tables)
        else:
            text.add_paragraph(block.parts if isinstance(block, Lines) else (block,))
    return "".join(text.parts), tuple(text.places)


class _Text:
    """A text that grows line by line."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.places: list[Place] = []
        self._length = 0

    def add_paragraph(self, parts: Sequence[Paragraph]) -> None:
        lines = [_LINE_BREAKS.sub(" ", part.text) for part in parts]
        lines[0] = lines[0].lstrip(_BLANKS)
        lines[-1] = lines[-1].rstrip(_BLANKS)
        if not any(lines):
            return
        for part, line in zip(parts, lines, strict=True):
            start = self._write(line)
            if line and (part.page is not None or part.confidence is not None):
                self.places.append(Place(start, self._length, part.page, None, part.confidence))
        self._write("\n")

    def add_table(self, table: Table, number: int) -> None:
        cells = sorted(
            (replace(cell, text=_one_line(cell.text)) for cell in table.cells), key=lambda cell: (cell.row, cell.column)
        )
        spans: list[Span] = []
        for index, cell in enumerate(cells):
            if index:
                self._write("\t" if cells[index - 1].row == cell.row else "\n")
            start = self._write(cell.text)
            spans.append((start, self._length))
        self._write("\n")
        heads = heads_of(cells)
        for index, cell in enumerate(cells):
            start, end = spans[index]
            if start < end:
                beside, above = (tuple(spans[head] for head in side) for side in heads[index])
                where = Cell(number, cell.row + 1, cell.column + 1, beside, above)
                self.places.append(Place(start, end, cell.page or table.page, where, cell.confidence))

    def _write(self, part: str) -> int:
        start = self._length
        self.parts.append(part)
        self._length += len(part)
        return start


def _one_line(text: str) -> str:
    return _LINE_BREAKS.sub(" ", text).strip(_BLANKS)
