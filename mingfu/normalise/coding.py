"""Coding: each quantity of a ledger gets the indicator that the catalogue recognises, or stays uncoded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from mingfu.model import Document, Number
from mingfu.normalise.catalogue import Catalogue
from mingfu.normalise.matching import Matcher, Reading
from mingfu.normalise.phrases import Phrases
from mingfu.script import fold

# What a picture was read with less confidence than this is never coded.
_SURE = 0.9


def code_numbers(document: Document, numbers: Iterable[Number], catalogue: Catalogue) -> tuple[Number, ...]:
    """Return the ledger with indicator, disposition and, for a stock, the day that it stands for."""
    reading, phrases, text = Reading(_matcher(catalogue), document), _phrases(catalogue), fold(document.text)
    coded: dict[int, Number] = {}
    stated: set[tuple[object, ...]] = set()
    for number in numbers:
        found = _coded(number, reading, catalogue)
        if found.indicator and _is_counted(found) and not phrases.fit(text, found):
            found = number
        statements = _statements(found, coded)
        coded[number.start] = number if _same_as_whole(found, coded) or statements & stated else found
        stated |= statements
    return tuple(coded.values())


def _statements(number: Number, coded: Mapping[int, Number]) -> set[tuple[object, ...]]:
    """Return what a number states in its sentence and in that of its whole.

    What a sentence states again of the same scope and time is a part (集体提案68件，联名提案94件) or another's.
    """
    if number.indicator is None or number.role != "level" or (number.place and number.place.cell):
        return set()
    stated = number.indicator, number.scope, number.period_start, number.period_end
    whole = None if number.parent is None else coded.get(number.parent)
    return {(sentence, *stated) for sentence in (number.sentence, whole.sentence if whole else number.sentence)}


def _same_as_whole(number: Number, coded: Mapping[int, Number]) -> bool:
    """Say whether a part got the indicator of its whole, which it cannot be unless of another scope."""
    whole = None if number.parent is None else coded.get(number.parent)
    return (
        whole is not None
        and number.indicator is not None
        and number.indicator == whole.indicator
        and number.scope in (None, whole.scope)
    )


def _is_sure(number: Number) -> bool:
    """Say whether a number was read surely enough to be coded; text needs no reading."""
    confidence = number.place.confidence if number.place else None
    return confidence is None or confidence >= _SURE


def _is_counted(number: Number) -> bool:
    """Say whether what a number counts is named beside it, as running text does for levels."""
    in_cell = number.place is not None and number.place.cell is not None
    return number.role != "change" and not in_cell


@lru_cache(maxsize=4)
def _phrases(catalogue: Catalogue) -> Phrases:
    return Phrases(catalogue)


@lru_cache(maxsize=4)
def _matcher(catalogue: Catalogue) -> Matcher:
    return Matcher(catalogue.patterns)


def _coded(number: Number, reading: Reading, catalogue: Catalogue) -> Number:
    match = reading.match(number) if number.disposition == "uncoded" and _is_sure(number) else None
    if match is None:
        return number
    kind = catalogue.entries[match.indicator].indicator.kind
    if kind == "flow" and number.period_end is not None and number.period_start == number.period_end:
        return number  # the event of one day, no statistic
    stock = kind == "stock" and number.period_end is not None
    return number._replace(
        indicator=match.indicator,
        matched=match.words,
        disposition="observation",
        period_start=number.period_end if stock else number.period_start,
    )
