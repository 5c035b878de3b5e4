"""The masthead: what a report says of itself in its head, its title and its signature.

Everything is matched on folded text and sliced from the text itself.  Persons who signed, spoke or can
be asked (签发人, 联系人) are never taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import chain

from mingfu.ingest.areas import find_area
from mingfu.ingest.dates import DATE, YEAR, read_date, read_year
from mingfu.ingest.origin import Origin
from mingfu.ingest.signature import Signature, find_signature
from mingfu.ingest.wording import wording
from mingfu.model import Area, Masthead, Section
from mingfu.script import fold

_HEAD = 1500
_LONGEST_LINE = 60
_NUMBER = re.compile(r"(?:^|[ :(])(?P<number>[一-鿿]{1,12} ?[\[(](?:19|20)\d\d[\])] ?第? ?\d{1,5} ?号)")
# The name that a title begins with, before 关于, the year or 工作报告.
_TITLE_NAME = re.compile(r"(?:\d{4} ?年度? ?)?(?P<name>.+?) ?(?:关于|\d{4}|[一二][〇○零]|工作报告|$)")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as printed, and folded; `alone` is false for a word of a text without line breaks."""

    text: str
    folded: str
    alone: bool = True


def read_masthead(
    text: str,
    sections: tuple[Section, ...],
    areas: tuple[Area, ...],
    origin: Origin | None = None,
    folder: str | None = None,
) -> Masthead:
    """Return the masthead of a text; where the text is silent, what `origin` states of it.

    `folder` is the area code of the folder that the report lies in: it decides between areas of one
    name, and stands where neither the text nor `origin` names an area.
    """
    origin = origin or Origin()
    folded = fold(text)
    signature = find_signature(folded)
    head = _head_lines(text, sections[0].start if sections else len(text))
    tail = _lines(text[signature.start :]) if signature.start < len(text.rstrip()) else []
    title = _title(head) or origin.title
    genre = _genre(title) or origin.genre or "other"
    issuer = _issuer(title, text, folded, signature) or origin.issuer
    day = signature.day or _head_date(head)
    year = _report_year(title, genre, day) or origin.report_year
    return Masthead(
        title=title,
        issuer=issuer,
        addressee=_addressee(head),
        document_number=_document_number(head),
        disclosure_class=_disclosure_class(head + tail),
        genre=genre,
        report_year=year,
        report_date=day,
        ref_area=_ref_area([name for name in (issuer, title) if name], year, areas, origin.ref_area, folder),
    )


def _head_lines(text: str, limit: int) -> list[_Line]:
    """Return the whole lines before the body; of a text without line breaks, the words before it."""
    limit = min(limit, _HEAD)
    stop = text.find("。", 0, limit)
    head = text[: stop if stop >= 0 else limit]
    if stop < 0 or "\n" not in text:
        return _lines(head) if "\n" in text else [_Line(word, fold(word), alone=False) for word in head.split()]
    return _lines(head[: head.rfind("\n") + 1])


def _lines(text: str) -> list[_Line]:
    stripped = (line.strip() for line in text.splitlines())
    return [_Line(line, fold(line)) for line in map(_closed_up, stripped) if line]


def _closed_up(line: str) -> str:
    """Return a line without the spaces that spread its letters: 政 府 工 作 报 告."""
    words = line.split()
    return "".join(words) if len(words) > 2 and all(len(word) == 1 for word in words) else line


def _title(head: list[_Line]) -> str | None:
    """Return the first title of a known genre in the head, or else the first of any, its lines joined."""
    titles = []
    for place, line in enumerate(head):
        if not _is_title_end(line):
            continue
        title = _after_label(line.text)
        above = place - 1
        while above >= 0 and not wording().title_complete.search(fold(title)) and _is_title_part(head[above]):
            title = head[above].text + title
            above -= 1
        titles.append(title)
    plain = [title for title in titles if not fold(title).endswith("情况")]
    known = [title for title in (*plain, *titles) if _genre(title)]
    return next(chain(known, plain), None)


def _is_title_end(line: _Line) -> bool:
    words = _after_label(line.folded)
    return len(words) <= _LONGEST_LINE and wording().title_end.search(words) is not None


def _is_title_part(line: _Line) -> bool:
    folded = line.folded
    plain = not (set(folded) & set(":;。>|") or _NUMBER.search(folded) or DATE.search(folded))
    return plain and len(folded) <= _LONGEST_LINE and wording().title_goes_on.search(folded) is not None


def _after_label(line: str) -> str:
    """Return what follows the last label or step of a page's path: 标题：…, 首页 > …."""
    return re.split(r"[:：>|＞]", line)[-1].strip()


def _genre(title: str | None) -> str | None:
    folded = fold(title or "")
    return next((genre for genre, pattern in wording().genres if pattern.search(folded)), None)


def _issuer(title: str | None, text: str, folded: str, signature: Signature) -> str | None:
    """Return the issuing body: of the title, the signature, or the head of a speech."""
    named = _TITLE_NAME.match(fold(title or ""))
    if title and named and re.search(f"..{wording().body}$", named["name"]):
        return title[slice(*named.span("name"))].strip()
    if signature.issuer:
        return text[slice(*signature.issuer)]
    spans = (match.span("issuer") for speaker in wording().speakers if (match := speaker.search(folded[:_HEAD])))
    return next((text[start:end].strip() for start, end in spans), None)


def _addressee(head: list[_Line]) -> str | None:
    for line in head:
        name = line.folded[:-1].strip()
        if line.folded.endswith(":") and len(name) <= _LONGEST_LINE and wording().addressee.search(name):
            return line.text[:-1].strip()
    return None


def _document_number(head: list[_Line]) -> str | None:
    found = ((line, _NUMBER.search(line.folded)) for line in head if len(line.text) <= _LONGEST_LINE)
    return next((line.text[slice(*match.span("number"))] for line, match in found if match), None)


def _disclosure_class(lines: list[_Line]) -> str | None:
    """Return the class of disclosure from a line that says just this, has its label, or the document number."""
    for line in lines:
        match = wording().disclosure.search(line.folded)
        said = match and line.alone and (match["word"] == line.folded.strip("()[] ") or _NUMBER.search(line.folded))
        if match and (match["label"] or said):
            return line.text[slice(*match.span("word"))]
    return None


def _head_date(head: list[_Line]) -> date | None:
    days = (read_date(match) for line in head for match in DATE.finditer(line.folded))
    return next((day for day in days if day), None)


def _report_year(title: str | None, genre: str, day: date | None) -> int | None:
    """Return the year that a report covers: the one that its title names.

    A work report (2020年政府工作报告) is named after, or dated in, the year in which the government
    speaks; it covers the year before.
    """
    named = YEAR.search(fold(title or ""))
    if genre != "work":
        return read_year(named["year"]) if named else None
    if named:
        return read_year(named["year"]) - (not named["term"])
    return day.year - 1 if day else None


def _ref_area(
    names: list[str], year: int | None, areas: tuple[Area, ...], stated: str | None, folder: str | None
) -> str | None:
    """Return the area code that issuer or title name; what is stated elsewhere only helps them out."""
    for name in names:
        if code := find_area(name, year, areas):
            return code
    return find_area(names[0] if names else "", year, areas, stated or folder) or stated
