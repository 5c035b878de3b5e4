"""Cells: the figures of tables, each with the meaning that the cells heading it give.

A cell that holds nothing but a figure is a quantity, unless its heads say that it is a serial number
or a year.  Its unit is the one written beside it, or else the one that a head names: 金额（万元）, 件数.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mingfu.extract.amounts import Amount, read_arabic
from mingfu.extract.cues import words
from mingfu.extract.lexicon import measures
from mingfu.extract.numerals import scale_of, tidy
from mingfu.extract.periods import Periods
from mingfu.extract.roles import role_of
from mingfu.extract.scan import Mention
from mingfu.model import Cell, Document, Number, Span

_FIGURE = re.compile(r"(-)?\s?([0-9][0-9,. ]*)(.{0,6})", re.S)
_UNIT = re.compile(r"(?:[(\[](?:单位)?|单位):?\s?([十百千]?[万亿]|百|千)?([^\s()\[\],。]{1,4})(?=[)\]\s]|$)")
_COUNTED = re.compile(r"([^\s()]{1,2})数(?:量|目)?$")


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell that holds a figure: the mention of it, its cell, and where its unit is written."""

    mention: Mention
    cell: Cell
    unit: Span | None = None

    @property
    def heads(self) -> tuple[Span, ...]:
        """Where the cells stand that head it: its row's from the left, its column's from the top."""
        return self.cell.beside + self.cell.above


def figures_of(document: Document, text: str) -> dict[int, Figure]:
    """Return the cells of a document that hold a figure, by where its digits start in the folded text."""
    figures = {}
    for place in document.places:
        match = _FIGURE.fullmatch(text, place.start, place.end) if place.cell else None
        if match and place.cell and (place.cell.beside or place.cell.above):
            figure = _figure(text, match, place.cell)
            if figure:
                figures[match.start(2)] = figure
    return figures


def _figure(text: str, match: re.Match[str], cell: Cell) -> Figure | None:
    """Return what a cell with a figure holds; None where there is more in it than one exact amount."""
    heads = [text[slice(*head)] for head in cell.beside + cell.above]
    for reason, kind in (("ordinal", "serial_head"), ("date", "year_head")):
        if heads[-1].endswith(words(kind)):
            return Figure(Mention(*match.span(), reason=reason), cell)
    amount = read_arabic(text, match.start(2), match.start(2))
    if amount.end != match.end() or amount.low is None or amount.low != amount.high:
        return None
    unit, factor = (None, 1) if amount.unit else _unit_of_heads(text, cell)
    value = tidy(amount.low * factor * (-1 if match[1] else 1))
    amount.start, amount.low, amount.high = match.start(), value, value
    return Figure(Mention(match.start(), match.end(), amount), cell, unit)


def _unit_of_heads(text: str, cell: Cell) -> tuple[Span | None, int]:
    """Return where the heads name the unit, the nearest first, and by what its figures are multiplied."""
    for start, end in reversed(cell.beside + cell.above):
        stated = _UNIT.search(text, start, end)
        if stated and _is_measure(stated[2]):
            return stated.span(2), scale_of(stated[1] or "")
        counted = _COUNTED.search(text, start, end)
        if counted:
            for first in range(*counted.span(1)):
                if _is_measure(text[first : counted.end(1)]):
                    return (first, counted.end(1)), 1
    return None, 1


def _is_measure(word: str) -> bool:
    return word in measures() or word in ("%", "‰")


class Figures:
    """The figures of a document's tables as numbers of its ledger."""

    def __init__(self, document: Document, text: str, shown: str, periods: Periods) -> None:
        self._document, self._text, self._shown, self._periods = document, text, shown, periods

    def number(self, figure: Figure, amount: Amount, section: str | None) -> Number:
        """Return the quantity that a cell states."""
        start, end = figure.mention.start, figure.mention.end
        near = (*figure.heads, (end, end))
        role = role_of(self._text, amount, near, (start, end), planned=False, inherited=None)
        first, last = self._periods.of_heads(figure.heads, role)
        return Number(
            start,
            end,
            self._document.text[start:end],
            low=amount.low,
            high=amount.high,
            qualifier=amount.qualifier,
            unit=self._document.text[slice(*figure.unit)] if figure.unit else amount.unit,
            role=role,
            period_start=first,
            period_end=last,
            label=" ".join(self._labels(figure)),
            section=section,
            near=near,
            sentence=(start, end),
        )

    def _labels(self, figure: Figure) -> Iterator[str]:
        for start, end in figure.heads:
            yield self._shown[start:end]
