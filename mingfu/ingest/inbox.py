"""The inbox data/raw/: which files are reports, and how one of them becomes a Document."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from mingfu.errors import InputError
from mingfu.ingest.areas import Areas
from mingfu.ingest.clues import Clues, folder_of
from mingfu.ingest.doubts import ambiguities, contradictions
from mingfu.ingest.masthead import read_masthead
from mingfu.ingest.origin import FILE_NAME, read_origin
from mingfu.ingest.outline import outline
from mingfu.ingest.pool import Contents, read_files
from mingfu.model import Area, Document, Finding, Masthead, Place, Section, Source
from mingfu.project import printable

NOT_REPORTS = (FILE_NAME, "sources.csv")


def find_reports(raw: Path) -> list[Path]:
    """Return the reports below `raw`, sorted by path; hidden files and the notes on sources are none.

    Folders that cannot be listed and links to folders, which are not followed, are among them, so that
    reading them says so.  Raise InputError E_MISSING where there is no such folder.
    """
    if not raw.is_dir():
        raise InputError(str(raw), "E_MISSING", "no such folder")
    found: list[Path] = []
    unlisted: list[OSError] = []
    for folder, folders, files in os.walk(raw, onerror=unlisted.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if Path(folder, name).is_symlink()]
        found += [Path(folder, name) for name in (*files, *links) if not name.startswith(".")]
    reports = [path for path in found if path.name not in NOT_REPORTS]
    reports += [Path(error.filename) for error in unlisted]
    return sorted(reports, key=lambda path: path.relative_to(raw).as_posix())


def read_reports(
    paths: Sequence[Path], name_of: Callable[[Path], str], areas: tuple[Area, ...]
) -> Iterator[Document | InputError]:
    """Yield for each path its document, or the error that says why it cannot be read; `name_of` names it in both.

    Files are read in worker processes; one that cannot be read keeps none of the others waiting.
    """
    files = [(path, name_of(path)) for path in paths]
    for (path, name), contents in zip(files, read_files(files), strict=True):
        try:
            yield contents if isinstance(contents, InputError) else _document(contents, path, name, areas)
        except InputError as error:
            yield error


def _document(contents: Contents, path: Path, name: str, areas: tuple[Area, ...]) -> Document:
    """Return the document of a file's contents; raise InputError where source.yaml beside it is malformed."""
    origin = read_origin(path, name)
    if origin.ref_area is not None and origin.ref_area not in {area.ref_area for area in areas}:
        raise InputError(name, "E_SOURCE", f"{FILE_NAME}: ref_area {origin.ref_area!r} is no code of areas.csv")
    if origin.sha256 is not None and origin.sha256 != contents.sha256:
        raise InputError(name, "E_SOURCE", f"{FILE_NAME}: sha256 is not that of the file, which was changed")
    text = contents.reading.text
    sections = outline(_prose(text, contents.reading.places))
    source = Source(
        path=name,
        sha256=contents.sha256,
        bytes=contents.bytes,
        media_type=contents.format.media_type,
        reader=contents.format.reader,
        encoding=contents.reading.encoding,
        title=origin.title,
        publisher=origin.publisher,
        url=origin.url,
        accessed=origin.accessed,
        edition=origin.edition,
    )
    clues = Clues(origin, contents.reading.hints, folder_of(path), printable(path.stem))
    masthead, findings = _masthead(text, sections, areas, clues, name)
    return Document(source, text, sections, masthead, contents.reading.places, findings)


def _masthead(
    text: str, sections: tuple[Section, ...], areas: tuple[Area, ...], clues: Clues, name: str
) -> tuple[Masthead, tuple[Finding, ...]]:
    """Return the masthead, with the name of the file for a title where there is none, and what is doubtful in it."""
    table = areas if isinstance(areas, Areas) else Areas(areas)
    masthead = read_masthead(text, sections, table, clues)
    said = read_masthead(text, sections, table)
    findings = (*contradictions(said, clues, name), *ambiguities(masthead, name, table))
    return replace(masthead, title=masthead.title or clues.name), findings


def _prose(text: str, places: Iterable[Place]) -> str:
    """Return the text with blanks in place of tables: 一、 in a cell opens no section."""
    parts: list[str] = []
    end = 0
    for place in places:
        if place.cell:
            parts += text[end : place.start], " " * (place.end - place.start)
            end = place.end
    return "".join((*parts, text[end:]))
