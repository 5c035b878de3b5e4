"""Reviewed corrections: what they change, what shows it, and when they are refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from pyarrow import parquet

from mingfu import pipeline
from mingfu.errors import NotFound, SchemaError
from mingfu.explain import explain
from mingfu.normalise.catalogue import load_catalogue
from mingfu.normalise.reviewed import load_corrections
from mingfu.project import Project
from tests import revised
from tests.revised import REPORT, entry, write

pytestmark = pytest.mark.slow
CLOSED, ACCEPTED = "administrative_reconsideration.cases_closed", "administrative_reconsideration.cases_accepted"
Row = dict[str, Any]
Rows = Callable[[str], list[Row]]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return revised.make(tmp_path)


@cache
def drafts() -> list[pipeline.Draft]:
    """Return the reports as they are read, which no correction changes."""
    with TemporaryDirectory() as folder:
        return pipeline.extract(pipeline.ingest(revised.make(Path(folder))).documents)[0]


def normalised(project: Project) -> tuple[Row, list[Row]]:
    """Return the observations of the first report by the text of their numbers, and the findings."""
    reports, findings = pipeline.normalise(project, drafts())
    first = next(report for report in reports if report.report_id == REPORT)
    numbers = {number.start: number for number in first.numbers}
    stated = {numbers[item.char_start].text: item for item in first.observations}
    return stated, [finding for finding in findings if finding.rule.startswith("correction.")]


def rows(folder: Path, table: str) -> list[Row]:
    return parquet.read_table(folder / f"{table}.parquet").to_pylist()


def test_without_a_correction_a_source_is_published_as_it_stands(project: Project) -> None:
    """The report says 受理117件，办结171件: more closed than accepted, and nobody here knows which is wrong."""
    folder = revised.run(project).folder
    stated = {row["indicator"]: row for row in rows(folder, "observations") if row["report_id"] == REPORT}
    assert (stated[ACCEPTED]["value"], stated[CLOSED]["value"]) == (117, 171)
    assert (stated[CLOSED]["obs_status"], stated[CLOSED]["correction_reason"]) == ("U", None)
    (finding,) = (row for row in rows(folder, "checks") if row["severity"] == "warning" and CLOSED in row["message"])
    assert (finding["observation_id"], finding["actual"]) == (stated[CLOSED]["observation_id"], "171")


def test_a_corrected_value_is_published_with_its_reason(project: Project) -> None:
    write(project, entry("171件", change={"value": 117}))
    summary = revised.run(project)
    assert summary.corrected == 1
    published = {name: rows(summary.folder, name) for name in ("observations", "numbers", "checks")}
    (row,) = (row for row in published["observations"] if row["observation_id"] == f"{REPORT}.62")
    assert (row["value"], row["value_low"], row["obs_status"], row["correction_reason"]) == (117, 117, "I", "核对台账")
    assert row["quote"].endswith("办结171件")  # the proof stays what was printed
    (number,) = (row for row in published["numbers"] if row["number_id"] == f"{REPORT}.62")
    assert (number["text"], number["value_low"], number["correction_reason"]) == ("171件", 171, "核对台账")
    (finding,) = (row for row in published["checks"] if row["rule"] == "correction.applied")
    assert (finding["observation_id"], finding["actual"]) == (f"{REPORT}.62", "171件")
    assert "2026-11-20, 统计科" in finding["message"]
    assert "王小明" not in repr(published)
    assert "核对台账" in str(explain(project, f"{REPORT}.62").correction)


def test_an_excluded_number_is_shown_as_such(project: Project) -> None:
    write(project, entry("171件", change={"exclude": True}))
    folder = revised.run(project).folder
    assert not [
        row for row in rows(folder, "observations") if row["indicator"] == CLOSED and row["report_id"] == REPORT
    ]
    number = next(row for row in rows(folder, "numbers") if row["number_id"] == f"{REPORT}.62")
    assert (number["disposition"], number["reason"], number["correction_reason"]) == (
        *("excluded", "correction", "核对台账"),
    )
    with pytest.raises(NotFound, match="excluded correction: 核对台账"):
        explain(project, f"{REPORT}.62")


@pytest.mark.parametrize(
    ("surface", "change", "expected"),
    [
        ("171件", {"value": 117.5}, (CLOSED, "117.5", "2019-01-01 2019-12-31", True)),
        ("171件", {"indicator": ACCEPTED}, (ACCEPTED, "171", "2019-01-01 2019-12-31", True)),
        ("171件", {"period": ["2019-01-01", "2019-06-30"]}, (CLOSED, "171", "2019-01-01 2019-06-30", False)),
        ("171件", {"unit": "case", "value": 5}, (CLOSED, "5", "2019-01-01 2019-12-31", True)),
        ("2020年1月20日", {"indicator": CLOSED, "value": 7, "unit": "case"}, (CLOSED, "7", "None None", False)),
    ],
)
def test_what_a_correction_changes(project: Project, surface: str, change: Row, expected: tuple[Any, ...]) -> None:
    write(project, entry(surface, change=change))
    unquote(project)
    stated, (finding,) = normalised(project)
    item = stated[surface]
    assert (item.indicator, str(item.value), f"{item.period_start} {item.period_end}", item.full_year) == expected
    assert (item.obs_status, finding.rule) == ("I", "correction.applied")


def unquote(project: Project) -> None:
    path = project.schemas / "corrections" / "2019.yaml"
    path.write_text(
        re.sub(r"'([0-9]{4}-[0-9]{2}-[0-9]{2})'", r"\1", path.read_text(encoding="utf-8")), encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("surface", "changes", "fault"),
    [
        ("171件", {"text": "172件"}, "the text there is no longer 172件"),
        ("全区", {"change": {"value": 3}}, "no number of the ledger"),
        ("2020年1月20日", {"change": {"value": 3}}, "name its indicator"),
        ("2020年1月20日", {"change": {"indicator": CLOSED}}, "has no value"),
        ("2020年1月20日", {"change": {"indicator": CLOSED, "value": 3}}, "state the unit (case)"),
        ("2020年1月20日", {"change": {"exclude": True}}, "excluded already (date)"),
        ("171件", {"change": {"unit": "person"}}, f"the unit of {CLOSED} is case, not person"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(project: Project, surface: str, changes: Row, fault: str) -> None:
    write(project, entry(surface, **{"change": {"value": 1}, **changes}))
    with pytest.raises(SchemaError) as caught:
        normalised(project)
    assert fault in str(caught.value)
    assert "corrections/2019.yaml, correction 1" in str(caught.value)


def test_corrections_that_do_not_fit_are_told_all_together(project: Project) -> None:
    write(project, entry("171件", text="1件", change={"value": 1}), entry("117件", text="2件", change={"value": 1}))
    with pytest.raises(SchemaError) as caught:
        normalised(project)
    assert len(caught.value.faults) == 2


def test_a_correction_of_a_report_that_is_not_there_is_a_warning(project: Project) -> None:
    write(project, entry("171件", report="440608-2001-rule-of-law", change={"value": 1}))
    _, (finding,) = normalised(project)
    assert (finding.rule, finding.severity, finding.report_id) == ("correction.without_report", "warning", None)


MALFORMED = """\
corrections:
  - report: 佛山
    span: [9, 3]
    text: ""
    change: {indicator: no.such, unit: ell, value: many, period: [2020-01-02, 2020-01-01], colour: red}
    reason: 3
    by: 科室
    date: "2026"
    colour: red
  - change: {exclude: true, value: 3}
  - 7
