"""The masthead: golden cases in both scripts, and the rule that no person is taken."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import opencc
import pytest

from mingfu.ingest.areas import Areas, load_areas
from mingfu.ingest.clues import Clues, Folder
from mingfu.ingest.masthead import read_masthead
from mingfu.ingest.origin import Origin
from mingfu.ingest.outline import outline
from mingfu.ingest.reading import Hints
from mingfu.script import fold

ROOT = Path(__file__).parents[1]
CASES = [json.loads(line) for line in (ROOT / "tests/cases/mastheads.jsonl").read_text(encoding="utf-8").splitlines()]
EMPTY = {"genre": "other"} | dict.fromkeys(
    (
        *("title", "issuer", "issuer_kind", "addressee", "document_number", "disclosure_class"),
        *("report_year", "part", "report_date", "ref_area"),
    )
)


@pytest.fixture(scope="module")
def areas() -> Areas:
    return load_areas(ROOT / "schemas/areas.csv")


def read(text: str, case: dict[str, Any], areas: Areas) -> dict[str, Any]:
    masthead = asdict(read_masthead(text, outline(text), areas, clues_of(case)))
    return masthead | {"report_date": masthead["report_date"] and masthead["report_date"].isoformat()}


def clues_of(case: dict[str, Any]) -> Clues:
    hints = case.get("hints", {})
    published = date.fromisoformat(hints["published"]) if "published" in hints else None
    folder = Folder(*case["folder"]) if "folder" in case else None
    return Clues(Origin(**case.get("origin", {})), Hints(**hints | {"published": published}), folder, case.get("name"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["note"])
def test_the_masthead_of_a_case(case: dict[str, Any], areas: Areas) -> None:
    assert read(case["text"], case, areas) == EMPTY | case["masthead"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["note"])
@pytest.mark.parametrize("config", ["s2t", "t2s"])
def test_the_other_script_says_the_same(case: dict[str, Any], config: str, areas: Areas) -> None:
    masthead = read(opencc.OpenCC(config).convert(case["text"]), case, areas)
    assert folded(masthead) == folded(EMPTY | case["masthead"])


def folded(masthead: dict[str, Any]) -> dict[str, Any]:
    return {key: fold(value) if isinstance(value, str) else value for key, value in masthead.items()}


def test_what_is_taken_is_printed_in_the_text(areas: Areas) -> None:
    for case in CASES:
        for key in ("issuer", "addressee", "document_number", "disclosure_class"):
            value = read(case["text"], case, areas)[key]
            assert value is None or value in str(case)


def test_no_person_is_taken(areas: Areas) -> None:
    taken = " ".join(str(value) for case in CASES for value in read(case["text"], case, areas).values())
    assert "某" not in taken
