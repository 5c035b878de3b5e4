"""Editions: the same report in several files, and corrected reports that take the place of earlier ones.

Files of one issuer, year and kind hold the same report where their quantities are the same, another
edition of it where most of their text is, else another document.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mingfu.errors import InputError
from mingfu.model import Copy, Former, Report
from mingfu.script import fold

_MARKED = re.compile("更正|修订|勘误|修正|订正|更新")
_SHINGLE = 5
_ALIKE = 0.5  # share of common shingles from which two texts are editions of one report
_SAME = 0.9  # a picture read with faults is no other edition
# What is nearer to the issuer's own characters is published.
_READERS = ("text", "docx", "html", "ofd", "pdf", "office", "image")
_BESIDE = re.compile(r"\W+")


def settle(reports: Iterable[Report]) -> tuple[list[Report], list[InputError]]:
    """Return one report an identifier, with its edition and the other files that hold it, and what cannot be settled.

    The latest edition is published: by `edition` of source.yaml, else by a word such as 更正 in title or
    file name, else by the date under the report.  Where none of these tells, the first file is published
    and the others are errors (E_DUPLICATE).
    """
    groups: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        groups[report.report_id].append(report)
    settled, errors = [], []
    for report_id in sorted(groups):
        report, faults = _settle(groups[report_id])
        settled.append(report)
        errors += faults
    return settled, errors


def _settle(files: Sequence[Report]) -> tuple[Report, list[InputError]]:
    if len(files) == 1:
        return files[0], []
    editions, errors = _editions(sorted(files, key=_preference))
    ranks = [_rank(edition[0]) for edition in editions]
    for index in reversed(range(1, len(editions))):
        if ranks.count(ranks[index]) > 1:
            errors += [_duplicate(report, editions[0][0], "another edition of") for report in editions.pop(index)]
    editions.sort(key=lambda edition: _rank(edition[0]))
    *earlier, (latest, *same) = editions
    copies = [Copy(report.document.source, len(editions), "same") for report in same]
    for number, edition in enumerate(earlier, 1):
        values = tuple(Former(item, None) for item in edition[0].observations)
        copies.append(Copy(edition[0].document.source, number, "superseded", values))
        copies += [Copy(report.document.source, number, "superseded") for report in edition[1:]]
    return replace(latest, edition=len(editions), copies=tuple(copies)), errors


def _editions(files: Sequence[Report]) -> tuple[list[list[Report]], list[InputError]]:
    """Put together the files that hold the same text; a document of another text is an error."""
    editions: list[list[Report]] = []
    errors: list[InputError] = []
    for report in files:
        same = next((edition for edition in editions if _same(report, edition[0])), None)
        if same:
            same.append(report)
        elif not editions or _likeness(report, editions[0][0]) >= _ALIKE:
            editions.append([report])
        else:
            errors.append(_duplicate(report, editions[0][0], "a document of the same issuer, year and kind as"))
    return editions, errors


def _duplicate(report: Report, other: Report, how: str) -> InputError:
    return InputError(report.document.source.path, "E_DUPLICATE", f"{how} {other.document.source.path}")


def _preference(report: Report) -> tuple[int, str]:
    source = report.document.source
    return _READERS.index(source.reader), source.path


def _rank(report: Report) -> tuple[int, bool, str]:
    """Return what tells a later edition from an earlier one."""
    source, masthead = report.document.source, report.document.masthead
    marked = _MARKED.search(fold(f"{source.path.rpartition('/')[2]} {masthead.title or ''}"))
    return source.edition or 0, marked is not None, str(masthead.report_date or "")


def _same(report: Report, other: Report) -> bool:
    """Say whether two files hold the same edition."""
    if report.document.source.edition != other.document.source.edition:
        return False
    unsure = any(place.confidence is not None for place in (*report.document.places, *other.document.places))
    return _quantities(report) == _quantities(other) or (unsure and _likeness(report, other) >= _SAME)


def _quantities(report: Report) -> list[tuple[object, object, str]]:
    return [
        (number.low, number.high, fold(number.unit or ""))
        for number in report.numbers
        if number.disposition != "excluded"
    ]


def _likeness(report: Report, other: Report) -> float:
    """Return the share of the shorter text's shingles that stand in the other."""
    one, two = (_shingles(item.document.text) for item in (report, other))
    return len(one & two) / max(1, min(len(one), len(two)))


def _shingles(text: str) -> set[str]:
    plain = _BESIDE.sub("", fold(text))
    return {plain[start : start + _SHINGLE] for start in range(max(1, len(plain) - _SHINGLE + 1))}
