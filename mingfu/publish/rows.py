"""The rows of the published tables, by table name; columns are declared in schemas/tables/."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any

from mingfu.model import (
    Area,
    CodeLists,
    Copy,
    Finding,
    Indicator,
    Masthead,
    Number,
    Observation,
    Place,
    Report,
    Source,
    Unit,
    Value,
)
from mingfu.personal import personal_spans
from mingfu.script import fold, script_of

Row = dict[str, Any]

PERSONAL = frozenset({"phone", "personal"})
_SHORT = 6  # characters in which no personal data fit
# What the table `numbers` calls the fields of the ledger that have other names there.
RENAMED = {"start": "char_start", "end": "char_end", "low": "value_low", "high": "value_high"}
# The kinds of rules by which a source contradicts itself; their warnings name doubtful observations.
DOUBTS = ("ratio.", "order.", "sum.", "balance.", "totals.", "bounds.")


def table_rows(reports: Sequence[Report], findings: Sequence[Finding], code_lists: CodeLists) -> dict[str, list[Row]]:
    """Return the rows of every table: reports by id, what they hold in text order, codes by id."""
    reports = sorted(reports, key=lambda report: report.report_id)
    doubtful = _doubtful(findings)
    tables: dict[str, Iterable[Row]] = {
        "reports": map(_report_row, reports),
        "sources": (row for report in reports for row in _source_rows(report)),
        "observations": (row for report in reports for row in _observation_rows(report, doubtful)),
        "superseded": (row for report in reports for row in _superseded_rows(report)),
        "numbers": (row for report in reports for row in _number_rows(report)),
        "checks": _check_rows(findings),
        "indicators": map(_row, sorted(code_lists.indicators, key=lambda item: item.indicator)),
        "areas": _area_rows(reports, code_lists.areas),
        "units": map(_unit_row, _units_used(code_lists.indicators, code_lists.units)),
    }
    return {name: [_without_blanks(row) for row in rows] for name, rows in tables.items()}


def _without_blanks(row: Row) -> Row:
    """Leave out empty text, which a CSV file cannot tell from a missing value."""
    return {name: None if value == "" else value for name, value in row.items()}


def _row(item: Source | Masthead | Finding | Indicator | Area) -> Row:
    return {field.name: getattr(item, field.name) for field in fields(item)}


def _report_row(report: Report) -> Row:
    document, source = report.document, report.document.source
    fates = Counter(number.disposition for number in report.numbers)
    return {
        **_row(source),
        **_row(document.masthead),
        "report_id": report.report_id,
        "edition": report.edition,
        "script": script_of(document.text),
        "characters": len(document.text),
        "numbers": len(report.numbers),
        "observations": len(report.observations),
        "uncoded": fates["uncoded"],
        "excluded": fates["excluded"],
        "source_title": source.title,
        "source_publisher": source.publisher,
        "source_url": source.url,
    }


def _source_rows(report: Report) -> Iterator[Row]:
    published = Copy(report.document.source, report.edition, "published")
    for copy in (published, *report.copies):
        yield {**_row(copy.source), "report_id": report.report_id, "edition": copy.edition, "status": copy.status}


def _observation_rows(report: Report, doubtful: frozenset[str]) -> Iterator[Row]:
    for item in sorted(report.observations, key=lambda item: item.char_start):
        status = "U" if item.observation_id in doubtful else item.obs_status
        yield {**_value_row(item), "obs_status": status}


def _value_row(item: Observation) -> Row:
    return item._asdict() | {name: _double(getattr(item, name)) for name in ("value", "value_low", "value_high")}


def _superseded_rows(report: Report) -> Iterator[Row]:
    for copy in report.copies:
        for former in copy.values:
            item = former.observation
            yield {
                **_value_row(item),
                "superseded_id": f"{report.report_id}.e{copy.edition}.{item.char_start}",
                "edition": copy.edition,
                "path": copy.source.path,
                "replaced_by": former.replaced_by,
            }


def _doubtful(findings: Iterable[Finding]) -> frozenset[str]:
    """Return the observations that a contradiction names."""
    warnings = [item for item in findings if item.severity == "warning" and item.rule.startswith(DOUBTS)]
    named = {name for item in warnings for name in (item.observation_id, *item.related)}
    return frozenset(name for name in named if name)


def _number_rows(report: Report) -> Iterator[Row]:
    personal = [number for number in report.numbers if number.reason in PERSONAL]
    for number in sorted(report.numbers, key=lambda number: number.start):
        row = {RENAMED.get(name, name): value for name, value in number._asdict().items()}
        row |= {name: _double(row[name]) for name in ("value_low", "value_high")}
        row |= _place_columns(number.place)
        row |= {"number_id": f"{report.report_id}.{number.start}", "report_id": report.report_id}
        yield row | _masked(number, personal)


def _place_columns(place: Place | None) -> Row:
    """Return where a number stood in its file, as far as the file has pages and tables."""
    cell = place.cell if place else None
    return {
        **{name: getattr(place, name, None) for name in ("page", "confidence")},
        **{name: getattr(cell, name, None) for name in ("table", "row", "column")},
    }


def _masked(number: Number, personal: Sequence[Number]) -> Row:
    """Return the columns to empty, for personal data never leave the raw text."""
    inside = any(number.start < other.end and other.start < number.end for other in personal)
    if inside or (len(number.text) > _SHORT and personal_spans(fold(number.text))):
        return dict.fromkeys(("text", "value_low", "value_high", "label", "scope"))
    if any(other.text in (number.label or "") for other in personal):
        return {"label": None}
    return {}


def _double(value: Value | None) -> float | None:
    return None if value is None else float(value)


def _check_rows(findings: Iterable[Finding]) -> Iterator[Row]:
    seen: Counter[str] = Counter()
    for item in findings:
        place = f"{item.rule}:{item.observation_id or item.report_id or item.path or 'dataset'}"
        seen[place] += 1
        yield {**_row(item), "finding_id": f"{place}:{seen[place]}", "related": " ".join(item.related)}


def _area_rows(reports: Iterable[Report], areas: Iterable[Area]) -> Iterator[Row]:
    """Yield the areas of the reports and those above them, by code, each as the newest of its reports found it."""
    holders: dict[str, list[Area]] = defaultdict(list)
    for area in sorted(areas, key=lambda area: area.valid_from or 0):
        holders[area.ref_area].append(area)
    newest: dict[str, int] = {}
    for report in reports:
        code, year = report.document.masthead.ref_area, report.document.masthead.report_year or 0
        while code in holders:
            newest[code] = max(year, newest.get(code, 0))
            code = _holder(holders[code], year).parent
    for code in sorted(newest):
        story = "; ".join(f"{area.name} {area.valid_from or ''}-{area.valid_to or ''}" for area in holders[code])
        yield {**_row(_holder(holders[code], newest[code])), "holders": story if len(holders[code]) > 1 else None}


def _holder(holders: Sequence[Area], year: int) -> Area:
    """Return who held a code in a year: the last one until then, or else the first."""
    return next((area for area in reversed(holders) if (area.valid_from or 0) <= year), holders[0])


def _units_used(indicators: Iterable[Indicator], units: Iterable[Unit]) -> list[Unit]:
    used = {indicator.unit for indicator in indicators}
    return sorted((unit for unit in units if unit.unit in used), key=lambda unit: unit.unit)


def _unit_row(unit: Unit) -> Row:
    return {
        "unit": unit.unit,
        "title_zh": unit.title_zh,
        "title_en": unit.title_en,
        "measure_words": " ".join(unit.measure_words),
    }
