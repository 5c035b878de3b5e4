"""CSV in blocks of text columns, with the rows that have too many or too few cells.

Arrow reads what it and Python's csv module cannot disagree on: quotes only around whole cells, no lone
CR, in each row as many cells as the header has.  All else is read by Python, as frictionless does.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

BLOCK = 1 << 22  # bytes that are read at a time
SMALL = 1 << 15  # bytes in which a row is looked for that Arrow cannot read
ROWS = 1 << 14
FIRST = 2  # the position of the first row: the header is row 1
_QUOTE, _RETURN, _END = b'"\r\n'
_BEFORE, _AFTER = tuple(b",\n"), tuple(b",\r\n")

Rows = tuple[list[pa.Array], Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive rows: the position of the first (a header is row 1), and the cells of each column.

    A cell that its row is too short for is null.  `widths` has the number of cells of the rows that are
    too short or too long, by their place in the block.
    """

    start: int
    columns: list[pa.Array]
    widths: Mapping[int, int]


def read_labels(path: Path) -> list[str]:
    """Return the header of a CSV file, nothing where it is empty.

    Raises ValueError or csv.Error for a file that is not UTF-8 or not CSV.
    """
    with path.open("rb") as file:
        return [label.strip() for label in next(_rows(file), [])]


def read_blocks(path: Path, width: int) -> Iterator[Block]:
    """Yield the rows below the header, `width` cells each; an empty block where there is none.

    Raises ValueError or csv.Error for a file that is not UTF-8 or not CSV.
    """
    start = 1
    with path.open("rb") as file:
        for piece in _pieces(file):
            for columns, widths in _read(piece, width):
                block = Block(start, columns, widths)
                yield block if start > 1 else _below_header(block)
                start += len(columns[0])


def _below_header(block: Block) -> Block:
    widths = {place - 1: width for place, width in block.widths.items() if place}
    return Block(FIRST, [column.slice(1) for column in block.columns], widths)


def _pieces(file: BinaryIO) -> Iterator[bytes | BinaryIO]:
    """Yield whole rows, some megabytes at a time; where quotes cannot be trusted, all the rest of the file."""
    rest, offset = b"", 0
    while data := file.read(BLOCK):
        data = rest + data
        cut = _last_end(data)
        if not _well_quoted(data[:cut]) or len(data) - cut > 4 * BLOCK:
            file.seek(offset)
            yield file
            return
        yield data[:cut]
        rest, offset = data[cut:], offset + cut
    yield rest


def _last_end(data: bytes) -> int:
    """Return where the last row ends that is whole: at a line feed with an even number of quotes before it."""
    content = np.frombuffer(data, np.uint8)
    quotes, ends = np.flatnonzero(content == _QUOTE), np.flatnonzero(content == _END)
    whole = ends[np.searchsorted(quotes, ends) % 2 == 0]
    return int(whole[-1]) + 1 if len(whole) else 0


def _well_quoted(rows: bytes) -> bool:
    """Return whether quotes stand only around whole cells and, doubled, inside them."""
    content = np.frombuffer(rows, np.uint8)
    quotes = np.flatnonzero(content == _QUOTE)
    firsts, lasts = quotes[np.diff(quotes, prepend=-2) > 1], quotes[np.diff(quotes, append=len(rows) + 1) > 1]
    # Of quotes side by side each pair is one of the text, or an empty cell.
    single = (lasts - firsts) % 2 == 0
    opening, closing = firsts[single][::2], lasts[single][1::2]
    return bool(np.isin(content[opening - 1], _BEFORE).all() and np.isin(content[closing + 1], _AFTER).all())


def _read(piece: bytes | BinaryIO, width: int) -> Iterator[Rows]:
    if not isinstance(piece, bytes):
        yield from _by_python(piece, width)
    elif columns := _by_arrow(piece, width):
        yield columns, {}
    elif len(piece) > SMALL and (middle := _last_end(piece[: len(piece) // 2])):
        yield from _read(piece[:middle], width)
        yield from _read(piece[middle:], width)
    else:
        yield from _by_python(io.BytesIO(piece), width)


def _by_python(file: BinaryIO, width: int) -> Iterator[Rows]:
    rows = _rows(file)
    while some := list[Sequence[str | None]](islice(rows, ROWS)):
        widths = {place: len(row) for place, row in enumerate(some) if len(row) != width}
        for place in widths:
            some[place] = [*some[place], *[None] * width][:width]
        yield [pa.array(column, pa.string()) for column in zip(*some, strict=True)], widths


def _by_arrow(rows: bytes, width: int) -> list[pa.Array] | None:
    """Return the columns of rows that are all `width` cells wide, else None."""
    if width < 2 or not rows.endswith(b"\n") or not _has_whole_lines(rows):
        return None
    names = [str(place) for place in range(width)]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(rows),
            arrow_csv.ReadOptions(column_names=names, block_size=len(rows), use_threads=False),
            arrow_csv.ParseOptions(newlines_in_values=True),
            arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None
    return [column.combine_chunks() for column in table.columns]


def _has_whole_lines(rows: bytes) -> bool:
    """Return whether no line is blank and every CR stands before an LF."""
    content = np.frombuffer(rows, np.uint8)
    ends, returns = np.flatnonzero(content == _END), np.flatnonzero(content == _RETURN)
    lengths = np.diff(ends, prepend=-1) - 1
    blank = (lengths == 0) | ((lengths == 1) & (content[ends - 1] == _RETURN))
    return not blank.any() and bool((content[returns + 1] == _END).all())


def _rows(file: BinaryIO) -> Iterator[list[str]]:
    csv.field_size_limit(sys.maxsize)
    with io.TextIOWrapper(file, "utf-8", newline="") as text:
        yield from csv.reader(text)
