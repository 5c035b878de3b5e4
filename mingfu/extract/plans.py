"""Plans: the sections, sentences and clauses that speak of what is yet to be done or is required."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

import ahocorasick_rs

from mingfu.extract.layout import Layout
from mingfu.model import Section, Span
from mingfu.personal import merged
from mingfu.script import fold

_HEADING = re.compile(
    r"下一步|下一阶段|下阶段|下步|今后|努力方向|展望|明年|今年(?:的)?(?:重点|主要|目标)|(?:工作|年度?|任务)(?:的)?(?:计划|打算|安排|思路|要点|设想)(?!类|情况|完成|落实)"
)
_HEADING_YEAR = re.compile(r"(20[0-9]{2})年")
_WORDS = (
    *("力争", "争取", "计划", "拟", "明年", "下一步", "下年度", "下一年度", "我们将", "今后", "目标是", "要达到"),
    *("主要预期目标", "今年要"),
    *("应当", "应达", "不得", "必须", "须在", "要求", "依法在", "依法应在", "一般为", "一般定为"),
)
_TASKS = ("(牵头单位", "(责任单位", "(配合单位", "(牵头部门", "(责任部门", "(配合部门")
# What holds for the rest of the sentence, and what only for its own clause.
_SENTENCE = re.compile(
    r"力争|争取(?=实现|达到|达|完成|建成|用|在|到|年内|早日|新增|全年|[0-9])(?!.{0,10}(?:资金|国债|支持|补助))"
    r"|计划(?!总结|类|生育|单列|任务|落实)|主要预期目标|今年要"
    r"|拟(?=于|将|组织|立项|新|出台|安排|开展)|明年|下一步|下一?年度|我们将|今后"
)
_CLAUSE = re.compile(
    r"计划(?=全年|年内|今年|明年|到|于|在|新|建|培训|开展|组织|投入|安排|完成|实施|用|引进|办理|对|为|[0-9])"
    r"|拟[于将]|目标是|要达到|应当|应达|不得|必须|须在|要求[^,。]{0,12}(?:达到?|不)|依法|一般"
)
# 规划, 超计划, 模拟, 虚拟 are other words.
_OTHER = ("规划", "超", "模", "虚")
_YEAR = re.compile(r"(20[0-9]{2})年")
_WORDS = (
    *("力争", "争取", "计划", "拟", "明年", "下一步", "下年度", "下一年度", "我们将", "今后", "目标是", "要达到"),
    *("主要预期目标", "今年要"),
    *("应当", "应达", "不得", "必须", "须在", "要求", "依法在", "依法应在", "一般为", "一般定为"),
)
_TASKS = ("(牵头单位", "(责任单位", "(配合单位", "(牵头部门", "(责任部门", "(配合部门")
# What holds for the rest of the sentence, and what only for its own clause.
_SENTENCE = re.compile(
    r"力争|争取(?=实现|达到|达|完成|建成|用|在|到|年内|早日|新增|全年|[0-9])(?!.{0,10}(?:资金|国债|支持|补助))"
    r"|计划(?!总结|类|生育|单列|任务|落实)|主要预期目标|今年要"
    r"|拟(?=于|将|组织|立项|新|出台|安排|开展)|明年|下一步|下一?年度|我们将|今后"
)
_CLAUSE = re.compile(
    r"计划(?=全年|年内|今年|明年|到|于|在|新|建|培训|开展|组织|投入|安排|完成|实施|用|引进|办理|对|为|[0-9])|拟[于将]|目标是|要达到|应当|应达|不得|必须|须在|要求[^,。]{0,12}(?:达到?|不)|依法|一般"
)
_YEAR = re.compile(r"(?:^|[,;:]|到)(20[0-9]{2})年")


class Plans:
    """Where a document speaks of plans: by the heading of a section, or by the words of a sentence or clause."""

    def __init__(self, layout: Layout, sections: Sequence[Section], year: int | None) -> None:
        self._layout, self._year = layout, year
        self._spans = merged(
            [(section.start, section.end) for section in sections if _heads_plans(fold(section.heading)[:30], year)]
        )
        text = layout.text
        places = [start for _, start, _ in _automaton().find_matches_as_indexes(text, overlapping=True)]
        self._ahead = [place for place in places if _SENTENCE.match(text, place) and _leads(text, place)]
        self._bound = [place for place in places if _CLAUSE.match(text, place) and not text.endswith(_OTHER, 0, place)]
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
        later = _YEAR.finditer(self._layout.text, start, position) if year else ()
        return any(int(match[1]) > (year or 0) for match in later)

    def bind(self, position: int, clause: Span) -> bool:
        """Return whether the clause of the number at `position` speaks of a plan or a requirement."""
        return _any_in(self._bound, clause[0], position) or _any_in(self._ahead, clause[0], position)


@cache
def _automaton() -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick([*_WORDS, *_TASKS])


def _heads_plans(heading: str, year: int | None) -> bool:
    """Return whether a heading announces what is to come: by its words, or by a year after the report's."""
    named = _HEADING_YEAR.match(heading)
    return bool(_HEADING.search(heading)) or (named is not None and year is not None and int(named[1]) > year)


def _leads(text: str, place: int) -> bool:
    """Return whether a word opens the plan of a sentence: 计划 only at the head of a clause, no 模拟."""
    if text.startswith("计划", place):
        return place == 0 or text[place - 1] in ",;:。\n"
    if text.startswith(("下年度", "下一年度"), place):
        return text.endswith(("预计", "在"), 0, place)
    return not text.endswith(_OTHER, 0, place)


def _any_in(places: Sequence[int], start: int, end: int) -> bool:
    index = bisect_left(places, start)
    return index < len(places) and places[index] < end
