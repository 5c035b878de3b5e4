"""Personal data: names beside 联系人 or 签发人, telephone and identity numbers.

These spans never leave the raw text: numbers inside them are excluded, labels and quotes mask them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from mingfu.model import Span

_NAME = r"[\u4e00-\u9fff·]{2,4}"
_CONTACT = re.compile(
    r"[联经签承核](?:(?<!核)[系络办发]|(?<=核)稿)人(?:员)?(?:及(?:电话|联系方式))?\s?:?\s?"
    rf"(?P<data>{_NAME}(?:[、,\s]\s?{_NAME}){{0,3}})(?=[\s<(,;。、)]|电话|手机|联系|办公|$)"
)
_LONG = re.compile(r"[0-9@](?:(?<=@)|[0-9]{6})")
_NUMBER = re.compile(
    r"(?<![0-9])(?P<data>1[3-9][0-9]{9}|0[0-9]{2,3}[- ]?[2-8][0-9]{6,7}|[1-9][0-9]{16}[0-9Xx])(?![0-9])"
)
_LOCAL_NUMBER = re.compile(r"(?:电话|传真|手机|热线)\s?:?\s?(?P<data>[2-8][0-9]{6,7})(?![0-9])")
_EMAIL = re.compile(r"(?P<data>[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,64}\.[A-Za-z]{2,6})")
MASK = "▇"


def masked(text: str, spans: Sequence[Span]) -> str:
    """Return `text` with every character of sorted, disjoint spans masked, of the same length."""
    pieces, last = [], 0
    for start, end in spans:
        pieces += [text[last:start], MASK * (end - start)]
        last = end
    return "".join([*pieces, text[last:]])


@lru_cache(maxsize=16)  # the ledger leaves them out, the observations mask them
def personal_spans(text: str) -> tuple[Span, ...]:
    """Return the spans of personal data in folded text, in order."""
    spans = {match.span("data") for match in _CONTACT.finditer(text)}
    for place in _LONG.finditer(text):
        around = max(0, place.start() - 70), min(len(text), place.end() + 70)
        for pattern in (_NUMBER, _LOCAL_NUMBER, _EMAIL):
            spans.update(match.span("data") for match in pattern.finditer(text, *around))
    return tuple(merged(sorted(spans)))


def merged(spans: list[Span]) -> list[Span]:
    """Return sorted spans with those that overlap made one."""
    disjoint: list[Span] = []
    for start, end in spans:
        if disjoint and start < disjoint[-1][1]:
            disjoint[-1] = (disjoint[-1][0], max(end, disjoint[-1][1]))
        else:
            disjoint.append((start, end))
    return disjoint
