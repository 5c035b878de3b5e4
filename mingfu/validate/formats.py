"""Whether the CSV and the Parquet file of a table hold the same rows, in the declared types."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from mingfu.model import Finding
from mingfu.tables import ARROW_TYPES
from mingfu.validate.columns.celltypes import read_cells, without_nulls
from mingfu.validate.columns.csvscan import read_blocks

FORMATS = {"csv", "parquet"}
BATCH = 1 << 16
NULL = pa.array([""])


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
    except (UnicodeDecodeError, csv.Error) as error:
        yield _fault("malformed", text["path"], f"not readable as CSV: {error}")


def _type_faults(schema: pa.Schema, fields: list[dict[str, Any]]) -> Iterator[str]:
    declared = {field["name"]: ARROW_TYPES.get(field["type"]) for field in fields}
    if schema.names != list(declared):
        yield f"its columns are {', '.join(schema.names)}; the schema says {', '.join(declared)}"
        return
    for name, kind in declared.items():
        if schema.field(name).type != kind:
            yield f"column {name} has the type {schema.field(name).type}, the schema asks for {kind}"


def _differences(path: Path, file: parquet.ParquetFile, fields: list[dict[str, Any]], name: str) -> Iterator[Finding]:
    batches, rest, done = file.iter_batches(batch_size=BATCH), file.schema_arrow.empty_table(), 0
    for block in read_blocks(path, len(fields)):
        size = len(block.columns[0])
        while rest.num_rows < size and (batch := next(batches, None)):
            rest = pa.concat_tables([rest, pa.Table.from_batches([batch])])
        common = min(size, rest.num_rows)
        for row, field, one, other in _unequal(block.columns, rest, fields, common):
            place = f"row {done + row + 1}, {field}"
            yield _fault("cell", name, f"{place}: {other!r}, but {path.name} has {one!r}")
        done, rest = done + common, rest.slice(common)
        if common < size:
            yield _length(path.name, name, name, done + 1)
            return
    if rest.num_rows or next(batches, None):
        yield _length(path.name, name, path.name, done + 1)


def _unequal(
    texts: list[pa.Array], rows: pa.Table, fields: list[dict[str, Any]], size: int
) -> Iterator[tuple[int, str, Any, Any]]:
    """Yield row, field and both values of the cells that differ; whole columns are compared first."""
    columns = []
    for field, text, other in zip(fields, texts, rows.columns, strict=True):
        own = pa.chunked_array([read_cells(without_nulls(text, NULL), field).slice(0, size)])
        if not own.equals(other.slice(0, size)):
            columns.append((field["name"], own.to_pylist(), other.slice(0, size).to_pylist()))
    for row in range(size if columns else 0):
        for name, ours, others in columns:
            if ours[row] != others[row]:
                yield row, name, ours[row], others[row]


def _length(text: str, binary: str, shorter: str, row: int) -> Finding:
    return _fault("rows", binary, f"{text} and {binary} differ in length: {shorter} ends before row {row}")


def _fault(code: str, path: str, message: str) -> Finding:
    return Finding(f"table.{code}", "error", f"{path}: {message}", path=path)
