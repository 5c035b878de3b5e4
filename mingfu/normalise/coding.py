"""Coding: each quantity of a ledger gets the indicator that the catalogue recognises, or stays uncoded."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from mingfu.model import Document, Number
from mingfu.normalise.catalogue import Catalogue
from mingfu.normalise.matching import Matcher, Reading


def code_numbers(document: Document, numbers: Iterable[Number], catalogue: Catalogue) -> tuple[Number, ...]:
    """Return the ledger with indicator, disposition and, for a stock, the day that it stands for."""
    reading = Reading(_matcher(catalogue), document)
    return tuple(_coded(number, reading, catalogue) for number in numbers)


@lru_cache(maxsize=4)
def _matcher(catalogue: Catalogue) -> Matcher:
    return Matcher(catalogue.patterns)


def _coded(number: Number, reading: Reading, catalogue: Catalogue) -> Number:
    match = reading.match(number) if number.disposition == "uncoded" else None
    if match is None:
        return number
    stock = catalogue.entries[match.indicator].indicator.kind == "stock" and number.period_end is not None
    return number._replace(
        indicator=match.indicator,
        matched=match.words,
        disposition="observation",
        period_start=number.period_end if stock else number.period_start,
    )
