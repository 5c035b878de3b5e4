"""What the folder and source.yaml say otherwise than the text, and names that are left open."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mingfu import pipeline
from mingfu.ingest.areas import Areas, load_areas
from mingfu.ingest.inbox import read_reports
from mingfu.model import Document
from mingfu.project import Project

ROOT = Path(__file__).parents[1]
TEXT = "佛山市高明区人民政府关于2020年度法治政府建设的报告\n一、情况\n全年办结复议案件8件。\n"
OPEN = "鼓楼区人民政府关于2020年度法治政府建设的报告\n一、情况\n全年办结复议案件8件。\n"
SPEECH = "2021年高明区政府工作报告\n各位代表：\n一、情况\n全年办结复议案件8件。\n"


@pytest.fixture(scope="module")
def areas() -> Areas:
    return load_areas(ROOT / "schemas/areas.csv")


def read(folder: Path, areas: Areas, text: str = TEXT, place: str = ".", stated: str = "") -> Document:
    path = folder / place / "report.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if stated:
        path.with_name("source.yaml").write_text(f"files:\n  report.txt: {{{stated}}}\n", encoding="utf-8")
    (document,) = read_reports([path], lambda path: path.name, areas)
    assert isinstance(document, Document)
    return document


@pytest.mark.parametrize(
    ("text", "place", "stated", "expected", "actual"),
    [
        (TEXT, "440605/2020", "", "440605", "440608"),
        (TEXT, "440608/2019", "", "2019", "2020"),
        (TEXT, ".", "ref_area: '440605'", "440605", "440608"),
        (TEXT, ".", "report_year: 2019", "2019", "2020"),
        (TEXT, ".", "genre: disclosure", "disclosure", "rule-of-law"),
        (TEXT, ".", "issuer: 佛山市三水区人民政府", "佛山市三水区人民政府", "佛山市高明区人民政府"),
        (SPEECH, "440608/2022", "", "2022", "2020"),
    ],
)
def test_the_text_wins_and_the_contradiction_is_a_finding(
    text: str, place: str, stated: str, expected: str, actual: str, tmp_path: Path, areas: Areas
) -> None:
    document = read(tmp_path, areas, text, place, stated)
    assert document.masthead == read(tmp_path / "alone", areas, text).masthead
    (finding,) = document.findings
    assert (finding.rule, finding.severity, finding.path) == ("masthead.contradiction", "warning", "report.txt")
    assert (finding.expected, finding.actual) == (expected, actual)
    assert "that of the text is taken" in finding.message


@pytest.mark.parametrize(
    ("text", "place", "stated"),
    [
        (TEXT, "440608/2020", "ref_area: '440608', report_year: 2020, genre: rule-of-law"),
        (TEXT, ".", "issuer: 区政府"),
        (TEXT, "reports/2019", ""),
        (SPEECH, "440608/2020", ""),
        (SPEECH, "440608/2021", ""),  # filed under the year in which it was given
        ("落实工作。\n共8件。\n", "440608/2020", "report_year: 2020"),
    ],
)
def test_what_agrees_or_says_nothing_is_no_finding(
    text: str, place: str, stated: str, tmp_path: Path, areas: Areas
) -> None:
    assert read(tmp_path, areas, text, place, stated).findings == ()


def test_a_person_who_says_why_wins(tmp_path: Path, areas: Areas) -> None:
    stated = "report_year: 2019, because: the title has the year of the meeting"
    document = read(tmp_path, areas, stated=stated)
    assert document.masthead.report_year == 2019
    assert document.masthead.ref_area == "440608"
    (finding,) = document.findings
    assert "that of source.yaml is taken" in finding.message


def test_source_yaml_helps_before_the_folder(tmp_path: Path, areas: Areas) -> None:
    document = read(tmp_path, areas, "落实工作。\n共8件。\n", "440608/2020", "ref_area: '440605'")
    assert (document.masthead.ref_area, document.masthead.report_year) == ("440605", 2020)
    assert document.masthead.title == "report"


def test_a_name_that_several_areas_bear_is_a_finding(tmp_path: Path, areas: Areas) -> None:
    document = read(tmp_path, areas, OPEN)
    assert document.masthead.ref_area is None
    (finding,) = document.findings
    assert finding.rule == "masthead.ambiguous"
    assert "can be 320106, 320302, 350102, 410204; state ref_area" in finding.message
    assert read(tmp_path / "stated", areas, OPEN, stated="ref_area: '350102'").findings == ()


def test_what_reading_saw_reaches_the_table_of_checks(tmp_path: Path, areas: Areas) -> None:
    project = Project(ROOT)
    documents = [read(tmp_path / "a", areas, place="440605/2020"), read(tmp_path / "b", areas, OPEN)]
    documents[1] = replace(documents[1], source=replace(documents[1].source, path="open.txt"))
    drafts, _ = pipeline.extract(documents)
    reports, refused = pipeline.normalise(project, drafts)
    assert [finding.rule for finding in refused] == ["ingest.e_no_issuer", "masthead.ambiguous"]
    found = [finding for finding in pipeline.validate(project, reports) if finding.rule.startswith("masthead.")]
    assert [(finding.rule, finding.report_id) for finding in found] == [
        ("masthead.contradiction", "440608-2020-rule-of-law")
    ]
