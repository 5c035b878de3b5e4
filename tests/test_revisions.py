"""What was stated before, and what took its place: later reports and corrected editions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from mingfu.model import Copy, Former, Observation, Report, Source
from mingfu.normalise.revisions import relate
from mingfu.validate.restatements import check_restatements
from tests import revised
from tests.samples import ACCEPTED, CLOSED, observation, report

YEAR = {"period_start": date(2019, 1, 1), "period_end": date(2019, 12, 31)}


def said(year: int, start: int, value: int, indicator: str = ACCEPTED, **changes: Any) -> Observation:
    """Return what the report on a year says of 2019."""
    report_id = changes.pop("report_id", f"440608-{year}-rule-of-law")
    role = "level" if year == 2019 else "prior"
    return observation(start, indicator, value, **{"report_id": report_id, "role": role, **YEAR, **changes})


def reports(*observations: Observation) -> list[Report]:
    ids = dict.fromkeys(item.report_id for item in observations)
    return [report(*(item for item in observations if item.report_id == name), report_id=name) for name in ids]


def links(*observations: Observation) -> dict[str, tuple[str | None, str | None]]:
    """Return restates and restated_by of each observation that has one, all without the area and the kind."""
    short = str.maketrans("", "", "abcdefghijklmnopqrstuvwxyz-")
    items = [item for one in relate(reports(*observations)) for item in one.observations]
    tied = [(item.observation_id, item.restates, item.restated_by) for item in items]
    told = [tuple(name and name.translate(short)[6:] for name in names) for names in tied]
    return {name: (before, after) for name, before, after in told if name and (before or after)}


def test_reports_that_state_the_same_quantity_are_a_chain() -> None:
    found = links(said(2019, 1, 10), said(2020, 2, 12), said(2021, 3, 12))
    assert found == {"2019.1": (None, "2020.2"), "2020.2": ("2019.1", "2021.3"), "2021.3": ("2020.2", None)}


def test_the_order_of_the_reports_does_not_matter() -> None:
    assert links(said(2021, 3, 12), said(2019, 1, 10)) == links(said(2019, 1, 10), said(2021, 3, 12)) != {}


def test_a_value_that_a_report_repeats_is_tied_each_time() -> None:
    found = links(said(2019, 1, 10), said(2019, 9, 10), said(2020, 2, 10), said(2020, 7, 10))
    assert found == {
        **dict.fromkeys(("2019.1", "2019.9"), (None, "2020.2")),
        **dict.fromkeys(("2020.2", "2020.7"), ("2019.1", None)),
    }


@pytest.mark.parametrize(
    "later",
    [
        said(2020, 2, 12, CLOSED),
        said(2020, 2, 12, scope="市本级"),
        said(2020, 2, 12, role="change"),
        said(2020, 2, 12, role="target"),
        said(2020, 2, 12, period_end=date(2019, 11, 30)),
        said(2020, 2, 12, period_start=None, period_end=None),
        said(2020, 2, 12, report_id="440600-2020-rule-of-law"),
        said(2020, 2, 12, report_id="440608-2020-work"),
        said(2020, 2, 12, report_id="440608-2020-rule-of-law-0a1b2c"),
    ],
)
def test_another_quantity_or_issuer_is_tied_to_nothing(later: Observation) -> None:
    assert links(said(2019, 1, 10), later) == {}


def test_a_quantity_with_several_values_in_one_report_is_tied_to_nothing() -> None:
    assert links(said(2019, 1, 10), said(2020, 2, 12), said(2020, 5, 13)) == {}


def replaced(old: list[Observation], new: list[Observation]) -> list[int | None]:
    """Return for each value of an earlier edition where what replaced it stands."""
    copy = Copy(Source("a.txt", "0", 1, "", "text"), 1, "superseded", tuple(Former(item, None) for item in old))
    (one,) = relate([replace(report(*new), copies=(copy,))])
    found = [former.replaced_by for former in one.copies[0].values]
    return [None if name is None else int(name.rpartition(".")[2]) for name in found]


def test_values_of_an_earlier_edition_name_what_replaced_them() -> None:
    old = [observation(5, ACCEPTED, 7), observation(9, CLOSED, 6)]
    assert replaced(old, [observation(6, ACCEPTED, 8), observation(12, CLOSED, 6)]) == [6, 12]
    assert replaced(old, [observation(6, ACCEPTED, 7)]) == [6, None]


def test_values_that_stayed_are_paired_before_those_that_changed() -> None:
    old = [observation(5, ACCEPTED, 7), observation(9, ACCEPTED, 6)]
    assert replaced(old, [observation(8, ACCEPTED, 6), observation(20, ACCEPTED, 5)]) == [20, 8]


def compared(first: Observation, later: Observation, surface: str = "12") -> list[tuple[str, str]]:
    texts = [replace(one, numbers=tuple(number._replace(text=surface) for number in one.numbers)) for one in
             relate(reports(first, later))]  # fmt: skip
    return [(finding.rule, finding.severity) for finding in check_restatements(texts)]


@pytest.mark.parametrize(
    ("later", "surface", "rule"),
    [
        (said(2020, 2, 1934), "12", None),
        (said(2020, 2, 1935), "12", "restatement.revised"),
        (said(2020, 2, 1900, qualifier="approx"), "12", "restatement.reworded"),
        (said(2020, 2, 1900, qualifier="more_than", value_high=None), "12", "restatement.reworded"),
        (said(2020, 2, 1935, qualifier="more_than", value_high=None), "12", "restatement.revised"),
        (said(2020, 2, 1900), "0.19万件", "restatement.reworded"),
        (said(2020, 2, 1800), "0.18萬件", "restatement.revised"),
    ],
)
def test_a_value_that_cannot_be_the_first_one_is_a_revision(later: Observation, surface: str, rule: str | None) -> None:
    severity = "warning" if rule == "restatement.revised" else "info"
    assert compared(said(2019, 1, 1934), later, surface) == ([(rule, severity)] if rule else [])


def test_a_finding_names_what_was_first_published_and_what_came_between() -> None:
    chain = relate(reports(said(2019, 1, 10), said(2020, 2, 10), said(2021, 3, 12)))
    (finding,) = check_restatements(chain)
    assert (finding.observation_id, finding.expected, finding.actual) == ("440608-2021-rule-of-law.3", "10", "12")
    assert finding.related == ("440608-2019-rule-of-law.1", "440608-2020-rule-of-law.2")
    assert "440608-2019-rule-of-law.1" in finding.message


def test_what_a_corrected_edition_changed_is_a_finding() -> None:
    old = [observation(5, ACCEPTED, 7), observation(9, CLOSED, 6), observation(15, ACCEPTED, 3)]
    copy = Copy(Source("a.txt", "0", 1, "", "text"), 1, "superseded", tuple(Former(item, None) for item in old))
    new = [observation(6, ACCEPTED, 7), observation(12, CLOSED, 5)]
    findings = check_restatements(relate([replace(report(*new), copies=(copy,))]))
    assert [(finding.rule, finding.expected, finding.actual) for finding in findings] == [
        ("restatement.edition", "6", "5"),
        ("restatement.edition", "3", "no longer stated"),
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    project = revised.make(tmp_path_factory.mktemp("project"))
    revised.run(project)
    yield project.root


def test_both_values_are_published_and_what_replaced_one(home: Path) -> None:
    latest = home / "data" / "published" / "latest"
    aid = [
        row
        for row in parquet.read_table(latest / "observations.parquet").to_pylist()
        if "legal_aid" in row["indicator"]
    ]
    assert [row["value"] for row in aid] == [512, 520, 520]
    assert [row["value"] for row in aid if row["restates"] is None] == [512]
    assert [row["value"] for row in aid if row["restated_by"] is None] == [520]
    before = parquet.read_table(latest / "superseded.parquet").to_pylist()
    assert [(row["value"], row["replaced_by"]) for row in before] == [
        (95, "440608-2021-rule-of-law.55"),
        (520, "440608-2021-rule-of-law.75"),
    ]


PAGE = (revised.ROOT / "docs" / "revisions.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "told"),
    [*zip(re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S), ("8 6 6", "512", "95"), strict=True)],
)
def test_the_examples_of_the_page_run(
    code: str, told: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(home)
    exec(compile(code, "revisions.md", "exec"), {})
    assert told in capsys.readouterr().out
