"""The identifier of a report, and what counts as a full year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mingfu.extract.ledger import extract_numbers
from mingfu.model import Document, Masthead, Report, Source
from mingfu.normalise.coding import code_numbers
from mingfu.normalise.observe import make_report
from tests.reading import CATALOGUE

MASTHEAD = Masthead(
    "报告",
    issuer_kind="government",
    genre="rule-of-law",
    report_year=2021,
    report_date=date(2022, 1, 5),
    ref_area="440608",
)


def made(masthead: Masthead) -> Report:
    source = Source("report.txt", "0" * 64, 1, "text/plain", "text")
    document = Document(source, "2021年，全区共受理行政复议案件8宗。", masthead=masthead)
    return make_report(document, code_numbers(document, extract_numbers(document), CATALOGUE), CATALOGUE)


@pytest.mark.parametrize(
    ("issuer", "part", "report_id"),
    [
        (None, None, "440608-2021-rule-of-law"),
        ("高明区人民政府", None, "440608-2021-rule-of-law"),
        ("高明區人民政府辦公室", None, "440608-2021-rule-of-law"),
        ("广东省人民政府办公厅", None, "440608-2021-rule-of-law"),
        ("高明区人民政府", "h1", "440608-2021-rule-of-law-h1"),
    ],
)
def test_the_identifier_of_a_report(issuer: str | None, part: str | None, report_id: str) -> None:
    assert made(replace(MASTHEAD, issuer=issuer, part=part)).report_id == report_id


def test_a_department_has_a_mark_of_its_own() -> None:
    names = ("高明区司法局", "佛山市高明區司法局", "广东省佛山市高明区司法局", "高明区教育局", "高明区荷城街道办事处")
    ids = {made(replace(MASTHEAD, issuer=name, issuer_kind="department")).report_id for name in names}
    assert len(ids) == 3
    assert all(report_id.startswith("440608-2021-rule-of-law-") for report_id in ids)


@pytest.mark.parametrize(("part", "full_year"), [(None, True), ("h1", False)])
def test_a_report_on_a_part_of_the_year_has_no_full_year(part: str | None, full_year: bool) -> None:
    (observation,) = made(replace(MASTHEAD, part=part)).observations
    assert observation.full_year is full_year
