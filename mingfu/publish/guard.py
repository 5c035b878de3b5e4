"""The last look at what is about to be published: whatever is personal is masked, in whatever column."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

import pyarrow as pa
from pyarrow import compute

from mingfu.personal import BREAK, masked, personal_spans
from mingfu.script import fold
from mingfu.tables import TableSchema

_AT_ONCE = 10_000  # values


def guarded(table: pa.Table, schema: TableSchema) -> pa.Table:
    """Return a table with personal data masked in its texts.

    Identifiers are left, for masked they would name nothing: whether they hold personal data is for
    the check of the written files to say, which stops the publication.
    """
    for place, column in enumerate(table.columns):
        field = table.field(place)
        if pa.types.is_string(field.type) and field.name not in _identifiers(schema):
            shown = _masks(column)
            if shown:
                values = [shown.get(value, value) for value in column.to_pylist()]
                table = table.set_column(place, field, pa.array(values, pa.string()))
    return table


def _identifiers(schema: TableSchema) -> set[str]:
    keys = [schema["primaryKey"], *(key["fields"] for key in schema.get("foreignKeys", ()))]
    fixed = {name for key in keys for name in ([key] if isinstance(key, str) else key)}
    return fixed | {"path", "url", "source_url"}


def _masks(column: pa.ChunkedArray) -> dict[str, str]:
    """Return what is shown of the values of a column that hold something personal."""
    values = compute.unique(column.drop_null()).to_pylist()
    slices = (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
    return {value: shown for some in slices for value, shown in _masked(some)}


def _masked(values: Sequence[str]) -> Iterator[tuple[str, str]]:
    text = BREAK.join(values)
    spans = personal_spans(fold(text))
    if not spans:
        return
    starts = [0, *accumulate(len(value) + len(BREAK) for value in values)]
    shown = masked(text, spans)
    for place in sorted({bisect_right(starts, start) - 1 for start, _ in spans}):
        yield values[place], shown[starts[place] : starts[place] + len(values[place])]
