"""From a cue to two dates: what 截至11月底, 今年1至11月 or 五年来 means in a report of a known year."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from mingfu.extract.cues import words
from mingfu.extract.numerals import parse_chinese

Period = tuple[date | None, date | None]

LAST_YEAR = "去年"


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that names a period: where it ends, its form, and the match that holds its parts."""

    start: int
    end: int
    form: str
    match: re.Match[str]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The year that a report covers and the day that it is dated, as far as known.

    `spoken`: a work report, held in the year after the one it covers, which it calls 去年.
    """

    year: int | None
    dated: date | None
    spoken: bool = False

    def whole(self, years_before: int = 0) -> Period:
        """Return the calendar year, or one before it."""
        return whole_years(self.year - years_before, self.year - years_before) if self.year else (None, None)

    def today(self) -> date | None:
        """Return the day to which 目前 refers: the report's date, at most the last day of its year."""
        if self.year is None:
            return self.dated
        last = date(self.year, 12, 31)
        return self.dated if self.dated and self.dated.year == self.year else last


def form_of(match: re.Match[str]) -> str:
    """Return the name of the form of a cue that matched."""
    return next(name for name in _RESOLVERS if match[name] is not None)


def resolve(cue: Cue, known: Calendar) -> Period:
    """Return the two dates of a cue; None where the text does not say."""
    return _RESOLVERS[cue.form](cue.match, known)


def whole_years(first: int, last: int) -> Period:
    """Return the first and the last day of some calendar years."""
    return date(first, 1, 1), date(last, 12, 31)


def month_end(year: int, month: int, day: int | None = None) -> date:
    """Return a day of a month, at most and without a day its last one."""
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day or last, last))


def _int(text: str | None, default: int | None = None) -> int | None:
    return int(text) if text else default


def _count(text: str) -> int | None:
    if text.isascii():
        return int(text)
    value = parse_chinese(text) if "几" not in text else None
    return int(value[1]) if value else None


def _span_years(match: re.Match[str], known: Calendar) -> Period:
    if _is_sifted(match):
        return None, None
    start = date(int(match["y1"]), _int(match["ym1"], 1) or 1, 1)
    return start, month_end(int(match["y2"]), _int(match["ym2"], 12) or 12, _int(match["yd2"]))


def _months(match: re.Match[str], known: Calendar) -> Period:
    first = _int(match["my"], known.year)
    last = _int(match["my2"], first)
    if first is None or last is None:
        return None, None
    return date(first, int(match["m1"]), 1), month_end(last, int(match["m2"]), _int(match["d2"]))


def _to_end(match: re.Match[str], known: Calendar) -> Period:
    return date(int(match["ty"]), int(match["tm"]), 1), date(int(match["ty"]), 12, 31)


def _until(match: re.Match[str], known: Calendar) -> Period:
    year = _int(match["uy"], known.year)
    if year is None:
        return None, None
    return date(year, 1, 1), month_end(year, int(match["um"]), _int(match["ud"]))


def _until_year(match: re.Match[str], known: Calendar) -> Period:
    year = _int(match["uyy"], known.year)
    return whole_years(year, year) if year else (None, None)


def _since(match: re.Match[str], known: Calendar) -> Period:
    if _is_sifted(match):
        return None, None
    start = date(int(match["sy"]), _int(match["sm"], 1) or 1, 1)
    return start, date(known.year, 12, 31) if known.year else None


def _is_sifted(match: re.Match[str]) -> bool:
    """Return whether a time only says how old things are: 清理2010年以来的文件, 对1999年至2008年的文件进行清理."""
    return match.string.endswith(words("sifted"), 0, match.start())


def _half(match: re.Match[str], known: Calendar) -> Period:
    year = _int(match["hy"], known.year)
    if year is None:
        return None, None
    return (date(year, 1, 1), date(year, 6, 30)) if match["h"] == "上" else (date(year, 7, 1), date(year, 12, 31))


def _quarter(match: re.Match[str], known: Calendar) -> Period:
    year, number = _int(match["qy"], known.year), "一二三四1234".index(match["q"]) % 4
    if year is None or ("个季度" in match[0] and match["qf"] != "前"):  # 连续3个季度 is a length of time
        return None, None
    start = 1 if match["qf"] == "前" else number * 3 + 1
    return date(year, start, 1), month_end(year, number * 3 + 3)


def _first_months(match: re.Match[str], known: Calendar) -> Period:
    year, months = _int(match["fy"], known.year), _count(match["fm"])
    if year is None or not months or months > 12:
        return None, None
    return date(year, 1, 1), month_end(year, months)


def _day(match: re.Match[str], known: Calendar) -> Period:
    year, month, day = _int(match["dy"], known.year), int(match["dm"]), _int(match["dd"])
    if year is None or _is_past_limit(match, year, known):
        return None, None
    start = month_end(year, month, day) if day else date(year, month, 1)
    on = match["on"] or ""
    last = max(year, known.year or year) if on.endswith("以来") else year
    return start, date(last, 12, 31) if on else month_end(year, month, day)


def _is_past_limit(match: re.Match[str], year: int, known: Calendar) -> bool:
    """Return whether a time only says how old things are: 2022年12月31日前印发的, 2018年底前出台的."""
    past = known.year is not None and year <= known.year
    return past and match.string.startswith(("前", "之前", "以前"), match.end())


def _year(match: re.Match[str], known: Calendar) -> Period:
    year = int(match["yy"])
    return (None, None) if _is_past_limit(match, year, known) else whole_years(year, year)


def _span_n(match: re.Match[str], known: Calendar) -> Period:
    count = _count(match["n"] or match["n2"])
    if not known.year:
        return None, None
    over = len(match["over"] or "年") - 1  # 两年多来 reaches into a third year
    return date(known.year - count - over + 1, 1, 1) if count else None, date(known.year, 12, 31)


def _plan(match: re.Match[str], known: Calendar) -> Period:
    first = 1951 + 5 * (_count(match["p"]) or 0)  # the thirteenth began in 2016
    last = first + 4 if known.year is None else max(first, min(first + 4, known.year))
    return whole_years(first, last)


def _now(match: re.Match[str], known: Calendar) -> Period:
    return known.whole()[0], known.today()


_RESOLVERS: dict[str, Callable[[re.Match[str], Calendar], Period]] = {
    "span_years": _span_years,
    "to_end": _to_end,
    "months": _months,
    "until": _until,
    "until_year": _until_year,
    "since": _since,
    "half": _half,
    "quarter": _quarter,
    "first_months": _first_months,
    "day": _day,
    "year": _year,
    "span_n": _span_n,
    "plan": _plan,
    "open": lambda match, known: (None, None),
    "now": _now,
    "this_year": lambda match, known: known.whole(),
    "last_year": lambda match, known: known.whole(0 if known.spoken and match[0] == LAST_YEAR else 1),
}
