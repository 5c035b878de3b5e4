"""The ledger against the golden cases (tests/cases/quantities.jsonl) and against any text at all."""

from __future__ import annotations

import json
import re
import time
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingfu.model import Number
from mingfu.script import fold
from tests.reading import CASES, WILD, ledger_of

LINES = (CASES / "quantities.jsonl").read_text(encoding="utf-8").splitlines()
NUMERALS = "0123456789〇一二三四五六七八九十百千万亿两廿"


def read(case: dict[str, Any]) -> tuple[Number, ...]:
    dated = date.fromisoformat(case["report_date"]) if "report_date" in case else None
    return ledger_of(case["text"], case.get("year"), dated)


def stated(number: Number) -> tuple[object, ...]:
    bounds = [None if bound is None else round(float(bound), 6) for bound in (number.low, number.high)]
    return number.text, *bounds, number.qualifier, number.unit, number.role


def expected(number: dict[str, Any]) -> tuple[object, ...]:
    return tuple(number[name] for name in ("text", "low", "high", "qualifier", "unit", "role"))


@pytest.mark.parametrize("line", LINES, ids=[f"line {n}" for n in range(1, len(LINES) + 1)])
def test_golden_case(line: str) -> None:
    case = json.loads(line)
    numbers = read(case)
    quantities = [number for number in numbers if number.disposition != "excluded"]
    assert [stated(number) for number in quantities] == [expected(number) for number in case["numbers"]], case["trap"]
    for number, wanted in zip(quantities, case["numbers"], strict=True):
        if "period" in wanted:
            assert period_of(number, wanted["period"]) == wanted["period"], (case["trap"], number.text)
        if any("parent" in other for other in case["numbers"]):
            parent = next((other.text for other in quantities if other.start == number.parent), None)
            assert parent == wanted.get("parent"), (case["trap"], number.text)
    for wanted in case.get("excluded", ()):
        reasons = reasons_in(case["text"], wanted["text"], numbers)
        assert reasons & alike(wanted["reason"]), (case["trap"], wanted, reasons)


def period_of(number: Number, wanted: list[str | None] | None) -> list[str | None] | None:
    """Return the number's period; only the end counts where one side takes it for a stock and the other does not."""
    found = [str(day) if day else None for day in (number.period_start, number.period_end)]
    if wanted and found[1] == wanted[1] and (found[0] == found[1] or wanted[0] == wanted[1]):
        return wanted
    return None if wanted is None and found == [None, None] else found


def reasons_in(text: str, words: str, numbers: tuple[Number, ...]) -> set[str | None]:
    spans = [match.span() for match in re.finditer(re.escape(words), text)]
    return {number.reason for number in numbers for start, end in spans if number.start < end and start < number.end}


def alike(reason: str) -> set[str]:
    """Return the reasons among which only a longer lexicon could choose: 一起 as a word, 六安 as a name."""
    families = ({"word", "name", "indefinite", "ordinal"}, {"name", "identifier"})
    return {reason}.union(*(family for family in families if reason in family))


@given(st.text(alphabet=NUMERALS + "件宗人次％%.,，。、（）()年月日第至-~余多近约以上\n x“”分之个百点", max_size=60))
def test_any_text_is_covered_by_exact_ordered_disjoint_spans(text: str) -> None:
    numbers = ledger_of(text, 2019)
    covered = {place for number in numbers for place in range(number.start, number.end)}
    assert all(text[number.start : number.end] == number.text for number in numbers)
    assert all(a.end <= b.start for a, b in pairwise(numbers))
    assert all(place in covered for place, char in enumerate(text) if char in NUMERALS)


@given(st.text(alphabet="一二三兩两萬万億亿餘余件份個个以上內内約约近０１２3.％%，,。行政復议議複", max_size=40))
def test_folding_the_script_changes_no_value(text: str) -> None:
    def values(numbers: tuple[Number, ...]) -> list[tuple[object, ...]]:
        return [(n.start, n.end, n.low, n.high, n.qualifier, n.role, n.disposition, n.reason) for n in numbers]

    assert values(ledger_of(text, 2019)) == values(ledger_of(fold(text), 2019))


FIGURES = st.integers(2, 99_999)
PHRASES = st.one_of(
    FIGURES.map(lambda n: (f"办理案件{n}件", n, n, "exact")),
    FIGURES.map(lambda n: (f"接待群众{n}余人次", n, None, "more_than")),
    FIGURES.map(lambda n: (f"发放资料近{n}份", n, n, "approx")),
    FIGURES.map(lambda n: (f"罚没款物{n}万元", n * 10_000, n * 10_000, "exact")),
    st.integers(1, 99).map(lambda n: (f"满意率达{n}.5%以上", Decimal(f"{n}.5"), None, "at_least")),
    st.integers(2, 9).map(lambda n: (f"开展培训{'零一两三四五六七八九'[n]}次", n, n, "exact")),
)


@given(st.lists(PHRASES, min_size=1, max_size=12), st.sampled_from(["，", "；", "。", "。\n"]))
def test_known_phrases_give_back_their_values(phrases: list[tuple[str, object, object, str]], sign: str) -> None:
    numbers = ledger_of(sign.join(phrase for phrase, *_ in phrases) + "。", 2019)
    quantities = [number for number in numbers if number.disposition != "excluded"]
    assert [(n.low, n.high, n.qualifier) for n in quantities] == [tuple(values) for _, *values in phrases]


@pytest.mark.parametrize("seed", WILD)
def test_repetitions_cost_no_more_a_character_as_they_grow(seed: str) -> None:
    def cost(repeats: int) -> float:
        text = seed * repeats
        start = time.process_time()
        ledger_of(text, 2019)
        return (time.process_time() - start) / repeats

    # A pattern that runs wild costs 16 times as much a character or more; a slow machine does not.
    assert any(cost(16 * 500) < 5 * cost(500) for _ in range(3))
