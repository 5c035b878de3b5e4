"""The inbox data/raw/: which files are reports, and how one of them becomes a Document."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from mingfu.errors import InputError, missing_file
from mingfu.ingest.masthead import read_masthead
from mingfu.ingest.origin import FILE_NAME, read_origin
from mingfu.ingest.outline import outline
from mingfu.ingest.readers import reader_for
from mingfu.model import Area, Document, Source

_NOT_REPORTS = (FILE_NAME, "sources.csv")


def find_reports(raw: Path) -> list[Path]:
    """Return the reports below `raw`, sorted by path; hidden files and the notes on sources are none.

    Raise InputError E_MISSING where there is no such folder.
    """
    if not raw.is_dir():
        raise InputError(str(raw), "E_MISSING", "no such folder")
    files = (path for path in raw.rglob("*") if path.is_file() and path.name not in _NOT_REPORTS)
    shown = (path for path in files if not any(part.startswith(".") for part in path.relative_to(raw).parts))
    return sorted(shown, key=lambda path: path.relative_to(raw).as_posix())


def read_report(path: Path, name: str, areas: tuple[Area, ...]) -> Document:
    """Return the document of a file, which messages and tables call `name`.

    Raise InputError where there is no such file, its format or encoding is not known, it holds no text,
    or source.yaml beside it is malformed.
    """
    data = _bytes_of(path, name)
    reader = reader_for(name)
    text, encoding = reader.read(data, name)
    if not text.strip():
        raise InputError(name, "E_EMPTY", "the file is empty")
    origin = read_origin(path, name)
    if origin.ref_area is not None and origin.ref_area not in {area.ref_area for area in areas}:
        raise InputError(name, "E_SOURCE", f"{FILE_NAME}: ref_area {origin.ref_area!r} is no code of areas.csv")
    sections = outline(text)
    source = Source(
        path=name,
        sha256=sha256(data).hexdigest(),
        bytes=len(data),
        media_type=reader.media_type,
        reader=reader.name,
        encoding=encoding,
        title=origin.title,
        publisher=origin.publisher,
        url=origin.url,
        accessed=origin.accessed,
    )
    return Document(source, text, sections, read_masthead(text, sections, areas, origin, _folder_code(path)))


def _bytes_of(path: Path, name: str) -> bytes:
    if path.is_dir():
        raise InputError(name, "E_FOLDER", "this is a folder, not a report")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise missing_file(Path(name)) from None
    except OSError as error:
        raise InputError(name, "E_ACCESS", error.strerror or str(error)) from error


def _folder_code(path: Path) -> str | None:
    """Return the area code of a report that lies in <area code>/<year>/."""
    code, year = path.absolute().parts[-3:-1] if len(path.absolute().parts) > 3 else ("", "")
    return code if code.isdecimal() and year.isdecimal() else None
