"""One request and its answer: GET over HTTP/1.1, within limits of time and size, without redirects and cookies."""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

import httpcore

from mingfu.errors import InputError
from mingfu.ingest.web.address import Address
from mingfu.ingest.web.clock import Again, Clock
from mingfu.ingest.web.guard import Guard, Line

_STEP_SECONDS = 20
_PIECE = 1 << 16  # bytes
_TIMEOUTS = {"timeout": {"connect": _STEP_SECONDS, "read": _STEP_SECONDS, "write": _STEP_SECONDS}}


class Answer:
    """What a server answers: its status, its headers by lower-case name, and its body piece by piece."""

    def __init__(self, address: Address, response: httpcore.Response) -> None:
        self.address = address
        self.status = response.status
        self.headers = {name.decode("latin-1").lower(): value for name, value in response.headers}
        self._response = response

    def header(self, name: str) -> str | None:
        """Return a header of the answer by its lower-case name."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1").strip()

    @property
    def coding(self) -> str:
        """How the body is compressed; empty where it is not."""
        coding = (self.header("content-encoding") or "").lower()
        return "" if coding == "identity" else coding

    def body(self, most: int) -> Iterator[bytes]:
        """Yield the body decompressed; raise InputError E_TOO_LARGE after `most` bytes, Again where it breaks off."""
        count = 0
        for piece in self._pieces():
            count += len(piece)
            if count > most:
                raise InputError(str(self.address), "E_TOO_LARGE", f"it has more than {most // 1_000_000} MB")
            yield piece

    def _pieces(self) -> Iterator[bytes]:
        received = self._response.iter_stream()
        if not self.coding:
            yield from received
        elif self.coding in ("gzip", "x-gzip", "deflate"):
            yield from _inflate(received)
        else:
            raise InputError(str(self.address), "E_FETCH", f"its server compresses it in an unknown way, {self.coding}")


@contextmanager
def ask(address: Address, headers: Mapping[str, str], guard: Guard, clock: Clock, seconds: float) -> Iterator[Answer]:
    """Ask for an address; the body can be read while the context lasts.

    Raise InputError E_URL where the guard says so, E_FETCH where the server cannot be talked to, and
    Again where that may be different the next time.
    """
    url = httpcore.URL(
        scheme=address.scheme.encode(), host=address.host.encode(), port=address.port, target=address.target.encode()
    )
    named = [(name.encode(), value.encode()) for name, value in {"Host": address.place, **headers}.items()]
    line = Line(guard, clock, seconds)
    try:
        with (
            httpcore.HTTPConnection(url.origin, _certificates(), network_backend=line) as connection,
            connection.stream("GET", url, headers=named, extensions=_TIMEOUTS) as response,
        ):
            yield Answer(address, response)
    except httpcore.TimeoutException:
        raise Again(f"the server said nothing for {_STEP_SECONDS} seconds") from None
    except httpcore.NetworkError as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            reason = f"the server cannot prove to be {address.host}: {error.__cause__.verify_message}"
            raise InputError(str(address), "E_FETCH", reason) from error
        raise Again(f"the connection failed: {error or type(error).__name__}") from error
    except httpcore.ProtocolError as error:
        raise Again(f"the server does not keep to HTTP: {error}") from error


@cache
def _certificates() -> ssl.SSLContext:
    return httpcore.default_ssl_context()


def _inflate(received: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what compressed pieces hold, in pieces of limited size however well they are compressed."""
    unpacker = zlib.decompressobj(wbits=47)  # gzip or zlib, by its first bytes
    try:
        for piece in received:
            packed = piece
            while packed:
                if unpacker.eof:
                    unpacker = zlib.decompressobj(wbits=47)
                yield unpacker.decompress(packed, _PIECE)
                packed = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    except zlib.error as error:
        raise Again(f"the compressed answer is damaged: {error}") from error
    if not unpacker.eof:
        raise Again("the compressed answer breaks off")
