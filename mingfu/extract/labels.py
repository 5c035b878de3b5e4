"""Labels and scopes: the words that name what is counted, and of whom or where."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from mingfu.extract.cues import either, words
from mingfu.extract.layout import Layout
from mingfu.model import Span
from mingfu.personal import MASK

_LONGEST = 30
_DEFENDANT = re.compile(r"以([^,。;]{2,24})为被告|(?:其中)?([^以,。;、其作]{2,8})作?为被告")
# 在全国率先 and 全国第3位 boast; they do not say of whom a number speaks.
_WHOLE = re.compile(
    r"(全[国省市区县州旗镇乡街盟]|[省市区县](?:政府)?本级)(?![面民]|率先|首[个家创次]|第[一二三0-9]|排|位列|前列|领先|推广)"
)


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(rf"^(?:[\s、]|{either('lead')})+")


@cache
def _tails() -> tuple[str, ...]:
    return *words("tail"), " ", "、", "\n"


@cache
def _own() -> tuple[re.Pattern[str], ...]:
    """Return what is looked for in a number's own phrase: first any of the words that all of it needs."""
    level = rf"(全国|[省市区县镇乡](?:[、和及]?[省市区县镇乡])*)(?=级?{either('assembly')})"
    issuer = rf"([省市区县]直?部门|[省市区县](?:委)?政府|部门)(?={either('issued')})"
    served = rf"为([^,。;()]{{1,16}}?{either('served')})(?=共?{either('service')})"
    needed = "|".join(re.escape(word) for kind in ("assembly", "issued", "grade", "service") for word in words(kind))
    return tuple(map(re.compile, (needed, level, issuer, f"({either('grade')})", served)))


@cache
def _actor() -> re.Pattern[str]:
    return re.compile(
        r"([省市区县旗镇乡村各我街](?:(?<=[,。;:\n].)|(?<=\A.))[\u4e00-\u9fff、()]{1,16}?"
        rf"{either('body')})(?={either('act')})"
        rf"|(?:\A|(?<=[,;。\n]))([省市区县][\u4e00-\u9fff]{{1,8}}局)(?![、和与及等的])"
    )


def label_of(layout: Layout, text: str, near: tuple[Span, ...], earlier: str | None) -> str | None:
    """Return the phrase that names what is counted: the words before the number and those behind it.

    `text` is the text as printed, personal data masked; `earlier` is the label of the number to
    which this one is joined by nothing but a list sign.
    """
    spans = [_clip(layout.text, start, end) for start, end in near[:-1]]
    start, end = near[-1]
    parts = [text[left:right] for left, right in spans] + [text[start : min(end, start + _LONGEST)].strip()]
    return " ".join(part for part in parts if part.strip(f"{MASK} ")) or earlier


def _clip(folded: str, start: int, end: int) -> Span:
    """Take the connecting words off both ends of a span and keep its last characters."""
    lead = _lead().match(folded[start:end])
    start += lead.end() if lead else 0
    while folded.endswith(_tails(), start, end):
        end -= next(len(word) for word in _tails() if folded.endswith(word, start, end))
    return max(start, end - _LONGEST), end


class Scopes:
    """The words of a text that say of whom or where its numbers speak."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._actors = [match.span(match.lastindex or 0) for match in _actor().finditer(layout.text)]
        self._areas = [match.span(1) for match in _WHOLE.finditer(layout.text)]

    def of(self, near: tuple[Span, ...], position: int, sentence: int) -> Span | None:
        """Return the span of the words that say of whom or where the number at `position` speaks.

        Its own phrase comes first (以区政府为被告, 省人大代表), then the last actor or area of its sentence,
        which starts at `sentence`.
        """
        text, own = self._layout.text, near[0][0]
        for start, end in ((own, position), near[-1]):
            match = _DEFENDANT.search(text, start, end) if text.find("为被告", start, end) >= 0 else None
            if match and match.lastindex:
                return match.span(match.lastindex)
        needed, *patterns = _own()
        for pattern in patterns if needed.search(text, own, position) else ():
            matches = list(pattern.finditer(text, own, position))
            if matches:
                return matches[-1].span(1)
        actor, area = _last(self._actors, sentence, position), _last(self._areas, sentence, position)
        begun = actor and area and area > actor and text[area[0] - 1] in ",;。"  # 区应急局检查5家;全区发生事故2起
        return area if begun else actor or area


def _last(spans: Sequence[Span], start: int, end: int) -> Span | None:
    """Return the last span that lies between two offsets."""
    index = bisect_left(spans, (end, end)) - 1
    return spans[index] if index >= 0 and spans[index][0] >= start else None
