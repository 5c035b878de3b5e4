"""Reviewed corrections: schemas/corrections/*.yaml, read strictly.

docs/revisions.md explains the files.  All faults of all files are reported together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from mingfu.errors import SchemaError
from mingfu.model import Span, Value
from mingfu.normalise.catalogue import Catalogue
from mingfu.project import read_yaml

_REQUIRED = {"report", "span", "text", "change", "reason", "by", "date"}
_KEYS = _REQUIRED | {"credit"}
_CHANGES = {"indicator", "value", "unit", "period", "exclude"}
_REPORT = re.compile(r"[0-9]{6}-[0-9]{4}-[a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Correction:
    """What a reviewer decided on one number of a report; None leaves a thing as it was read.

    `by` stays in the file; `credit` is the role or the initials under which the decision is published.
    """

    place: str
    report_id: str
    span: Span
    text: str
    reason: str
    by: str
    decided: date
    credit: str | None = None
    exclude: bool = False
    indicator: str | None = None
    value: Value | None = None
    unit: str | None = None
    period: tuple[date, date] | None = None


def load_corrections(folder: Path, catalogue: Catalogue) -> tuple[Correction, ...]:
    """Return the corrections of a folder, by file and entry; raise SchemaError with every fault of every file."""
    faults: list[str] = []
    found = [item for path in sorted(folder.glob("*.yaml")) for item in _read_file(path, catalogue, faults)]
    faults += _repeated(found)
    if faults:
        raise SchemaError(faults)
    return tuple(found)


def _read_file(path: Path, catalogue: Catalogue, faults: list[str]) -> Iterator[Correction]:
    """Yield the corrections of a file that have no fault; add the faults of the others."""
    try:
        content = read_yaml(path)
    except SchemaError as error:
        faults.extend(error.faults)
        return
    entries = content.get("corrections") if isinstance(content, dict) and len(content) == 1 else None
    if not isinstance(entries, list):
        faults.append(f"{path}: needs one key, corrections, with a list")
        return
    for number, entry in enumerate(entries, 1):
        wrong = [f"{path}: correction {number}: {fault}" for fault in _faults(entry, catalogue)]
        faults.extend(wrong)
        if not wrong:
            yield _correction(f"{path.parent.name}/{path.name}, correction {number}", entry)


def _faults(entry: Any, catalogue: Catalogue) -> Iterator[str]:
    """Yield what is wrong with one entry."""
    if not isinstance(entry, dict):
        yield "not a mapping"
        return
    yield from (f"{key} is missing" for key in sorted(_REQUIRED - entry.keys()))
    yield from (f"{key} is not a key of a correction" for key in sorted(map(str, entry.keys() - _KEYS)))
    for key in ("text", "reason", "by", "credit"):
        if key in entry and not (isinstance(entry[key], str) and entry[key].strip()):
            yield f"{key} is a text"
    if "report" in entry and not _REPORT.fullmatch(str(entry["report"])):
        yield f"report {entry['report']!r} is no identifier such as 440608-2019-rule-of-law"
    if "span" in entry and not _is_span(entry["span"]):
        yield "span is a list of two offsets, the second above the first"
    if "date" in entry and type(entry["date"]) is not date:
        yield f"date {entry['date']!r} is no day such as 2026-11-22"
    if "change" in entry:
        yield from _faults_of_change(entry["change"], catalogue)


def _is_span(value: Any) -> bool:
    return isinstance(value, list) and [type(end) for end in value] == [int, int] and 0 <= value[0] < value[1]


def _faults_of_change(change: Any, catalogue: Catalogue) -> Iterator[str]:
    known = ", ".join(sorted(_CHANGES))
    if not isinstance(change, dict) or not change:
        yield f"change says one or more of {known}"
        return
    yield from (f"change: {key} is none of {known}" for key in sorted(map(str, change.keys() - _CHANGES)))
    if "exclude" in change and (change["exclude"] is not True or len(change) > 1):
        yield "change: exclude is true and stands alone"
    if "indicator" in change and change["indicator"] not in catalogue.entries:
        yield f"change: the indicator {change['indicator']!r} is not in the catalogue"
    if "unit" in change and change["unit"] not in {unit.unit for unit in catalogue.units}:
        yield f"change: the unit {change['unit']!r} is not in units.csv"
    if "value" in change and type(change["value"]) not in (int, float):
        yield f"change: the value {change['value']!r} is no number"
    if "period" in change and not _is_period(change["period"]):
        yield "change: period is a list of two days, the second not before the first"


def _is_period(value: Any) -> bool:
    return isinstance(value, list) and [type(day) for day in value] == [date, date] and value[0] <= value[1]


def _correction(place: str, entry: Mapping[str, Any]) -> Correction:
    """Build the correction of an entry without faults."""
    change = entry["change"]
    value = change.get("value")
    return Correction(
        place=place,
        report_id=entry["report"],
        span=(entry["span"][0], entry["span"][1]),
        text=entry["text"],
        reason=entry["reason"].strip(),
        by=entry["by"],
        decided=entry["date"],
        credit=entry.get("credit"),
        exclude="exclude" in change,
        indicator=change.get("indicator"),
        value=Decimal(str(value)) if isinstance(value, float) else value,
        unit=change.get("unit"),
        period=(change["period"][0], change["period"][1]) if "period" in change else None,
    )


def _repeated(corrections: Iterable[Correction]) -> Iterator[str]:
    first: dict[tuple[str, Span], Correction] = {}
    for item in corrections:
        other = first.setdefault((item.report_id, item.span), item)
        if other is not item:
            yield f"{item.place}: {item.report_id} {list(item.span)} is already corrected at {other.place}"
