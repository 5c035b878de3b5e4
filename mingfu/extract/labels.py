"""Labels and scopes: the words that name what is counted, and of whom or where."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from mingfu.extract.layout import Layout
from mingfu.model import Span
from mingfu.personal import MASK

_LEAD = re.compile(
    r"^(?:[\s、]|其中|并|共|总|累计|全年|今年|目前|已|均|分别|先后|年内|一是|二是|三是|四是|五是|截至|经|现|又|还|将|以及|和|及)+"
)
_TAILS = (
    *(" ", "、", "\n", "共计", "总计", "合计", "累计", "共", "计", "达到", "达", "为", "有"),
    *("约", "了", "近", "超", "数", "在", "至", "到", "仅", "已", "均", "分别", "是", "的"),
)
_LONGEST = 30
_GOVERNED = r"人大|政协|两级|党代"
_DEFENDANT = re.compile(r"以([^,。;]{2,24})为被告")
_LEVEL = re.compile(rf"(全国|[省市区县镇乡](?:[、和及][省市区县镇乡])*)(?=级?(?:{_GOVERNED}))")
_ISSUER = re.compile(r"([省市区县]直?部门|[省市区县](?:委)?政府|部门)(?=规范性文件|重大行政决策)")
_RANK = re.compile(r"(正职|副职)(?!以上|及以上)")
_SERVED = re.compile(r"为([^,。;()]{1,16}?(?:政府|部门|单位|机关|街道|镇|区委|市委))(?:共?出具|共?提供|共?审)")
# Looked for in a number's own phrase, where one of the words stands.
_OWN = (
    (("人大", "政协", "两级", "党代"), _LEVEL),
    (("规范性文件", "重大行政决策"), _ISSUER),
    (("正职", "副职"), _RANK),
    (("出具", "提供", "审"), _SERVED),
)
_ACTOR = re.compile(
    r"([省市区县旗镇乡村各我街](?:(?<=[,。;:\n].)|(?<=\A.))[\u4e00-\u9fff、()]{1,13}?"
    r"(?:局|委|院|办|处|室|中心|部门|单位|街道|镇|乡|机关|大队|支队))"
    r"(?=共|累计|全年|已|今年|受理|办理|开展|组织|收到|接|审|出具|聘请|主动|立案|为)"
)
_WHOLE = re.compile(r"(全[国省市区县州旗镇乡街盟]|[省市区县]本级)(?![面民])")


def label_of(layout: Layout, text: str, near: tuple[Span, ...], earlier: str | None) -> str | None:
    """Return the phrase that names what is counted: the words before the number and those behind it.

    `text` is the text as printed, personal data masked; `earlier` is the label of the number to
    which this one is joined by nothing but a list sign.
    """
    spans = [_clip(layout.text, start, end) for start, end in near[:-1]]
    start, end = near[-1]
    words = [text[left:right] for left, right in spans] + [text[start : min(end, start + _LONGEST)].strip()]
    return " ".join(word for word in words if word.strip(f"{MASK} ")) or earlier


def _clip(folded: str, start: int, end: int) -> Span:
    """Take the connecting words off both ends of a span and keep its last characters."""
    lead = _LEAD.match(folded[start:end])
    start += lead.end() if lead else 0
    while folded.endswith(_TAILS, start, end):
        end -= next(len(word) for word in _TAILS if folded.endswith(word, start, end))
    return max(start, end - _LONGEST), end


class Scopes:
    """The words of a text that say of whom or where its numbers speak."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._actors = [match.span(1) for match in _ACTOR.finditer(layout.text)]
        self._areas = [match.span(1) for match in _WHOLE.finditer(layout.text)]

    def of(self, near: tuple[Span, ...], position: int, sentence: int) -> Span | None:
        """Return the span of the words that say of whom or where the number at `position` speaks.

        Its own phrase comes first (以区政府为被告, 省人大代表), then the last actor or area of its sentence,
        which starts at `sentence`.
        """
        text, own = self._layout.text, near[0][0]
        for start, end in ((own, position), near[-1]):
            match = _DEFENDANT.search(text, start, end) if text.find("为被告", start, end) >= 0 else None
            if match:
                return match.span(1)
        for words, pattern in _OWN:
            held = any(text.find(word, own, position) >= 0 for word in words)
            matches = list(pattern.finditer(text, own, position)) if held else ()
            if matches:
                return matches[-1].span(1)
        return _last(self._actors, sentence, position) or _last(self._areas, sentence, position)


def _last(spans: Sequence[Span], start: int, end: int) -> Span | None:
    """Return the last span that lies between two offsets."""
    index = bisect_left(spans, (end, end)) - 1
    return spans[index] if index >= 0 and spans[index][0] >= start else None
