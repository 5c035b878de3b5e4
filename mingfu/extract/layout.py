"""Sentences, clauses and phrases: what belongs to a number before its meaning is looked for."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache

from mingfu.extract.cues import either
from mingfu.extract.scan import Mention
from mingfu.model import Span

_ASIDE = re.compile(r"\([^()。\n0-9]{0,20}\)|\[[^\[\]。\n0-9]{0,20}\]")
# How far a sentence or a clause can reach to either side: a text without signs must not cost more.
_SENTENCE, _CLAUSE = 400, 200
_STOP = re.compile(r"[。!?\n\t]")
_BREAK = re.compile(r"[,;:()。!?\n\t]")
_PART = re.compile(r"[、,;:()。!?\n\t]")
_SUBJECTS = re.compile(r"[、和及与]|(?<=”)(?=“)")
_SHARE = re.compile(r"[,;\s、(]*(?:分别|各)?约?占[^,。;、0-9]{0,14}")
_ONWARD = re.compile(r"[^,。;、]{0,6}(?:到|至|为|成)")
_FROM = re.compile(r"(?:从|由)[^,。;、]{0,12}$")
_NEXT = re.compile(r"(?<=[\u4e00-\u9fff)”])(?:、|(?:以及|[和及与])(?=\s?[近约超]{0,2}[0-9]))")
_JOINT = re.compile(r"以及|[和及与]")  # what stands behind it belongs to the next number
_OF_THESE = re.compile("中(?![小学心国央级型等医介共院层华文队期年标药继转途断止])")
_COMPARED = re.compile(r",?(?:(?:与|同|和)[^,。;、]{1,14}比|(?:较|比)[^,。;、]{0,8}[年月期][^,。;、]{0,6}),?$")
_CONTINUED = re.compile(
    "其中|在?已?(?:审结|受理|办结|结案)的?(?:行政)?(?:复议|诉讼|应诉)?案件中|从[^,。;\n0-9]{1,12}(?:看|分析)[,:]"
)
_SHORT = 24
_SHARED = 8  # spans that a number shares with those before it
_LINK = re.compile(r"^[\s、和及与]*$")


@cache
def _predicate() -> re.Pattern[str]:
    return re.compile(rf"{either('predicate')}[^,。;、0-9]{{0,10}}$")


class Layout:
    """The boundaries of a folded text, found once and looked up by bisection."""

    def __init__(self, text: str) -> None:
        self.text = text
        # An aside without a number, 审核(审查)各类文件, does not part what stands around it.
        self._flat = _ASIDE.sub(lambda match: "·" * len(match[0]), text)
        self._stops = [match.start() for match in _STOP.finditer(text)]
        self._breaks = [match.start() for match in _BREAK.finditer(self._flat)]
        self._lines = [match.start() for match in re.finditer("\n", text)]

    def sentence(self, position: int) -> Span:
        """Return the span of the sentence around `position`, without the sign that ends it."""
        return self._between(self._stops, position, _SENTENCE)

    def passage(self, position: int) -> Span:
        """Return the span of the sentence around `position`; 其中 or 从审理结果看 goes on with the one before."""
        start, end = self.sentence(position)
        while start and position - start < _SENTENCE and _CONTINUED.match(self.text, start):
            if self.text[start - 1] == "\n":
                break
            start = self.sentence(start - 1)[0]
        return start, end

    def clause(self, position: int) -> Span:
        """Return the span between the commas or other breaks around `position`."""
        return self._between(self._breaks, position, _CLAUSE)

    def paragraph(self, position: int) -> Span:
        """Return the span of the line around `position`."""
        return self._between(self._lines, position, len(self.text))

    def _between(self, marks: Sequence[int], position: int, reach: int) -> Span:
        after = bisect_left(marks, position)
        start = marks[after - 1] + 1 if after else 0
        end = marks[after] if after < len(marks) else len(self.text)
        first, last = position - reach, position + reach
        return first if first > start else start, last if last < end else end

    def part_end(self, position: int, limit: int) -> int:
        """Return where the words directly behind `position` end."""
        match = _PART.search(self._flat, position, limit)
        return match.start() if match else limit


def phrases(layout: Layout, quantities: Sequence[Mention]) -> list[tuple[Span, ...]]:
    """Return for each quantity the spans of its own phrase: the words before it, then those behind it.

    The words before reach back to the last quantity or break; a number without words of its own
    shares those of the one before it (51批次256人次; 161条，占7.9%).  In a respective list
    (会议、文件数量分别下降9.7%、1.9%) each number gets its own subject and the shared predicate.
    """
    spans: list[tuple[Span, ...]] = []
    for index in range(len(quantities)):
        before, behind = _own(layout, quantities, index)
        shared = spans[-1][:-1] if index and _leans(layout.text, quantities, index, before) else ()
        spans.append((*_worded(layout.text, shared), before, behind))
    for index in range(len(spans)):
        if _predicate().search(layout.text, *spans[index][-2]):
            _share_out(layout.text, quantities, spans, index)
    return spans


def _worded(text: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the last of the spans that hold words: a list as long as its text must not cost more by the number."""
    return tuple((start, end) for start, end in spans if not _LINK.match(text[start:end]))[-_SHARED:]


