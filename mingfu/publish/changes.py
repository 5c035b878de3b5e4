"""What is not the same in two releases, as rows of the table `changes`.

An observation is known by its report and its place in the text.  Where another text of a report is
published, places mean nothing, and it is known by what it measures: indicator, role, period and
scope, in the order of the text.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from pyarrow import parquet

from mingfu.publish.schema_changes import Schemas, schema_changes

Row = Mapping[str, Any]
Key = tuple[Any, ...]
Stream = Iterator[tuple[str, list[dict[str, Any]]]]  # the rows of each report

# The tables whose rows are compared one by one, their keys, and what a removed or added row shows.
ENTITIES = {
    "reports": ("report", "report_id", "title"),
    "indicators": ("indicator", "indicator", "title_zh"),
    "units": ("unit", "unit", "title_zh"),
    "areas": ("area", "ref_area", "name"),
}
# What a program that reads the values must know of a change in an indicator; any other is a patch.
EFFECTS = {"added": "minor", "removed": "major", "unit": "major", "kind": "major"}
MEASURED = ("indicator", "role", "period_start", "period_end", "scope", "unit")
PLACES = frozenset({"char_start", "char_end"})  # told by the observation's identifier
BATCH = 10_000


def changes(old: Path, new: Path, declared: Schemas | None = None) -> Iterator[dict[str, Any]]:
    """Yield what differs between the tables of two folders, in a fixed order.

    `declared` are the Table Schemas of the new one where it has no datapackage.json yet.
    Observations are read report by report, so that memory does not grow with the number of reports.
    """
    before, after = _schemas(old), _schemas(new) if declared is None else declared
    for key, change, field, left, right, effect in schema_changes(before, after):
        yield _row("schema", change, key, field=field, old=left, new=right, effect=effect)
    for table in ENTITIES:
        shared = _shared(before, after, table)
        yield from _entity_changes(table, _rows(old, table, before), _rows(new, table, after), shared)
    texts = _texts(old), _texts(new)
    shared = _shared(before, after, "observations") - PLACES
    for report, left, right in _side_by_side(_observations(old, before), _observations(new, after)):
        same_text = texts[0].get(report) == texts[1].get(report)
        yield from _observation_changes(report, left, right, _place_keys if same_text else _measured_keys, shared)


def _schemas(folder: Path) -> Schemas:
    """Return the Table Schemas that a folder declares, by table."""
    descriptor = json.loads((folder / "datapackage.json").read_bytes())
    return {item["name"]: item["schema"] for item in descriptor["resources"] if item["format"] == "csv"}


def _shared(before: Mapping[str, Row], after: Mapping[str, Row], table: str) -> frozenset[str]:
    """Return the columns that both have; what else there is, is a change of the schema."""
    names = [{field["name"] for field in schemas[table]["fields"]} for schemas in (before, after) if table in schemas]
    return frozenset(set.intersection(*names)) if names else frozenset()


def _rows(folder: Path, table: str, schemas: Mapping[str, Row]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = parquet.read_table(folder / f"{table}.parquet").to_pylist() if table in schemas else []
    return rows


def _texts(folder: Path) -> dict[str, str]:
    """Return the hash of the published text of each report."""
    table = parquet.read_table(folder / "reports.parquet", columns=["report_id", "sha256"])
    return dict(zip(table["report_id"].to_pylist(), table["sha256"].to_pylist(), strict=True))


def _entity_changes(
    table: str, old: Sequence[Row], new: Sequence[Row], shared: frozenset[str]
) -> Iterator[dict[str, Any]]:
    entity, key, shown = ENTITIES[table]
    left, right = ({row[key]: row for row in rows} for rows in (old, new))
    for name in sorted(left.keys() | right.keys()):
        report = name if entity == "report" else None
        differences = list(_differences(left.get(name), right.get(name), shared, shown))
        is_replaced = report is not None and "sha256" in {field for _, field, _, _ in differences}
        for change, field, before, after in differences:
            effect = EFFECTS.get(change) or EFFECTS.get(field, "patch") if entity == "indicator" else None
            yield _row(entity, "replaced" if is_replaced else change, name, report, None, field, before, after, effect)


def _differences(
    old: Row | None, new: Row | None, shared: frozenset[str], shown: str
) -> Iterator[tuple[str, str, Any, Any]]:
    """Yield how a row became another: change, field, old and new value."""
    if old is None and new:
        yield "added", shown, None, new[shown]
    elif new is None and old:
        yield "removed", shown, old[shown], None
    elif old and new and old != new:
        for field in new:
            if field in shared and old[field] != new[field]:
                yield "changed", field, old[field], new[field]


def _observations(folder: Path, schemas: Mapping[str, Row]) -> Stream:
    """Yield the observations of each report, by report."""
    if "observations" not in schemas:
        return
    with parquet.ParquetFile(folder / "observations.parquet") as file:
        rows = (row for batch in file.iter_batches(batch_size=BATCH) for row in batch.to_pylist())
        for report, group in groupby(rows, key=lambda row: row["report_id"]):
            yield report, list(group)


def _side_by_side(old: Stream, new: Stream) -> Iterator[tuple[str, list[dict[str, Any]], list[dict[str, Any]]]]:
    """Merge two sorted streams: yield each report with what either says of it."""
    left, right = next(old, None), next(new, None)
    while left or right:
        report = min(item[0] for item in (left, right) if item)
        before = left[1] if left and left[0] == report else []
        after = right[1] if right and right[0] == report else []
        yield report, before, after
        left = next(old, None) if left and left[0] == report else left
        right = next(new, None) if right and right[0] == report else right


def _observation_changes(
    report: str,
    old: Sequence[Row],
    new: Sequence[Row],
    keys: Callable[[Sequence[Row]], list[Key]],
    shared: frozenset[str],
) -> Iterator[dict[str, Any]]:
    if old == new:
        return
    left, right = (dict(zip(keys(rows), rows, strict=True)) for rows in (old, new))
    for key in (*right, *(key for key in left if key not in right)):
        before, after = left.get(key), right.get(key)
        row = after or before or {}
        for change, field, was, now in _differences(
            before and _stated(before), after and _stated(after), shared, "value"
        ):
            yield _row("observation", change, row["observation_id"], report, row["indicator"], field, was, now)


def _place_keys(rows: Sequence[Row]) -> list[Key]:
    return [(row["observation_id"],) for row in rows]


def _measured_keys(rows: Sequence[Row]) -> list[Key]:
    seen: Counter[Key] = Counter()
    keys: list[Key] = []
    for row in rows:
        measured = tuple(row[name] for name in MEASURED)
        seen[measured] += 1
        keys.append((*measured, seen[measured]))
    return keys


def _stated(row: Row) -> Row:
    """Return an observation with its bounds for a value, where the text states none."""
    bounds = "..".join(_text(row[bound]) or "" for bound in ("value_low", "value_high"))
    return row if row["value"] is not None else {**row, "value": bounds}


def _row(
    entity: str,
    change: str,
    key: str,
    report: str | None = None,
    indicator: str | None = None,
    field: str | None = None,
    old: Any = None,
    new: Any = None,
    effect: str | None = None,
) -> dict[str, Any]:
    names = ("entity", "change", "key", "report_id", "indicator", "field", "old", "new", "effect")
    values = (entity, change, key, report, indicator, field, _text(old), _text(new), effect)
    return {"change_id": ":".join(filter(None, (entity, change, key, field))), **dict(zip(names, values, strict=True))}


def _text(value: Any) -> str | None:
    """Return a value as a CSV file has it; None for nothing."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
