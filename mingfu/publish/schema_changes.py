"""What changed in the schemas of two releases, and what that means for programs that read the tables.

The rule (docs/releases.md): **major** where a program that read the tables may fail or be misled, **minor**
where it meets something new that it may pass over, **patch** where only words changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mingfu.errors import StoreError

Schemas = Mapping[str, Mapping[str, Any]]
# Key, change, field, old, new, effect: a change of a table or a column.
Change = tuple[str, str, str | None, Any, Any, str]

FIRST = "1.0.0"
EFFECTS = ("patch", "minor", "major")
# Its columns are the indicators that occur, so that they come and go with the data.
DERIVED = ("wide",)
WORDS = frozenset({"title", "title_zh", "description", "description_zh", "unit_field"})
TABLE_KEYS = ("primaryKey", "foreignKeys", "missingValues")


def next_version(version: str, effects: Iterable[str | None]) -> str:
    """Return the version of the schemas after changes with these effects."""
    ranks = [EFFECTS.index(effect) for effect in effects if effect]
    if not ranks:
        return version
    try:
        major, minor, patch = map(int, version.split("."))
    except ValueError:
        raise StoreError("manifest.json", "E_BROKEN", f"schema_version is {version!r}") from None
    return (f"{major}.{minor}.{patch + 1}", f"{major}.{minor + 1}.0", f"{major + 1}.0.0")[max(ranks)]


def schema_changes(old: Schemas, new: Schemas) -> Iterator[Change]:
    """Yield what changed, table by table and column by column."""
    for table in sorted((old.keys() | new.keys()) - set(DERIVED)):
        if table not in old:
            yield table, "added", None, None, None, "minor"
        elif table not in new:
            yield table, "removed", None, None, None, "major"
        else:
            yield from _table_changes(table, old[table], new[table])


def _table_changes(table: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in TABLE_KEYS:
        if old.get(name) != new.get(name):
            effect = "minor" if name == "foreignKeys" and _only_more(old.get(name), new.get(name)) else "major"
            yield table, "changed", name, old.get(name), new.get(name), effect
    before, after = ({field["name"]: field for field in schema["fields"]} for schema in (old, new))
    kept = [[name for name in side if name in other] for side, other in ((before, after), (after, before))]
    if kept[0] != kept[1]:
        yield table, "changed", "fields", kept[0], kept[1], "major"
    for name in sorted(before.keys() | after.keys()):
        yield from _field_changes(f"{table}.{name}", before.get(name), after.get(name))


def _only_more(old: Any, new: Any) -> bool:
    return all(item in (new or []) for item in old or [])


def _field_changes(key: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[Change]:
    if old is None or new is None:
        yield (key, "added", None, None, None, "minor") if old is None else (key, "removed", None, None, None, "major")
        return
    for name in sorted((old.keys() | new.keys()) - {"constraints"}):
        if old.get(name) != new.get(name):
            yield key, "changed", name, old.get(name), new.get(name), "patch" if name in WORDS else "major"
    before, after = old.get("constraints", {}), new.get("constraints", {})
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            effect = _effect(name, before.get(name), after.get(name))
            yield key, "changed", f"constraints.{name}", before.get(name), after.get(name), effect


def _effect(name: str, old: Any, new: Any) -> str:
    """Return what another constraint means: what promises no less is minor, and so is a new code of a list."""
    if not old or (name == "enum" and new and _only_more(old, new)):
        return "minor"
    return "major"
