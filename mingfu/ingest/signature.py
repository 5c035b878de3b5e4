"""The signature: the lines below the body, with the issuer's name and the date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from mingfu.ingest.dates import DATE, read_date
from mingfu.ingest.wording import wording

_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Signature:
    """Where the body of a text ends, and who signed when; `issuer` is a span or None."""

    start: int
    issuer: tuple[int, int] | None = None
    day: date | None = None


def find_signature(folded: str) -> Signature:
    """Return the last signature of a folded text; without one, its start is the end of the text.

    A date is a signature's where it ends its line and stands below (or behind) the name of a body or a
    closing line such as 特此报告, or where nothing but a note in brackets follows.
    """
    for match in reversed(list(DATE.finditer(folded))):
        day = read_date(match)
        rest = folded[match.end() :].partition("\n")[0].strip()
        if day is None or (rest and rest[0] not in "([") or "。" not in folded[: match.start()]:
            continue
        issuer = _signer(folded, match.start())
        start = issuer[0] if issuer else match.start()
        closed = _closing_start(folded, start)
        alone = not folded[folded.rfind("\n", 0, match.start()) + 1 : match.start()].strip(" (")
        if issuer or closed < start or (alone and not _text_after(folded, match.end())):
            return Signature(closed, issuer, day)
    return Signature(_closing_start(folded, len(folded.rstrip())))


def _signer(folded: str, end: int) -> tuple[int, int] | None:
    """Return the span of the body's name that ends right before `end`, white space and brackets apart."""
    name = re.search(
        rf"(?:^|[。;!?:\n]|\s{{2,}})[ \t]*([^\s。,;:!?]{{2,{_LONGEST_NAME}}}{wording().body})[\s(]*$",
        folded[max(0, end - 2 * _LONGEST_NAME) : end],
    )
    offset = max(0, end - 2 * _LONGEST_NAME)
    return (offset + name.start(1), offset + name.end(1)) if name else None


def _closing_start(folded: str, end: int) -> int:
    """Return where the closing line right before `end` starts, or `end` where there is none."""
    closing = wording().closing.search(folded[max(0, end - _LONGEST_NAME) : end])
    return max(0, end - _LONGEST_NAME) + closing.start() if closing else end


def _text_after(folded: str, end: int) -> str:
    """Return what follows `end` but for notes in brackets."""
    return re.sub(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]", "", folded[end:]).strip()
