"""Chinese numerals: part of a word or a name unless a measure word makes them a quantity."""

from __future__ import annotations

import re
from functools import cache

from mingfu.extract import dates
from mingfu.extract.amounts import Amount, read_chinese, read_fraction
from mingfu.extract.arabic import ordinal
from mingfu.extract.lexicon import find_measure, followers, named
from mingfu.extract.numerals import CHINESE, DIGITS
from mingfu.extract.shapes import Excluded
from mingfu.model import Span

_VAGUE = ("数", "几", "上", "若")
_RUN = re.compile(rf"[{CHINESE}]+")
_ITEM = re.compile(r"[一二三四五六七八九十]{1,3}(?:、|是(?!否)|要(?!求)|为(?!了))")
_BRACKETED = re.compile(r"\([一二三四五六七八九十]{1,3}\)")
_STREAK = ("连续", "历时", "为期", "长达", "任期", "有期徒刑", "判处", "用", "资格", "期限")
_ONE = re.compile(r"[^\u4e00-\u9fff0-9]|$")
_NOT_ONE = ("每", "同", "第", "无", "任", "某", "唯", "统", "逐", "不", "这", "那", "另", "万", "零", "落", "漏")


@cache
def plain_word() -> re.Pattern[str]:
    """Return the pattern of a numeral that cannot be more than part of a word: 统一部署, 进一步."""
    behind = "".join(sorted(followers()))
    return re.compile(rf"(?<![第前数几上若])[{CHINESE}]+(?![{re.escape(behind)}{CHINESE}])")


def read(text: str, start: int, floor: int, quoted: Span | None) -> Amount | Excluded:
    """Return the amount at `start`, or the reason why the numerals there state none, with their span."""
    run = _RUN.match(text, start)
    assert run, "a numeral stands at `start`"
    end = run.end()
    previous = text[start - 1 : start]
    if previous == "第" and start - 1 >= floor:
        return ordinal(text, start - 1, end)
    listed = _listed(text, start, floor)
    if listed:
        return listed
    if not quoted and text.startswith("分之", end):
        fraction = read_fraction(text, start, floor)
        if fraction:
            return fraction
    dated = dates.chinese_date_at(text, start)
    if dated:
        return "date", (start, dated)
    if quoted:
        return "name", (start, end)
    return _quantity(text, start, end, floor)


def _listed(text: str, start: int, floor: int) -> Excluded | None:
    before = text[max(0, start - 2) : start].rstrip(" ")
    bracketed = _BRACKETED.match(text, start - 1) if before.endswith("(") else None
    if bracketed:
        return "ordinal", (start, bracketed.end() - 1)
    item = _ITEM.match(text, start)
    glued = 0 < floor == start  # 专题会议4次二是抓督查
    if item and (glued or not before or before[-1] in "。;:\n,!)”" or text[start - 1 : start] == " "):
        return "ordinal", (start, item.end() - 1)
    return None


def _quantity(text: str, start: int, end: int, floor: int) -> Amount | Excluded:
    previous = text[start - 1 : start]
    if previous in _VAGUE and text[start] in "十百千万亿":
        return "indefinite", (start, end)
    if text[end : end + 1] == "几":
        return "indefinite", (start, end + 1)
    name = named(text, start, end, chinese=True)
    if name:
        return name
    if previous == "前" and text[end : end + 1] in ("名", "位", "强", "列", ",", "。", "、", ";"):
        return "rank", (start, end)
    amount = read_chinese(text, start, floor)
    if amount is None or amount.unit is None or _read_off(text[start:end], amount):
        return "word", (start, end)
    measure = find_measure(text, amount.end - len(amount.unit)) or find_measure(text, end)
    return _counted(text, start, end, amount, chinese=measure is not None and measure.chinese)


def _counted(text: str, start: int, end: int, amount: Amount, *, chinese: bool) -> Amount | Excluded:
    """Keep an amount whose measure word counts: 两件, but not the 三级 of 三级网络 or the 一批 of 一批项目."""
    numeral = text[start:end]
    if numeral == "二" and amount.qualifier == "exact":  # 两 counts, 二 orders: 二期, 二次
        return "ordinal", (start, end)
    if text[amount.end : amount.end + 1].isdigit() and amount.unit == "个":  # 实现两个100%
        return "word", (start, end)
    bounded = amount.qualifier not in {"exact", "range"}
    if numeral == "一" and not _is_one(text, start, amount):
        return "indefinite" if chinese else "word", (start, end)
    if (numeral.strip("百千万亿") == "" and not bounded) or not (chinese or bounded):
        return "word", (start, end)
    if amount.unit == "年" and not bounded and not text.endswith(_STREAK, 0, start):
        return "date", (start, amount.end)
    if amount.unit in {"年", "个月"} and text[amount.start] == "近" and amount.qualifier == "approx":
        return "date", (start, amount.end)
    return amount


def _is_one(text: str, start: int, amount: Amount) -> bool:
    """Return whether 一 counts: in a time limit, in 翻一番, or at the end of a clause (撤销一件)."""
    if amount.kind == "time" and (amount.qualifier != "exact" or text.endswith(_STREAK, 0, start)):
        return True
    if text.endswith("翻", 0, start):
        return True
    ends = _ONE.match(text, amount.end) and amount.kind in {"case", "person"}
    return bool(ends) and not text.endswith(_NOT_ONE, 0, start) and "\u4e00" <= text[start - 1 : start] <= "\u9fff"


def _read_off(numeral: str, amount: Amount) -> bool:
    """Digits read off one by one, such as 一一 in 唯一一个, are no figure."""
    zeros = any(char in "零〇○" for char in numeral)
    return len(numeral) > 1 and not zeros and all(char in DIGITS for char in numeral) and amount.qualifier != "range"
