"""Placing: the areas that a name names, and which of several is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from mingfu.ingest.areas import Areas
from mingfu.ingest.wording import wording
from mingfu.model import Area
from mingfu.script import fold

_GOVERNMENT = re.compile("(?:人民)?政府|行署|行政公署")
_SHORT = re.compile("[省市盟]|地区|特别行政区|.*自治[区州]")
_LEVEL = re.compile("(?:全|我|本)?(自治区|[省市区县旗州盟])")


class Naming(NamedTuple):
    """What a name says of the area: the codes that it may mean, and whether its body is of a place within it."""

    codes: frozenset[str]
    local: bool = False


def read_name(text: str, year: int | None, areas: Areas) -> Naming:
    """Return what a body's name or the name in a title says, of the first area that it names.

    Areas above it narrow a name that several areas bear (江苏省南京市鼓楼区).  A town, a subdistrict or a
    development zone has no code of its own: it is local, and the codes are those of the area around it.
    """
    name = fold(text).replace(" ", "")
    mentions = _mentions(name, 0, areas)
    rest = name[mentions[-1][1] :] if mentions else name
    return Naming(frozenset(_resolve(name, mentions, year, areas)), wording().local_body.search(rest) is not None)


def named_in(text: str, year: int | None, areas: Areas) -> set[str]:
    """Return the codes of all areas that a text names without doubt."""
    folded = fold(text)
    found: set[str] = set()
    end = 0
    while mentions := _mentions(folded, end, areas):
        start, end = mentions[0][0], mentions[-1][1]
        codes = _resolve(folded, mentions, year, areas)
        if len(codes) == 1 and not (end - start == 2 and folded.startswith("长", end)):  # 代县长 is no 代县
            found |= codes
    return found


def narrow(codes: AbstractSet[str], evidence: Iterable[AbstractSet[str]], areas: Areas) -> str | None:
    """Return the one of several codes that the first telling piece of evidence supports: itself or an area above."""
    for known in evidence:
        for fitting in (codes & known, {code for code in codes if known & set(above(code, areas))}):
            if len(fitting) == 1:
                return next(iter(fitting))
    return None


def fits_level(name: str, code: str, areas: Areas) -> bool:
    """Tell whether the area of a code can be the one of a name without a name: 区司法局, 我市."""
    level = _LEVEL.match(fold(name))
    return level is None or any(area.name.endswith(level[1]) for area in areas.by_code[code])


def above(code: str, areas: Areas) -> Iterator[str]:
    """Yield the codes of the areas above a code, the nearest first."""
    parents = [area.parent for area in areas.by_code[code] if area.parent]
    if parents:
        yield parents[-1]
        yield from above(parents[-1], areas)


def _mentions(text: str, start: int, areas: Areas) -> list[tuple[int, int]]:
    """Return the spans of the first area named from `start` on, and of those that follow without a gap."""
    spans: list[tuple[int, int]] = []
    while start < len(text) and not (spans and start > spans[-1][1]):
        ends = range(min(len(text), start + areas.longest_name), start + 1, -1)
        end = next((end for end in ends if text[start:end] in areas.by_name), None)
        if end is not None:
            spans.append((start, end))
        start = end or start + 1
    return spans


def _resolve(text: str, mentions: list[tuple[int, int]], year: int | None, areas: Areas) -> set[str]:
    """Return the codes of the areas that bear the last of the names and lie in areas that bear those before it."""
    names = [text[start:end] for start, end in mentions]
    if not names or (len(names) == 1 and len(names[0]) == 2 and names[0][-1] == "区"):
        return set()
    if _is_short(names[-1], areas) and not _GOVERNMENT.match(text, mentions[-1][1]):
        return set()
    found: set[str] = set()
    for place, name in enumerate(names):
        holders = _in_force(areas.by_name[name], year, areas)
        found = {item.ref_area for item in holders if not place or found & set(above(item.ref_area, areas))}
    return found


def _is_short(name: str, areas: Areas) -> bool:
    """Tell whether a name such as 佛山 or 广东 lacks its 市 or 省: it only says where the next area lies."""
    bearers = areas.by_name[name]
    if any(area.level == "county" for area in bearers):
        return False
    rests = (fold(area.name).partition(name) for area in bearers)
    return all(not before and _SHORT.fullmatch(rest) for before, _name, rest in rests)


def _in_force(areas: list[Area], year: int | None, table: Areas) -> list[Area]:
    """Return those of the areas that were in force at the end of `year`, or else in it, or in the next.

    (In the next the report on `year` is written.)  Where there is none, return those whose code was in
    force under another name: lists of codes follow changes late.
    """
    if year is None:
        return areas
    spans = [(area.valid_from or 0, area.valid_to or 9999, area) for area in areas]
    for found in (
        [area for first, last, area in spans if first <= year < last],
        [area for _first, last, area in spans if year == last],
        [area for first, _last, area in spans if first == year + 1],
    ):
        if found:
            return found
    return [area for area in areas if any(_holds(other, year) for other in table.by_code[area.ref_area])]


def _holds(area: Area, year: int) -> bool:
    return (area.valid_from or 0) <= year <= (area.valid_to or 9999)
