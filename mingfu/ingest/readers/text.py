"""Plain text: the file's own characters, so that offsets into it hold; lines with tabs may be tables."""

from __future__ import annotations

from mingfu.ingest.encodings import decode
from mingfu.ingest.reading import File, Reading
from mingfu.ingest.tabbed import places_of


def read(file: File) -> Reading:
    """Return the text as it stands in the file; raise InputError E_ENCODING or E_BINARY."""
    text, encoding = decode(file.data, file.name)
    return Reading(text, tuple(places_of(text)), encoding)
