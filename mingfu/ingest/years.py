"""The year that a report covers, and the part of the year where it covers less."""

from __future__ import annotations

import re
from datetime import date

from mingfu.ingest.dates import YEAR, read_year
from mingfu.ingest.wording import wording
from mingfu.script import fold

# A year in a title that lacks its 年: 工作报告(2016), 2021法治政府建设年度报告.
_BARE_YEAR = re.compile(r"\((?P<bracketed>(?:19|20)\d\d)\)|(?<!\d)(?P<bare>(?:19|20)\d\d)(?=[^\d\s年.\-/~至])")
_LAST_QUARTER = 10


def year_of_title(title: str | None, genre: str, day: date | None) -> int | None:
    """Return the year that a report covers by its title.

    A work report is named after, or dated in, the year in which the government speaks; it covers the
    year before, or that year where the congress met in its last quarter.  `day` is the day of the speech.
    """
    folded = fold(title or "")
    named = YEAR.search(folded)
    if genre == "work":
        return _year_of_speech(folded, named, day)
    if named:
        return read_year(named["year"])
    bare = _BARE_YEAR.search(folded)
    return int(bare["bracketed"] or bare["bare"]) if bare else None


def _year_of_speech(folded: str, named: re.Match[str] | None, day: date | None) -> int | None:
    if named and named["term"]:
        return read_year(named["year"])
    bare = _BARE_YEAR.search(folded)
    spoken = read_year(named["year"]) if named else int(bare["bracketed"] or bare["bare"]) if bare else None
    if day and (spoken is None or day.year in (spoken, spoken - 1)):
        return day.year - (day.month < _LAST_QUARTER)
    return None if spoken is None else spoken - 1


def year_of_text(opening: str) -> int | None:
    """Return the year that the folded opening of a text names for itself: of its figures, headings or first words."""
    found = (pattern.search(opening) for pattern in wording().years)
    return next((int(match["year"]) for match in found if match), None)


def year_of_signature(genre: str, day: date | None) -> int | None:
    """Return the year that an annual report covers by the day of its signature: reports are due in spring."""
    if day is None or genre not in ("rule-of-law", "disclosure"):
        return None
    return day.year if day.month >= _LAST_QUARTER else day.year - 1 if day.month <= 6 else None


def part_of_year(title: str | None) -> str | None:
    """Return the part of the year that a title restricts its report to, such as h1 or q3; None is the whole year."""
    folded = fold(title or "")
    return next((part for part, pattern in wording().parts if pattern.search(folded)), None)
