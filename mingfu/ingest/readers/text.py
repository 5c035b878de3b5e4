"""Plain text: the file's own characters, so that offsets into it hold."""

from __future__ import annotations

from mingfu.ingest.encodings import decode
from mingfu.ingest.reading import File, Reading


def read(file: File) -> Reading:
    """Return the text as it stands in the file; raise InputError E_ENCODING or E_BINARY."""
    text, encoding = decode(file.data, file.name)
    return Reading(text, encoding=encoding)