"""


def test_every_fault_of_every_file_is_told(project: Project) -> None:
    folder = project.schemas / "corrections"
    (folder / "a.yaml").write_text(MALFORMED, encoding="utf-8")
    (folder / "b.yaml").write_text("[]", encoding="utf-8")
    (folder / "c.yaml").write_text("corrections: [", encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        load_corrections(folder, load_catalogue(project.schemas))
    told = str(caught.value)
    for fault in (
        *("report '佛山'", "span is", "text is a text", "reason is a text", "date '2026'", "colour is not a key"),
        *("'no.such' is not in the catalogue", "'ell' is not in units.csv", "'many' is no number", "period is a list"),
        *("colour is none of", "exclude is true and stands alone", "report is missing", "correction 3: not a mapping"),
        *("b.yaml: needs one key", "c.yaml:"),
    ):
        assert fault in told, fault


def test_a_number_is_corrected_once(project: Project) -> None:
    write(project, entry("171件", change={"value": 1}), entry("171件", change={"value": 2}))
    with pytest.raises(SchemaError, match="already corrected"):
        normalised(project)


def test_the_corrections_of_this_project_are_well_formed() -> None:
    schemas = revised.ROOT / "schemas"
    load_corrections(schemas / "corrections", load_catalogue(schemas))
