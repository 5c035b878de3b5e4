"""CSV as published: RFC 4180 with as few quotes as it allows, written a batch of rows at a time.

Arrow's writer knows to quote all texts or none, and writes large numbers with exponents.  So texts that
need quotes come to it with control characters instead of what it would object to, which are then
replaced in its output; numbers come as text.  What holds such control characters Python writes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import compute
from pyarrow import csv as arrow_csv

Cell = str | int | float | bool | date | None
Numpy = npt.NDArray[Any]
BATCH = 1 << 16
_OPTIONS = arrow_csv.WriteOptions(include_header=False, quoting_style="none", eol="\r\n", batch_size=BATCH)
_SPECIAL = '",\r\n'
_STAND_INS = "\1\2\3\4"
_MEANT = np.frombuffer(f"\0{_SPECIAL}".encode(), np.uint8)
_IS_SPECIAL, _IS_STAND_IN = (
    np.isin(np.arange(256), np.frombuffer(marks.encode(), np.uint8)) for marks in (_SPECIAL, _STAND_INS)
)


def write_csv(path: Path, table: pa.Table) -> None:
    """Write a table as CSV: CRLF, dates in ISO 8601, true and false, numbers in full, nothing for null."""
    with path.open("wb") as file:
        file.write(_by_python([table.column_names]))
        for batch in table.to_batches(max_chunksize=BATCH):
            file.write(_lines(batch))


def _lines(batch: pa.RecordBatch) -> bytes | memoryview:
    columns = [_text(column) for column in batch.columns]
    # In a table of one column an empty cell needs quotes: a line with nothing on it would be no row.
    if len(columns) == 1 or any(column is None for column in columns):
        return _by_python(zip(*map(_cells, batch.columns), strict=True))
    sink = pa.BufferOutputStream()
    arrow_csv.write_csv(pa.RecordBatch.from_arrays(columns, names=batch.schema.names), sink, _OPTIONS)
    lines = np.frombuffer(sink.getvalue(), np.uint8)
    hidden = np.flatnonzero(lines < len(_MEANT))
    if len(hidden):
        lines = lines.copy()
        lines[hidden] = _MEANT[lines[hidden]]
    return lines.data


def _text(column: pa.Array) -> pa.Array | None:
    """Return a column as Arrow can write it, None where it cannot."""
    if pa.types.is_string(column.type):
        return _quoted(column)
    return _numerals(column) if pa.types.is_floating(column.type) else column


def _quoted(column: pa.Array) -> pa.Array | None:
    """Quote the texts that need it, in stand-ins; return None where a text holds one of those."""
    ends, content = _content(column)
    places = np.flatnonzero(content <= ord(max(_SPECIAL)))
    found = content[places]
    if _IS_STAND_IN[found].any():
        return None
    return _replaced(column, np.searchsorted(ends, places[_IS_SPECIAL[found]], "right"), _in_quotes)


def _in_quotes(texts: pa.Array) -> pa.Array:
    texts = compute.replace_substring(texts, '"', '""')
    for mark, other in zip(_SPECIAL, _STAND_INS, strict=True):
        texts = compute.replace_substring(texts, mark, other)
    return compute.binary_join_element_wise(_STAND_INS[0], texts, _STAND_INS[0], "")


def _numerals(column: pa.Array) -> pa.Array:
    """Write numbers in full: Arrow's 1e+15, inf and nan hold letters.  Adding zero turns -0 into 0."""
    text = compute.cast(compute.add(column, 0.0), pa.string())
    ends, content = _content(text)
    rows = np.searchsorted(ends, np.flatnonzero(content >= ord("a")), "right")
    return _replaced(text, rows, lambda numerals: pa.array(map(_full, map(float, numerals.to_pylist())), pa.string()))


def _content(text: pa.Array) -> tuple[Numpy, Numpy]:
    """Return where each string of an array ends, and the bytes of all of them, end to end."""
    _, offsets, content = text.buffers()
    bounds = np.frombuffer(offsets, np.int32)[text.offset : text.offset + len(text) + 1]
    return bounds[1:] - bounds[0], np.frombuffer(content or b"", np.uint8)[bounds[0] : bounds[-1]]


def _replaced(column: pa.Array, rows: Numpy, replace: Callable[[pa.Array], pa.Array]) -> pa.Array:
    if not len(rows):
        return column
    found = np.zeros(len(column), bool)
    found[rows] = True
    return compute.replace_with_mask(column, pa.array(found), replace(column.filter(pa.array(found))))


def _by_python(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _cells(column: pa.Array) -> Iterator[str]:
    return map(_cell, column.to_pylist())


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _full(value) if isinstance(value, float) else str(value)


def _full(value: float) -> str:
    return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}"
