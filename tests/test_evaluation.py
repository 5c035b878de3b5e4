"""Evaluation against labels: the seed's own, and small ones with known faults."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mingfu.cli import app
from mingfu.errors import InputError
from mingfu.evaluation import evaluate
from mingfu.project import Project
from tests.reading import CASES, ROOT

TEXT = "2020年，受理行政复议案件52件，办结44件。印发〔2020〕3号文件。"
GOLD = "id,n,char_offset,surface,value_low,value_high,qualifier,unit\n"
CONTEXT = "id,n,role,period_start,period_end,period_certain,concept,in_genre,parent_n\n"


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    rows = "a,1,14,52件,52,52,exact,件\na,2,20,44件,45,45,exact,宗\na,3,30,3号,3,3,exact,号\n"
    (tmp_path / "gold.csv").write_text(GOLD + rows, encoding="utf-8")
    context = "a,1,level,2020-01-01,2020-12-31,1,accepted,1,\na,2,change,2020-01-01,2020-06-30,1,accepted,1,1\n"
    (tmp_path / "gold_context.csv").write_text(CONTEXT + context, encoding="utf-8")
    (tmp_path / "negatives.csv").write_text("id,char_offset,token\na,0,2020\na,14,52\n", encoding="utf-8")
    return tmp_path / "gold.csv"


def test_the_seed_is_all_right() -> None:
    report = next((ROOT / "data" / "raw").rglob("*.txt"))
    score = evaluate(Project(ROOT), CASES / "gaoming-2019.csv", report)
    assert score.asked["value recall"] == 45
    assert set(score.rates().values()) == {1.0}


def test_each_measure_sees_its_own_fault(labels: Path) -> None:
    score = evaluate(Project(ROOT), labels, labels.parent)
    assert (score.right["value recall"], score.asked["value recall"]) == (1, 3)
    assert (score.right["unit"], score.asked["unit"]) == (1, 2)
    assert score.rates()["value precision"] == 1
    assert score.rates()["role"] == score.rates()["period_end"] == 0.5
    assert score.rates()["parent"] == 0
    assert score.rates()["agreement of codes"] == 0  # one concept, two indicators
    assert score.rates()["negatives excluded"] == 0.5
    assert dict(score.missed) == {"document_number": 1}


def test_the_command_prints_rates_and_faults(labels: Path) -> None:
    arguments = ["evaluate", str(labels), str(labels.parent), "--project", str(ROOT)]
    plain = CliRunner().invoke(app, [*arguments, "--faults"])
    assert plain.exit_code == 0
    assert "value recall" in plain.stdout
    assert "【44件】" in plain.stdout
    figures = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert figures["counts"]["value recall"] == {"right": 1, "asked": 3}


def test_missing_labels_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        evaluate(Project(ROOT), tmp_path / "none.csv", tmp_path)
