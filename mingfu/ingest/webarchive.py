"""Saved pages: which bytes are the page, what they are encoded in, and where they came from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message

from mingfu.errors import InputError
from mingfu.ingest.encodings import decode, decode_strictly, plausibility
from mingfu.ingest.reading import File

MOST_CHARACTERS = 30_000_000  # of a page with its scripts and inlined pictures
_HEAD = 8192
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]+)", re.I
)
_CODECS = {
    "utf-8": ("utf-8", "utf8", "unicode", "utf-16", "utf-16le", "utf-16be"),  # who could read utf-16 there knows better
    "gb18030": ("gb18030", "gbk", "gb2312", "gb_2312-80", "x-gbk", "chinese", "cp936", "ms936"),
    "big5hkscs": ("big5", "big5-hkscs", "big5hkscs", "x-x-big5", "cp950"),
}
_CODEC_OF = {name: codec for codec, names in _CODECS.items() for name in names}
# Browsers pass over control characters; in none of the encodings above are these part of a character.
_CONTROL = bytes((*range(1, 9), *range(0x0E, 0x20), 0x7F))
_PLAUSIBLE = 0.5
_LOST = "\ufffd"
_MOST_LOST = 0.001
_MAIL = re.compile(rb"content-type:\s*multipart/related", re.I)


@dataclass(frozen=True, slots=True)
class Page:
    """The source of a page, the encoding that it was in, and its address where the file tells.

    A character that cannot be decoded is U+FFFD, if there are few of them.
    """

    html: str
    encoding: str
    url: str | None = None


def pages_of(file: File) -> Iterator[Page]:
    """Yield the page of a file, and of a web archive (MHTML) the pages in it, frames last.

    Raise InputError E_ENCODING or E_BINARY where one cannot be decoded, E_DAMAGED for an archive that
    is cut off or without a page, E_TOO_LARGE.
    """
    if file.data.lstrip().startswith(b"<") or not _MAIL.search(file.data[:_HEAD]):
        yield _page(file, file.data, None)
        return
    message = message_from_bytes(file.data)
    if any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in message.defects):
        raise file.error("E_DAMAGED", "it is a web archive that is cut off")
    parts = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    if not parts:
        raise file.error("E_DAMAGED", "it is a web archive without a page in it")
    for part in parts:
        payload = part.get_payload(decode=True)
        page = _page(file, payload if isinstance(payload, bytes) else b"", part.get_content_charset())
        yield replace(page, url=_address(part) or _address(message))


def _address(part: Message) -> str | None:
    address = part.get("Snapshot-Content-Location") or part.get("Content-Location") or ""
    return str(address) if str(address).startswith("http") else None


def _page(file: File, data: bytes, charset: str | None) -> Page:
    data = data.translate(None, _CONTROL) if b"\x00" not in data else data
    html, encoding = _decoded(file, data, charset)
    if len(html) > MOST_CHARACTERS:
        raise file.error("E_TOO_LARGE", f"it is a page of more than {MOST_CHARACTERS:,} characters")
    return Page(html, encoding)


def _decoded(file: File, data: bytes, charset: str | None) -> tuple[str, str]:
    """Return the text in the encoding that the page declares, if that can be right, or else in the most plausible."""
    match = _DECLARED.search(data[:_HEAD])
    declared = charset or (match and (match[1] or match[2]).decode("ascii", "replace")) or ""
    codec = _CODEC_OF.get(declared.lower())
    text = decode_strictly(data, codec) if codec else None
    if codec and text is not None and plausibility(text) >= _PLAUSIBLE:
        return text, codec
    try:
        return decode(data, file.name)
    except InputError:
        text = data.decode(codec or "utf-8", "replace")
        if b"\x00" in data or text.count(_LOST) > _MOST_LOST * len(text) or plausibility(text) < _PLAUSIBLE:
            raise
        return text, codec or "utf-8"
