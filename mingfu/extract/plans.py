"""Plans: the sections, sentences and clauses that speak of what is yet to be done or is required."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

import ahocorasick_rs

from mingfu.extract.cues import either, words
from mingfu.extract.layout import Layout
from mingfu.model import Section, Span
from mingfu.personal import merged
from mingfu.script import fold

_HEADING_YEAR = re.compile(r"(20[0-9]{2})年")
_YEAR = re.compile(r"(?:^|[,;:。!?\n]|到)(20[0-9]{2})年(?![0-9]|以来|起)")


class Plans:
    """Where a document speaks of plans: by the heading of a section, or by the words of a sentence or clause."""

    def __init__(self, layout: Layout, sections: Sequence[Section], year: int | None) -> None:
        self._layout, self._year = layout, year
        self._spans = merged(
            [(section.start, section.end) for section in sections if _heads_plans(fold(section.heading)[:30], year)]
        )
        text = layout.text
        places = [start for _, start, _ in _automaton().find_matches_as_indexes(text, overlapping=True)]
        leads, binds, other = _pattern("plan"), _pattern("bound"), words("not_plan")
        # What holds for the rest of the sentence, and what only for its own clause.
        self._ahead = [place for place in places if leads.match(text, place) and _leads(text, place)]
        self._bound = [place for place in places if binds.match(text, place) and not text.endswith(other, 0, place)]
        self._tasks = [place for place in places if text[place] == "("]

    def hold(self, position: int, sentence: Span) -> bool:
        """Return whether the number at `position` is in a section or sentence of plans."""
        start, end = sentence
        index = bisect_left(self._spans, (position + 1, 0)) - 1
        if index >= 0 and position < self._spans[index][1]:
            return True
        if _any_in(self._ahead, start, position) or _any_in(self._tasks, position, end):
            return True
        year = self._year
        later = _YEAR.finditer(self._layout.text, max(0, start - 1), position) if year else ()
        return any(int(match[1]) > (year or 0) for match in later)

    def bind(self, position: int, clause: Span) -> bool:
        """Return whether the clause of the number at `position` speaks of a plan or a requirement."""
        return _any_in(self._bound, clause[0], position) or _any_in(self._ahead, clause[0], position)


@cache
def _automaton() -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick({*words("plan"), *words("bound"), *words("task")})


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(either(kind))


@cache
def _heading() -> re.Pattern[str]:
    return re.compile(rf"{either('plan_heading')}|(?:工作|年度?|任务)的?{either('plan_noun')}")


def _heads_plans(heading: str, year: int | None) -> bool:
    """Return whether a heading announces what is to come: by its words, or by a year after the report's."""
    named = _HEADING_YEAR.match(heading)
    return bool(_heading().search(heading)) or (named is not None and year is not None and int(named[1]) > year)


def _leads(text: str, place: int) -> bool:
    """Return whether a word opens the plan of a sentence: 计划 only at the head of a clause, no 模拟."""
    if text.startswith("计划", place):
        return place == 0 or text[place - 1] in ",;:。\n"
    if text.startswith(("下年度", "下一年度"), place):
        return text.endswith(("预计", "在"), 0, place)
    return not text.endswith(words("not_plan"), 0, place)


def _any_in(places: Sequence[int], start: int, end: int) -> bool:
    index = bisect_left(places, start)
    return index < len(places) and places[index] < end
