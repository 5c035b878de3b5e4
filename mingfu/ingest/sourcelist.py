"""sources.csv: the documents to fetch, one address a line; read strictly, all faults together."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mingfu.errors import InputError, SchemaError
from mingfu.ingest.origin import Origin
from mingfu.ingest.web.address import Address, read_address
from mingfu.model import Area

FILE_NAME = "sources.csv"
COLUMNS = ("url", "title", "publisher", "ref_area", "report_year", "note")
_YEARS = range(1949, 2100)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document to fetch, and what the list says of it."""

    address: Address
    origin: Origin


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: dict[str, str]


def read_sources(path: Path, areas: tuple[Area, ...], ports: frozenset[int]) -> list[Wanted]:
    """Return what sources.csv lists; raise SchemaError with every fault and its line."""
    rows = list(_rows(path))
    codes = {area.ref_area for area in areas}
    faults = [f"{path}:{row.line}: {fault}" for row in rows for fault in _faults(row.cells, codes, ports)]
    if not faults:
        faults = [f"{path}:{line}: the address of line {first} again" for first, line in _repeated(rows, ports)]
    if faults:
        raise SchemaError(faults)
    return [Wanted(read_address(row.cells["url"], ports), _origin(row.cells)) for row in rows]


def _rows(path: Path) -> Iterator[_Row]:
    """Yield the rows with their lines; raise SchemaError where the file is no table with these columns."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SchemaError([f"{path}: no such file; list the documents to fetch in it: {','.join(COLUMNS)}"]) from None
    except UnicodeDecodeError:
        raise SchemaError([f"{path}: not in UTF-8; save it as CSV UTF-8"]) from None
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if "url" not in header or len(set(header)) < len(header) or not set(header) <= set(COLUMNS):
            raise SchemaError([f"{path}:1: the columns must be url and any of {', '.join(COLUMNS[1:])}, each once"])
        for cells in reader:
            if len(cells) not in (0, len(header)):
                raise SchemaError([f"{path}:{reader.line_num}: {len(cells)} cells, not {len(header)}"])
            if any(cell.strip() for cell in cells):
                pairs = zip(header, (cell.strip() for cell in cells), strict=True)
                yield _Row(reader.line_num, dict(pairs))
    except csv.Error as error:
        raise SchemaError([f"{path}:{reader.line_num}: {error}"]) from error


def _faults(cells: dict[str, str], codes: set[str], ports: frozenset[int]) -> Iterator[str]:
    try:
        read_address(cells["url"], ports)
    except InputError as error:
        yield str(error)
    area, year = cells.get("ref_area"), cells.get("report_year")
    if area and area not in codes:
        yield f"ref_area {area!r} is no code of areas.csv"
    if year and not (year.isascii() and year.isdecimal() and int(year) in _YEARS):
        yield f"report_year {year!r} is no year"


def _repeated(rows: list[_Row], ports: frozenset[int]) -> Iterator[tuple[int, int]]:
    first: dict[Address, int] = {}
    for row in rows:
        line = first.setdefault(read_address(row.cells["url"], ports), row.line)
        if line != row.line:
            yield line, row.line


def _origin(cells: dict[str, str]) -> Origin:
    year = cells.get("report_year")
    return Origin(
        title=cells.get("title") or None,
        publisher=cells.get("publisher") or None,
        ref_area=cells.get("ref_area") or None,
        report_year=int(year) if year else None,
    )
