"""Periods: from the cue that a sentence gives (截至11月底, 今年1至11月, 五年来) to two dates.

Cues are found once per text; a number takes the last cue before it in its sentence, or a cue of
several years from earlier in its paragraph, or else the calendar year of the report.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

import ahocorasick_rs

from mingfu.extract.cues import either, words
from mingfu.extract.dating import LAST_YEAR, Calendar, Cue, Period, form_of, month_end, resolve, whole_years
from mingfu.extract.layout import Layout
from mingfu.extract.scan import Mention, Quotes
from mingfu.model import Span

_Y = r"(?:19|20)[0-9]{2}"
_M = r"(?:1[0-2]|0?[1-9])"
_D = r"(?:3[01]|[12][0-9]|0?[1-9])"
_N = r"[0-9]{1,2}|[一二三四五六七八九十两几]{1,3}"
_END = r"(?:底|末|份)?"
_STATED = re.compile(rf"\(({_Y})年\)")
_MONTHS = ("months", "half", "quarter", "first_months")
_NAMED = ("now", "this_year", "last_year")  # the forms that are a word of the lexicon and nothing else


@cache
def _cue() -> re.Pattern[str]:
    """Return the forms of a cue: how dates, numbers of years and the words of the lexicon combine."""
    this, until, past = r"今年|本年", either("until"), either("past")
    forms = [
        rf"(?P<span_years>(?P<y1>{_Y})年?(?:(?<=年)(?P<ym1>{_M})月{_END}(?:{_D}日)?)?\s?"
        rf"(?(ym1)[-~至到]|[-~至到、 ]){{1,2}}\s?(?P<y2>{_Y})年?(?:(?<=年)(?P<ym2>{_M})月{_END}(?:(?P<yd2>{_D})日)?)?)",
        rf"(?P<to_end>(?P<ty>{_Y})年(?P<tm>{_M})月[-~至到]{{1,2}}(?:当年|同年)?年?[底末])",
        rf"(?P<months>(?:(?P<my>{_Y})年|{this})?(?P<m1>{_M})月?(?:{_D}日)?[-~至到]{{1,2}}"
        rf"(?:(?P<my2>{_Y})年)?(?P<m2>{_M})月{_END}(?:(?P<d2>{_D})日)?)",
        rf"(?P<until>{until}\s?(?:(?P<uy>{_Y})年|{this}|当年|同年)?(?P<um>{_M})月{_END}(?:(?P<ud>{_D})日)?)",
        rf"(?P<until_year>{until}\s?(?:(?P<uyy>{_Y})年|{this})?(?:年?底|年?末))",
        rf"(?P<since>自?(?P<sy>{_Y})年(?:(?P<sm>{_M})月{_END}(?:{_D}日)?)?(?:以来|至今|起))",
        rf"(?P<half>(?:(?P<hy>{_Y})年|{this})?(?P<h>[上下])半年)",
        rf"(?P<quarter>(?:(?P<qy>{_Y})年|{this})?(?P<qf>前|第)?(?P<q>[一二三四1-4])(?:个)?季度)",
        rf"(?P<first_months>(?:(?P<fy>{_Y})年|{this})?前(?P<fm>{_N})个?月)",
        rf"(?P<day>(?:(?P<dy>{_Y})年|{this})?(?P<dm>{_M})月{_END}(?:(?P<dd>{_D})日)?"
        r"(?P<on>[^,。;、0-9]{0,8}(?:起|后)(?=,)|[^,。;、0-9]{0,18}以来(?=,))?)",
        rf"(?P<year>(?P<yy>{_Y})年度?(?:全年|底|末)?)",
        rf"(?P<span_n>(?:{past}|这|任期)?(?P<n>{_N})(?P<over>[多余]?年[多余]?)(?:来|间|以来|中(?=[,分共累先已]))(?!新高|新低|最|首|同期|来最)"
        rf"|{past}(?P<n2>{_N})年(?!来|最|新|首))",
        r"(?P<plan>“?(?P<p>十[一二三四五])五”?(?:规划)?(?:期间|时期|以来|期(?!间))(?!总量|平均|的|末))",
        rf"(?P<open>自[^,。;、\n]{{1,14}}?以来|{either('event')}以来)",
        *(rf"(?P<{kind}>{either(kind)})" for kind in _NAMED),
    ]
    return re.compile("|".join(forms))


@cache
def _starts() -> tuple[str, ...]:
    """Return the words at which a cue can begin, beside a date, and 以来, before which it began at 自."""
    named = [word for kind in _NAMED for word in words(kind)]
    until = [lead + year for lead in words("until") if len(lead) > 1 for year in ("年", "今年", "本年", "当年")]
    return *named, *until, "上半年", "下半年", *(f"{lead}几年" for lead in words("past")), "以来"


@cache
def _leads() -> tuple[str, ...]:
    return *words("until"), *words("past"), "今年", "本年", "自", "前", "“"


class Periods:
    """The period cues of a text, and the period of each number."""

    def __init__(self, layout: Layout, known: Calendar, mentions: Sequence[Mention], quotes: Quotes) -> None:
        self._layout = layout
        self._known = known
        self._cues = [
            cue for cue in _cues(layout.text, mentions) if cue.form == "plan" or quotes.around(cue.start) is None
        ]
        self._ends = [cue.end for cue in self._cues]
        self._long = [cue for cue in self._cues if self._lasts(cue)]
        self._long_ends = [cue.end for cue in self._long]

    def _lasts(self, cue: Cue) -> bool:
        """Return whether a cue holds for its paragraph: several years, or months that open it."""
        if cue.form in ("span_n", "plan"):
            return True
        text, (head, _) = self._layout.text, self._layout.paragraph(cue.start)
        if cue.form in _MONTHS and not text[head : cue.start].strip():
            return True
        if cue.form not in ("span_years", "months"):
            return False
        start, end = resolve(cue, self._known)
        return start is not None and end is not None and start.year < end.year

    def of(self, mention: Mention, role: str, own: int, sentence: Span) -> Period:
        """Return the period of a number of this role whose own phrase starts at `own`."""
        if stated := _STATED.match(self._layout.text, mention.end):
            return whole_years(int(stated[1]), int(stated[1]))
        return self._prior(mention.start, own, sentence) if role == "prior" else self._stated(mention.start, sentence)

    def of_heads(self, heads: Sequence[Span], role: str) -> Period:
        """Return the period of a figure in a table: what the nearest of its heads names, else the calendar year."""
        for start, end in reversed(heads):
            for cue in reversed(self._cues):
                if start <= cue.start and cue.end <= end and not self._carries(cue):
                    return resolve(cue, self._known)
        return self._known.whole(int(role == "prior"))

    def _stated(self, position: int, sentence: Span) -> Period:
        """The last cue before a number that names its own time, else the calendar year."""
        for cue in self._candidates(position, sentence):
            own = cue.form != "last_year" or (self._known.spoken and cue.match[0] == LAST_YEAR)
            past = self._layout.text.find("基础上", cue.end, position) >= 0  # 在2020年下降5%的基础上再降3%
            if own and not past and not self._compares(cue) and not self._carries(cue):
                period = resolve(cue, self._known)
                if period[1] or cue.form == "open":
                    return period
        return self._known.whole()

    def _prior(self, position: int, own: int, sentence: Span) -> Period:
        """The year before, the same months of it for 同期 and 同比, or the year that the number's own phrase names."""
        if self._layout.text.find("同比", own, position) >= 0:
            return self._same_months(position, sentence)
        for cue in self._candidates(position, sentence):
            if cue.form == "last_year" and "同期" in cue.match[0]:
                return self._same_months(position, sentence)
            if cue.form == "last_year" or self._compares(cue) or cue.start >= own:
                return resolve(cue, self._known)
        return self._known.whole(1)

    def _same_months(self, position: int, sentence: Span) -> Period:
        start, end = self._stated(position, sentence)
        if start is None or end is None:
            return start, end
        return start.replace(year=start.year - 1), month_end(end.year - 1, end.month, end.day)

    def _carries(self, cue: Cue) -> bool:
        """Return whether a year only says from or to when cases were carried over: 结转2024年度继续办理."""
        text, carried = self._layout.text, words("carried")
        before = text[max(0, cue.start - 4) : cue.start].rstrip("至到")
        return before.endswith(carried) or text.startswith(carried, cue.end)

    def _compares(self, cue: Cue) -> bool:
        """Return whether a cue names what is compared with: 较2020年, 由2019年的8%下降到0.2%, 是2015年的2倍."""
        text = self._layout.text
        behind = text[cue.end : cue.end + 1]
        if text.endswith(words("basis"), 0, cue.start):
            return True
        from_year = text.endswith(("由", "从"), 0, cue.start) and (behind == "的" or behind.isdigit())
        return from_year or (behind == "的" and text.endswith(("是", "为", "相当于"), 0, cue.start))

    def planned(self, position: int, sentence: Span) -> Period:
        """Return the period of a target: the year ahead that its sentence names, else the next one."""
        year = self._known.year
        if year is None:
            return None, None
        for cue in self._candidates(position, sentence):
            period = resolve(cue, self._known)
            if period[1] and period[1].year > year:
                return period
        return whole_years(year + 1, year + 1)

    def streak(self, count: int, unit: str) -> Period:
        """Return the period of 连续N年 and 连续N个季度: counted back from the end of the year."""
        if self._known.year is None:
            return None, None
        months = count * (12 if unit.endswith("年") else 3 if unit.endswith("季度") else 1)
        year, month = divmod(self._known.year * 12 + 12 - months, 12)
        if year < 1:  # 连续 before a figure that no streak can have
            return None, None
        return date(year, month + 1, 1), date(self._known.year, 12, 31)

    def _candidates(self, position: int, sentence: Span) -> Iterator[Cue]:
        """Yield the cues of the sentence, the last first, then the last one of several years in the paragraph."""
        start = sentence[0]
        for index in range(bisect_right(self._ends, position) - 1, -1, -1):
            if self._cues[index].start < start:
                break
            yield self._cues[index]
        last = bisect_right(self._long_ends, position) - 1
        if last >= 0 and self._holds(self._long[last], position, start):
            yield self._long[last]

    def _holds(self, long: Cue, position: int, sentence: int) -> bool:
        """Return whether a cue still holds in its paragraph: no later sentence began with a year, 五年来…。2005年…"""
        if long.start < self._layout.paragraph(position)[0]:
            return False
        first, last = bisect_right(self._ends, long.end), bisect_right(self._ends, sentence)
        return not any(
            cue.form in ("year", "this_year") and self._layout.sentence(cue.start)[0] == cue.start
            for cue in self._cues[first:last]
        )


