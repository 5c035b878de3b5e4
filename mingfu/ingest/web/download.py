"""A download: a document into a file, within limits, going on where an earlier attempt broke off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from email.message import Message
from pathlib import Path, PurePosixPath
from urllib.parse import unquote_to_bytes

from mingfu.errors import InputError
from mingfu.ingest.formats import FORMATS
from mingfu.ingest.reading import MOST_BYTES
from mingfu.ingest.web.clock import Again
from mingfu.ingest.web.exchange import Answer

# What servers call files of which they know, or say, no more.
_UNSAID = {
    *("application/octet-stream", "binary/octet-stream", "application/x-octet-stream", "application/download"),
    *("application/x-download", "application/x-msdownload", "application/force-download", "application/unknown"),
}
_OTHER_NAMES = {
    "application/xhtml+xml": "html",
    "application/x-pdf": "pdf",
    "application/vnd.ms-word": "doc",
    "application/vnd.ms-works": "doc",
    "application/kswps": "doc",
    "application/wps-office.doc": "doc",
    "application/wps-office.wps": "doc",
    "application/wps-office.docx": "docx",
    "application/x-ofd": "ofd",
    "application/vnd.ofd": "ofd",
    "text/rtf": "rtf",
    "text/x-markdown": "markdown",
    "image/jpg": "jpeg",
    "image/pjpeg": "jpeg",
    "image/x-ms-bmp": "bmp",
    "multipart/related": "html",
    "message/rfc822": "html",
}
_FORMAT_OF = {known.media_type: known.name for known in FORMATS.values()} | _OTHER_NAMES
_SUFFIXES = {suffix for known in FORMATS.values() for suffix in known.suffixes if suffix}
_RANGE = re.compile(r"bytes (?P<start>\d{1,15})-(?P<end>\d{1,15})/(?P<total>\d{1,15}|\*)")


@dataclass(frozen=True, slots=True)
class Version:
    """By what a server knows a state of a document again."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def condition(self) -> dict[str, str]:
        """The headers that ask for the document only where it has changed."""
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in pairs.items() if value}

    @property
    def sure(self) -> str | None:
        """What tells this state byte by byte from any other, if anything does."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


@dataclass(frozen=True, slots=True)
class Received:
    """A document that was received: the name that its server gives it, and its version."""

    name: str
    version: Version


class Download:
    """Receives a document into the file `part`; None where it is still of the version `known`.

    What arrived of a document whose server can tell versions apart stays in `part` when an attempt breaks
    off, and is completed by the next one, also of a later download into the same file.
    """

    def __init__(self, part: Path, known: Version | None = None) -> None:
        self._part = part
        self._note = part.with_name(part.name + ".json")
        self._known = known or Version()

    def headers(self) -> Mapping[str, str]:
        """Return the headers that ask for what is missing, or for what is new."""
        version = self._begun()
        if version and version.sure:
            return {"Accept": "*/*", "Range": f"bytes={self._part.stat().st_size}-", "If-Range": version.sure}
        return {"Accept": "*/*", **self._known.condition}

    def takes(self, status: int) -> bool:
        """Tell whether an answer of this status is understood."""
        return status in (200, 206, 416) or (status == 304 and bool(self._known.condition))

    def receive(self, answer: Answer) -> Received | None:
        """Write the body; raise InputError where it cannot be a report, Again where it broke off."""
        if answer.status == 304:
            return None
        try:
            media_type = _media_type(answer)
            version = Version(_plain(answer.header("etag")), _plain(answer.header("last-modified")))
            if answer.status == 200:
                self._write(answer, version)
            else:
                self._complete(answer, version)
        except BaseException as error:
            if isinstance(error, InputError) or not self._note.is_file():
                self.forget()
            raise
        self._note.unlink(missing_ok=True)
        return Received(_name(answer, media_type), version)

    def forget(self) -> None:
        """Remove what arrived."""
        self._part.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _begun(self) -> Version | None:
        """Return the version of which a part is there."""
        if not self._note.is_file() or not self._part.is_file():
            return None
        return Version(**json.loads(self._note.read_text(encoding="utf-8")))

    def _write(self, answer: Answer, version: Version) -> None:
        self.forget()
        if version.sure and not answer.coding:
            self._note.write_text(json.dumps(asdict(version)), encoding="utf-8")
        with self._part.open("wb") as file:
            for piece in _within_limits(answer):
                file.write(piece)

    def _complete(self, answer: Answer, version: Version) -> None:
        """Write what is missing; raise Again, and begin anew, where the answer does not fit what is there."""
        span = _RANGE.fullmatch(answer.header("content-range") or "")
        begun = self._begun()
        there = self._part.stat().st_size if begun else 0
        if not span or answer.status != 206 or answer.coding or begun != version or int(span["start"]) != there:
            self.forget()
            raise Again("its server does not go on where it broke off", 0.0)
        with self._part.open("ab") as file:
            for piece in _within_limits(answer, there):
                file.write(piece)
            if span["total"] != "*" and file.tell() < int(span["total"]):
                raise Again("its server sent less than the rest")


def _within_limits(answer: Answer, there: int = 0) -> Iterator[bytes]:
    length = answer.header("content-length") or ""
    if length.isascii() and length.isdecimal() and there + int(length[:18]) > MOST_BYTES:
        raise InputError(str(answer.address), "E_TOO_LARGE", f"it has more than {MOST_BYTES // 1_000_000} MB")
    return answer.body(MOST_BYTES - there)


def _media_type(answer: Answer) -> str:
    """Return the media type that the server names; raise InputError E_FORMAT where it is none of a report."""
    media_type = (answer.header("content-type") or "").split(";")[0].strip().lower()
    if answer.status == 200 and media_type and media_type not in _UNSAID and media_type not in _FORMAT_OF:
        raise InputError(str(answer.address), "E_FORMAT", f"by its server it is {_plain(media_type)}, not a report")
    return media_type


def _name(answer: Answer, media_type: str) -> str:
    """Return the name that a server gives a document, with a suffix that says its format."""
    last = answer.address.target.split("?")[0].rsplit("/", 1)[-1]
    name = _attached(answer) or _decoded(unquote_to_bytes(last)) or last or answer.address.host
    if PurePosixPath(name).suffix.lower() in _SUFFIXES or media_type not in _FORMAT_OF:
        return name
    return name + next(filter(None, FORMATS[_FORMAT_OF[media_type]].suffixes))


def _attached(answer: Answer) -> str | None:
    """Return the file name of a Content-Disposition, with all that servers do to its characters undone."""
    message = Message()
    message["Content-Disposition"] = _decoded(answer.headers.get("content-disposition", b"")) or ""
    name = message.get_filename()
    return name and (_decoded(unquote_to_bytes(name)) or name)


def _decoded(data: bytes) -> str | None:
    """Return the text of a name in one of the encodings in use."""
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return None


def _plain(value: str | None) -> str | None:
    """Return the value of a header where it can be sent back: printable ASCII of moderate length."""
    return value if value and len(value) <= 500 and value.isascii() and value.isprintable() else None
