"""The types of Table Schema as Arrow reads them: text to values, a column at a time.

What has the plain form of its type Arrow casts.  The few other values are read one by one, as
frictionless reads them: with blanks around a number, an exponent, a day of one digit.  Unlike there
an integer has at most 64 bits and a number is a double, since that is what is published.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
from pyarrow import compute

TRUE, FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")


@dataclass(frozen=True, slots=True)
class CellType:
    """A type: its Arrow type, the form (RE2) of what Arrow casts, and how any other text is read."""

    arrow: pa.DataType
    plain: str | None
    read: Callable[[str], Any]


def _integer(text: str) -> int:
    value = int(text)
    if not -(2**63) <= value < 2**63:
        raise ValueError("more than 64 bits")
    return value


def _year(text: str) -> int:
    if len(text) != 4 or int(text) < 0:
        raise ValueError("no year")
    return int(text)


def _date(text: str) -> date:
    return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone


_DAY = r"(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31"
CELL_TYPES = {
    "string": CellType(pa.string(), None, str),
    "any": CellType(pa.string(), None, str),
    "integer": CellType(pa.int64(), r"^-?[0-9]{1,18}$", _integer),
    "number": CellType(pa.float64(), r"^-?[0-9]{1,18}(\.[0-9]{1,18})?$", lambda text: float(Decimal(text.strip()))),
    "boolean": CellType(pa.bool_(), None, str),
    "date": CellType(pa.date32(), rf"^([1-9][0-9]{{3}}|0[0-9]{{2}}[1-9])-({_DAY})$", _date),
    "year": CellType(pa.int64(), r"^[0-9]{4}$", _year),
}


def without_nulls(text: pa.Array, nulls: pa.Array) -> pa.Array:
    """Return cells with null for what a schema's `missingValues` say."""
    null = compute.equal(text, nulls[0]) if len(nulls) == 1 else compute.is_in(text, value_set=nulls)
    if null.true_count + text.null_count == len(text):
        return pa.nulls(len(text), text.type)
    return compute.if_else(null, None, text) if null.true_count else text


def read_cells(text: pa.Array, field: Mapping[str, Any]) -> pa.Array:
    """Return cells as values of the field's type; null for a null and for what is not of the type."""
    kind = CELL_TYPES[field["type"]]
    if text.null_count == len(text):
        return pa.nulls(len(text), kind.arrow)
    if field["type"] == "boolean":
        return _booleans(text, field.get("trueValues", TRUE), field.get("falseValues", FALSE))
    if kind.plain is None:
        return text
    plain = compute.match_substring_regex(text, kind.plain)
    if plain.true_count + text.null_count == len(text):
        return compute.cast(text, kind.arrow)
    values = compute.cast(compute.if_else(plain, text, None), kind.arrow)
    others = compute.unique(text.filter(compute.invert(plain)))
    read = pa.array([_read(kind, cell) for cell in others.to_pylist()], kind.arrow)
    return compute.coalesce(values, read.take(compute.index_in(text, others)))


def _read(kind: CellType, cell: str) -> Any:
    try:
        return kind.read(cell)
    except (ValueError, ArithmeticError):
        return None


def _booleans(text: pa.Array, true: Any, false: Any) -> pa.Array:
    words = {**dict.fromkeys(true, True), **dict.fromkeys(false, False)}
    places = compute.index_in(text, pa.array(words, pa.string()))
    return pa.array(words.values(), pa.bool_()).take(places)