def _cues(text: str, mentions: Sequence[Mention]) -> Iterator[Cue]:
    end = 0
    for start in sorted({*_word_starts(text), *_dated_starts(text, mentions)}):
        match = _cue().match(text, start) if start >= end else None
        if match:
            end = match.end()
            if match["span_years"] and text.endswith("(", 0, start) and text.startswith(")", end):
                continue  # 纲要(2021-2025年) is a title
            yield Cue(start, end, form_of(match), match)


@cache
def _automaton() -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(_starts())


def _word_starts(text: str) -> Iterator[int]:
    for index, start, _ in _automaton().find_matches_as_indexes(text, overlapping=True):
        if _starts()[index] != "以来":
            yield start
        else:
            yield max(text.rfind("自", max(0, start - 16), start), 0)
            yield max(start - 2, 0)
            yield max(start - 3, 0)


def _dated_starts(text: str, mentions: Sequence[Mention]) -> Iterator[int]:
    """Yield where dates and spans of years begin, the words that lead up to them first."""
    for mention in mentions:
        if (
            mention.reason == "date"
            or text[mention.start] == "十"
            or (mention.amount and mention.amount.kind == "time")
        ):
            yield mention.start
            yield mention.start - next((len(lead) for lead in _leads() if text.endswith(lead, 0, mention.start)), 0)
