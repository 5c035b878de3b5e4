"""Whether the totals that a table states are the sums of what it states beside or above them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mingfu.model import Cell, Finding, Number, Report, Span, Value
from mingfu.validate.rules import Totals

# A part of a part (其中) must not be counted twice, so what holds one is not added up.
_OF_WHICH = "其中"
Heads = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number of a table and the heads of its row and column."""

    number: Number
    cell: Cell
    value: Value


@dataclass(frozen=True, slots=True)
class _Sum:
    """A total, what it is the total of, and the heads that it shares with them."""

    total: _Figure
    parts: Sequence[_Figure]


def check_tables(rule: Totals, report: Report) -> list[Finding]:
    """Return a finding for each total of a table that is not the sum of its parts, or one for a table whose all are.

    A total is a figure whose last head ends with one of the rule's words.  Its parts stand in its row
    (or column) under the heads that it shares with them; subtotals among them are left out.
    """
    findings: list[Finding] = []
    for table, figures in _tables(report):
        sums = [found for figure in figures for found in _sums(rule, figure, figures, report.document.text)]
        broken = [found for found in sums if sum(part.value for part in found.parts) != found.total.value]
        findings += [_contradiction(rule, report, found) for found in broken]
        if sums and not broken:
            count = f"{len(sums)} of {len(sums)} totals"
            message = f"{rule.title_en}: {count} of table {table}."
            findings.append(Finding(f"totals.{rule.id}", "info", message, report.report_id, actual=count))
    return findings


def _tables(report: Report) -> Iterator[tuple[int, list[_Figure]]]:
    tables: dict[int, list[_Figure]] = {}
    for number in report.numbers:
        cell = number.place.cell if number.place else None
        if cell and number.low is not None and number.low == number.high and number.unit not in ("%", "‰"):
            tables.setdefault(cell.table, []).append(_Figure(number, cell, number.low))
    yield from tables.items()


def _sums(rule: Totals, figure: _Figure, figures: Sequence[_Figure], text: str) -> Iterator[_Sum]:
    """Yield the sums that a figure is the total of: along its row, along its column."""
    cell = figure.cell
    if _is_total(rule, cell.above, text):
        row = [other for other in figures if other.cell.row == cell.row and other.cell.beside == cell.beside]
        yield from _sum(rule, figure, [(other, other.cell.above) for other in row], cell.above[:-1], text)
    if _is_total(rule, cell.beside, text):
        column = [
            other
            for other in figures
            if (other.cell.column, other.cell.above) == (cell.column, cell.above) and other.cell.row < cell.row
        ]
        yield from _sum(rule, figure, [(other, other.cell.beside) for other in column], cell.beside[:-1], text)


def _sum(
    rule: Totals, total: _Figure, others: Sequence[tuple[_Figure, Heads]], shared: Heads, text: str
) -> Iterator[_Sum]:
    beneath = [(other, heads) for other, heads in others if heads[: len(shared)] == shared and other is not total]
    parts = [other for other, heads in beneath if not _is_total(rule, heads, text)]
    nested = any(_OF_WHICH in text[slice(*head)] for _, heads in beneath for head in heads)
    if len(parts) > 1 and not nested:
        yield _Sum(total, parts)


def _is_total(rule: Totals, heads: Heads, text: str) -> bool:
    return bool(heads) and text[slice(*heads[-1])].rstrip(" :：）)").endswith(rule.words)


def _contradiction(rule: Totals, report: Report, found: _Sum) -> Finding:
    number, cell = found.total.number, found.total.cell
    expected = f"{sum(part.value for part in found.parts)} ({' + '.join(str(part.value) for part in found.parts)})"
    place = f"table {cell.table}, row {cell.row}, column {cell.column}"
    observed = [
        f"{report.report_id}.{item.start}"
        for item in (number, *(part.number for part in found.parts))
        if item.indicator
    ]
    return Finding(
        rule=f"totals.{rule.id}",
        severity=rule.severity,
        message=f"{rule.title_en}: {number.label} ({place}) is {found.total.value}, expected {expected}.",
        report_id=report.report_id,
        observation_id=observed[0] if observed else None,
        expected=expected,
        actual=str(found.total.value),
        related=tuple(observed[1:]),
    )
