"""What a release says of the one before it: reports, observations, code lists, schemas and their version."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mingfu.errors import StoreError
from mingfu.model import Report
from mingfu.project import Project
from mingfu.publish.schema_changes import next_version
from tests import samples


@pytest.fixture
def house(tmp_path: Path) -> Project:
    return samples.project(tmp_path)


def changes(house: Project, *states: list[Report]) -> list[dict[str, str]]:
    """Publish one state after the other; return the changes of the last, without what is counted for reports."""
    for state in states:
        folder = samples.publish(house, state)
    rows = csv.DictReader((folder / "changes.csv").read_text("utf-8").splitlines())
    return [row for row in rows if row["field"] not in ("observations", "numbers", "uncoded", "excluded", "characters")]


def brief(rows: list[dict[str, str]]) -> list[tuple[str, ...]]:
    return [tuple(row[name] for name in ("entity", "change", "key", "field", "old", "new")) for row in rows]


def of(text: str, *observations: samples.Observation) -> Report:
    """Return a report of this text, which tells it from others by its hash."""
    plain = samples.report(*observations)
    return replace(plain, document=replace(plain.document, source=replace(plain.document.source, sha256=text * 64)))


def valued(item: samples.Observation, value: int) -> samples.Observation:
    return item._replace(value=value, value_low=value, value_high=value)


def moved_by_seven(item: samples.Observation) -> samples.Observation:
    start, end = item.char_start + 7, item.char_end + 7
    return item._replace(observation_id=f"{item.report_id}.{start}", char_start=start, char_end=end)


def test_a_first_release_has_no_changes(house: Project) -> None:
    assert changes(house, samples.reports()) == []
    assert "The first release." in (house.published / "latest" / "CHANGELOG.md").read_text("utf-8")


def test_an_observation_is_known_by_its_place_while_the_text_is_the_same(house: Project) -> None:
    old = samples.mediation()
    new = [
        old[0],
        old[1]._replace(value=1914, value_low=1914, value_high=1914),
        samples.observation(50, samples.BUDGET, 5),
    ]
    assert brief(changes(house, [of("a", *old)], [of("a", *new)])) == [
        ("observation", "changed", f"{samples.REPORT}.20", "value", "1913", "1914"),
        ("observation", "changed", f"{samples.REPORT}.20", "value_low", "1913", "1914"),
        ("observation", "changed", f"{samples.REPORT}.20", "value_high", "1913", "1914"),
        ("observation", "added", f"{samples.REPORT}.50", "value", "", "5"),
        ("observation", "removed", f"{samples.REPORT}.30", "value", "98.9", ""),
    ]


def test_an_observation_is_known_by_what_it_measures_where_the_text_is_another(house: Project) -> None:
    old = samples.mediation()
    moved = [moved_by_seven(item) for item in old]
    rows = brief(changes(house, [of("a", *old)], [of("b", moved[0], valued(moved[1], 1), moved[2])]))
    assert ("report", "replaced", samples.REPORT, "sha256", "a" * 64, "b" * 64) in rows
    observed = [row for row in rows if row[0] == "observation"]
    assert {row[1] for row in observed} == {"changed"}
    identities = [row[4:] for row in observed if row[3] == "observation_id"]
    assert identities == [(f"{samples.REPORT}.{start}", f"{samples.REPORT}.{start + 7}") for start in (10, 20, 30)]
    assert [row[4:] for row in observed if row[3] == "value"] == [("1913", "1")]


def test_bounds_stand_for_a_value_that_is_not_stated(house: Project) -> None:
    old = samples.observation(10, samples.BUDGET, None, value_low=5, value_high=8)
    rows = brief(changes(house, [of("a", old)], [of("a", old._replace(value_high=9))]))
    assert ("observation", "changed", f"{samples.REPORT}.10", "value", "5..8", "5..9") in rows


def test_reports_come_and_go_with_their_observations(house: Project) -> None:
    both, one = samples.reports(), samples.reports()[:1]
    gone = brief(changes(house, both, one))
    assert [row[:3] for row in gone] == [
        ("report", "removed", "440600-2019-rule-of-law"),
        ("observation", "removed", "440600-2019-rule-of-law.5"),
    ]
    back = brief(changes(house, both))
    assert [row[1] for row in back] == ["added", "added"]


def schema(house: Project, table: str, change: Change) -> None:
    path = house.schemas / "tables" / f"{table}.schema.json"
    content = json.loads(path.read_text("utf-8"))
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def field(content: dict[str, Any], name: str) -> dict[str, Any]:
    return next(item for item in content["fields"] if item["name"] == name)


def drop(content: dict[str, Any], name: str) -> None:
    content["fields"] = [item for item in content["fields"] if item["name"] != name]


Change = Callable[[dict[str, Any]], object]


def guess(content: dict[str, Any]) -> None:
    field(content, "role")["constraints"]["enum"].append("guess")


def as_number(content: dict[str, Any]) -> None:
    field(content, "report_year")["type"] = "number"


def ask_for_more(content: dict[str, Any]) -> None:
    field(content, "title_en").setdefault("constraints", {})["minLength"] = 1


SCHEMA_CHANGES: dict[str, tuple[str, Change, str, str]] = {
    "a word": ("units", lambda c: c["fields"][0].update(title="Measure"), "units.unit", "1.0.1"),
    "a column gone": ("units", lambda c: drop(c, "measure_words"), "units.measure_words", "2.0.0"),
    "another order": ("units", lambda c: c["fields"].reverse(), "units", "2.0.0"),
    "less promised": ("units", lambda c: field(c, "title_zh").pop("constraints"), "units.title_zh", "2.0.0"),
    "more promised": ("units", ask_for_more, "units.title_en", "1.1.0"),
    "a code more": ("observations", guess, "observations.role", "1.1.0"),
    "another type": ("reports", as_number, "reports.report_year", "2.0.0"),
    "a reference gone": ("observations", lambda c: c["foreignKeys"].pop(), "observations", "2.0.0"),
}


@pytest.mark.parametrize(("table", "change", "key", "version"), SCHEMA_CHANGES.values(), ids=SCHEMA_CHANGES)
def test_the_version_tells_what_a_change_of_the_schemas_means(
    house: Project, table: str, change: Change, key: str, version: str
) -> None:
    samples.publish(house, samples.reports())
    schema(house, table, change)
    folder = samples.publish(house, samples.reports())
    rows = csv.DictReader((folder / "changes.csv").read_text("utf-8").splitlines())
    assert {(row["entity"], row["key"]) for row in rows} == {("schema", key)}
    assert json.loads((folder / "manifest.json").read_bytes())["schema_version"] == version
    assert f"## Release 2, schema {version} (" in (folder / "CHANGELOG.md").read_text("utf-8")


def test_a_new_column_is_a_minor_change_and_the_data_none(house: Project) -> None:
    assert next_version("1.4.2", ["patch", "minor", None]) == "1.5.0"
    assert next_version("1.4.2", [None]) == "1.4.2"
    assert next_version("1.4.2", ["major", "minor"]) == "2.0.0"
    with pytest.raises(StoreError, match="schema_version"):
        next_version("one", ["patch"])
