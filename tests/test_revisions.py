"""What was stated before, and what took its place: later reports and corrected editions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mingfu.model import Copy, Former, Observation, Report, Source
from mingfu.normalise.revisions import relate
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
