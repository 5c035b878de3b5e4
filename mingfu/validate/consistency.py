"""Whether the values of a report agree with each other, by the rules of schemas/checks.yaml.

A value is the interval that its text allows, and only what is certain is said: a rule is held
where no values in the intervals could break it, contradicted where none could satisfy it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import inf
from typing import Any

from mingfu.model import Finding, Indicator, Observation, Report, Value
from mingfu.validate.rules import KIND_OF, Balance, Bounds, Order, Ratio, Rule, SameUnit, Sum, Totals, load_rules
from mingfu.validate.tables import check_tables

__all__ = ["check_reports", "load_rules"]

Bound = Fraction | float
Interval = tuple[Bound, Bound]
Group = Mapping[str, Observation]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule saw in some observations, the doubtful one first."""

    held: bool
    observations: tuple[Observation, ...]
    expected: str
    actual: str


def check_reports(reports: Iterable[Report], rules: Sequence[Rule], indicators: Iterable[Indicator]) -> list[Finding]:
    """Return what the rules saw in each report, in the order of reports and rules."""
    units = {indicator.indicator: indicator.unit for indicator in indicators}
    findings: list[Finding] = []
    for report in reports:
        groups = _groups(report)
        for rule in rules:
            if isinstance(rule, Bounds | SameUnit):
                findings += _check_each(rule, report, units)
            elif isinstance(rule, Totals):
                findings += check_tables(rule, report)
            else:
                outcomes = (COMPARISONS[type(rule)](rule, group) for group in groups)
                findings += [_finding(rule, report, outcome) for outcome in outcomes if outcome]
    return findings


def _groups(report: Report) -> list[Group]:
    """Return the comparable levels by indicator, one group a period and scope.

    Left out is an indicator with differing values in its group, for it is not known which is meant.
    """
    values: dict[Any, dict[str, list[Observation]]] = defaultdict(lambda: defaultdict(list))
    for item in report.observations:
        if item.role == "level" and item.qualifier != "approx" and item.period_start and item.period_end:
            values[item.period_start, item.period_end, item.scope][item.indicator].append(item)
    return [
        {name: items[0] for name, items in group.items() if len({_interval(item) for item in items}) == 1}
        for group in values.values()
    ]


def _interval(item: Observation) -> Interval:
    low = -inf if item.value_low is None else Fraction(item.value_low)
    high = inf if item.value_high is None else Fraction(item.value_high)
    return low, high


def _ratio(rule: Ratio, group: Group) -> Outcome | None:
    if not {rule.rate, rule.part, rule.whole} <= group.keys():
        return None
    rate, part, whole = group[rule.rate], group[rule.part], group[rule.whole]
    (part_low, part_high), (whole_low, whole_high) = _interval(part), _interval(whole)
    computed = (_per_cent(part_low, whole_high, -inf), _per_cent(part_high, whole_low, inf))
    step = _printed_step(rate)
    low, high = _interval(rate)
    held = _within(computed, (low - step / 2, high + step / 2))
    expected = _show(tuple(bound if isinstance(bound, float) else _rounded(bound, step) for bound in computed))
    return _outcome(held, (rate, part, whole), f"{expected} ({_text(part)} / {_text(whole)})", _text(rate))


def _per_cent(part: Bound, whole: Bound, unknown: float) -> Bound:
    known = isinstance(part, Fraction) and isinstance(whole, Fraction) and whole > 0
    return 100 * part / whole if known else unknown


def _printed_step(item: Observation) -> Fraction:
    """Return the unit of the last decimal printed: 1/10 for 98.9."""
    printed = [Decimal(bound) for bound in (item.value_low, item.value_high) if bound is not None]
    return max(Fraction(1, 10 ** max(0, -int(bound.as_tuple().exponent))) for bound in printed)


def _rounded(value: Fraction, step: Fraction) -> Fraction:
    steps = Decimal((value / step).numerator) / Decimal((value / step).denominator)
    return int(steps.quantize(Decimal(1), ROUND_HALF_UP)) * step


def _order(rule: Order, group: Group) -> Outcome | None:
    if not {rule.smaller, rule.larger} <= group.keys():
        return None
    smaller, larger = group[rule.smaller], group[rule.larger]
    (least, most), (floor, ceiling) = _interval(smaller), _interval(larger)
    held = True if most <= floor else False if least > ceiling else None
    return _outcome(held, (smaller, larger), f"not above {_text(larger)}", _text(smaller))