def _leans(text: str, quantities: Sequence[Mention], index: int, before: Span) -> bool:
    """Return whether a number has no words of its own: 51批次256人次, 161条，占7.9%, 从39个拓展到91个."""
    if linked(text, quantities[index - 1], quantities[index]):
        return not text[before[0] : before[1]].strip("、和及与 ")
    if before[0] - quantities[index - 1].end > 1:
        return False
    if _SHARE.fullmatch(text, *before):
        return True
    first = quantities[index - 1].start
    return bool(_ONWARD.fullmatch(text, *before) and _FROM.search(text, max(0, first - 16), first))


def _own(layout: Layout, quantities: Sequence[Mention], index: int) -> tuple[Span, Span]:
    mention = quantities[index]
    clause_start, _ = layout.clause(mention.start)
    floor = quantities[index - 1].end if index else 0
    ceiling = quantities[index + 1].start if index + 1 < len(quantities) else len(layout.text)
    start = max(clause_start, floor)
    if start == floor and _OF_THESE.match(layout.text, floor):  # 案件977件中直接纠错236件
        start += 1
    for sign in _NEXT.finditer(layout.text, start, mention.start) if floor > clause_start else ():
        start = sign.end()  # 53份政府合同、27份规范性文件: the words behind a number are its own
    before = (start, mention.start)
    parted = _OF_THESE.match(layout.text, mention.end)
    end = mention.end if parted else layout.part_end(mention.end, ceiling)
    joint = _JOINT.search(layout.text, mention.end, end) if end == ceiling else None
    return before, (mention.end, joint.start() if joint else end)


def _share_out(text: str, quantities: Sequence[Mention], spans: list[tuple[Span, ...]], index: int) -> None:
    before = spans[index][-2]
    match = _predicate().search(text, *before)
    members = [index]
    while members[-1] + 1 < len(quantities) and linked(text, quantities[members[-1]], quantities[members[-1] + 1]):
        members.append(members[-1] + 1)
    if match is None or len(members) < 2:
        return
    predicate = (match.start(), before[1])
    floor = quantities[index - 1].end if index else 0
    subjects = list(_subjects(text, *_before_comparison(text, floor, before[0], match.start())))
    respective = text.startswith(("分别", "各自"), match.start())
    if len(subjects) == len(members) or (respective and len(subjects) > len(members)):
        for member, subject in zip(members, subjects[-len(members) :], strict=True):
            spans[member] = (subject, predicate, spans[member][-1])


def _before_comparison(text: str, floor: int, start: int, end: int) -> Span:
    """Return the span of a list without what its members are compared with: 会议、文件与上年相比分别下降."""
    compared = _COMPARED.search(text, max(floor, end - _SHORT), end)
    if compared is None:
        return start, end
    end = compared.start()
    return max((text.rfind(sign, floor, end) + 1 for sign in ",;:()。!?\n"), default=floor) or floor, end


def _subjects(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the spans between the signs of a list."""
    for sign in _SUBJECTS.finditer(text, start, end):
        if sign.start() > start:
            yield start, sign.start()
        start = sign.end()
    if end > start:
        yield start, end


def linked(text: str, left: Mention, right: Mention) -> bool:
    """Return whether nothing but a list sign stands between two mentions."""
    return bool(_LINK.match(text[left.end : right.start]))
