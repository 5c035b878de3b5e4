"""Tables: the columns come from schemas/tables/, the rows from the rooms.

A column is declared once, in its Frictionless Table Schema; the Arrow type, the description in
the Parquet file and the Data Package follow from that declaration.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from mingfu.errors import SchemaError

TABLES = (
    "reports",
    "sources",
    "observations",
    "superseded",
    "numbers",
    "checks",
    "indicators",
    "areas",
    "units",
    "changes",
)
ARROW_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}

# What every table and column says of itself, in both languages.
TEXTS = ("title", "title_zh", "description", "description_zh")

TableSchema = dict[str, Any]


def load_schemas(folder: Path) -> dict[str, TableSchema]:
    """Return the Table Schemas below `folder` by table name; raise SchemaError for a malformed one."""
    schemas: dict[str, TableSchema] = {}
    faults: list[str] = []
    for name in TABLES:
        path = folder / f"{name}.schema.json"
        try:
            schemas[name] = json.loads(path.read_text(encoding="utf-8"))
            faults += [f"{path}: {fault}" for fault in _faults(schemas[name])]
        except FileNotFoundError:
            faults.append(f"{path}: no such file")
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            faults.append(f"{path}: {error}")
    if faults:
        raise SchemaError(faults)
    return schemas


def _faults(schema: TableSchema) -> Iterator[str]:
    for part in (schema, *schema["fields"]):
        yield from (f"{part['name']}: state {text!r}" for text in TEXTS if not part.get(text))
    unknown = {field["type"] for field in schema["fields"]} - ARROW_TYPES.keys()
    yield from (f"type {kind!r} is not one of {sorted(ARROW_TYPES)}" for kind in sorted(unknown))


def arrow_schema(schema: TableSchema) -> pa.Schema:
    """Return the Arrow schema of a Table Schema: titles, descriptions, units and keys in the metadata.

    Keys and order are JSON, as in the Table Schema.  A column's `unit` is its unit, its `unit_field`
    the column of the same table that names the unit row by row.
    """
    keys = {key: json.dumps(schema[key]) for key in ("primaryKey", "foreignKeys", "orderedBy") if key in schema}
    texts = {key: schema[key] for key in ("name", *TEXTS)}
    return pa.schema([_arrow_field(field) for field in schema["fields"]], metadata=texts | keys)


def _arrow_field(field: Mapping[str, Any]) -> pa.Field[Any]:
    metadata = {key: field[key] for key in (*TEXTS, "unit", "unit_field") if key in field}
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
