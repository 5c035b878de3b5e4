"""Whether what was stated before is still what is stated: by later reports, and by corrected editions.

Both values stay published.  A later report revises a value where the two cannot both be true, read as
exactly as they are printed; else it only says it in other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import inf

from mingfu.model import Finding, Observation, Report
from mingfu.script import fold

# A figure in 万 or 亿 is as exact as its last digit.
_SCALED = re.compile(r"[0-9]+(?:\.(?P<decimals>[0-9]+))? ?(?P<scale>[万亿])")
_SCALES = {"万": 10**4, "亿": 10**8}

Texts = Mapping[str, str]


def check_restatements(reports: Sequence[Report]) -> list[Finding]:
    """Return a finding for each value that a later report or edition states otherwise than the first one did."""
    stated = {item.observation_id: item for report in reports for item in report.observations}
    texts = {f"{report.report_id}.{number.start}": number.text for report in reports for number in report.numbers}
    later = {item.restated_by for item in stated.values()}
    again = [item for item in stated.values() if item.observation_id in later]
    findings = [_restated(item, _earlier(item, stated), texts) for item in again]
    return [*filter(None, findings), *(finding for report in reports for finding in _replaced(report))]


def _earlier(item: Observation, stated: Mapping[str, Observation]) -> list[Observation]:
    """Return what earlier reports said, the first of them first."""
    chain: list[Observation] = []
    while item.restates:
        item = stated[item.restates]
        chain.insert(0, item)
    return chain


def _restated(item: Observation, earlier: Sequence[Observation], texts: Texts) -> Finding | None:
    first = earlier[0]
    if _bounds(item) == _bounds(first):
        return None
    revised = _apart(_widened(item, texts), _widened(first, texts))
    told = f"{_text(item)} here, first published as {_text(first)} ({first.observation_id})"
    return Finding(
        rule="restatement.revised" if revised else "restatement.reworded",
        severity="warning" if revised else "info",
        message=f"{item.indicator}, {item.period_start} to {item.period_end}: {told}.",
        report_id=item.report_id,
        observation_id=item.observation_id,
        expected=_text(first),
        actual=_text(item),
        related=tuple(other.observation_id for other in earlier),
    )


def _replaced(report: Report) -> Iterator[Finding]:
    """Yield a finding for each value that a corrected edition changed or left out."""
    now = {item.observation_id: item for item in report.observations}
    for copy in report.copies:
        for former in copy.values:
            old, new = former.observation, now.get(former.replaced_by or "")
            if new is None or _bounds(old) != _bounds(new):
                told = _text(new) if new else "no longer stated"
                yield Finding(
                    rule="restatement.edition",
                    severity="info",
                    message=f"{old.indicator}: {told}; edition {copy.edition} stated {_text(old)}.",
                    report_id=report.report_id,
                    observation_id=former.replaced_by,
                    path=copy.source.path,
                    expected=_text(old),
                    actual=told,
                )


def _bounds(item: Observation) -> tuple[object, ...]:
    return item.qualifier, item.value_low, item.value_high


def _widened(item: Observation, texts: Texts) -> tuple[Fraction | float, Fraction | float]:
    """Return the interval that a value as printed allows; an approximate one allows any."""
    if item.qualifier == "approx":
        return -inf, inf
    scaled = _SCALED.search(fold(texts.get(item.observation_id, "")))
    half = Fraction(_SCALES[scaled["scale"]], 2 * 10 ** len(scaled["decimals"] or "")) if scaled else Fraction(0)
    low = -inf if item.value_low is None else Fraction(item.value_low) - half
    high = inf if item.value_high is None else Fraction(item.value_high) + half
    return low, high


def _apart(one: tuple[Fraction | float, ...], other: tuple[Fraction | float, ...]) -> bool:
    return one[1] < other[0] or other[1] < one[0]


def _text(item: Observation) -> str:
    bounds = sorted({bound for bound in (item.value_low, item.value_high) if bound is not None})
    value = " to ".join(f"{bound:f}" if isinstance(bound, Decimal) else str(bound) for bound in bounds)
    return value if item.qualifier in ("exact", "range") else f"{item.qualifier} {value}"
