"""CSV as published: RFC 4180 with as few quotes as it allows, written a batch of rows at a time.

Arrow's own writer quotes every text, ends lines in LF and writes large numbers with exponents; here
Arrow's kernels make the text of each column and join the columns into lines, on two threads.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import compute

Numpy = npt.NDArray[Any]
BATCH = 1 << 14
THREADS = 2
_END = b"\r\n"
_SPECIAL = np.frombuffer(b'\n\r",', np.uint8)


def write_csv(path: Path, table: pa.Table) -> None:
    """Write a table as CSV: CRLF, dates in ISO 8601, true and false, numbers in full, nothing for null."""
    # A line with nothing on it would be no row.
    empty = '""' if table.num_columns == 1 else ""
    batches = iter(table.to_batches(max_chunksize=BATCH))
    with path.open("wb") as file, ThreadPoolExecutor(THREADS) as threads:
        file.write(_lines([_quoted(pa.array([name])) for name in table.column_names])[len(_END) :])
        while some := list(islice(batches, THREADS)):
            for lines in threads.map(partial(_format, empty=empty), some):
                file.write(lines)
        file.write(_END)


def _format(batch: pa.RecordBatch, empty: str) -> memoryview:
    return _lines([_filled(_text(column), empty) for column in batch.columns])


def _lines(columns: list[pa.Array]) -> memoryview:
    """Return rows as they stand in the file, each after an end of line: the strings of an array lie end to end."""
    first, *others = columns
    lines = compute.binary_join_element_wise(compute.binary_join_element_wise(_END.decode(), first, ""), *others, ",")
    return _content(lines)[1].data


def _content(text: pa.Array) -> tuple[Numpy, Numpy]:
    """Return where each string of an array ends, and the bytes of all of them."""
    _, offsets, content = text.buffers()
    bounds = np.frombuffer(offsets, np.int32)[text.offset : text.offset + len(text) + 1]
    return bounds[1:] - bounds[0], np.frombuffer(content or b"", np.uint8)[bounds[0] : bounds[-1]]


def _text(column: pa.Array) -> pa.Array:
    if pa.types.is_string(column.type):
        return _quoted(column)
    if pa.types.is_floating(column.type):
        return _numerals(column)
    return compute.cast(column, pa.string())


def _filled(text: pa.Array, empty: str) -> pa.Array:
    filled = compute.fill_null(text, empty) if text.null_count else text
    return compute.if_else(compute.equal(filled, ""), empty, filled) if empty else filled


def _quoted(column: pa.Array) -> pa.Array:
    ends, content = _content(column)
    places = np.flatnonzero(content <= _SPECIAL.max())
    marks = places[np.isin(content[places], _SPECIAL)]
    return _replaced(column, np.searchsorted(ends, marks, "right"), _in_quotes)


def _in_quotes(text: pa.Array) -> pa.Array:
    return compute.binary_join_element_wise('"', compute.replace_substring(text, '"', '""'), '"', "")


def _numerals(column: pa.Array) -> pa.Array:
    """Write numbers in full: Arrow's 1e+15, inf and nan hold letters.  Adding zero turns -0 into 0."""
    text = compute.cast(compute.add(column, 0.0), pa.string())
    ends, content = _content(text)
    return _replaced(text, np.searchsorted(ends, np.flatnonzero(content >= ord("a")), "right"), _in_full)


def _in_full(numerals: pa.Array) -> pa.Array:
    return pa.array(map(_full, numerals.to_pylist()), pa.string())


def _full(numeral: str) -> str:
    value = float(numeral)
    return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}"


def _replaced(column: pa.Array, rows: Numpy, replace: Callable[[pa.Array], pa.Array]) -> pa.Array:
    if not len(rows):
        return column
    found = np.zeros(len(column), bool)
    found[rows] = True
    return compute.replace_with_mask(column, pa.array(found), replace(column.filter(pa.array(found))))
