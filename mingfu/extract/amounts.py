"""Amounts: a figure with its scale, its unit and its bounds, read at one place of folded text.

`read_arabic` and `read_chinese` return an Amount whose span takes in the unit and the bounds that
touch the figure, or None where no amount stands there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from mingfu.extract.lexicon import Bound, Measure, bounds, find_measure
from mingfu.extract.numerals import CHINESE, parse_arabic, parse_chinese, scale_of, tidy
from mingfu.extract.shapes import is_share
from mingfu.model import Value

_SCALE = r"(?:万亿|[十百千]?[万亿]|[百千](?![瓦米克伏卡帕兆分]))"
# A blank within a figure, not between two: 案件1 5起, but 分别为12 15件 and 表1 20家.
_SPACED = r"(?<=[\u4e00-\u9fff])(?<![表图例栏录])(?<!分别)(?<!分别[为是达])[0-9]{1,3} [0-9]{1,3}(?:\.[0-9]+)?"
_ARABIC = re.compile(
    r"([0-9]{1,3}(?:, ?[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]{1,3}(?: [0-9]{3})+(?=\s?[^\s0-9.,、])"
    rf"|{_SPACED}(?=[^\s0-9.,、:;)年月日号])|[0-9]+\.\s?[0-9]+(?=\s?%)|[0-9]+(?:\.[0-9]+)?|[0-9]+)"
    rf"\s?([余多])?({_SCALE})?([余多])?"
)
_BROKEN = re.compile(r"[0-9]+\n[0-9]+(?=\s?[^\s0-9.,、:：)\]-])")
_WRAPPED = 8  # a number that a line end breaks stands at the end of a line of some length, not in a column
_CHINESE = re.compile(rf"([{CHINESE}]+(?:点[零〇一二三四五六七八九]+)?)([余多来])?([万亿]+)?([余多])?")
_FRACTION = re.compile(rf"([百千万]|[{CHINESE}]+|[0-9]+)分之((?:[{CHINESE}]+点?[{CHINESE}]*)|[0-9]+(?:\.[0-9]+)?)")
_AFTER = re.compile(r"(?:及|或|\()?(以上|以下|以内|之内|左右|上下|有余)\)?|内(?![部外容地设存])")
_TO = re.compile(r"\s?(?:[-~至到]{1,2})\s?")
_SHARES = {"百": "%", "千": "‰"}


@dataclass(slots=True)
class Amount:
    """A figure as read: offsets, bounds of the value, qualifier, unit as written and its class.

    While it is read, what stands around the figure is taken into it piece by piece.
    """

    start: int
    end: int
    low: Value | None
    high: Value | None
    qualifier: str = "exact"
    unit: str | None = None
    kind: str | None = None
    chinese: bool = False
    factor: int = 1


def read_arabic(text: str, start: int, floor: int) -> Amount:
    """Read an amount in Arabic digits; `floor` is the end of what was read before it."""
    return _finish(text, _arabic_figure(text, start), floor)


def read_chinese(text: str, start: int, floor: int) -> Amount | None:
    """Read an amount in Chinese numerals; None where the numeral has no value or no unit."""
    figure = _chinese_figure(text, start)
    return _finish(text, figure, floor) if figure else None


def read_fraction(text: str, start: int, floor: int) -> Amount | None:
    """Read 百分之三十点五, 千分之三, 三分之二: a share with % or ‰, a fraction with six places."""
    if is_share(text, start):
        return _plain_fraction(text, start, floor)
    match = _FRACTION.match(text, start)
    if not match:
        return None
    upper = _any_value(match[2])
    if match[1] in _SHARES:
        amount = upper and Amount(start, match.end(), *upper, unit=_SHARES[match[1]], kind="ratio", chinese=True)
    else:
        lower = _any_value(match[1])
        if not upper or not lower or not lower[0]:
            return None
        value = tidy(round(Decimal(upper[0]) / Decimal(lower[0]), 6))
        amount = Amount(start, match.end(), value, value, kind="ratio", chinese=True)
    if not amount:
        return None
    if amount.low != amount.high:
        amount.qualifier = "range"
    return _bound(text, _range(text, amount, _plain_share), floor)


def _plain_fraction(text: str, start: int, floor: int) -> Amount:
    upper, lower = text[start : start + 5].split("/")
    end = start + len(upper) + 1 + (2 if lower[1:2].isdigit() else 1)
    value = tidy(round(Decimal(upper) / Decimal(text[start + len(upper) + 1 : end]), 6))
    return _bound(text, Amount(start, end, value, value, kind="ratio"), floor)


def _plain_share(text: str, start: int) -> Amount | None:
    """Read the second half of 百分之十到十五: a bare numeral that shares the first one's unit."""
    match = _CHINESE.match(text, start)
    value = match and parse_chinese(match[1])
    if not match or not value or find_measure(text, match.end()):
        return None
    return Amount(start, match.end(), *value, unit="%", kind="ratio", chinese=True)


def _any_value(text: str) -> tuple[Value, Value] | None:
    if text[0] in "0123456789":
        value = parse_arabic(text)
        return value, value
    return parse_chinese(text)


def _arabic_figure(text: str, start: int) -> Amount:
    broken = _BROKEN.match(text, start) if "\n" in text[start : start + 12] else None
    if broken and start - text.rfind("\n", 0, start) > _WRAPPED:
        value = parse_arabic(broken[0])
        return Amount(start, broken.end(), value, value)
    match = _ARABIC.match(text, start)
    assert match, "a digit stands at `start`"
    value = parse_arabic(match[1])
    figure = _scaled(start, match, value, value)
    if figure.factor > 1 and figure.qualifier == "exact" and text[figure.end : figure.end + 1].isdigit():
        rest = _ARABIC.match(text, figure.end)  # 3亿5000万
        if rest and rest[3] and scale_of(rest[3]) < figure.factor:
            part = _scaled(figure.end, rest, parse_arabic(rest[1]), parse_arabic(rest[1]))
            part.start, part.low = start, tidy(Decimal(figure.low or 0) + Decimal(part.low or 0))
            part.high = part.low if part.high is not None else None
            return part
    return figure


