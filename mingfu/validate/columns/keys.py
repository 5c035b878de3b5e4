"""Uniqueness and references of whole columns: each row becomes a number, equal for equal keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import compute

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Key = Sequence[pa.ChunkedArray]


def repeated(key: Key, skipped: Mask) -> tuple[Rows, Rows]:
    """Return the rows whose key stands above already, and the nearest such row of each; skipped rows do not count."""
    if len(key) == 1 and compute.count_distinct(key[0]).as_py() == len(key[0]) - key[0].null_count:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    rows = np.flatnonzero(~skipped)
    codes = _codes(key)[rows]
    order = np.argsort(codes, kind="stable")
    same = np.flatnonzero(codes[order[1:]] == codes[order[:-1]])
    later = np.argsort(order[same + 1])
    return rows[order[same + 1][later]], rows[order[same][later]]


def unmatched(key: Key, reference: Key) -> Rows:
    """Return the rows whose key is not among those of `reference`; a key of nulls only is no key."""
    if len(key) == 1 and key[0].type == reference[0].type != pa.float64():
        return np.flatnonzero(~_known(key[0], reference[0]) & ~empty(key))
    pairs = [_common(column, other) for column, other in zip(key, reference, strict=True)]
    codes = _codes([pa.chunked_array([*column.chunks, *other.chunks], column.type) for column, other in pairs])
    own, others = codes[: len(key[0])], codes[len(key[0]) :][~empty(reference)]
    return np.flatnonzero(~np.isin(own, others) & ~empty(key))


def _known(column: pa.ChunkedArray, reference: pa.ChunkedArray) -> Mask:
    if len(column) < len(reference):  # it costs less to put few values into a table than many
        reference = reference.filter(compute.is_in(reference, value_set=column.combine_chunks()))
    return _numpy(compute.is_in(column, value_set=reference.combine_chunks()))


def empty(key: Key) -> Mask:
    """Return which rows have nothing but nulls in the columns of a key."""
    mask = np.ones(len(key[0]), bool)
    for column in key:
        mask &= _numpy(compute.is_null(column))
    return mask


def incomplete(key: Key) -> Mask:
    """Return which rows have a null in any column of a key."""
    mask = np.zeros(len(key[0]), bool)
    for column in key:
        mask |= _numpy(compute.is_null(column))
    return mask


def _common(column: pa.ChunkedArray, other: pa.ChunkedArray) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """Return two columns in one type: an integer may be equal to a number."""
    if column.type == other.type:
        return column, other
    return compute.cast(column, pa.float64(), safe=False), compute.cast(other, pa.float64(), safe=False)


def _codes(key: Key) -> Rows:
    codes = _column_codes(key[0])
    for column in key[1:]:
        part = _column_codes(column)
        codes = np.unique(codes * (part.max(initial=0) + 1) + part, return_inverse=True)[1]
    return codes


def _column_codes(column: pa.ChunkedArray) -> Rows:
    """Return a number from 0 for each value, null included; no NaN is equal to another."""
    encoded = compute.dictionary_encode(column.combine_chunks(), null_encoding="encode")
    codes = _numpy(encoded.indices).astype(np.int64)
    if pa.types.is_floating(column.type):
        nan = np.flatnonzero(_numpy(compute.fill_null(compute.is_nan(column), False)))
        codes[nan] = len(codes) + np.arange(len(nan))
    return codes


def _numpy(values: Any) -> npt.NDArray[Any]:
    return np.asarray(values.to_numpy(zero_copy_only=False) if isinstance(values, pa.Array) else values.to_numpy())
