from dataclasses import replace

import pytest

from mingfu.publish.release import stage
from mingfu.publish.store import open_store
from mingfu.validate import package
from mingfu.validate.package import check_package
from tests import samples
from tests.samples import MEDIATED, REPORT, observation, report


@pytest.fixture(params=[0, package.LARGE], ids=["by column", "by frictionless"], autouse=True)
def judge(request, monkeypatch):
    monkeypatch.setattr(package, "LARGE", request.param)


def _faults(folder, *reports, findings=()):
    house = samples.project(folder)
    with open_store(house.published) as store:
        staged = stage(store, house, reports, findings, samples.code_lists())
        return [(fault.severity, fault.rule, fault.path) for fault in check_package(staged.folder)]


def test_sound_tables_have_no_faults(tmp_path):
    assert _faults(tmp_path, *samples.reports(), findings=samples.findings()) == []


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"qualifier": "roughly"}, "table.constraint"),  # enum
        ({"char_start": -1, "observation_id": f"{REPORT}.-1"}, "table.constraint"),  # minimum, pattern
        ({"quote": ""}, "table.constraint"),  # required
        ({"unit": "hectare"}, "table.key"),  # a unit that the catalogue does not use
        ({"indicator": "no.such"}, "table.key"),
        ({"ref_area": "999999"}, "table.key"),
        ({"observation_id": f"{REPORT}.11"}, "table.key"),  # not in the ledger
    ],
)
def test_each_constraint_and_key_is_enforced(tmp_path, changes, rule):
    faults = _faults(tmp_path, report(observation(10, MEDIATED, 5)._replace(**changes)))
    assert ("error", rule) in {fault[:2] for fault in faults}


def test_an_identifier_stands_once(tmp_path):
    twice = report(observation(10, MEDIATED, 5))
    assert ("error", "table.key", "reports.csv") in _faults(tmp_path, twice, twice)


def test_a_report_without_a_title_is_a_finding_and_no_crash(tmp_path):
    sample = report(observation(10, MEDIATED, 5))
    untitled = replace(sample.document, masthead=replace(sample.document.masthead, title=None))
    assert _faults(tmp_path, replace(sample, document=untitled)) == [("error", "table.constraint", "reports.csv")]
