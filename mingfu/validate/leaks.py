"""Whether the files of a package hold anything personal, whatever wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mingfu.model import Finding
from mingfu.personal import personal_spans
from mingfu.script import fold

_AT_ONCE = 1 << 22  # characters


def check_leaks(folder: Path, deliberate: str = "") -> list[Finding]:
    """Return an error for each file of text that holds personal data, with the first line of it.

    `deliberate` is the text in which the publisher gives a contact: what stands in it may be published.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [
        finding for path in files for finding in _leaks(path, path.relative_to(folder).as_posix(), fold(deliberate))
    ]


def _leaks(path: Path, name: str, deliberate: str) -> Iterator[Finding]:
    try:
        with path.open(encoding="utf-8") as file:
            line = 1
            while lines := file.readlines(_AT_ONCE):
                text = fold("".join(lines))
                found = [start for start, end in personal_spans(text) if text[start:end] not in deliberate]
                if found:
                    place = line + text.count("\n", 0, found[0])
                    advice = "rename the file or the address that holds it; nothing else is published as it stands"
                    yield Finding("personal.leak", "error", f"{name}, line {place}: personal data; {advice}", path=name)
                    return
                line += len(lines)
    except UnicodeDecodeError:
        return  # Parquet and the like, which hold the tables that stand beside them as CSV
