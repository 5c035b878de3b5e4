"""Corrections: what reviewers decided about single numbers, applied to the reports.

The ledger goes on stating what the text says; what became of a number, and the observation, change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from mingfu.errors import SchemaError
from mingfu.model import Finding, Number, Report
from mingfu.normalise.catalogue import Catalogue
from mingfu.normalise.observe import observation_of
from mingfu.normalise.reviewed import Correction
from mingfu.script import fold

Period = tuple[date | None, date | None]
IMPUTED = "I"  # SDMX CL_OBS_STATUS: put in place by who compiles the data


class _MisfitError(Exception):
    """Why a correction does not fit the report for which it was written."""


def correct(
    reports: Sequence[Report], corrections: Sequence[Correction], catalogue: Catalogue
) -> tuple[list[Report], list[Finding]]:
    """Return the reports as corrected, and a finding for each correction: applied, or without a report.

    The ledger keeps the numbers as the text states them; only what became of them changes.  Raises
    SchemaError with every correction that does not fit its report.
    """
    wanted: dict[str, list[Correction]] = defaultdict(list)
    for item in corrections:
        wanted[item.report_id].append(item)
    corrected: list[Report] = []
    findings: list[Finding] = []
    faults: list[str] = []
    for report in reports:
        current = report
        for item in wanted.pop(report.report_id, ()):
            try:
                current = _applied(current, item, catalogue)
                findings.append(_finding(current, item))
            except _MisfitError as misfit:
                faults.append(f"{item.place}: {item.report_id}, {item.span[0]} to {item.span[1]}: {misfit}")
        corrected.append(current)
    if faults:
        raise SchemaError(faults)
    return corrected, [*findings, *(_without_report(item) for items in wanted.values() for item in items)]


def _applied(report: Report, item: Correction, catalogue: Catalogue) -> Report:
    """Return a report with one correction applied; raise _MisfitError where it does not fit."""
    number = _number_at(report, item)
    kept = [other for other in report.observations if other.char_start != number.start]
    if item.exclude:
        if number.disposition == "excluded":
            raise _MisfitError(f"{item.text} is excluded already ({number.reason})")
        changed = number._replace(disposition="excluded", reason="correction", indicator=None, matched=())
    else:
        meant = _meant(number, item, catalogue)
        observation = observation_of(report.report_id, report.document, meant, catalogue)
        kept.append(observation._replace(obs_status=IMPUTED, correction_reason=item.reason))
        changed = number._replace(disposition="observation", reason=None, indicator=meant.indicator, matched=())
    changed = changed._replace(correction_reason=item.reason)
    numbers = tuple(changed if other is number else other for other in report.numbers)
    return replace(report, numbers=numbers, observations=tuple(sorted(kept, key=lambda other: other.char_start)))


def _number_at(report: Report, item: Correction) -> Number:
    """Return the number that a correction is about, which must stand where it says and read as it says."""
    if report.document.text[slice(*item.span)] != item.text:
        raise _MisfitError(f"the text there is no longer {item.text}; review the correction")
    number = next((number for number in report.numbers if (number.start, number.end) == item.span), None)
    if number is None:
        raise _MisfitError(f"{item.text} is no number of the ledger; see `mingfu extract`")
    if number.reason in ("phone", "personal"):
        raise _MisfitError("what stands there is personal and is not published")
    return number


def _meant(number: Number, item: Correction, catalogue: Catalogue) -> Number:
    """Return a number as the correction reads it: what an observation is made of."""
    indicator = item.indicator or number.indicator
    if indicator is None:
        raise _MisfitError(f"{item.text} is not coded: name its indicator")
    if item.value is None and number.low is None and number.high is None:
        raise _MisfitError(f"{item.text} has no value: give one")
    _check_unit(number, item, indicator, catalogue)
    start, end = _period(number, item, indicator, catalogue)
    meant = number._replace(
        indicator=indicator, role=number.role or "level", period_start=start, period_end=end, matched=()
    )
    return meant if item.value is None else meant._replace(low=item.value, high=item.value, qualifier="exact")


def _check_unit(number: Number, item: Correction, indicator: str, catalogue: Catalogue) -> None:
    """See to it that a value is stated in the unit of its indicator."""
    entry = catalogue.entries[indicator]
    wanted = entry.indicator.unit
    words = {word for pattern in entry.patterns for word in pattern.units}
    words |= {word for unit in catalogue.units if unit.unit == wanted for word in unit.measure_words}
    if item.unit is None and number.indicator != indicator and fold(number.unit or "") not in words:
        raise _MisfitError(f"{item.text} has no unit that is one of {indicator}: state the unit ({wanted})")
    if item.unit not in (None, wanted):
        raise _MisfitError(f"the unit of {indicator} is {wanted}, not {item.unit}")


def _period(number: Number, item: Correction, indicator: str, catalogue: Catalogue) -> Period:
    """Return the period of a corrected value; that of a stock is one day."""
    start, end = item.period or (number.period_start, number.period_end)
    stock = catalogue.entries[indicator].indicator.kind == "stock"
    if stock and item.period and start != end:
        raise _MisfitError(f"{indicator} is a stock: its period is one day")
    was_stock = number.indicator is not None and catalogue.entries[number.indicator].indicator.kind == "stock"
    if was_stock and not stock and item.period is None:
        raise _MisfitError(f"{indicator} is no stock: state its period")
    return (end, end) if stock else (start, end)


def _finding(report: Report, item: Correction) -> Finding:
    """Return what tells of an applied correction, with what the text says and what is published."""
    observation = next((other for other in report.observations if other.char_start == item.span[0]), None)
    decided = f"{item.place}, {item.decided}" + (f", {item.credit}" if item.credit else "")
    if observation is None:
        return Finding(
            "correction.excluded", "info", f"{item.text} is left out: {item.reason} ({decided})", item.report_id,
            path=report.document.source.path, actual=item.text,
        )  # fmt: skip
    published = f"{observation.indicator} {observation.value} {observation.unit}"
    return Finding(
        "correction.applied", "info", f"{item.text} is published as {published}: {item.reason} ({decided})",
        item.report_id, observation.observation_id, expected=published, actual=item.text,
    )  # fmt: skip


def _without_report(item: Correction) -> Finding:
    message = f"{item.place}: there is no report {item.report_id}; take the correction out, or bring the report back"
    return Finding("correction.without_report", "warning", message, expected=item.report_id)
