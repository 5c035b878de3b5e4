"""The words that all rooms share: Document, Section, Number, Observation, Finding, Report.

Offsets are characters from 0 into `Document.text`, which is the text exactly as read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

Value = int | Decimal
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document came from and how it was read; `edition` is what source.yaml says of it."""

    path: str
    sha256: str
    bytes: int
    media_type: str
    reader: str
    encoding: str | None = None
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    accessed: date | None = None
    edition: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A node of the outline 一、/(一)/1./一是; `path` joins the ordinals from the top by slashes."""

    path: str
    heading: str
    start: int
    end: int


def sections_of(sections: Sequence[Section], offsets: Iterable[int]) -> Iterator[Section | None]:
    """Yield for each of ascending offsets the deepest section that holds it, or None.

    `sections` are sorted by start and nested; the open ones are kept on a stack.
    """
    opened: list[Section] = []
    index = 0
    for offset in offsets:
        while index < len(sections) and sections[index].start <= offset:
            opened.append(sections[index])
            index += 1
            while len(opened) > 1 and opened[-2].end <= opened[-1].start:
                del opened[-2]
        while opened and opened[-1].end <= offset:
            opened.pop()
        yield opened[-1] if opened else None


@dataclass(frozen=True, slots=True)
class Masthead:
    """What a report says of itself, as printed; `ref_area` is the GB/T 2260 code of the issuer's area.

    `part` is the part of `report_year` that the report covers, such as h1 or q3; None is the whole year.
    """

    title: str | None = None
    issuer: str | None = None
    issuer_kind: str | None = None
    addressee: str | None = None
    document_number: str | None = None
    disclosure_class: str | None = None
    genre: str = "other"
    report_year: int | None = None
    part: str | None = None
    report_date: date | None = None
    ref_area: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: the table's number in the file, row and column (all from 1).

    `beside` are the spans of the cells that head its row, from the left, `above` of those that head its
    column, from the top; words have neither.
    """

    table: int
    row: int
    column: int
    beside: tuple[Span, ...] = ()
    above: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part of the text stood in the file: page (from 1) and cell, and how surely it was read (0 to 1).

    None is unknown or does not apply.
    """

    start: int
    end: int
    page: int | None = None
    cell: Cell | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """The text of one report, its outline and its masthead.

    `places` are in order and disjoint; plain text has none.  `findings` are what reading it saw.
    """

    source: Source
    text: str
    sections: tuple[Section, ...] = ()
    masthead: Masthead = field(default_factory=Masthead)
    places: tuple[Place, ...] = ()
    findings: tuple[Finding, ...] = ()


class Number(NamedTuple):
    """One numeric expression of a text: an entry of the report's ledger.

    `low` and `high` are in the unit as written, 万 and 亿 multiplied out; what each field means is
    set down in docs/ledger.md.  `near` holds the spans of the number's own phrase and `sentence`
    where its sentence starts and ends: the room in which normalise looks for the indicator.
    `place` is where that stood in the file, if the file has pages or tables.  `indicator`, `matched`
    (the words by which it was recognised) and `correction_reason` are filled in by normalise.
    """

    start: int
    end: int
    text: str
    low: Value | None = None
    high: Value | None = None
    qualifier: str | None = None
    unit: str | None = None
    role: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    indicator: str | None = None
    disposition: str = "uncoded"
    reason: str | None = None
    label: str | None = None
    scope: str | None = None
    parent: int | None = None
    section: str | None = None
    near: tuple[Span, ...] = ()
    sentence: Span = (0, 0)
    matched: tuple[str, ...] = ()
    place: Place | None = None
    correction_reason: str | None = None


class Observation(NamedTuple):
    """A number that the catalogue recognised; the columns of the table `observations`.

    `restates` and `restated_by` are the observations of the report before and after it that state the
    same quantity of the same time.
    """

    observation_id: str
    report_id: str
    ref_area: str
    indicator: str
    role: str
    period_start: date | None
    period_end: date | None
    full_year: bool
    value: Value | None
    value_low: Value | None
    value_high: Value | None
    unit: str
    qualifier: str
    scope: str | None
    section: str | None
    char_start: int
    char_end: int
    quote: str
    obs_status: str = "A"
    correction_reason: str | None = None
    restates: str | None = None
    restated_by: str | None = None


@dataclass(frozen=True, slots=True)
class Former:
    """A value of an earlier edition, and the published observation that took its place, if there is one."""

    observation: Observation
    replaced_by: str | None


@dataclass(frozen=True, slots=True)
class Copy:
    """Another file of a report: of the `same` text as the published one, or `superseded` by a later edition.

    `values` are those of a superseded edition, once where several files hold it.
    """

    source: Source
    edition: int
    status: str
    values: tuple[Former, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report that was read to the end: its document, its ledger and its observations.

    `edition` counts the corrected texts that the issuer published, from 1; `copies` are the other files.
    """

    report_id: str
    document: Document
    numbers: tuple[Number, ...]
    observations: tuple[Observation, ...]
    edition: int = 1
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw; a row of the table `checks`.

    `related` holds the other observations that a check compared `observation_id` with.
    """

    rule: str
    severity: str
    message: str
    report_id: str | None = None
    observation_id: str | None = None
    path: str | None = None
    expected: str | None = None
    actual: str | None = None
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """An area of GB/T 2260: its code, official name, level and the code of the area above.

    `valid_from` and `valid_to` are the first and the last year in which the code was in force
    (`valid_to` is None while it is); `other_names` are former and short names.
    """

    ref_area: str
    name: str
    level: str
    parent: str | None
    valid_from: int | None = None
    valid_to: int | None = None
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of values and the measure words by which texts write it."""

    unit: str
    title_zh: str
    title_en: str
    measure_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is counted; an entry of the catalogue, without the patterns that recognise it."""

    indicator: str
    title_zh: str
    title_en: str
    definition_zh: str
    definition_en: str
    unit: str
    kind: str
    topic: str


@dataclass(frozen=True, slots=True)
class CodeLists:
    """The code lists that a release publishes beside the data."""

    indicators: tuple[Indicator, ...]
    units: tuple[Unit, ...]
    areas: tuple[Area, ...]
