"""Tabbed lines: tables as they come out where a table is saved or copied as plain text.

Two lines or more with the same number of tabs are a table where a figure stands in it.  Which cells were
merged is lost; where cells of the heads are empty they would be guesses, and no cell gets any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from mingfu.ingest.grid import TableCell, heads_of
from mingfu.model import Cell, Place, Span

_LINE = re.compile(r"[^\r\n]*[^\s\r\n]\t[^\r\n]*")
_CELL = re.compile(r"[^\t]*")
_FIGURE = re.compile(r"[-+－]?[\d０-９][\d０-９,，.．]*\s*[^\d０-９\s]{0,3}")

Row = list[Span]


def places_of(text: str) -> Iterator[Place]:
    """Yield the places of the cells of all tables of a text, in order."""
    if "\t" not in text:
        return
    number = 0
    for rows in _runs(text):
        if len(rows) > 1 and any(_FIGURE.fullmatch(text[start:end]) for row in rows for start, end in row[1:]):
            number += 1
            yield from _places(text, rows, number)


def _runs(text: str) -> Iterator[list[Row]]:
    """Yield the rows of successive lines with the same number of tabs; only a run of one has none."""
    lines = ((match, match[0].count("\t")) for match in re.finditer(r"(?m)^[^\r\n]*", text))
    for tabs, run in groupby(lines, lambda line: line[1] if _LINE.fullmatch(line[0][0]) else 0):
        if tabs:
            yield [_cells(match) for match, _ in run]


def _cells(line: re.Match[str]) -> Row:
    """Return where the cells of a line are, without the blanks around them."""
    cells, start = [], line.start()
    for part in line[0].split("\t"):
        left = start + len(part) - len(part.lstrip())
        cells.append((left, max(left, start + len(part.rstrip()))))
        start += len(part) + 1
    return cells


def _places(text: str, rows: Sequence[Row], number: int) -> Iterator[Place]:
    spans = [span for row in rows for span in row]
    cells = [TableCell(text[slice(*span)], r, c) for r, row in enumerate(rows) for c, span in enumerate(row)]
    certain = all(start < end for row in _head(text, rows) for start, end in row)
    heads = heads_of(cells) if certain else [((), ())] * len(cells)
    for cell, (start, end), (left, top) in zip(cells, spans, heads, strict=True):
        if start < end:
            beside, above = (tuple(spans[head] for head in side) for side in (left, top))
            yield Place(start, end, cell=Cell(number, cell.row + 1, cell.column + 1, beside, above))


def _head(text: str, rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows above the first with a figure."""
    for row in rows:
        if any(_FIGURE.fullmatch(text[start:end]) for start, end in row[1:]):
            return
        yield row
