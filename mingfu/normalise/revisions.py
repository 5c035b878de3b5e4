"""Revisions: what was stated before, and what took its place.

A later report that states a value of an earlier one again is tied to it, whether or not the two agree;
so is a value of a superseded edition to the one that replaced it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

from mingfu.model import Copy, Observation, Report, Value

_YEAR = re.compile(r"-[0-9]{4}")
_STATED = ("level", "prior")

# What is counted of whom and when; and the interval that a text allows.
Quantity = tuple[str, str, str | None, date, date]
Amount = tuple[str, Value | None, Value | None]


def relate(reports: Sequence[Report]) -> list[Report]:
    """Return the reports with their observations tied to those of earlier and later reports and editions.

    Reports follow one another where area, kind of report and issuer are the same.  A quantity that one
    report states with several values is tied to nothing, for it is not known which is meant.
    """
    links = _links(reports)
    return [
        replace(
            report,
            observations=tuple(item._replace(**links.get(item.observation_id, {})) for item in report.observations),
            copies=tuple(_settled(copy, report.observations) for copy in report.copies),
        )
        for report in reports
    ]


def _links(reports: Sequence[Report]) -> Mapping[str, dict[str, Any]]:
    """Return the fields `restates` and `restated_by` of the observations that have them."""
    statements: dict[tuple[str, Quantity], list[list[Observation]]] = defaultdict(list)
    for report in sorted(reports, key=lambda report: report.report_id):
        for quantity, items in _stated(report).items():
            statements[_YEAR.sub("", report.report_id, count=1), quantity].append(items)
    links: dict[str, dict[str, Any]] = defaultdict(dict)
    for chain in statements.values():
        for earlier, later in pairwise(chain):
            for item in earlier:
                links[item.observation_id]["restated_by"] = later[0].observation_id
            for item in later:
                links[item.observation_id]["restates"] = earlier[0].observation_id
    return links


def _stated(report: Report) -> dict[Quantity, list[Observation]]:
    """Return the observations of each quantity to which a report gives one value."""
    found: dict[Quantity, list[Observation]] = defaultdict(list)
    for item in report.observations:
        if item.role in _STATED and item.period_start and item.period_end:
            found[item.indicator, item.unit, item.scope, item.period_start, item.period_end].append(item)
    return {quantity: items for quantity, items in found.items() if len(set(map(_amount, items))) == 1}


def _amount(item: Observation) -> Amount:
    return item.qualifier, item.value_low, item.value_high


def _settled(copy: Copy, published: Iterable[Observation]) -> Copy:
    """Return a superseded file with the published observation that took the place of each of its values."""
    now, before = _alike(published), _alike(former.observation for former in copy.values)
    replaced: dict[str, str] = {}
    for quantity, items in before.items():
        pairs = _pairs(items, now.get(quantity, []))
        replaced |= {old.observation_id: new.observation_id for old, new in pairs}
    values = (replace(former, replaced_by=replaced.get(former.observation.observation_id)) for former in copy.values)
    return replace(copy, values=tuple(values))


def _alike(items: Iterable[Observation]) -> dict[object, list[Observation]]:
    """Return observations by what they measure, in text order."""
    found: dict[object, list[Observation]] = defaultdict(list)
    for item in sorted(items, key=lambda item: item.char_start):
        found[item.indicator, item.role, item.scope, item.period_start, item.period_end].append(item)
    return found


def _pairs(old: Sequence[Observation], new: Sequence[Observation]) -> Iterator[tuple[Observation, Observation]]:
    """Pair the values of two editions: first those that stayed the same, then the others in text order."""
    rest, free = list(old), list(new)
    for item in old:
        same = next((other for other in free if _amount(other) == _amount(item)), None)
        if same:
            yield item, same
            rest.remove(item)
            free.remove(same)
    yield from zip(rest, free, strict=False)
