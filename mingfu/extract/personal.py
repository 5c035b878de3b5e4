"""Personal data: names beside 联系人 or 签发人, telephone and identity numbers.

These spans never leave the raw text: ledger lines inside them are excluded, and quotes mask them.
"""

from __future__ import annotations

import re

from mingfu.model import Span

_CONTACT = re.compile(
    r"[联经签核承][系络办发稿]人?(?:及(?:电话|联系方式))?\s?[::]?\s?(?P<name>[\u4e00-\u9fff·]{2,4})(?=[\s<(,;。、)\n]|$)"
)
_LONG = re.compile(r"[0-9]{7}|@")
_NUMBERS = re.compile(
    r"(?<![0-9])(?:1[3-9][0-9]{9}|0[0-9]{2,3}[- ]?[2-8][0-9]{6,7}|[1-9][0-9]{16}[0-9Xx])(?![0-9])"
    r"|(?<=电话)\s?[::]?\s?[2-8][0-9]{6,7}(?![0-9])|(?<=传真)\s?[::]?\s?[2-8][0-9]{6,7}(?![0-9])"
    r"|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,64}\.[A-Za-z]{2,6}"
)


def personal_spans(text: str) -> list[Span]:
    """Return the spans of personal data in folded text, in order."""
    spans = {match.span("name") for match in _CONTACT.finditer(text)}
    for place in _LONG.finditer(text):
        around = max(0, place.start() - 70), min(len(text), place.end() + 70)
        spans.update(match.span() for match in _NUMBERS.finditer(text, *around))
    return merged(sorted(spans))


def merged(spans: list[Span]) -> list[Span]:
    """Return sorted spans with those that overlap made one."""
    disjoint: list[Span] = []
    for start, end in spans:
        if disjoint and start < disjoint[-1][1]:
            disjoint[-1] = (disjoint[-1][0], max(end, disjoint[-1][1]))
        else:
            disjoint.append((start, end))
    return disjoint
