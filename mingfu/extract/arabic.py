"""Arabic digits: a quantity unless something around them says otherwise."""

from __future__ import annotations

import re

from mingfu.extract import dates
from mingfu.extract.amounts import Amount, read_arabic, read_fraction
from mingfu.extract.lexicon import find_measure, identifiers, named
from mingfu.extract.shapes import Excluded, digits_end, named_by_shape
from mingfu.model import Span

_BRACKETED = re.compile(r"\(\s?[0-9]{1,2}\s?\)")
_ITEM = re.compile(r"[0-9]{1,3}\s?(?:[.](?:(?![0-9])|(?=(?:19|20)[0-9]{2}年))|、|\))")
_DOTTED = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}(?![0-9%])")
_PAGE = re.compile(r"\s*-\s*[0-9]{1,4}\s*-\s*$|\s*[0-9]{1,3}\s*$", re.M)
_CHAIN = re.compile(r"[0-9]+(?:-[0-9A-Za-z]+)+")
_ORDINAL_TAIL = re.compile(r"\s?[0-9]+(?:[-~至、][0-9]+)*\s?")
_PLACED = re.compile(r"(?:居|列|全[国省市区县州]|排名|位)$")
_FIGURE = re.compile(r"([0-9]+)(?:\.[0-9]+)?")
_ITEM_SIGNS = frozenset(" \n.、)")
_LAW = ("条", "款", "章", "编")
_LOOSE = (",", "。", "、", ";", ")", "至", "到", "增", "减", "升", "降", "提", "扩", "\n", "")
_FROM = ("从", "由", "达", "至", "到", "共", "为", "计")
_SENTENCE_START = "。;!?:\n"


def read(text: str, start: int, floor: int, quoted: Span | None) -> Amount | Excluded:
    """Return the amount at `start`, or the reason why the digits there state none, with their span."""
    place = start - 1 if text[start - 1 : start] != " " else start - 2
    if text[place : place + 1] == "第" and place >= floor:
        return ordinal(text, place, _ordinal_end(text, start))
    figure = _FIGURE.match(text, start)
    assert figure, "a digit stands at `start`"
    whole, end = figure.end(1), figure.end()
    excluded = (
        dates.date_or_time(text, start, whole)
        or named_by_shape(text, start, end, floor)
        or _listed(text, start, whole, floor)
    )
    if excluded:
        return excluded
    if quoted:
        return "name", (start, digits_end(text, start, quoted[1]))
    fraction = read_fraction(text, start, floor) if text.startswith(("/", "分之"), whole) else None
    amount = fraction or read_arabic(text, start, floor)
    return _not_an_amount(text, start, amount) or amount


def _ordinal_end(text: str, start: int) -> int:
    match = _ORDINAL_TAIL.match(text, start)
    return match.end() if match else start + 1


def ordinal(text: str, first: int, end: int) -> Excluded:
    """Return what 第… from `first` is: a rank, an article of a law, a page, a quarter, an order, or a plain ordinal."""
    tail = text[end : end + 2]
    if tail == "季度":
        return "date", (first, end + 2)
    for reason, signs in (
        ("document_number", ("号",)),
        ("page", ("页",)),
        ("law_article", _LAW),
        ("rank", ("位", "名")),
    ):
        if tail.startswith(signs) and tail != "条例":
            return reason, (first, end + 1)
    return ("rank" if _PLACED.search(text, max(0, first - 3), first) else "ordinal"), (first, end)


def _listed(text: str, start: int, end: int, floor: int) -> Excluded | None:
    """Ordinals of lists and page numbers: by what stands before and behind the digits."""
    before = text[max(0, start - 3) : start].rstrip(" ")
    if before.endswith("("):
        match = _BRACKETED.match(text, text.rfind("(", 0, start))
        if match and match.end() > start:
            return "ordinal", (start, match.end() - 1)
    item = _ITEM.match(text, start) if text[end : end + 1] in _ITEM_SIGNS else None
    glued = item is not None and item[0].endswith(".") and _ideograph(text, item.end())
    if item and (glued or not before or before[-1] in _SENTENCE_START):
        return "ordinal", (start, item.end())
    if not before or before[-1] == "\n" or before.endswith("-"):
        return _alone(text, start, floor)
    if before.endswith(("页共", "页,共", "页 共")):
        return "page", (start, digits_end(text, start, len(text)))
    return None


def _alone(text: str, start: int, floor: int) -> Excluded | None:
    """Digits that begin a line: a page number that fills it, or a dotted ordinal."""
    line = text.rfind("\n", 0, start) + 1
    page = _PAGE.match(text, max(line, floor))
    if page:
        return "page", (start, digits_end(text, start, page.end()))
    dotted = _DOTTED.match(text, start)
    return ("ordinal", dotted.span()) if dotted and not find_measure(text, dotted.end()) else None


def _ideograph(text: str, position: int) -> bool:
    return "\u4e00" <= text[position : position + 1].lstrip() <= "\u9fff"


def _not_an_amount(text: str, start: int, amount: Amount) -> Excluded | None:
    """Names, codes and years: digits that no measure word makes an amount."""
    end = digits_end(text, start, len(text))
    previous = text[start - 1 : start]
    placed = previous in ("前", "列") or text.endswith(("排名", "排位", "位居", "位列"), 0, start)
    if placed and text[amount.end - 1] in "位名强":
        return "rank", (start, amount.end)
    name = named(text, start, end, chinese=False)
    if name:
        return name
    if amount.unit == "年" and text[amount.start] == "近" and not text.endswith("连续", 0, amount.start):
        return "date", (start, amount.end)  # 创近5年最好水平
    if previous == "几":
        return "indefinite", (start, max(amount.end, end))
    if amount.unit is not None or amount.factor > 1 or amount.kind:
        return None
    return _bare(text, start, end, previous)


def _bare(text: str, start: int, end: int, previous: str) -> Excluded | None:
    """Digits without a measure word: a service number, a year, a code; else a quantity without a unit."""
    if text[start:end] in identifiers() and previous not in _FROM:
        short = end - start == 3
        if not short or text[end : end + 1] not in _LOOSE:
            return "identifier", (start, end)
    if dates.bare_year_at(text, start):
        return "date", (start, end)
    chain = _CHAIN.match(text, start)
    if chain:
        return "identifier", chain.span()
    after = end + (text[end : end + 1] == " ")
    if text.startswith(("号", "房", "楼"), after):
        return "identifier", (start, after + 1)
    return ("name", (start, end)) if previous == "+" else None
