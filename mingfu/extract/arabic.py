"""Arabic digits: a quantity unless something around them says otherwise."""

from __future__ import annotations

import re

from mingfu.extract import dates
from mingfu.extract.amounts import Amount, read_arabic, read_fraction
from mingfu.extract.lexicon import find_measure, identifiers, names

Excluded = tuple[str, tuple[int, int]]

_DOCUMENT = re.compile(r"\[?(?:19|20)[0-9]{2}(?:年)?\]\s?(?:第\s?)?[0-9]+(?:-[0-9]+)?\s?号")
_REFERENCE = re.compile(r"\[[0-9]{1,3}\]")
_BRACKETED = re.compile(r"\(\s?[0-9]{1,2}\s?\)")
_ITEM = re.compile(r"[0-9]{1,3}\s?(?:[.](?![0-9])|、|\))")
_DOTTED = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}(?![0-9%])")
_FORMULA = re.compile(
    r"[0-9]+(?:\s?[+×*·•/:]\s?(?:[0-9]+|[A-Za-z](?![A-Za-z])))+(?:\s?[+×*]\s?[0-9A-Za-z]+)*|[0-9]+\s?[xX]\s?[0-9]+"
)
_PHONE = re.compile(
    r"\(?0[0-9]{2,3}\)?[- ]?[2-8][0-9]{6,7}(?:-[0-9]{1,5})?|1[3-9][0-9]{9}(?![0-9])"
    r"|[48]00-?[0-9]{3}-?[0-9]{4}(?![0-9])"
)
_DIGITS = re.compile(r"[0-9]+(?:[.:,+×·xX/-][0-9]+)*")
_FIGURE = re.compile(r"[0-9.,]+")
_LETTER = re.compile(r"[A-Za-z]")
_LOCAL_PHONE = re.compile(r"[2-8][0-9]{6,7}(?:[、/,][2-8][0-9]{6,7})*(?![0-9])")
_PHONE_CUE = re.compile(r"(?:电话|热线|手机|传真|联系方式|联系人|咨询|拨打|Tel|TEL|号码)[^0-9。\n]{0,12}$")
_CODE = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{15}(?![0-9])|[0-9]{6,}(?=号)")
_ASCII = re.compile(r"[!-~]+")
_WEB = re.compile(r"://|www\.|@|\.(?:com|cn|gov|org|net|html?)\b", re.I)
_PAGE = re.compile(r"\s*-\s*[0-9]{1,4}\s*-\s*$|\s*[0-9]{1,3}\s*$", re.M)
_CHAIN = re.compile(r"[0-9]+(?:-[0-9A-Za-z]+)+")
_ORDINAL_TAIL = re.compile(r"\s?[0-9]+(?:[-~至、][0-9]+)*\s?")
_LAW = ("条", "款", "章", "编")
_RANKED = ("位", "名")
_LOOSE = (",", "。", "、", ";", ")", "至", "到", "增", "减", "升", "降", "提", "扩", "\n", "")
_SENTENCE_START = "。;!?:\n"


def read(text: str, start: int, floor: int, quoted: tuple[int, int] | None) -> Amount | Excluded:
    """Return the amount at `start`, or the reason why the digits there state none, with their span."""
    for rule in (_named_by_form, _dated, _listed):
        excluded = rule(text, start, floor)
        if excluded:
            return excluded
    if quoted:
        return "name", (start, _digits_end(text, start, quoted[1]))
    fraction = read_fraction(text, start, floor)
    if fraction:
        return fraction
    amount = read_arabic(text, start, floor)
    assert amount, "digits have a value"
    return _not_an_amount(text, start, amount) or amount


def _digits_end(text: str, start: int, limit: int) -> int:
    match = _DIGITS.match(text, start, limit)
    return match.end() if match else start + 1


def _named_by_form(text: str, start: int, floor: int) -> Excluded | None:
    """Identifiers by their shape: document numbers, phones, codes, addresses, formulas."""
    previous = text[start - 1 : start]
    for pattern, reason, opening in ((_DOCUMENT, "document_number", "["), (_REFERENCE, "reference", "[")):
        match = pattern.match(text, start - 1 if previous == opening and start - 1 >= floor else start)
        if match:
            return reason, match.span()
    phone = _PHONE.match(text, start)
    if not phone and _PHONE_CUE.search(text, max(floor, start - 24), start):
        phone = _LOCAL_PHONE.match(text, start)
    if phone:
        return "phone", phone.span()
    code = _CODE.match(text, start)
    if code:
        return "identifier", code.span()
    formula = _FORMULA.match(text, start)
    if formula and not dates.clock_at(text, start):
        return "name", formula.span()
    return _lettered(text, start, floor)


