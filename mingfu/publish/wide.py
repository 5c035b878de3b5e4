"""The wide table for spreadsheets: one row a report, one column an indicator that occurs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mingfu.model import Indicator, Observation, Report, Value
from mingfu.publish.rows import Row
from mingfu.tables import TableSchema

KEYS = ("report_id", "ref_area", "report_year")


def wide_schema(reports: Iterable[Report], indicators: Iterable[Indicator], columns: TableSchema) -> TableSchema:
    """Return the Table Schema of the wide table; the key columns are those of the table `reports`."""
    occurring = {item.indicator for report in reports for item in report.observations if item.role == "level"}
    declared = {field["name"]: field for field in columns["fields"]}
    used = sorted((item for item in indicators if item.indicator in occurring), key=lambda item: item.indicator)
    return {
        "$schema": columns["$schema"],
        "name": "wide",
        "title": "Wide table",
        "title_zh": "宽表",
        "description": "One row a report, one column an indicator, for spreadsheets. A cell is empty where the "
        "report states no value or several; bounds, periods and quotes stand in `observations`.",
        "description_zh": "每份报告一行，每个指标一列，供电子表格使用。报告未给出数值或给出多个数值的，单元格为空；"
        "上下限、时期和原文见 `observations`。",
        "fields": [*(declared[name] for name in KEYS), *map(_field, used)],
        "missingValues": columns["missingValues"],
        "primaryKey": ["report_id"],
        "orderedBy": ["report_id"],
        "foreignKeys": [
            {"fields": ["report_id"], "reference": {"resource": "reports", "fields": ["report_id"]}},
            {"fields": ["ref_area"], "reference": {"resource": "areas", "fields": ["ref_area"]}},
        ],
    }


def _field(indicator: Indicator) -> dict[str, Any]:
    return {
        "name": indicator.indicator,
        "type": "number",
        "title": indicator.title_en,
        "title_zh": indicator.title_zh,
        "description": indicator.definition_en,
        "description_zh": indicator.definition_zh,
        "unit": indicator.unit,
    }


def wide_rows(reports: Iterable[Report], schema: TableSchema) -> list[Row]:
    """Return the rows of the wide table, by report."""
    names = [field["name"] for field in schema["fields"] if field["name"] not in KEYS]
    return [_row(report, names) for report in sorted(reports, key=lambda report: report.report_id)]


def _row(report: Report, names: Sequence[str]) -> Row:
    masthead = report.document.masthead
    row: Row = dict(zip(KEYS, (report.report_id, masthead.ref_area, masthead.report_year), strict=True))
    values = _single_values(report.observations)
    return row | {name: values.get(name) for name in names}


def _single_values(observations: Iterable[Observation]) -> Mapping[str, float | None]:
    """Return the value of each indicator that has only one, taken of the issuer's own area where stated."""
    values: dict[str, dict[bool, set[Value | None]]] = defaultdict(lambda: defaultdict(set))
    for item in observations:
        if item.role == "level":
            values[item.indicator][item.scope is None].add(item.value)
    chosen = {name: found[True] or found[False] for name, found in values.items()}
    return {name: _double(found) for name, found in chosen.items()}


def _double(found: set[Value | None]) -> float | None:
    value = next(iter(found)) if len(found) == 1 else None
    return None if value is None else float(value)
