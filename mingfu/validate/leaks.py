"""Whether the files of a package hold anything personal, whatever wrote them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import compress, islice
from pathlib import Path

from mingfu.model import Finding
from mingfu.personal import personal_spans
from mingfu.script import fold

_AT_ONCE = 20_000  # lines
_NUMERIC = ("integer", "number")


def check_leaks(folder: Path, deliberate: str = "") -> list[Finding]:
    """Return an error for each file of text that holds personal data, with the first line of it.

    `deliberate` is the text in which the publisher gives a contact: what stands in it may be published.
    Columns of numbers are left out: 13800000000 is a sum, for in its text the amount has a unit.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    numeric = _numeric_columns(folder / "datapackage.json")
    return [
        finding
        for path in files
        for finding in _leaks(path, path.relative_to(folder).as_posix(), numeric, fold(deliberate))
    ]


def _numeric_columns(descriptor: Path) -> dict[str, set[str]]:
    """Return by path the columns that a package describes as numbers."""
    package = json.loads(descriptor.read_text(encoding="utf-8")) if descriptor.exists() else {}
    return {
        resource["path"]: {field["name"] for field in resource["schema"]["fields"] if field["type"] in _NUMERIC}
        for resource in package.get("resources", ())
        if "schema" in resource
    }


def _leaks(path: Path, name: str, numeric: dict[str, set[str]], deliberate: str) -> Iterator[Finding]:
    try:
        lines, first = _lines(path, numeric.get(name, set())), 1
        while some := list(islice(lines, _AT_ONCE)):
            text = fold("".join(some))
            found = [start for start, end in personal_spans(text) if text[start:end] not in deliberate]
            if found:
                place = first + text.count("\n", 0, found[0])
                advice = "rename the file or the address that holds it; nothing else is published as it stands"
                yield Finding("personal.leak", "error", f"{name}, line {place}: personal data; {advice}", path=name)
                return
            first += len(some)
    except UnicodeDecodeError:
        return  # Parquet and the like, which hold the tables that stand beside them as CSV


def _lines(path: Path, numeric: set[str]) -> Iterator[str]:
    """Yield the lines of a text, those of a table without the columns that hold numbers."""
    with path.open(encoding="utf-8", newline="") as file:
        if not numeric:
            yield from file
            return
        rows = csv.reader(file)
        head = next(rows, [])
        kept = [name not in numeric for name in head]
        yield ",".join(compress(head, kept)) + "\n"
        for row in rows:
            yield ",".join(compress(row, kept)).replace("\n", " ") + "\n"
