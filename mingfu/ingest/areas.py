"""Areas: the code table of GB/T 2260, and the code of the area that an issuer's name names."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path

from mingfu.errors import SchemaError
from mingfu.ingest.wording import wording
from mingfu.model import Area
from mingfu.script import fold

COLUMNS = ["ref_area", "name", "level", "parent", "valid_from", "valid_to", "other_names"]
LEVELS = ("province", "prefecture", "county")
# A short name such as 佛山 or 广东 ends in no word for an area: it only says where the next area lies.
_AREA_WORD = "省市区县旗州盟岛域"


class Areas(tuple[Area, ...]):
    """The areas of the code table, with indexes that are built when first asked for."""

    @cached_property
    def by_code(self) -> dict[str, Area]:
        """The areas by their codes."""
        return {area.ref_area: area for area in self}

    @cached_property
    def by_name(self) -> dict[str, list[Area]]:
        """The areas by each of their folded names."""
        index: dict[str, list[Area]] = defaultdict(list)
        names = [(name, area) for area in self for name in (area.name, *area.other_names)]
        folded = fold("\n".join(name for name, _ in names)).split("\n")
        for name, (_, area) in zip(folded, names, strict=True):
            index[name].append(area)
        return dict(index)

    @cached_property
    def longest_name(self) -> int:
        """The length of the longest name."""
        return max(map(len, self.by_name), default=0)


@cache
def load_areas(path: Path) -> Areas:
    """Return the areas of a code table; raise SchemaError with every malformed row of it."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
    except FileNotFoundError:
        raise SchemaError([f"{path}: no such file"]) from None
    if header != COLUMNS:
        raise SchemaError([f"{path}:1: the columns are not {','.join(COLUMNS)}"])
    codes = {row[0] for row in rows}
    faults = [f"{path}:{line}: {fault}" for line, row in enumerate(rows, 2) for fault in _faults(row, codes)]
    if len(codes) < len(rows):
        faults.append(f"{path}: a code stands in more than one row")
    if faults:
        raise SchemaError(faults)
    return Areas(_area(row) for row in rows)


def _faults(row: list[str], codes: set[str]) -> Iterator[str]:
    if len(row) != len(COLUMNS):
        yield f"{len(row)} fields instead of {len(COLUMNS)}"
        return
    code, name, level, parent, first, last, _ = row
    if len(code) != 6 or not code.isdecimal() or not name:
        yield f"{code!r}, {name!r} is not a code of six digits and a name"
    if level not in LEVELS or (level == "province") == bool(parent) or (parent and parent not in codes):
        yield f"{code}: level {level!r} and parent {parent!r} do not fit"
    if not first.isdecimal() or (last and not last.isdecimal()):
        yield f"{code}: {first!r} to {last!r} are not years"


def _area(row: list[str]) -> Area:
    code, name, level, parent, first, last, others = row
    return Area(code, name, level, parent or None, int(first), int(last) if last else None, tuple(others.split()))


def find_area(text: str, year: int | None, areas: tuple[Area, ...], hint: str | None = None) -> str | None:
    """Return the code of the first area that `text`, an issuer's name or a title, names.

    Areas above it narrow a name that several areas bear (鼓楼区); so does `hint`, a code known from
    elsewhere, which also stands where the text names no area at all.  A body that has no code of its
    own (a development zone, a town) is None: the area around it did not issue the report.
    """
    table = areas if isinstance(areas, Areas) else Areas(areas)
    folded = re.split(r"关于|\d{4}", fold(text).replace(" ", ""), maxsplit=1)
    name = next((part for part in folded if part), "")
    mentions = _mentions(name, table)
    if wording().uncoded_body.search(name[mentions[-1][1] :] if mentions else name):
        return None
    if not mentions:
        return hint if hint in table.by_code else None
    found = {area.ref_area for area in _resolve([name[a:b] for a, b in mentions], year, table)}
    if hint in found:
        return hint
    return found.pop() if len(found) == 1 else None


def _mentions(text: str, table: Areas) -> list[tuple[int, int]]:
    """Return the spans of the first area named in `text` and of those that follow without a gap."""
    spans: list[tuple[int, int]] = []
    start = 0
    while start < len(text) and not (spans and start > spans[-1][1]):
        ends = range(min(len(text), start + table.longest_name), start + 1, -1)
        end = next((end for end in ends if text[start:end] in table.by_name), None)
        if end is not None:
            spans.append((start, end))
        start = end or start + 1
    return spans


def _resolve(names: list[str], year: int | None, table: Areas) -> list[Area]:
    """Return the areas that bear the last of `names` and lie in areas that bear those before it."""
    if names[-1][-1] not in _AREA_WORD or (len(names) == 1 and len(names[0]) == 2 and names[0][-1] == "区"):
        return []
    found: list[Area] = []
    for place, name in enumerate(names):
        above = {area.ref_area for area in found}
        found = [a for a in _in_force(table.by_name[name], year) if not place or above & set(_above(a, table))]
    return found


def _in_force(areas: list[Area], year: int | None) -> list[Area]:
    """Return the areas of `year`, or else of the next, in which the report on `year` is written."""
    if year is None:
        return areas
    for then in (year, year + 1):
        if found := [a for a in areas if (a.valid_from or 0) <= then <= (a.valid_to or then)]:
            return found
    return []


def _above(area: Area, table: Areas) -> Iterator[str]:
    while area.parent is not None:
        yield area.parent
        area = table.by_code[area.parent]
