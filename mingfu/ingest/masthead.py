"""The masthead: what a report says of itself in its head, its title and its signature.

Everything is matched on folded text and sliced from the text itself.  Persons who signed, spoke or can
be asked (签发人, 联系人) are never taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from mingfu.ingest.areas import Areas
from mingfu.ingest.clues import Clues
from mingfu.ingest.dates import DATE, read_date
from mingfu.ingest.head import (
    Line,
    addressee,
    clean_title,
    disclosure_class,
    document_number,
    find_title,
    genre_of,
    head_lines,
    labelled_bodies,
    lines_of,
    name_in,
)
from mingfu.ingest.placing import fits_level, named_in, narrow, read_name
from mingfu.ingest.signature import Signature, find_signature
from mingfu.ingest.wording import wording
from mingfu.ingest.years import part_of_year, year_of_signature, year_of_text, year_of_title
from mingfu.model import Area, Masthead, Section
from mingfu.script import fold

_OPENING = 3000
_BARE = re.compile("[省市区县旗州盟]")  # so a name begins that leaves out the area: 区司法局


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a text that a masthead is read from; `opening` is folded, `lead` names the report in a sentence."""

    text: str
    folded: str
    head: list[Line]
    signature: Signature
    lead: str | None

    @property
    def opening(self) -> str:
        return self.folded[:_OPENING]


def read_masthead(
    text: str, sections: tuple[Section, ...], areas: tuple[Area, ...], clues: Clues | None = None
) -> Masthead:
    """Return the masthead of a text; where the text is silent, what the clues say.

    An area name that several areas bear is decided by the areas that the text and the clues name, or left open.
    """
    clues = clues or Clues()
    origin = clues.origin
    parts = _parts(text, sections)
    printed = find_title(parts.head) or _title_below(text, sections)
    title = printed or next(_titles_beside(clues), None)
    genre = _genre(printed, parts) or genre_of(title) or origin.genre or "other"
    day = parts.signature.day or _head_date(parts.head)
    issuer = _issuer(title, parts) or origin.issuer or _publisher(clues)
    year = _year(title, genre, day, parts) or _year_beside(genre, clues)
    tail = lines_of(text[parts.signature.start :]) if parts.signature.start < len(text.rstrip()) else []
    table = areas if isinstance(areas, Areas) else Areas(areas)
    masthead = Masthead(
        title=title,
        issuer=issuer,
        issuer_kind=_kind(issuer, table) if issuer else None,
        addressee=addressee(parts.head),
        document_number=document_number(parts.head),
        disclosure_class=disclosure_class(parts.head + tail),
        genre=genre,
        part=part_of_year(title),
        report_year=year,
        report_date=day,
        ref_area=_ref_area(issuer, title, year, parts, clues, table),
    )
    return _corrected(masthead, clues, table)


def _parts(text: str, sections: tuple[Section, ...]) -> _Parts:
    folded = fold(text)
    head = head_lines(text, sections[0].start if sections else len(text))
    leads = (pattern.search(folded[:_OPENING]) for pattern in wording().leads)
    spans = [match.span("lead") for match in leads if match]
    named = (text[slice(*span)] for span in spans if genre_of(f"{folded[slice(*span)]}报告"))
    return _Parts(text, folded, head, find_signature(folded), next(named, None))


def _title_below(text: str, sections: tuple[Section, ...]) -> str | None:
    """Return the title of a report that a notice above it sends out."""
    limit = min(sections[0].start, _OPENING) if sections else 0
    title = find_title([line for line in lines_of(text[:limit]) if "。" not in line.text])
    return title if genre_of(title) else None


def _titles_beside(clues: Clues) -> Iterator[str]:
    """Yield the titles that source.yaml, the page and the file's name give."""
    if clues.origin.title:
        yield clues.origin.title
    for name in (clues.hints.title, clues.name):
        if title := clean_title(name or ""):
            yield title


def _genre(title: str | None, parts: _Parts) -> str | None:
    """Return the genre that the text itself shows: by its title, its opening as a speech, or its lead."""
    spoken = "work" if wording().work_opening.search(parts.opening) else None
    return genre_of(title) or spoken or genre_of(f"{parts.lead}报告" if parts.lead else None)


def _issuer(title: str | None, parts: _Parts) -> str | None:
    """Return the issuing body: of the title, the signature, the head of a speech, the lead or a label."""
    signed = parts.text[slice(*parts.signature.issuer)] if parts.signature.issuer else None
    if body := _body_of(title):
        return signed if signed and _BARE.match(fold(body)) and fold(signed).endswith(fold(body)) else body
    if signed:
        return signed
    opening = parts.folded[:_OPENING]
    speakers = (match.span("issuer") for speaker in wording().speakers if (match := speaker.search(opening)))
    spoken = (parts.text[start:end].strip() for start, end in speakers)
    named = filter(None, (_body_of(parts.lead), _government(title, parts)))
    return next(chain(spoken, named, _labelled(title, parts)), None)


def _body_of(title: str | None) -> str | None:
    """Return the body that a title begins with, brackets behind its name apart."""
    (start, end), about = name_in(title or "")
    body = re.fullmatch(rf".*{wording().body}", fold(title or "")[start:end])
    return (title or "")[start:end] if body and end - start > 2 and not about else None


