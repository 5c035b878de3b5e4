"""Digits whose shape says that they count nothing: document numbers, phones, codes, addresses, formulas."""

from __future__ import annotations

import re
from string import ascii_letters

from mingfu.extract.lexicon import find_measure
from mingfu.model import Span

Excluded = tuple[str, Span]

_Y = r"(?:19|20)[0-9]{2}"
_DOCUMENT = re.compile(
    rf"[\[(]?{_Y}年?[\])]\s?(?:第\s?)?[0-9]+(?:-[0-9]+)?\s?号"
    rf"|[\[(]?{_Y}[\])][\u4e00-\u9fff]{{1,2}}[0-9]{{0,4}}[\u4e00-\u9fff]{{1,4}}[0-9]+号"  # a court's case number
)
_REFERENCE = re.compile(r"\[[0-9]{1,3}\]")
_PHONE = re.compile(
    r"\(?0[0-9]{2,3}\)?[- ]?[2-8][0-9]{6,7}(?:(?:-|转)[0-9]{1,5})?|1[3-9][0-9]{9}(?![0-9])"
    r"|[48]00-?[0-9]{3}-?[0-9]{4}(?![0-9])"
)
_LOCAL_PHONE = re.compile(r"[2-8][0-9]{6,7}(?:[、/,][2-8][0-9]{6,7})*(?![0-9])")
_PHONE_CUE = re.compile(r"(?:电话|热线|手机|传真|联系方式|联系人|咨询|拨打|Tel|TEL|号码)[^0-9。\n]{0,12}$")
_CODE = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{15}(?![0-9])|[0-9]{6,}(?=号)|(?=[0-9A-Z]{0,19}[A-Z])[0-9A-Z]{15,20}")
_CODE_CUE = re.compile(r"(?:邮编|邮政编码|编号|编码|代码|标识码|备案号|证号|案号|ICP备)[::]?\s?$")
_CODED = re.compile(r"[0-9A-Za-z-]+")
_ATTACHED = re.compile(r"(?:附件|附表|附图|(?:[见和、,(]|^)[表图注])$")
_FORMULA = re.compile(
    r"[0-9]+(?:\.[0-9]+(?=\s?:))?(?:\s?[+×*·•/:]\s?(?:[0-9]+(?:\.[0-9]+)?|[A-Za-z](?![A-Za-z])))+(?:\s?[+×*]\s?[0-9A-Za-z]+)*|[0-9]+\s?[xX]\s?[0-9]+"
)
_SHARE = re.compile(r"[1-9][0-9]?/[1-9][0-9]?(?![0-9/])")
_SHARED = re.compile(r"(?:占[^,。;、0-9]{0,6}|[的约近超为过达])$")
_VERSION = re.compile(r"[0-9]{1,2}\.0(?=\s?[\u4e00-\u9fff”])(?!\s?[万亿])")
_LONGEST_WORD = 60
_ASCII = re.compile(r"[!-~]{1,120}")
_WEB = re.compile(r"://|www\.|@|\.(?:com|cn|gov|org|net|html?)\b", re.I)
_DIGITS = re.compile(r"[0-9]+(?:[.:,+×·xX/-][0-9]+){0,20}")
_FIGURE = re.compile(r"[0-9.,]+")
_SIGNS_BEFORE = frozenset("[(+-/:.@_× 号码编件表图注案" + ascii_letters)
_SIGNS_BEHIND = frozenset("[]()+-/:.@_×*·• 年转" + ascii_letters)
_LETTER = re.compile(r"[A-Za-z]")


def digits_end(text: str, start: int, limit: int) -> int:
    """Return where a run of digits and the signs between them ends."""
    match = _DIGITS.match(text, start, limit)
    return match.end() if match else start + 1


def named_by_shape(text: str, start: int, end: int, floor: int) -> Excluded | None:
    """Return the reason and span of the figure between `start` and `end` where its shape excludes it."""
    if _is_plain(text, start, end):
        return None
    opened = start - 1 if start - 1 >= floor and text[start - 1] in "[(" else start
    for pattern, reason in ((_DOCUMENT, "document_number"), (_REFERENCE, "reference")):
        match = pattern.match(text, opened)
        if match:
            return reason, match.span()
    phone = _PHONE.match(text, start)
    if not phone and _PHONE_CUE.search(text, max(floor, start - 24), start):
        phone = _LOCAL_PHONE.match(text, start)
    if phone:
        return "phone", phone.span()
    return _coded(text, start) or _lettered(text, start, floor) or _formula(text, start)


def _is_plain(text: str, start: int, end: int) -> bool:
    """Return whether a short figure stands between ideographs, where none of the shapes can be."""
    if end - start >= 6 or text[start - 1 : start] in _SIGNS_BEFORE or text.endswith(".0", start, end):
        return False
    sign = text[end : end + 1]
    return sign not in _SIGNS_BEHIND or (sign == "." and "\u4e00" <= text[end + 1 : end + 2] <= "\u9fff")  # 1.受理


def _coded(text: str, start: int) -> Excluded | None:
    code = _CODE.match(text, start)
    if not code and _CODE_CUE.search(text, max(0, start - 6), start):
        code = _CODED.match(text, start)
    if code:
        return "identifier", code.span()
    end = digits_end(text, start, len(text))
    if _ATTACHED.search(text, max(0, start - 2), start) and not find_measure(text, end):
        return "reference", (start, end)
    version = _VERSION.match(text, start)
    edition = version and (text.startswith("版", version.end()) or not find_measure(text, version.end()))
    return ("name", version.span()) if version and edition else None


def _formula(text: str, start: int) -> Excluded | None:
    formula = _FORMULA.match(text, start)
    if not formula or is_share(text, start):
        return None
    return "name", formula.span()


def is_share(text: str, start: int) -> bool:
    """Return whether a fraction written 1/4 stands at `start` and is used as one: 占1/4."""
    share = _SHARE.match(text, start)
    if not share:
        return False
    upper, lower = map(int, share[0].split("/"))
    return upper < lower and _SHARED.search(text, max(0, start - 8), start) is not None


def _lettered(text: str, start: int, floor: int) -> Excluded | None:
    """Digits joined to Latin letters: an address, a road, a standard; but 25km is an amount."""
    run = _ASCII.match(text, start)
    left = start
    while (
        left > max(floor, start - _LONGEST_WORD) and "!" <= text[left - 1] <= "~" and text[left - 1] not in ",;()[]<>"
    ):
        left -= 1
    end = run.end() if run else start + 1
    if _WEB.search(text, left, end):
        return "url", (left + len(text[left:start]) - len(text[left:start].lstrip(":/.")), end)
    joined = text[start - 1 : start] in ("-", "/", "+") and _LETTER.search(text, left, start)
    figure = _FIGURE.match(text, start)
    after = figure.end() if figure else start + 1
    scaled = text[after : after + 1] in ("万", "亿")  # 安装反诈APP42万人
    if (joined or _LETTER.match(text, start - 1, start)) and not scaled:
        return "identifier", (start, digits_end(text, start, end))
    if _LETTER.match(text, after) and not find_measure(text, after):
        return "identifier", (start, after)
    return None
