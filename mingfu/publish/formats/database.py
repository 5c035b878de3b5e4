"""A release as one DuckDB file, with keys and descriptions, for those who ask in SQL; made on demand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mingfu.errors import InputError, missing_file

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TYPES = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}

Resource = Mapping[str, Any]


def write_database(folder: Path, path: Path) -> list[str]:
    """Write the tables of the release in `folder` into the new file `path`; return their names.

    Raises InputError where there is no release, where `path` is there already, or where duckdb is not.
    """
    descriptor = folder / "datapackage.json"
    if not descriptor.is_file():
        raise missing_file(descriptor)
    if path.exists():
        raise InputError(str(path), "E_EXISTS", "there is such a file already")
    try:
        import duckdb
    except ModuleNotFoundError:
        raise InputError(str(path), "E_NO_READER", "this takes duckdb: pip install 'mingfu[duckdb]'") from None
    resources = json.loads(descriptor.read_text(encoding="utf-8"))["resources"]
    tables = list(_in_order([resource for resource in resources if resource["format"] == "csv"]))
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with duckdb.connect(str(unfinished)) as connection:
        for table in tables:
            _write_table(connection, table, folder)
    unfinished.replace(path)
    return [table["name"] for table in tables]


def _in_order(tables: Iterable[Resource]) -> Iterator[Resource]:
    """Yield each table behind those to which it refers."""
    waiting = {table["name"]: table for table in tables}
    while waiting:
        ready = [name for name, table in waiting.items() if not waiting.keys() & set(_others(table))]
        for name in ready or list(waiting):
            yield waiting.pop(name)


def _others(table: Resource) -> list[str]:
    references = [key["reference"].get("resource") for key in table["schema"].get("foreignKeys", [])]
    return [name for name in references if name]


def _write_table(connection: DuckDBPyConnection, table: Resource, folder: Path) -> None:
    name, fields = _quoted(table["name"]), table["schema"]["fields"]
    parts = [*map(_column, fields), *_keys(table["schema"])]
    connection.execute(f"CREATE TABLE {name} ({', '.join(parts)})")
    source = str(folder / f"{table['name']}.parquet")
    connection.execute(f"INSERT INTO {name} SELECT * FROM read_parquet(?)", [source])
    connection.execute(f"COMMENT ON TABLE {name} IS {_text(table['description'])}")
    for field in fields:
        comment = f"{field['title']} ({field['title_zh']}): {field['description']} {field['description_zh']}"
        connection.execute(f"COMMENT ON COLUMN {name}.{_quoted(field['name'])} IS {_text(comment)}")


def _column(field: Mapping[str, Any]) -> str:
    required = " NOT NULL" if field.get("constraints", {}).get("required") else ""
    return f"{_quoted(field['name'])} {TYPES[field['type']]}{required}"


def _keys(schema: Mapping[str, Any]) -> Iterator[str]:
    yield f"PRIMARY KEY ({_names(schema['primaryKey'])})"
    for key in schema.get("foreignKeys", []):
        there = key["reference"]
        if there.get("resource"):  # DuckDB checks a key within one table before the table is filled
            columns = _names(there["fields"])
            yield f"FOREIGN KEY ({_names(key['fields'])}) REFERENCES {_quoted(there['resource'])} ({columns})"


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