def _lettered(text: str, start: int, floor: int) -> Excluded | None:
    """Digits joined to Latin letters: an address, a road, a standard; but 25km is an amount."""
    run = _ASCII.match(text, start)
    left = start
    while left > floor and "!" <= text[left - 1] <= "~" and text[left - 1] not in ",:;()[]<>":
        left -= 1
    end = run.end() if run else start + 1
    word = text[left:end]
    if _WEB.search(word):
        return "url", (left, end)
    joined = text[start - 1 : start] in ("-", "/", "+") and _LETTER.search(text, left, start)
    if joined or _LETTER.match(text, start - 1, start):
        return "identifier", (start, _digits_end(text, start, end))
    digits = _FIGURE.match(text, start)
    after = digits.end() if digits else start + 1
    if _LETTER.match(text, after) and not find_measure(text, after):
        return "identifier", (start, after)
    return None


def _dated(text: str, start: int, floor: int) -> Excluded | None:
    if text[start - 1 : start] == "第" and start - 1 >= floor:
        return _ordinal(text, start)
    end = dates.date_at(text, start)
    if end:
        return "date", (start, end)
    end = dates.clock_at(text, start)
    if end:
        return "time", (start, end)
    return None


def _ordinal(text: str, start: int) -> Excluded:
    match = _ORDINAL_TAIL.match(text, start)
    end = match.end() if match else start + 1
    tail = text[end : end + 2]
    if tail.startswith("号"):
        return "document_number", (start - 1, end + 1)
    if tail == "季度":
        return "date", (start - 1, end + 2)
    if tail.startswith("页"):
        return "page", (start - 1, end + 1)
    if tail.startswith(_LAW) and tail[:2] not in ("条例",):
        return "law_article", (start - 1, end + 1)
    return ("rank", (start - 1, end + 1)) if tail.startswith(_RANKED) else ("ordinal", (start - 1, end))


def _listed(text: str, start: int, floor: int) -> Excluded | None:
    """Ordinals of lists and page numbers: by what stands before and behind the digits."""
    before = text[max(0, start - 3) : start].rstrip(" ")
    if before.endswith("("):
        match = _BRACKETED.match(text, text.rfind("(", 0, start))
        if match and match.end() > start:
            return "ordinal", (start, match.end() - 1)
    item = _ITEM.match(text, start)
    glued = item is not None and item[0].endswith(".") and _ideograph(text, item.end())
    if item and (glued or not before or before[-1] in _SENTENCE_START):
        return "ordinal", (start, item.end())
    if not before or before[-1] == "\n" or before.endswith("-"):
        line = text.rfind("\n", 0, start) + 1
        page = _PAGE.match(text, max(line, floor))
        if page:
            return "page", (start, _digits_end(text, start, page.end()))
        dotted = _DOTTED.match(text, start)
        if dotted and not find_measure(text, dotted.end()):
            return "ordinal", dotted.span()
    return None


def _ideograph(text: str, position: int) -> bool:
    return "\u4e00" <= text[position : position + 1].lstrip() <= "\u9fff"


def _not_an_amount(text: str, start: int, amount: Amount) -> Excluded | None:
    """Names, codes and years: digits that no measure word makes an amount."""
    span = (start, max(amount.end, start + 1))
    digits_end = _digits_end(text, start, len(text))
    if text[start - 1 : start] in ("前", "列", "TOP") and text[amount.end - 1] in "位名强":
        return "rank", span
    for before, pattern, reason in names(chinese=False):
        if text.endswith(before, 0, start) and pattern.match(text, digits_end):
            return reason, (start, digits_end)
    if amount.unit is not None or amount.factor > 1:
        return None
    if text[start:digits_end] in identifiers() and text[digits_end : digits_end + 1] not in _LOOSE:
        return "identifier", (start, digits_end)
    if dates.bare_year_at(text, start):
        return "date", (start, digits_end)
    chain = _CHAIN.match(text, start)
    if chain:
        return "identifier", chain.span()
    if text[start - 1 : start] in ("数", "几", "+", "前"):
        return "indefinite" if text[start - 1] in "数几" else "name", span
    if text.startswith("号", digits_end):
        return "identifier", (start, digits_end + 1)
    return None
