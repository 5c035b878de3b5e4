"""Whether the CSV and the Parquet file of a table hold the same rows, in the declared types."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from mingfu.model import Finding
from mingfu.tables import ARROW_TYPES

READ: dict[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
}
FORMATS = {"csv", "parquet"}
BATCH = 10_000


def compare_formats(folder: Path, resources: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield the differences between the files of each table; both are read in batches."""
    tables: dict[str, dict[str, Mapping[str, Any]]] = {}
    for resource in resources:
        tables.setdefault(Path(resource["path"]).stem, {})[resource["format"]] = resource
    for name, formats in tables.items():
        if formats.keys() != FORMATS:
            yield _fault("missing", name, f"the table is published as {', '.join(formats)} only")
        else:
            yield from _compare(folder, formats["csv"], formats["parquet"])


def _compare(folder: Path, text: Mapping[str, Any], binary: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with the Parquet file of a table, else each cell that differs."""
    path = binary["path"]
    try:
        file = parquet.ParquetFile(folder / path)
        fields = binary["schema"]["fields"]
        faults = [_fault("schema", path, fault) for fault in _type_faults(file.schema_arrow, fields)]
        yield from faults
        if not faults:
            yield from _differences(folder / text["path"], file, fields, path)
    except (pa.ArrowException, OSError) as error:
        yield _fault("malformed", path, f"not readable as Parquet: {error}")
    except (ValueError, KeyError, OverflowError, csv.Error) as error:
        yield _fault("type", text["path"], f"cannot be compared with {path}, a value is not of its type: {error}")


def _type_faults(schema: pa.Schema, fields: list[dict[str, Any]]) -> Iterator[str]:
    declared = {field["name"]: ARROW_TYPES.get(field["type"]) for field in fields}
    if schema.names != list(declared):
        yield f"its columns are {', '.join(schema.names)}; the schema says {', '.join(declared)}"
        return
    for name, kind in declared.items():
        if schema.field(name).type != kind:
            yield f"column {name} has the type {schema.field(name).type}, the schema asks for {kind}"


def _differences(path: Path, file: parquet.ParquetFile, fields: list[dict[str, Any]], name: str) -> Iterator[Finding]:
    pairs = zip_longest(_csv_rows(path, fields), _parquet_rows(file))
    for place, (left, right) in enumerate(pairs, 1):
        if left is None or right is None:
            fewer = path.name if left is None else name
            yield _fault("rows", name, f"{path.name} and {name} differ in length: {fewer} ends before row {place}")
            return
        for field, one, other in zip(fields, left, right, strict=True):
            if one != other:
                yield _fault("cell", name, f"row {place}, {field['name']}: {other!r}, but {path.name} has {one!r}")


def _csv_rows(path: Path, fields: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    readers = [READ[field["type"]] for field in fields]
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, strict=True)
        next(rows, None)  # the header is for frictionless to check
        for row in rows:
            yield tuple(read(cell) if cell else None for read, cell in zip(readers, row, strict=True))


def _parquet_rows(file: parquet.ParquetFile) -> Iterator[tuple[Any, ...]]:
    for batch in file.iter_batches(batch_size=BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _fault(code: str, path: str, message: str) -> Finding:
    return Finding(f"table.{code}", "error", f"{path}: {message}", path=path)
