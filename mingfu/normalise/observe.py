"""Observations: coded numbers as statistics, with the report that they belong to."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from datetime import date

from mingfu.errors import InputError
from mingfu.model import Document, Masthead, Number, Observation, Report
from mingfu.normalise.catalogue import Catalogue
from mingfu.personal import masked, personal_spans
from mingfu.script import fold

# What stands before the name of a body: 佛山市高明区.
_AREA = re.compile("^(?:[^省市区县旗州盟]{1,10}(?:省|自治[区州县旗]|特别行政区|[市区县旗州盟])(?=..))+")


def make_report(document: Document, numbers: tuple[Number, ...], catalogue: Catalogue) -> Report:
    """Return the report with its observations; raise InputError where area or year are not known."""
    masthead = document.masthead
    path = document.source.path
    if masthead.ref_area is None:
        raise InputError(path, "E_NO_ISSUER", f"the issuer {masthead.issuer or '(none found)'} has no known area code")
    if masthead.report_year is None:
        raise InputError(path, "E_NO_YEAR", "the year that the report covers is not stated")
    part = f"-{masthead.part}" if masthead.part else ""
    report_id = f"{masthead.ref_area}-{masthead.report_year}-{masthead.genre}{part}{_body(masthead)}"
    observations = tuple(
        observation_of(report_id, document, number, catalogue) for number in numbers if number.indicator
    )
    return Report(report_id, document, numbers, observations)


def _body(masthead: Masthead) -> str:
    """A short mark that keeps the report of a department or town apart from its government's.

    The name of the area in front counts for nothing: 佛山市高明区司法局 is 高明区司法局.
    """
    if masthead.issuer is None or masthead.issuer_kind == "government":
        return ""
    own = _AREA.sub("", fold(masthead.issuer)) or fold(masthead.issuer)
    return "-" + hashlib.sha256(own.encode()).hexdigest()[:6]


def observation_of(report_id: str, document: Document, number: Number, catalogue: Catalogue) -> Observation:
    """Return a coded number of a document with a known area as an observation, personal data in its quote masked."""
    assert number.indicator and number.role and number.qualifier, "a coded number is a quantity"
    assert document.masthead.ref_area, "a report has an area"
    return Observation(
        observation_id=f"{report_id}.{number.start}",
        report_id=report_id,
        ref_area=document.masthead.ref_area,
        indicator=number.indicator,
        role=number.role,
        period_start=number.period_start,
        period_end=number.period_end,
        full_year=_full_year(number, document.masthead),
        value=None if number.qualifier == "range" else number.low if number.low is not None else number.high,
        value_low=number.low,
        value_high=number.high,
        unit=catalogue.entries[number.indicator].indicator.unit,
        qualifier=number.qualifier,
        scope=number.scope,
        section=number.section,
        char_start=number.start,
        char_end=number.end,
        quote=_shown(document, number),
    )


def _shown(document: Document, number: Number) -> str:
    """Return the sentence of a number; the spans of a document's personal data are found once."""
    start, end = number.sentence
    spans = personal_spans(fold(document.text))
    nearest = spans[max(0, bisect_left(spans, (start, 0)) - 1) : bisect_left(spans, (end, 0))]
    inside = [(max(first, start) - start, min(last, end) - start) for first, last in nearest if last > start]
    return masked(document.text[start:end], inside).strip()


def _full_year(number: Number, masthead: Masthead) -> bool:
    start, end = number.period_start, number.period_end
    if masthead.part or start is None or end is None or (end.month, end.day) != (12, 31):
        return False
    whole = start == end or start == date(end.year, 1, 1)
    return whole and (masthead.report_date is None or masthead.report_date > end)
