"""Areas: the code table of GB/T 2260, with everyone who ever held a code."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

from mingfu.errors import SchemaError
from mingfu.model import Area
from mingfu.script import fold

COLUMNS = ["ref_area", "name", "level", "parent", "valid_from", "valid_to", "other_names"]
LEVELS = ("province", "prefecture", "county")


class Areas(tuple[Area, ...]):
    """The areas of the code table, with indexes that are built when first asked for."""

    @cached_property
    def by_code(self) -> dict[str, tuple[Area, ...]]:
        """The holders of each code, the first one first."""
        holders: dict[str, list[Area]] = defaultdict(list)
        for area in self:
            holders[area.ref_area].append(area)
        return {code: tuple(areas) for code, areas in holders.items()}

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
    areas = () if faults else tuple(_area(row) for row in rows)
    for one, other in pairwise(sorted(areas, key=lambda area: (area.ref_area, area.valid_from or 0))):
        if one.ref_area == other.ref_area and (one.valid_to or 9999) > (other.valid_from or 0):
            faults.append(f"{path}: {one.ref_area} is still {one.name} when it becomes {other.name}")
    if faults:
        raise SchemaError(faults)
    return Areas(areas)


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
