"""Formats: what a file is, by its first bytes rather than by its name, and which reader reads it.

A format is a line of FORMATS and a module of readers/ with a function `read`; the libraries that a
reader needs are imported only when a file of its format comes.
"""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from pathlib import PurePath

from mingfu.errors import InputError
from mingfu.ingest.archive import Archive
from mingfu.ingest.encodings import plausibility
from mingfu.ingest.reading import MOST_BYTES, MOST_CHARACTERS, MOST_PLACES, File, Reading


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files: its name, media type, the module of readers/ that reads it, and usual suffixes."""

    name: str
    media_type: str
    reader: str
    suffixes: tuple[str, ...]


FORMATS = {
    known.name: known
    for known in (
        Format("text", "text/plain", "text", ("", ".txt", ".text")),
        Format("markdown", "text/markdown", "text", (".md",)),
        Format("html", "text/html", "html", (".html", ".htm", ".shtml", ".xhtml", ".mht", ".mhtml")),
        Format("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", (".docx",)),
        Format("doc", "application/msword", "office", (".doc", ".wps")),
        Format("rtf", "application/rtf", "office", (".rtf",)),
        Format("pdf", "application/pdf", "pdf", (".pdf",)),
        Format("ofd", "application/ofd", "ofd", (".ofd",)),
        Format("png", "image/png", "image", (".png",)),
        Format("jpeg", "image/jpeg", "image", (".jpg", ".jpeg")),
        Format("tiff", "image/tiff", "image", (".tif", ".tiff")),
        Format("bmp", "image/bmp", "image", (".bmp",)),
    )
}
_SUFFIXES = {suffix: known for known in FORMATS.values() for suffix in known.suffixes}
_SIGNS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"BM", "bmp"),
)
_COMMENTS = rb"\s*(?:<!--(?:(?!-->).)*-->\s*)*"
_PAGE = re.compile(_COMMENTS + rb"(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_MAIL = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?Content-Type:\s*multipart/related", re.I)
_TAG = re.compile(rb"</?[a-z]+[\s/>]|<!--", re.I)
_IDEOGRAPH = re.compile("[\u3400-\u9fff]")
_PLAUSIBLE = 0.3  # less than of prose, for lists of names
_HEAD = 4096


def read_file(file: File) -> tuple[Format, Reading]:
    """Return the format and the text of a file; raise InputError where it cannot be read completely."""
    if not file.data.strip(b"\x00\r\n\t "):
        raise file.error("E_EMPTY", "the file is empty")
    if len(file.data) > MOST_BYTES:
        raise file.error("E_TOO_LARGE", f"it has more than {MOST_BYTES // 1_000_000} MB")
    known = format_of(file)
    reading = _read(known, file)
    if len(reading.text) > MOST_CHARACTERS:
        raise file.error("E_TOO_LARGE", f"it holds more than {MOST_CHARACTERS:,} characters")
    if len(reading.places) > MOST_PLACES:
        raise file.error("E_TOO_LARGE", f"it has more than {MOST_PLACES:,} cells and paragraphs")
    if not reading.text.strip():
        raise file.error("E_EMPTY" if known.reader == "text" else "E_NO_TEXT", "no text was found in it")
    is_prose = known.reader == "text" or plausibility(reading.text) >= _PLAUSIBLE  # of plain text it is known
    if not is_prose or not _IDEOGRAPH.search(reading.text):
        raise file.error("E_NO_TEXT", "the characters that were found in it make no Chinese text")
    return known, reading


def _read(known: Format, file: File) -> Reading:
    try:
        reading: Reading = importlib.import_module(f"mingfu.ingest.readers.{known.reader}").read(file)
    except InputError:
        by_name = _SUFFIXES.get(PurePath(file.name).suffix.lower(), known)
        if known.reader == "text" != by_name.reader:
            raise file.error("E_DAMAGED", f"it is neither a {by_name.name} file, as its name says, nor text") from None
        raise
    return reading


def format_of(file: File) -> Format:
    """Return the format that a file's first bytes show, or else its name; raise InputError E_FORMAT for others."""
    head = file.data[:_HEAD]
    for sign, name in _SIGNS:
        if head.startswith(sign):
            return FORMATS[name]
    if b"%PDF-" in head[:1024]:
        return FORMATS["pdf"]
    if head.startswith(b"PK"):
        return _packed(file)
    if head.startswith((b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b")):
        raise file.error("E_FORMAT", "it is an archive: unpack it")
    plain = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    if _PAGE.match(plain) or _MAIL.match(plain):
        return FORMATS["html"]
    suffix = PurePath(file.name).suffix.lower()
    if suffix not in _SUFFIXES:
        accepted = ", ".join(sorted(filter(None, _SUFFIXES)))
        raise file.error("E_FORMAT", f"{suffix} files cannot be read, only {accepted}")
    by_name = _SUFFIXES[suffix]
    is_plain = by_name.reader == "text" or (by_name.reader == "html" and _TAG.search(file.data.replace(b"\x00", b"")))
    return by_name if is_plain else FORMATS["text"]


def _packed(file: File) -> Format:
    names = Archive(file).names
    if "[Content_Types].xml" in names and any(name.startswith("word/") for name in names):
        return FORMATS["docx"]
    if "OFD.xml" in names:
        return FORMATS["ofd"]
    raise file.error("E_FORMAT", "it is an archive that is neither a Word nor an OFD file: unpack it")