def _sum(rule: Sum, group: Group) -> Outcome | None:
    if not {rule.total, *rule.parts} <= group.keys():
        return None
    total, parts = group[rule.total], [group[part] for part in rule.parts]
    lows, highs = zip(*map(_interval, parts), strict=True)
    computed = (sum(lows), sum(highs))
    expected = f"{_show(computed)} ({' + '.join(map(_text, parts))})"
    return _outcome(_within(computed, _interval(total)), (total, *parts), expected, _text(total))


def _balance(rule: Balance, group: Group) -> Outcome | None:
    if not {*rule.parts, *rule.others} <= group.keys():
        return None
    sides = [[group[name] for name in names] for names in (rule.parts, rule.others)]
    sums = []
    for side in sides:
        lows, highs = zip(*map(_interval, side), strict=True)
        sums.append((sum(lows), sum(highs)))
    exact = all(low == high for low, high in sums)
    held = True if exact and sums[0] == sums[1] else False if _within(sums[0], sums[1]) is False else None
    texts = [f"{_show(total)} ({' + '.join(map(_text, side))})" for total, side in zip(sums, sides, strict=True)]
    return _outcome(held, (*sides[1], *sides[0]), texts[0], texts[1])


def _within(inner: Interval, outer: Interval) -> bool | None:
    """Return True where `inner` lies in `outer`, False where they do not meet, else None."""
    if outer[0] <= inner[0] and inner[1] <= outer[1]:
        return True
    return False if inner[1] < outer[0] or outer[1] < inner[0] else None


def _outcome(held: bool | None, items: tuple[Observation, ...], expected: str, actual: str) -> Outcome | None:
    return None if held is None else Outcome(held, items, expected, actual)


COMPARISONS: dict[type[Rule], Callable[[Any, Group], Outcome | None]] = {
    Ratio: _ratio,
    Order: _order,
    Sum: _sum,
    Balance: _balance,
}


def _check_each(rule: Bounds | SameUnit, report: Report, units: Mapping[str, str]) -> Iterator[Finding]:
    """Yield a finding for each value that breaks the rule, or one that says how many kept it."""
    chosen = [item for item in report.observations if _concerns(rule, item)]
    broken = [outcome for item in chosen if not (outcome := _judge(rule, item, units)).held]
    yield from (_finding(rule, report, outcome) for outcome in broken)
    if chosen and not broken:
        count = f"{len(chosen)} of {len(chosen)} values"
        yield Finding(_name(rule), "info", f"{rule.title_en}: {count}.", report.report_id, actual=count)


def _concerns(rule: Bounds | SameUnit, item: Observation) -> bool:
    if isinstance(rule, SameUnit):  # a change may be in per cent, whatever the unit of the level
        return item.role != "change"
    return item.role == "level" and (item.unit == rule.unit or item.indicator == rule.indicator)


def _judge(rule: Bounds | SameUnit, item: Observation, units: Mapping[str, str]) -> Outcome:
    if isinstance(rule, SameUnit):
        unit = units[item.indicator]
        return Outcome(item.unit == unit, (item,), unit, item.unit)
    floor = -inf if rule.minimum is None else Fraction(rule.minimum)
    ceiling = inf if rule.maximum is None else Fraction(rule.maximum)
    held = _within(_interval(item), (floor, ceiling)) is not False
    return Outcome(held, (item,), _show((floor, ceiling)), _text(item))


def _finding(rule: Rule, report: Report, outcome: Outcome) -> Finding:
    first, *others = outcome.observations
    seen = f"{outcome.actual}, as expected" if outcome.held else f"{outcome.actual}, expected {outcome.expected}"
    return Finding(
        rule=_name(rule),
        severity="info" if outcome.held else rule.severity,
        message=f"{rule.title_en}: {first.indicator} is {seen}.",
        report_id=report.report_id,
        observation_id=first.observation_id,
        expected=outcome.expected,
        actual=outcome.actual,
        related=tuple(item.observation_id for item in others),
    )


def _name(rule: Rule) -> str:
    return f"{KIND_OF[type(rule)]}.{rule.id}"


def _text(item: Observation) -> str:
    return _show(_interval(item)) if item.value_low != item.value_high else _plain(item.value_low)


def _show(interval: tuple[Bound, ...]) -> str:
    low, high = interval
    if low == high:
        return _plain(low)
    if low == -inf or high == inf:
        return f"at least {_plain(low)}" if high == inf else f"at most {_plain(high)}"
    return f"{_plain(low)} to {_plain(high)}"


def _plain(value: Value | Bound | None) -> str:
    """Return a number without exponent: 98.9, 818000000."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