def _chinese_figure(text: str, start: int) -> Amount | None:
    match = _CHINESE.match(text, start)
    value = match and parse_chinese(match[1])
    if not match or not value:
        return None
    figure = _scaled(start, match, *value)
    figure.chinese = True
    return figure


def _scaled(start: int, match: re.Match[str], low: Value, high: Value) -> Amount:
    """Multiply 万 and 亿 out and read 余, 多 or 来 on either side of them."""
    _, before, scale, behind = match.groups()
    factor = scale_of(scale) if scale else 1
    low, high = tidy(low * factor), tidy(high * factor)
    word = before or behind
    if not word:
        end = match.end(match.lastindex or 0)
        return Amount(start, end, low, high, "exact" if low == high else "range", factor=factor)
    qualifier = bounds("inside")[word].qualifier
    return Amount(start, match.end(), low, low if qualifier == "approx" else None, qualifier, factor=factor)


def _finish(text: str, figure: Amount, floor: int) -> Amount:
    amount = _unit(text, figure)
    amount = _range(text, amount, _arabic_second if not figure.chinese else _chinese_second)
    return _bound(text, _signed(text, amount, floor), floor)


def _unit(text: str, figure: Amount) -> Amount:
    position = figure.end
    while text[position : position + 1] in (" ", "\n") and position - figure.end < 2:
        position += 1
    measure = find_measure(text, position)
    if not measure:
        return figure
    return _with_measure(text, figure, position, measure)


def _with_measure(text: str, figure: Amount, position: int, measure: Measure) -> Amount:
    end = position + len(measure.word)
    more = text[end : end + 1] in ("多", "余") and (measure.word in "成倍年" or text[end + 1 : end + 2] in ",.。、;)的")
    figure.end, figure.unit, figure.kind = end, measure.word, measure.kind
    if figure.qualifier == "exact" and more:
        figure.end, figure.high, figure.qualifier = end + 1, None, "more_than"
    return figure


def _arabic_second(text: str, start: int) -> Amount | None:
    return _unit(text, _arabic_figure(text, start)) if text[start : start + 1] in "0123456789" else None


def _chinese_second(text: str, start: int) -> Amount | None:
    figure = _chinese_figure(text, start)
    return _unit(text, figure) if figure else None


def _range(text: str, first: Amount, read: Callable[[str, int], Amount | None]) -> Amount:
    """Join 3至5个, 20%~30%: two figures with one unit between them, the smaller one first."""
    link = _TO.match(text, first.end)
    if not link or not text[link.end() : link.end() + 1] or text[first.start - 1 : first.start] in ("从", "由", "自"):
        return first
    second = read(text, link.end())
    if second is None or first.qualifier != "exact" or first.unit not in (None, second.unit):
        return first
    if first.low is None or second.low is None or (second.unit is None and first.unit is None):
        return first
    low = _shared_scale(first, second)
    if low >= second.low:
        return first
    second.start, second.low, second.qualifier, second.chinese = first.start, low, "range", first.chinese
    return second


def _shared_scale(first: Amount, second: Amount) -> Value:
    """Give 3至5万 its 万 on both sides."""
    low, high = first.low or 0, second.low or 0
    shared = first.unit is None and first.factor == 1 < second.factor and low <= Decimal(high) / second.factor
    return tidy(low * second.factor) if shared else low


def _signed(text: str, amount: Amount, floor: int) -> Amount:
    """Take in the sign of a rate that is printed as negative: 增长-3.8%."""
    start = amount.start - 1
    negative = amount.kind == "ratio" and start >= floor and text[start] in "-负"
    if negative and amount.low is not None and not text[start - 1 : start].isdigit():
        amount.start, amount.low = start, -amount.low
        amount.high = amount.low if amount.high is not None else None
    return amount


@cache
def _bounds_before() -> dict[str, list[Bound]]:
    """Return the bounds that stand before a figure by their last character, the longest first."""
    known: dict[str, list[Bound]] = {}
    for bound in sorted(bounds("before").values(), key=lambda bound: -len(bound.word)):
        known.setdefault(bound.word[-1], []).append(bound)
    return known


def _bound(text: str, amount: Amount, floor: int) -> Amount:
    after = _AFTER.match(text, amount.end)
    if after and amount.qualifier == "exact" and (after[1] or amount.kind == "time"):
        amount.end = after.end()
        _qualify(amount, bounds("after")[after[1] or "内"].qualifier)
    word_end = amount.start - (text[amount.start - 1 : amount.start] == " ")  # 近 20 家
    for bound in _bounds_before().get(text[word_end - 1 : word_end], ()):
        start = word_end - len(bound.word)
        if not text.endswith(bound.word, floor, word_end) or text.endswith(bound.not_after, 0, start):
            continue
        amount.start = start
        if amount.qualifier in {"exact", "approx"}:
            _qualify(amount, bound.qualifier)
        break
    return amount


def _qualify(amount: Amount, qualifier: str) -> None:
    amount.qualifier = qualifier
    if qualifier in {"at_least", "more_than"}:
        amount.high = None
    elif qualifier in {"at_most", "less_than"}:
        amount.low = None
