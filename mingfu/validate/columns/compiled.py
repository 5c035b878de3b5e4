"""Table Schemas compiled to checks of whole columns: what frictionless says of a table, for a million rows.

A file is read once, in blocks; only the columns of keys stay in memory.  The words and verdicts are
those of frictionless, which the tests hold against it.  `categories` and `uniqueKeys` of Table Schema
2.0 are looked at as well.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import compute

from mingfu.validate.columns.celltypes import read_cells, without_nulls
from mingfu.validate.columns.constraints import Check, compile_checks
from mingfu.validate.columns.csvscan import Block, read_blocks, read_labels
from mingfu.validate.columns.faults import LIMIT, Fault, NotCompiled
from mingfu.validate.columns.header import match_fields
from mingfu.validate.columns.integrity import Table, key_columns, key_faults

Resource = Mapping[str, Any]
Field = Mapping[str, Any]
_DIALECT = {
    "header": True,
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A field, what stands for null in its column, and the checks of its values."""

    field: Field
    nulls: pa.Array
    checks: list[tuple[str, Check]]


def check_tables(folder: Path, resources: Sequence[Resource]) -> dict[str, list[Fault]]:
    """Return the faults of each CSV file of a package by the path of the file, the first LIMIT of each.

    Raises NotCompiled for what is left to frictionless.
    """
    columns = {resource["name"]: _compile(resource) for resource in resources}
    kept = key_columns({resource["name"]: resource["schema"] for resource in resources})
    tables = {}
    for resource in resources:
        name = resource["name"]
        tables[name] = _read(folder / resource["path"], resource["schema"], columns[name], kept[name])
    found = {}
    for resource in resources:
        faults = [*tables[resource["name"]].faults, *key_faults(resource["name"], tables)]
        found[resource["path"]] = sorted(faults, key=lambda fault: fault.row)[:LIMIT]
    return found


def _compile(resource: Resource) -> dict[str, Column]:
    """Return the columns that a file may have, by the names of their fields."""
    dialect = {**_DIALECT, **resource.get("dialect", {})}
    if any(dialect.pop(name) != value for name, value in _DIALECT.items()) or dialect.keys() - {"$schema"}:
        raise NotCompiled(f"{resource['name']}: the dialect {dialect}")
    if resource.get("encoding", "utf-8") != "utf-8":
        raise NotCompiled(f"{resource['name']}: the encoding {resource['encoding']}")
    schema = resource["schema"]
    if not schema["fields"]:
        raise NotCompiled(f"{resource['name']}: no fields")
    return {field["name"]: _column(field, schema.get("missingValues", [""])) for field in schema["fields"]}


def _column(field: Field, missing: Sequence[Any]) -> Column:
    values = [item["value"] if isinstance(item, dict) else item for item in field.get("missingValues", missing)]
    return Column(field, pa.array(values, pa.string()), compile_checks(field))


def _read(path: Path, schema: Mapping[str, Any], columns: Mapping[str, Column], kept: Collection[str]) -> Table:
    """Return the faults of the header and of single rows, and the columns to be kept."""
    table = Table(schema)
    try:
        labels = read_labels(path)
        fields, table.faults = match_fields(labels, schema)
        table.kept = {field["name"]: [] for field in fields if field["name"] in kept}
        in_order = [columns.get(field["name"]) or _column(field, [""]) for field in fields]
        for block in read_blocks(path, len(fields)):
            _check_block(block, in_order, table)
        if not labels and not table.rows:
            table.faults.append(Fault("source-error", 1, "", "the file is empty"))
    except UnicodeDecodeError as error:
        table.faults.append(Fault("encoding-error", table.rows + 2, "", f"not UTF-8: {error.reason}"))
    except csv.Error as error:
        table.faults.append(Fault("source-error", table.rows + 2, "", f"not CSV: {error}"))
    return table


def _check_block(block: Block, columns: Sequence[Column], table: Table) -> None:
    texts = [without_nulls(text, column.nulls) for text, column in zip(block.columns, columns, strict=True)]
    values = [read_cells(text, column.field) for text, column in zip(texts, columns, strict=True)]
    for column, value in zip(columns, values, strict=True):
        if column.field["name"] in table.kept:
            table.kept[column.field["name"]].append(value)
    table.rows += len(texts[0])
    room = LIMIT - len(table.faults)
    if room > 0:
        faults = sorted(_faults(block, columns, texts, values), key=lambda fault: fault.row)
        table.faults += faults[:room]


def _faults(
    block: Block, columns: Sequence[Column], texts: Sequence[pa.Array], values: Sequence[pa.Array]
) -> Iterator[Fault]:
    """Yield what is wrong with single rows and cells; of a blank row only that it is blank."""
    blank = reduce(compute.and_, map(compute.is_null, texts))
    for row in _places(blank):
        yield Fault("blank-row", block.start + row, "", "no cell has a value")
    filled = compute.invert(blank)
    for column, text, value, raw in zip(columns, texts, values, block.columns, strict=True):
        yield from _cell_faults(block.start, column, raw, compute.is_valid(text), value, filled)
    names = [column.field["name"] for column in columns]
    for row, width in block.widths.items():
        if filled[row].as_py():
            yield from _width_faults(block.start + row, width, names)


def _cell_faults(
    start: int, column: Column, raw: pa.Array, given: pa.Array, value: pa.Array, filled: pa.Array
) -> Iterator[Fault]:
    name, kind = column.field["name"], column.field["type"]
    wrong = compute.and_(given, compute.is_null(value))
    for row in _places(wrong):
        yield Fault("type-error", start + row, name, f"{raw[row].as_py()!r} is not of type {kind}")
    looked_at = compute.and_not(filled, wrong)
    for constraint, check in column.checks:
        for row in _places(compute.and_(check(value), looked_at)):
            yield Fault("constraint-error", start + row, name, f"{raw[row].as_py()!r} breaks {constraint}")


def _width_faults(row: int, width: int, names: Sequence[str]) -> Iterator[Fault]:
    for place in range(len(names), width):
        yield Fault("extra-cell", row, "", f"cell {place + 1} is in no column")
    for name in names[width:]:
        yield Fault("missing-cell", row, name, "the row ends before this column")


def _places(mask: pa.Array) -> list[int]:
    """Return where a mask holds, as far as faults are told."""
    if not mask.true_count:
        return []
    places: list[int] = compute.indices_nonzero(mask)[:LIMIT].to_pylist()
    return places
