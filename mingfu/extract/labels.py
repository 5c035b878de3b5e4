"""Labels and scopes: the words that name what is counted, and of whom or where."""

from __future__ import annotations

import re

from mingfu.extract.layout import Layout
from mingfu.model import Span

_LEAD = re.compile(
    r"^(?:[\s、]|其中|并|共|总|累计|全年|今年|目前|已|均|分别|先后|年内|一是|二是|三是|四是|五是|截至|经|现|又|还|将|以及|和|及)+"
)
_TAIL = re.compile(r"(?:[\s、]|共计|总计|合计|累计|共|计|达到?|为|有|约|了|近|超|数|在|至|到|仅|已|均|分别|是|的)+$")
_LONGEST = 30
_GOVERNED = r"人大|政协|两级|党代|政府规范性文件|直?部门规范性文件"
_SCOPES = (
    re.compile(r"以([^,。;]{2,24})为被告"),
    re.compile(rf"(全国|[省市区县镇乡](?:[、和及][省市区县镇乡])*)(?=级?(?:{_GOVERNED}))"),
    re.compile(r"([省市区县]直?部门|[省市区县](?:委)?政府|部门)(?=规范性文件|重大行政决策)"),
    re.compile(r"为([^,。;()]{1,16}?(?:政府|部门|单位|机关|街道|镇|区委|市委))(?:共?出具|共?提供|共?审)"),
    re.compile(
        r"(?:^|[,。;:])((?:[省市区县旗镇乡村各]|我[省市区县局]|街道)[\u4e00-\u9fff、()]{1,13}?(?:局|委|院|办|处|室|中心|部门|单位|街道|镇|乡|机关|大队|支队|公证处))"
        r"(?=共|累计|全年|已|今年|受理|办理|开展|组织|收到|接|审|出具|聘请|主动|立案|为)"
    ),
    re.compile(r"(全[国省市区县州旗镇乡街盟]|[省市区县]本级)(?![面民])"),
)


def label_of(layout: Layout, text: str, near: tuple[Span, ...], earlier: str | None) -> str | None:
    """Return the phrase that names what is counted: the words before the number and those behind it.

    `text` is the text as printed; `earlier` is the label of the number to which this one is joined
    by nothing but a list sign.
    """
    spans = [_clip(layout.text, start, end) for start, end in near[:-1]]
    start, end = near[-1]
    words = [text[left:right] for left, right in spans] + [text[start : min(end, start + _LONGEST)].strip()]
    return " ".join(word for word in words if word) or earlier


def _clip(folded: str, start: int, end: int) -> Span:
    """Take the connecting words off both ends of a span and keep its last characters."""
    lead = _LEAD.match(folded[start:end])
    start += lead.end() if lead else 0
    tail = _TAIL.search(folded[start:end])
    end = start + tail.start() if tail else end
    return max(start, end - _LONGEST), end


def scope_of(text: str, sentence: Span, near: tuple[Span, ...], position: int) -> Span | None:
    """Return the span of the words that say of whom or where the number speaks."""
    own = near[0][0]
    for pattern in _SCOPES[:-1]:
        match = _last(pattern, text, own, position)
        if match:
            return match.span(1)
    if near[-1][1] > near[-1][0]:
        match = _SCOPES[0].search(text, *near[-1])
        if match:
            return match.span(1)
    match = _last(_SCOPES[-2], text, sentence[0], position) or _last(_SCOPES[-1], text, sentence[0], position)
    return match.span(1) if match else None


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    matches = list(pattern.finditer(text, max(start - 1, 0), end))
    return matches[-1] if matches else None
