"""CSV as published: RFC 4180 with as few quotes as it allows, written a batch of rows at a time.

Arrow's writer knows to quote all texts or none, and writes large numbers with exponents.  So texts that
need quotes come to it with control characters instead of what it would object to, which are then
replaced in its output, and such numbers as text.  What holds these control characters Python writes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import compute
from pyarrow import csv as arrow_csv

Cell = str | int | float | bool | date | None
Numpy = npt.NDArray[Any]
BATCH = 1 << 14
THREADS = 2
_OPTIONS = arrow_csv.WriteOptions(include_header=False, quoting_style="none", eol="\r\n", batch_size=BATCH)
_SPECIAL, _STAND_INS = (np.frombuffer(marks, np.uint8) for marks in (b'",\r\n', b"\1\2\3\4"))
_IS_SPECIAL, _IS_STAND_IN = (np.isin(np.arange(256), marks) for marks in (_SPECIAL, _STAND_INS))
_HIDDEN, _MEANT = np.arange(256, dtype=np.uint8), np.arange(256, dtype=np.uint8)
_HIDDEN[_SPECIAL], _MEANT[_STAND_INS] = _STAND_INS, _SPECIAL
_SMALL, _LARGE = 1e-5, 1e12  # between which Arrow writes numbers in full


def write_csv(path: Path, table: pa.Table) -> None:
    """Write a table as CSV: CRLF, dates in ISO 8601, true and false, numbers in full, nothing for null."""
    batches = iter(table.to_batches(max_chunksize=BATCH))
    with path.open("wb") as file, ThreadPoolExecutor(THREADS) as threads:
        file.write(_by_python([table.column_names]))
        while some := list(islice(batches, THREADS)):
            for lines in threads.map(_lines, some):
                file.write(lines)


def _lines(batch: pa.RecordBatch) -> bytes | memoryview:
    columns = [_text(column) for column in batch.columns]
    # In a table of one column an empty cell needs quotes: a line with nothing on it would be no row.
    if len(columns) == 1 or any(column is None for column in columns):
        return _by_python(zip(*map(_cells, batch.columns), strict=True))
    sink = pa.BufferOutputStream()
    arrow_csv.write_csv(pa.RecordBatch.from_arrays(columns, names=batch.schema.names), sink, _OPTIONS)
    lines = np.frombuffer(sink.getvalue(), np.uint8)
    hidden = np.flatnonzero(lines <= _STAND_INS.max())
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
    places = np.flatnonzero(content <= _SPECIAL.max())
    found = content[places]
    if _IS_STAND_IN[found].any():
        return None
    return _replaced(column, np.searchsorted(ends, places[_IS_SPECIAL[found]], "right"), _in_quotes)


def _in_quotes(texts: pa.Array) -> pa.Array:
    _, offsets, content = compute.replace_substring(texts, '"', '""').buffers()
    hidden = pa.py_buffer(_HIDDEN[np.frombuffer(content, np.uint8)])
    texts, quote = pa.StringArray.from_buffers(len(texts), offsets, hidden), chr(_STAND_INS[0])
    return compute.binary_join_element_wise(quote, texts, quote, "")


def _numerals(column: pa.Array) -> pa.Array:
    """Write as text what Arrow would write with an exponent.  Adding zero turns -0 into 0."""
    column = compute.add(column, 0.0)
    size = np.abs(column.fill_null(0).to_numpy())
    rows = np.flatnonzero(~((size == 0) | (size >= _SMALL) & (size < _LARGE)))
    if not len(rows):
        return column
    text = compute.cast(column, pa.string())
    return _replaced(text, rows, lambda _: pa.array(map(_full, column.take(rows).to_pylist()), pa.string()))


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
