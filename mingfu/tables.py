"""Tables: the columns come from schemas/tables/, the rows from the rooms.

A column is declared once, in its Frictionless Table Schema; the Arrow type, the description in
the Parquet file and the Data Package follow from that declaration.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from mingfu.errors import SchemaError

TABLES = ("reports", "sources", "observations", "numbers", "checks", "indicators", "areas", "units")
ARROW_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}

TableSchema = dict[str, Any]


def load_schemas(folder: Path) -> dict[str, TableSchema]:
    """Return the Table Schemas below `folder` by table name; raise SchemaError for a malformed one."""
    schemas: dict[str, TableSchema] = {}
    faults: list[str] = []
    for name in TABLES:
        path = folder / f"{name}.schema.json"
        try:
            schemas[name] = json.loads(path.read_text(encoding="utf-8"))
            unknown = {field["type"] for field in schemas[name]["fields"]} - ARROW_TYPES.keys()
            faults += [f"{path}: type {kind!r} is not one of {sorted(ARROW_TYPES)}" for kind in sorted(unknown)]
        except FileNotFoundError:
            faults.append(f"{path}: no such file")
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            faults.append(f"{path}: {error}")
    if faults:
        raise SchemaError(faults)
    return schemas


def arrow_schema(schema: TableSchema) -> pa.Schema:
    """Return the Arrow schema of a Table Schema, titles and descriptions in the field metadata."""
    return pa.schema(
        [_arrow_field(field) for field in schema["fields"]],
        metadata={"name": schema["name"], "description": schema["description"]},
    )


def _arrow_field(field: Mapping[str, Any]) -> pa.Field[Any]:
    metadata = {key: field[key] for key in ("title", "title_zh", "description")}
    required = field.get("constraints", {}).get("required", False)
    return pa.field(field["name"], ARROW_TYPES[field["type"]], nullable=not required, metadata=metadata)


def to_arrow(rows: Iterable[Mapping[str, Any]], schema: TableSchema) -> pa.Table:
    """Return rows as a table with exactly the schema's columns; a row's other keys are not columns."""
    names = [field["name"] for field in schema["fields"]]
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for row in rows:
        for name in names:
            value = row[name]
            columns[name].append(float(value) if isinstance(value, Decimal) else value)
    return pa.table(columns, schema=arrow_schema(schema))
