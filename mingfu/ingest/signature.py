"""The signature: the lines below the body, with the issuer's name and the date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from mingfu.ingest.dates import find_dates, read_date
from mingfu.ingest.wording import wording

_LONGEST_NAME = 40
_ENDS_LINE = re.compile(r"[ \t\r]*(?:[(\[)\]]|\n|$)")
_STARTS_LINE = re.compile(r"(?:^|\n)[ \t(]*$")
_SEAL = r"(?:\((?:盖章|公章|印章|章)\))?"
_LAST = re.compile(r"(?:\s|[)\]]|\([^()]{0,200}\)|\[[^\[\]]{0,200}\])*")


@dataclass(frozen=True, slots=True)
class Signature:
    """Where the body of a text ends, and who signed when; `issuer` is a span or None."""

    start: int
    issuer: tuple[int, int] | None = None
    day: date | None = None


def find_signature(folded: str) -> Signature:
    """Return the last signature of a folded text: its last dated one, or a body's name on its last line.

    Without one, its start is the end of the text.
    """
    first_stop = folded.find("。")
    for match in reversed(find_dates(folded)):
        signed = _signed(folded, match) if 0 <= first_stop < match.start() else None
        if signed:
            return signed
    end = len(folded.rstrip())
    issuer = _undated(folded, end) if first_stop >= 0 else None
    return Signature(_closing_start(folded, issuer[0] if issuer else end), issuer)


def _signed(folded: str, match: re.Match[str]) -> Signature | None:
    """Return the signature that ends in a date, or None where the date is no signature's.

    It is one where it ends its line and stands below (or behind) the name of a body or a closing line
    such as 特此报告, or where nothing but notes in brackets follows.
    """
    day = read_date(match)
    if day is None or not _ENDS_LINE.match(folded, match.end()):
        return None
    issuer = _signer(folded, match.start())
    start = issuer[0] if issuer else match.start()
    closed = _closing_start(folded, start)
    alone = _STARTS_LINE.search(folded[max(0, match.start() - _LONGEST_NAME) : match.start()])
    last = alone and _LAST.fullmatch(folded, match.end())
    return Signature(closed, issuer, day) if issuer or closed < start or last else None


def _undated(folded: str, end: int) -> tuple[int, int] | None:
    """Return the span of the body's name that the last line of a text is, or None."""
    line = re.compile(rf"\n\s*([一-鿿]{{4,{_LONGEST_NAME}}}{wording().body})")
    name = line.fullmatch(folded, max(0, folded.rfind("\n", 0, end)), end)
    return name.span(1) if name else None


def _signer(folded: str, end: int) -> tuple[int, int] | None:
    """Return the span of the body's name that ends right before `end`, white space and brackets apart."""
    offset = max(0, end - 2 * _LONGEST_NAME)
    name = re.search(
        rf"(?:^|[。;!?:\n]|\s{{2,}})[ \t]*([^\s。,;:!?]{{2,{_LONGEST_NAME}}}{wording().body}){_SEAL}[\s(]*$",
        folded[offset:end],
    )
    return (offset + name.start(1), offset + name.end(1)) if name else None


def _closing_start(folded: str, end: int) -> int:
    """Return where the closing line right before `end` starts, or `end` where there is none."""
    offset = max(0, end - _LONGEST_NAME)
    closing = wording().closing.search(folded[offset:end])
    return offset + closing.start() if closing else end