def _government(title: str | None, parts: _Parts) -> str | None:
    """Return the government, as printed, of the area that is all that a title names: 静海区2020年…报告."""
    (start, end), _about = name_in(title or "")
    name = fold(title or "")[start:end]
    if len(name) < 2 or not genre_of(title):
        return None
    match = re.search(rf"{re.escape(name)}(?:人民政府|政府(?=办公室|[^一-鿿]))", parts.opening)
    return parts.text[slice(*match.span())] if match else None


def _kind(issuer: str, areas: Areas) -> str:
    """Tell a government, with its office, from its departments and from the bodies of towns and zones."""
    if read_name(issuer, None, areas).local or fold(issuer).endswith(("管委会", "管理委员会")):
        return "local"
    return "government" if re.search("(?:政府|行署|行政公署)(?:办公[室厅])?$", fold(issuer)) else "department"


def _labelled(title: str | None, parts: _Parts) -> Iterator[str]:
    """Yield the bodies of labels; under the title of a whole area only governments: others publish for them."""
    (start, end), _about = name_in(title or "")
    for body in labelled_bodies(parts.head):
        if start == end or wording().government.search(fold(body)):
            yield body


def _publisher(clues: Clues) -> str | None:
    """Return the publisher that a page or source.yaml names, where it is a body."""
    named = (name for name in (clues.hints.publisher, clues.origin.publisher) if name)
    return next((name for name in named if re.search(rf"..{wording().body}$", fold(name))), None)


def _head_date(head: list[Line]) -> date | None:
    """Return the day in the head, rather the one of a label such as 成文日期; no weekday's, which is the visitor's."""
    found = [(line, match) for line in head for match in DATE.finditer(line.folded)]
    found = [(line, match) for line, match in found if "星期" not in line.folded[match.end() : match.end() + 6]]
    found.sort(key=lambda item: not wording().date_label.search(item[0].folded, 0, item[1].start()))
    days = (read_date(match) for _line, match in found)
    return next((day for day in days if day), None)


def _year(title: str | None, genre: str, day: date | None, parts: _Parts) -> int | None:
    """Return the year that the text says it covers: by its title, its lead, its opening or its signature."""
    return (
        year_of_title(title, genre, day if genre == "work" else None)
        or (year_of_title(parts.lead, "other", None) if parts.lead else None)
        or (year_of_text(parts.opening) if genre != "other" else None)
        or year_of_signature(genre, parts.signature.day)
    )


def _year_beside(genre: str, clues: Clues) -> int | None:
    published = clues.hints.published
    folder = clues.folder.year if clues.folder else None
    spoken = year_of_title(None, genre, published) if genre == "work" else year_of_signature(genre, published)
    return clues.origin.report_year or folder or spoken


def _ref_area(
    issuer: str | None, title: str | None, year: int | None, parts: _Parts, clues: Clues, areas: Areas
) -> str | None:
    """Return the area code of the issuer: as its name or the title says, or as the text around and the clues do."""
    start, end = name_in(title or "")[0]
    names = [name for name in (issuer, (title or "")[start:end], parts.lead) if name]
    meant: frozenset[str] = frozenset()
    for name in names:
        naming = read_name(name, year, areas)
        if naming.local and not issuer:  # whose name nothing tells apart from its area's government
            return clues.origin.ref_area
        if len(naming.codes) == 1 and (not meant or naming.codes <= meant):
            return next(iter(naming.codes))
        meant = meant or naming.codes
    head = named_in("\n".join(line.text for line in parts.head), year, areas) if names else set()
    beside = list(_areas_beside(clues, year, areas))
    if meant:
        return narrow(meant, [head, named_in(parts.opening, year, areas), *beside], areas)
    fitting = ({code for code in known if fits_level(issuer or "", code, areas)} for known in (head, *beside))
    return clues.origin.ref_area or next((next(iter(codes)) for codes in fitting if len(codes) == 1), None)


def _areas_beside(clues: Clues, year: int | None, areas: Areas) -> Iterator[set[str]]:
    """Yield the codes that source.yaml, the folder, and the names of page, publisher and file give."""
    folder = clues.folder.ref_area if clues.folder else None
    yield from ({code} for code in (clues.origin.ref_area, folder) if code in areas.by_code)
    names = (clues.hints.publisher, clues.hints.title, clues.origin.publisher, clues.name)
    yield named_in("\n".join(name for name in names if name), year, areas)


def _corrected(masthead: Masthead, clues: Clues, areas: Areas) -> Masthead:
    """Return the masthead with what source.yaml states in its place, where a person said why."""
    origin = clues.origin
    if not origin.because:
        return masthead
    return replace(
        masthead,
        issuer_kind=_kind(origin.issuer, areas) if origin.issuer else masthead.issuer_kind,
        title=origin.title or masthead.title,
        issuer=origin.issuer or masthead.issuer,
        genre=origin.genre or masthead.genre,
        report_year=origin.report_year or masthead.report_year,
        ref_area=origin.ref_area or masthead.ref_area,
    )
