"""source.yaml: what is known of the origin of the reports in a folder, beyond their own text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mingfu.errors import InputError, SchemaError
from mingfu.ingest.wording import wording
from mingfu.project import read_yaml

FILE_NAME = "source.yaml"


@dataclass(frozen=True, slots=True)
class Origin:
    """What source.yaml states of one report; None is unknown.

    `because` is why what is stated holds although the report says otherwise.
    """

    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    accessed: date | None = None
    report_year: int | None = None
    ref_area: str | None = None
    issuer: str | None = None
    genre: str | None = None
    because: str | None = None
    edition: int | None = None
    sha256: str | None = None
    media_type: str | None = None


_TYPES: dict[str, tuple[type, str]] = {
    "accessed": (date, "a date (YYYY-MM-DD) or a time (YYYY-MM-DDThh:mm:ssZ)"),
    "report_year": (int, "a year"),
    "edition": (int, "a number, 1 for the first edition"),
}
_TEXT = (str, "a text: put it in quotes")


def read_origin(path: Path, name: str) -> Origin:
    """Return what source.yaml beside the report `path` says of it; raise InputError E_SOURCE for its faults."""
    file = path.with_name(FILE_NAME)
    if not file.is_file():
        return Origin()
    try:
        content = read_yaml(file)
    except SchemaError as error:
        raise InputError(name, "E_SOURCE", f"{FILE_NAME} is malformed: {error}") from error
    faults = list(_faults(content, file.parent))
    if faults:
        raise InputError(name, "E_SOURCE", f"{FILE_NAME}: " + "; ".join(faults))
    return Origin(**{key: _day(value) for key, value in (content["files"].get(path.name) or {}).items()})


def _day(value: Any) -> Any:
    """Return the day of a time, and any other value as it is."""
    return value.date() if isinstance(value, datetime) else value


def _faults(content: Any, folder: Path) -> Iterator[str]:
    if not isinstance(content, dict) or set(content) != {"files"} or not isinstance(content["files"], dict):
        yield "it must hold one key, files, with an entry by file name"
        return
    for file, entry in content["files"].items():
        if not (folder / str(file)).is_file():
            yield f"there is no file {file} beside it"
        if entry is not None and not isinstance(entry, dict):
            yield f"{file}: the entry is not a mapping"
        for key, value in (entry if isinstance(entry, dict) else {}).items():
            if fault := _fault(key, value):
                yield f"{file}: {fault}"


def _fault(key: str, value: Any) -> str | None:
    known = [field.name for field in fields(Origin)]
    if key not in known:
        return f"unknown key {key!r}, not one of {', '.join(known)}"
    kind, called = _TYPES.get(key, _TEXT)
    if value is not None and type(_day(value)) is not kind:
        return f"{key} is {value!r}, not {called}"
    genres = [genre for genre, _ in wording().genres]
    if key == "genre" and value not in (None, "other", *genres):
        return f"genre is {value!r}, not one of {', '.join(genres)}, other"
    return None
