"""The outline: golden cases, and what holds of the sections of any text."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingfu.ingest.outline import outline
from mingfu.model import Section, sections_of

ROOT = Path(__file__).parents[1]
CASES = [json.loads(line) for line in (ROOT / "tests/cases/outlines.jsonl").read_text(encoding="utf-8").splitlines()]
PIECES = [
    "一、",
    "二、",
    "（一）",
    "(二)",
    "1.",
    "2、",
    "（1）",
    "一是",
    "二是",
    "三是",
    "\n",
    "。",
    "，",
    "　",
    "办",
    "1.5",
    "“",
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["note"])
def test_the_sections_of_a_case(case: dict[str, Any]) -> None:
    assert [[section.path, section.heading] for section in outline(case["text"])] == case["sections"]


def test_spans_end_where_a_section_of_the_same_or_a_higher_level_begins() -> None:
    text = "序\n一、甲\n（一）乙。一是丙。二是丁。\n戊\n（二）己\n二、庚\n特此报告。\n"
    spans = {section.path: text[section.start : section.end] for section in outline(text)}
    assert spans == {
        "一": "一、甲\n（一）乙。一是丙。二是丁。\n戊\n（二）己\n",
        "一/(一)": "（一）乙。一是丙。二是丁。\n戊\n",
        "一/(一)/一是": "一是丙。",
        "一/(一)/二是": "二是丁。\n",
        "一/(二)": "（二）己\n",
        "二": "二、庚\n",
    }


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_sections_are_sorted_nested_and_found_again(text: str) -> None:
    sections = outline(text)
    assert [section.start for section in sections] == sorted({section.start for section in sections})
    for section in sections:
        assert section.start < section.end <= len(text)
        assert next(sections_of(sections, [section.start])) == section
    for offset in range(len(text)):
        holding = [section for section in sections if section.start <= offset < section.end]
        assert next(sections_of(sections, [offset])) == (holding[-1] if holding else None)
        assert all(outer.end >= inner.end for outer, inner in pairwise(holding))


def test_no_section_holds_the_words_before_the_first() -> None:
    sections = (Section("一", "甲", 5, 20), Section("一/(一)", "乙", 8, 12))
    found = list(sections_of(sections, (0, 5, 9, 12, 20)))
    assert found == [None, sections[0], sections[1], sections[0], None]


def test_a_long_line_of_sections_is_read_whole() -> None:
    assert len(outline("序。" + "（一）办。（二）查。" * 20_000)) == 40_000
