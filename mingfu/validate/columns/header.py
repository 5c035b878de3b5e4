"""Which field each column of a file is, and what is wrong with its header, by the schema's `fieldsMatch`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, count
from typing import Any

from mingfu.validate.columns.faults import Fault, NotCompiled

Field = Mapping[str, Any]


def match_fields(labels: Sequence[str], schema: Mapping[str, Any]) -> tuple[list[Field], list[Fault]]:
    """Return the field of each column, a field of type `any` for a column the schema has none for, and the faults.

    A file without a header line is read by the order of the schema.  Raises NotCompiled where a name
    could mean two columns.
    """
    mode = schema.get("fieldsMatch", ["exact"])
    mode = mode[0] if isinstance(mode, list) else mode
    fields: list[Field] = schema["fields"]
    if not labels:
        return fields, []
    if mode == "exact":
        own: list[Field | None] = [*fields[: len(labels)], *[None] * (len(labels) - len(fields))]
        absent = fields[len(labels) :]
    else:
        if len(set(labels)) < len(labels):
            raise NotCompiled("two columns of one name")
        by_name = {field["name"]: field for field in fields}
        own = [by_name.get(label) for label in labels]
        absent = [field for field in fields if field["name"] not in labels]
    faults = [*_superfluous(labels, own, mode), *_absent(absent, schema, mode)]
    if mode == "exact":
        faults += _misnamed(labels, fields)
    return list(_named(labels, own)), faults


def _named(labels: Sequence[str], own: Sequence[Field | None]) -> Iterator[Field]:
    """Yield the fields; one without gets the name of its column, numbered where that is taken."""
    taken: set[str] = set()
    for label, field in zip(labels, own, strict=True):
        names = (f"{label}{number or ''}" for number in chain([0], count(2)))
        name = field["name"] if field else next(name for name in names if name not in taken)
        taken.add(name)
        yield field or {"name": name, "type": "any"}


def _superfluous(labels: Sequence[str], own: Sequence[Field | None], mode: str) -> Iterator[Fault]:
    if mode not in ("subset", "partial"):
        for label, field in zip(labels, own, strict=True):
            if field is None:
                yield Fault("extra-label", 1, "", f"the schema has no field for the column {label!r}")
    if mode == "partial" and not any(own):
        yield Fault("unmatched-header", 1, "", "no column is a field of the schema")


def _absent(fields: Sequence[Field], schema: Mapping[str, Any], mode: str) -> Iterator[Fault]:
    key = schema.get("primaryKey", [])
    for field in fields:
        needed = field.get("constraints", {}).get("required", False) or field["name"] in key
        if needed or mode not in ("superset", "partial"):
            yield Fault("missing-label", 1, field["name"], "there is no such column")


def _misnamed(labels: Sequence[str], fields: Sequence[Field]) -> Iterator[Fault]:
    for place, (label, field) in enumerate(zip(labels, fields, strict=False)):
        if not label:
            yield Fault("blank-label", 1, field["name"], "the column has no name")
        elif label in labels[:place]:
            yield Fault("duplicate-label", 1, field["name"], f"a column before it is called {label!r}, too")
        elif label != field["name"]:
            yield Fault("incorrect-label", 1, field["name"], f"the column is called {label!r}")
