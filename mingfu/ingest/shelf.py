"""The shelf data/raw/: where a new document belongs, and how it gets there whole or not at all."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
import threading
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import file_digest
from pathlib import Path, PurePath

from mingfu.errors import InputError
from mingfu.ingest.areas import load_areas
from mingfu.ingest.entries import add_entry, has_entry
from mingfu.ingest.inbox import NOT_REPORTS, find_reports, read_reports
from mingfu.ingest.origin import Origin
from mingfu.ingest.reading import MOST_BYTES
from mingfu.model import Document, Masthead
from mingfu.project import Project

UNPLACED = "unplaced"
_NEEDED = ("issuer", "ref_area", "report_year")
_ODD = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]')
_MOST_NAME_BYTES = 200


@dataclass(frozen=True, slots=True)
class Shelved:
    """Where a document lies, whether it is new there, and what source.yaml must still state of it."""

    path: Path
    new: bool
    missing: tuple[str, ...] = ()


class Shelf:
    """Puts documents into data/raw/<area code>/<year>/, or unplaced/ where they do not say; threads may share it."""

    def __init__(self, project: Project) -> None:
        self._raw = project.raw
        self._areas = load_areas(project.schemas / "areas.csv")
        self._turn = threading.Lock()
        self._raw.mkdir(parents=True, exist_ok=True)
        self._by_size: dict[int, list[Path]] = defaultdict(list)
        for path in find_reports(self._raw):
            self._by_size[path.stat().st_size].append(path)

    def find(self, size: int, sha256: str) -> Path | None:
        """Return the document with these bytes, wherever it lies."""
        there = (path for path in self._by_size.get(size, ()) if path.is_file())
        return next((path for path in there if digest(path) == sha256), None)

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """Make a hidden folder for a document on its way; it is gone afterwards, with all that is left in it."""
        folder = Path(tempfile.mkdtemp(prefix=".adding-", dir=self._raw))
        try:
            yield folder
        finally:
            shutil.rmtree(folder)

    def add(self, file: Path, accessed: datetime) -> Shelved:
        """Put a copy of a file on the shelf; raise InputError where it cannot be read, and leave nothing then."""
        with self.staging() as folder:
            staged = folder / proper_name(file.name)
            try:
                size = _size(file)
                if size > MOST_BYTES:
                    raise InputError(str(file), "E_TOO_LARGE", f"it has more than {MOST_BYTES // 1_000_000} MB")
                shutil.copyfile(file, staged)
            except OSError as error:
                raise InputError(str(file), "E_ACCESS", error.strerror or str(error)) from error
            return self.put(staged, Origin(accessed=accessed), str(file))

    def put(self, staged: Path, origin: Origin, called: str) -> Shelved:
        """Put a document that lies alone in its staging folder on the shelf, with an entry in source.yaml.

        Raise InputError, by the name `called`, where it cannot be read; the same bytes are never put twice.
        """
        origin = replace(origin, sha256=digest(staged))
        with self._turn:
            if same := self._noted(staged.stat().st_size, origin):
                return Shelved(same, False)
        document = self._read(staged, origin, called)
        with self._turn, _alone(self._raw):
            return self._place(staged, replace(origin, media_type=document.source.media_type), document.masthead)

    def _place(self, staged: Path, origin: Origin, said: Masthead) -> Shelved:
        """Put a document where its masthead says it belongs."""
        size, sha256 = staged.stat().st_size, origin.sha256 or ""
        folder = Path(UNPLACED)
        if said.ref_area is not None and said.report_year is not None:
            folder = Path(said.ref_area, str(said.report_year))
        path = self._raw / folder / staged.name
        if path.exists():
            self._by_size[path.stat().st_size].append(path)
            path = path.with_name(f"{path.stem}-{sha256[:12]}{path.suffix}")
        # Another thread or program may have been quicker.
        if same := self._noted(size, origin):
            return Shelved(same, False)
        _commit(staged, path, origin)
        self._by_size[size].append(path)
        return Shelved(path, True, tuple(name for name in _NEEDED if getattr(said, name) is None))

    def _read(self, staged: Path, origin: Origin, called: str) -> Document:
        """Return the document as it will be read from the shelf, source.yaml considered."""
        add_entry(staged, origin)
        (read,) = read_reports([staged], lambda path: path.name, self._areas)
        if isinstance(read, InputError):
            raise InputError(called, read.code, read.reason)
        return read

    def _noted(self, size: int, origin: Origin) -> Path | None:
        """Return where the same document lies; what is known of it is written down where nothing was."""
        path = self.find(size, origin.sha256 or "")
        if path and origin.url and not has_entry(path):
            add_entry(path, origin)
        return path


def proper_name(name: str) -> str:
    """Return a file name that every file system takes and the inbox sees."""
    plain = _ODD.sub("_", unicodedata.normalize("NFC", name)).lstrip(". ").rstrip(". ") or "report"
    if plain in NOT_REPORTS:
        plain = f"report-{plain}"
    stem, suffix = PurePath(plain).stem, PurePath(plain).suffix[:20]
    short = stem.encode()[: _MOST_NAME_BYTES - len(suffix.encode())].decode(errors="ignore")
    return short + suffix


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _size(file: Path) -> int:
    if not file.exists():
        raise InputError(str(file), "E_MISSING", "no such file")
    if file.is_dir():
        raise InputError(str(file), "E_FOLDER", "this is a folder, not a report")
    if not file.is_file():
        raise InputError(str(file), "E_ACCESS", "this is not a regular file")
    return file.stat().st_size


def _commit(staged: Path, path: Path, entry: Origin) -> None:
    """Move a document to its place and write its entry; undo both where one fails."""
    made = [folder for folder in path.parents if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with staged.open("rb") as file:
            os.fsync(file.fileno())
        staged.rename(path)
        add_entry(path, entry)
    except BaseException:
        path.unlink(missing_ok=True)
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        raise


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other programs from putting documents into a folder at the same time."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
