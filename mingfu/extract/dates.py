"""Dates, spans of time and clock times: recognised at one place of folded text, not yet resolved."""

from __future__ import annotations

import re

from mingfu.model import Span

_Y = r"(?:19|20)[0-9]{2}"
_CY = r"[一二][〇零○0一二三四五六七八九]{3}"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])"
_C1 = r"[一二三四五六七八九十]{1,3}"
_AFTER_YEAR = rf"(?:度|底|末|初|中)?(?:\s?{_MONTH}\s?月(?:份|底|末|初|中旬|上旬|下旬)?(?:\s?{_DAY}\s?[日号])?)?"
_TO = r"\s?(?:[-~至到]{1,2})\s?"

_ARABIC = re.compile(
    "|".join(
        [
            rf"{_Y}\s?[-./]\s?{_MONTH}\s?[-./]\s?{_DAY}(?![0-9])日?",
            rf"{_Y}{_Y}年|0[0-9]年(?!以)|{_Y}\s?版",
            rf"{_Y}\s?年?(?:{_TO}|[、 和]){_Y}\s?(?:年度?|(?![0-9.万亿%件个项条]))",
            rf"{_Y}\s?年{_AFTER_YEAR}(?:{_TO}(?:{_Y}\s?年)?\s?{_MONTH}\s?月(?:份|底)?(?:\s?{_DAY}\s?[日号])?)?",
            rf"{_Y}\s?年{_TO}{_MONTH}\s?月",
            rf"{_MONTH}\s?月?{_TO}{_MONTH}\s?月(?:份|底|末)?(?!内)",
            rf"{_MONTH}\s?月(?:份|底|末|初|中旬|上旬|下旬)?(?:\s?{_DAY}\s?[日号])?"
            rf"(?:{_TO}(?:{_MONTH}\s?月)?\s?{_DAY}\s?[日号])?",
            rf"{_DAY}\s?[日号]?{_TO}{_DAY}\s?[日号](?!内|以|之|起|[楼线])",
            rf"{_DAY}\s?日(?!内|以内|之内|均|常)",
            r"[0-9]{2}(?:世纪|年代)",
        ]
    )
)
# One of these follows the first figure of every date, of every clock time.
_SIGNS, _CLOCK_SIGNS = frozenset("年月日号-./~至到、 和世版"), frozenset(":时点")
_QUARTER = re.compile(r"第?[一二三四1-4](?:[、至-][一二三四2-4])?季度")
_CHINESE = re.compile(
    "|".join(
        [
            rf"{_CY}年(?:度|底|末)?(?:{_C1}月(?:底|末)?(?:{_C1}[日号])?)?",
            rf"{_C1}月(?:份|底|末)?(?:{_C1}[日号])?",
            rf"(?:{_C1}|[两几])年(?:来|间|以来)",
            rf"{_C1}(?:世纪|十年代)",
        ]
    )
)
_CLOCK = re.compile(
    r"(?:[01]?[0-9]|2[0-4])(?::[0-5][0-9]){1,2}(?:-[0-9]{1,2}:[0-5][0-9])?|[0-9]{1,2}[时点][0-5]?[0-9]分?|[0-9]{1,2}[时点](?:半|整|[至到-][0-9]{1,2}[时点](?:[0-5]?[0-9]分?)?)"
)
_BARE_YEAR = re.compile(rf"{_Y}(?![0-9.,万亿%])")


def date_or_time(text: str, start: int, end: int) -> tuple[str, Span] | None:
    """Return the reason and the span of a date, a period or a clock time whose first digits are those given."""
    sign = text[end : end + 1]
    date = _ARABIC.match(text, start) if sign in _SIGNS else None
    if date:
        return "date", date.span()
    clock = _CLOCK.match(text, start) if sign in _CLOCK_SIGNS else None
    return ("time", clock.span()) if clock else None


def chinese_date_at(text: str, start: int) -> int | None:
    """Return the end of a date or period in Chinese numerals that starts at `start`."""
    match = _CHINESE.match(text, start) or _QUARTER.match(text, start)
    return match.end() if match else None


def bare_year_at(text: str, start: int) -> int | None:
    """Return the end of a year that is written without 年."""
    match = _BARE_YEAR.match(text, start)
    return match.end() if match else None
