"""Archives: a zip file opened with care, since a small one can unpack to far more than memory holds.

Before anything is unpacked, the entries are counted and must lie one behind the other (entries that
share bytes are how 20 kB become gigabytes); then every byte that comes out is counted.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from itertools import pairwise

from mingfu.ingest.reading import File

MOST_ENTRIES = 10_000
MOST_IN_ENTRY = 64_000_000  # bytes
MOST_UNPACKED = 200_000_000  # bytes of all entries that are read
_HIGHEST_RATIO = 300  # Word's most monotonous tables reach 100
_SURELY_SMALL = 4_000_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOCAL_HEADER = 30
_UTF8 = 0x800


class Archive:
    """The entries of a zip file by name, with slashes between the parts of a name."""

    def __init__(self, file: File) -> None:
        """Open an archive; raise InputError E_DAMAGED, E_ENCRYPTED or E_TOO_LARGE where it is not safe to."""
        self._file = file
        if file.data.count(b"PK\x01\x02") > MOST_ENTRIES:
            raise file.error("E_TOO_LARGE", f"it is an archive of more than {MOST_ENTRIES:,} files")
        try:
            self._zip = zipfile.ZipFile(BytesIO(file.data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise file.error("E_DAMAGED", f"it is an archive that is cut off or damaged: {error}") from error
        self._left = MOST_UNPACKED
        self._refuse_overlaps()
        self._entries = self._named()
        self.names = frozenset(self._entries)

    def read(self, name: str) -> bytes:
        """Return the bytes of an entry; raise InputError where there is none, or more than can be right."""
        entry = self._entries.get(name)
        if entry is None:
            raise self._file.error("E_DAMAGED", f"{name} is missing in it")
        self._refuse(entry)
        try:
            with self._zip.open(entry) as stream:
                data = stream.read(entry.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
            raise self._file.error("E_DAMAGED", f"{name} in it cannot be unpacked: {error}") from error
        self._left -= len(data)
        return data

    def _refuse(self, entry: zipfile.ZipInfo) -> None:
        name, size = entry.filename, entry.file_size
        if entry.flag_bits & 1:
            raise self._file.error("E_ENCRYPTED", f"{name} in it is encrypted")
        if entry.compress_type not in _METHODS:
            raise self._file.error("E_DAMAGED", f"{name} in it is packed in a way that documents are not")
        if size > min(MOST_IN_ENTRY, self._left):
            raise self._file.error("E_TOO_LARGE", f"{name} in it unpacks to {size:,} bytes")
        if size > max(_SURELY_SMALL, _HIGHEST_RATIO * entry.compress_size):
            raise self._file.error("E_TOO_LARGE", f"{entry.compress_size:,} bytes of it unpack to {size:,}")

    def _refuse_overlaps(self) -> None:
        entries = sorted(self._zip.infolist(), key=lambda entry: entry.header_offset)
        starts = [entry.header_offset for entry in entries[1:]]
        names = [self._local_name(entry) for entry in entries]
        ends = [end + entry.compress_size for entry, (_, end) in zip(entries, names, strict=True)]
        if any(end > start for end, start in zip(ends, [*starts, self._zip.start_dir], strict=False)):
            raise self._file.error("E_DAMAGED", "it is an archive whose files overlap")
        if any(name != _raw_name(entry) for entry, (name, _) in zip(entries, names, strict=True)):
            raise self._file.error("E_DAMAGED", "it is an archive whose list of files is not that of the files in it")

    def _local_name(self, entry: zipfile.ZipInfo) -> tuple[bytes, int]:
        """Return the name that stands before an entry's bytes, and where these begin."""
        start = entry.header_offset + _LOCAL_HEADER
        lengths = self._file.data[start - 4 : start]
        end = start + int.from_bytes(lengths[:2], "little")
        return self._file.data[start:end], end + int.from_bytes(lengths[2:], "little")

    def _named(self) -> dict[str, zipfile.ZipInfo]:
        pairs = sorted((_path(entry.filename), entry.header_offset, entry) for entry in self._zip.infolist())
        twice = next((a[0] for a, b in pairwise(pairs) if a[0] == b[0]), None)
        if twice is not None:
            raise self._file.error("E_DAMAGED", f"{twice} stands in it twice")
        outside = next((name for name, *_ in pairs if ".." in name.split("/") or name.startswith("/")), None)
        if outside is not None:
            raise self._file.error("E_DAMAGED", f"{outside} in it has a path that leads out of it")
        return {name: entry for name, _, entry in pairs}


def _raw_name(entry: zipfile.ZipInfo) -> bytes:
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8 else "cp437")


def _path(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./")
