"""What can be wrong with a table as a whole: keys that stand twice, references to rows that are not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from mingfu.validate.columns import keys
from mingfu.validate.columns.celltypes import CELL_TYPES
from mingfu.validate.columns.csvscan import FIRST
from mingfu.validate.columns.faults import LIMIT, Fault, NotCompiled

Schema = Mapping[str, Any]


@dataclass(slots=True)
class Table:
    """A table as it was read: its faults, the columns of its keys, how many rows."""

    schema: Schema
    faults: list[Fault] = field(default_factory=list)
    kept: dict[str, list[pa.Array]] = field(default_factory=dict)
    rows: int = 0
    repeats: dict[str, tuple[keys.Rows, keys.Rows]] = field(default_factory=dict)

    def key(self, names: Iterable[str]) -> list[pa.ChunkedArray]:
        """Return columns by name; one that the file does not have is null throughout."""
        return [self._column(name) for name in names]

    def repeated(self, names: Sequence[str], skipped: keys.Mask) -> Iterator[tuple[int, int]]:
        """Yield the positions of the rows whose key stands above already, each with that of the row before it.

        A single column may be unique and the primary key: it is looked through once.
        """
        found = self.repeats.get(names[0]) if len(names) == 1 else None
        rows, earlier = found or keys.repeated(self.key(names), skipped)
        if len(names) == 1:
            self.repeats[names[0]] = rows, earlier
        yield from zip((rows[:LIMIT] + FIRST).tolist(), (earlier[:LIMIT] + FIRST).tolist(), strict=True)

    def _column(self, name: str) -> pa.ChunkedArray:
        kind = CELL_TYPES[_type(self.schema, name)].arrow
        return pa.chunked_array(self.kept.get(name, [pa.nulls(self.rows, kind)]), kind)


def key_columns(schemas: Mapping[str, Schema]) -> dict[str, set[str]]:
    """Return the names of the columns of each table that belong to a key or are referred to.

    Raises NotCompiled where a reference leads nowhere or compares text with numbers.
    """
    columns = {name: {field for key in _own_keys(schema) for field in key} for name, schema in schemas.items()}
    for name, schema in schemas.items():
        for fields, target, referred in _references(name, schema):
            if target not in schemas:
                raise NotCompiled(f"{name} refers to {target}, which is no table of the package")
            for one, other in zip(fields, referred, strict=True):
                _comparable(_type(schema, one), _type(schemas[target], other))
            columns[name] |= set(fields)
            columns[target] |= set(referred)
    return columns


def key_faults(name: str, tables: Mapping[str, Table]) -> Iterator[Fault]:
    """Yield what is wrong with the keys of a table, the first LIMIT faults of each key."""
    table = tables[name]
    yield from _repeated(table)
    primary = _names(table.schema.get("primaryKey", []))
    if primary and table.kept.keys() >= set(primary):
        yield from _primary(table, primary)
    for fields, target, referred in _references(name, table.schema):
        if table.kept.keys() >= set(fields):
            yield from _dangling(table, fields, tables[target].key(referred), target)


def _repeated(table: Table) -> Iterator[Fault]:
    for names in _unique_keys(table.schema):
        if table.kept.keys() >= set(names):
            for row, earlier in table.repeated(names, keys.incomplete(table.key(names))):
                yield Fault("unique-error", row, names[0] if len(names) == 1 else "", f"the same as in row {earlier}")


def _primary(table: Table, names: Sequence[str]) -> Iterator[Fault]:
    empty = keys.empty(table.key(names))
    for row in empty.nonzero()[0][:LIMIT].tolist():
        yield Fault("primary-key", row + FIRST, "", f"{', '.join(names)} has no value")
    for row, earlier in table.repeated(names, empty):
        yield Fault("primary-key", row, "", f"{', '.join(names)} is the same as in row {earlier}")


def _dangling(table: Table, names: Sequence[str], reference: Sequence[pa.ChunkedArray], target: str) -> Iterator[Fault]:
    key = table.key(names)
    for row in keys.unmatched(key, reference)[:LIMIT].tolist():
        values = ", ".join(str(column[row].as_py()) for column in key)
        yield Fault("foreign-key", row + FIRST, "", f"{', '.join(names)} is {values}, which is not in {target}")


def _own_keys(schema: Schema) -> list[list[str]]:
    return [*_unique_keys(schema), _names(schema.get("primaryKey", []))]


def _unique_keys(schema: Schema) -> list[list[str]]:
    single = [[item["name"]] for item in schema["fields"] if item.get("constraints", {}).get("unique")]
    return [*single, *map(_names, schema.get("uniqueKeys", []))]


def _references(name: str, schema: Schema) -> Iterator[tuple[list[str], str, list[str]]]:
    for key in schema.get("foreignKeys", []):
        reference = key["reference"]
        yield _names(key["fields"]), reference.get("resource") or name, _names(reference["fields"])


def _names(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _type(schema: Schema, name: str) -> str:
    found: list[str] = [item["type"] for item in schema["fields"] if item["name"] == name]
    if not found:
        raise NotCompiled(f"{name} is no field of the schema")
    return found[0]


def _comparable(one: str, other: str) -> None:
    kinds = {CELL_TYPES[one].arrow, CELL_TYPES[other].arrow}
    if len(kinds) > 1 and not kinds <= {pa.int64(), pa.float64()}:
        raise NotCompiled(f"{one} is compared with {other}")
