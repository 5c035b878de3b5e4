"""Chinese numerals: part of a word or a name unless a measure word makes them a quantity."""

from __future__ import annotations

import re

from mingfu.extract import dates
from mingfu.extract.amounts import Amount, read_chinese, read_fraction
from mingfu.extract.lexicon import find_measure, names
from mingfu.extract.numerals import CHINESE, DIGITS

Excluded = tuple[str, tuple[int, int]]

_RUN = re.compile(rf"[{CHINESE}]+")
_ITEM = re.compile(r"[一二三四五六七八九十]{1,3}(?:、|是(?!否)|要(?!求)|为(?!了))")
_BRACKETED = re.compile(r"\([一二三四五六七八九十]{1,3}\)")
_LAW = ("条", "款", "章", "编", "项")
_STREAK = ("连续", "历时", "为期", "长达", "任期", "有期徒刑", "判处")


def read(text: str, start: int, floor: int, quoted: tuple[int, int] | None) -> Amount | Excluded:
    """Return the amount at `start`, or the reason why the numerals there state none, with their span."""
    run = _RUN.match(text, start)
    assert run, "a numeral stands at `start`"
    end = run.end()
    previous = text[start - 1 : start]
    if previous == "第" and start - 1 >= floor:
        return _ordinal(text, start, end)
    listed = _listed(text, start)
    if listed:
        return listed
    if not quoted:
        fraction = read_fraction(text, start, floor)
        if fraction:
            return fraction
    dated = dates.chinese_date_at(text, start)
    if dated:
        return "date", (start, dated)
    if quoted:
        return "name", (start, end)
    return _quantity(text, start, end, floor)


def _ordinal(text: str, start: int, end: int) -> Excluded:
    tail = text[end : end + 2]
    if tail == "季度":
        return "date", (start - 1, end + 2)
    if tail.startswith("号"):
        return "document_number", (start - 1, end + 1)
    if tail.startswith(_LAW) and tail != "项目":
        return "law_article", (start - 1, end + 1)
    return ("rank", (start - 1, end + 1)) if tail.startswith(("位", "名")) else ("ordinal", (start - 1, end))


def _listed(text: str, start: int) -> Excluded | None:
    before = text[max(0, start - 2) : start].rstrip(" ")
    bracketed = _BRACKETED.match(text, start - 1) if before.endswith("(") else None
    if bracketed:
        return "ordinal", (start, bracketed.end() - 1)
    item = _ITEM.match(text, start)
    if item and (not before or before[-1] in "。;:\n,!)” " or text[start - 1 : start] == " "):
        return "ordinal", (start, item.end() - 1)
    return None


def _quantity(text: str, start: int, end: int, floor: int) -> Amount | Excluded:
    if text[start - 1 : start] in ("数", "几", "上", "成", "若") and text[start] in "十百千万亿":
        return "indefinite", (start, end)
    for before, pattern, reason in names(chinese=True):
        if text.endswith(before, 0, start) and pattern.match(text, end):
            return reason, (start, end)
    if text[start - 1 : start] == "前" and find_measure(text, end) is not None and text[end] in "名位强":
        return "rank", (start, end)
    amount = read_chinese(text, start, floor)
    if amount is None or amount.unit is None or _read_off(text[start:end], amount):
        return "word", (start, end)
    measure = find_measure(text, amount.end - len(amount.unit)) or find_measure(text, end)
    return _counted(text, start, end, amount, measure is not None and measure.chinese)


def _counted(text: str, start: int, end: int, amount: Amount, chinese: bool) -> Amount | Excluded:
    """Keep an amount whose measure word counts; 一 counts nothing except in a time limit."""
    bounded = amount.qualifier not in {"exact", "range"}
    if text[start:end] in {"一", "十", "百", "千", "万", "亿", "千万", "百万"} and not bounded and text[start] != "十":
        return "indefinite" if chinese and text[start:end] == "一" else "word", (start, end)
    if text[start:end] == "一" and amount.kind != "time":
        return "indefinite", (start, end)
    if not chinese and not bounded:
        return "word", (start, end)
    if amount.unit == "年" and not bounded and not text.endswith(_STREAK, 0, start):
        return "date", (start, amount.end)
    if amount.unit in {"年", "个月"} and text[amount.start] in "近" and text[amount.end - 1] in "年月":
        return "date", (start, amount.end)
    return amount


def _read_off(numeral: str, amount: Amount) -> bool:
    """Digits read off one by one, such as 一一 in 唯一一个, are no figure."""
    return len(numeral) > 1 and all(char in DIGITS for char in numeral) and amount.qualifier != "range"
