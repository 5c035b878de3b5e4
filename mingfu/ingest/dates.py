"""Dates in head and signature, in Arabic or Chinese numerals."""

from __future__ import annotations

import re
from datetime import date

_ZEROS = "〇○◯零0OoОΟ"  # the last two are Cyrillic and Greek
YEAR_DIGITS = rf"(?:19|20)\d\d|[一二][九{_ZEROS}][一二三四五六七八九{_ZEROS}]{{2}}"
_ONES = "[一二三四五六七八九]"
CHINESE = f"(?:{_ONES}?十{_ONES}?|{_ONES})"  # below one hundred
_PART = rf"\d{{1,2}}|{CHINESE}"
DATE = re.compile(
    rf"(?<![\d]){'(?P<year>' + YEAR_DIGITS + ')'} ?年 ?(?P<month>{_PART}) ?月 ?(?P<day>{_PART}) ?日"
    r"|(?<![\d.-])(?P<y>(?:19|20)\d\d) ?[-/.] ?(?P<m>\d{1,2}) ?[-/.] ?(?P<d>\d{1,2})(?![\d.-])"
)
YEAR = re.compile(rf"(?<![\d])(?P<year>{YEAR_DIGITS}) ?年(?P<term>度?)")
_NUMERALS = {**dict.fromkeys(_ZEROS, 0), **{char: value for value, char in enumerate("零一二三四五六七八九")}}


_FIRST = re.compile(rf"[12一二](?=[0-9{_ZEROS}一二三四五六七八九]{{3}} ?[年./-])")  # so every year begins


def find_dates(folded: str) -> list[re.Match[str]]:
    """Return the matches of `DATE` in folded text, looked for only where a year can begin."""
    return matches_at(DATE, _FIRST, folded)


def matches_at(pattern: re.Pattern[str], first: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """Return the matches of a pattern that can only begin with a character of `first`, none inside another.

    Looking at few places is several times faster than trying a pattern with many alternatives at all.
    """
    matches: list[re.Match[str]] = []
    end = 0
    for place in first.finditer(text):
        match = pattern.match(text, place.start()) if place.start() >= end else None
        if match:
            matches.append(match)
            end = match.end()
    return matches


def read_date(match: re.Match[str]) -> date | None:
    """Return the day of a match of `DATE`, or None where the calendar has no such day."""
    parts = [match[a] or match[b] for a, b in (("year", "y"), ("month", "m"), ("day", "d"))]
    try:
        return date(read_year(parts[0]), *(read_numeral(part) for part in parts[1:]))
    except ValueError:
        return None


def read_year(digits: str) -> int:
    """Return a year written digit by digit: 2019 or 二〇一九."""
    return int("".join(str(_NUMERALS.get(char, char)) for char in digits))


def read_numeral(written: str) -> int:
    """Return a numeral below one hundred: 12, 五, 十二 or 二十一.

    >>> [read_numeral(written) for written in ("12", "五", "十", "十二", "三十", "二十一")]
    [12, 5, 10, 12, 30, 21]
    """
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    return (_NUMERALS[tens] if tens else 1 if ten else 0) * 10 + (_NUMERALS[ones] if ones else 0)
