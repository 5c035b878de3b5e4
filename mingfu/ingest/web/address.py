"""Web addresses: read strictly, so that every program understands by them what we do.

Nothing is repaired: blanks, backslashes, control characters, full-width dots and digits, numbers in place
of an address and whatever else readers of addresses understand differently is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import NoReturn
from urllib.parse import quote, urljoin

import idna

from mingfu.errors import InputError

PORTS = {"http": 80, "https": 443}
_MOST = 2000
_SHAPE = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<target>[^#]*)(?:#.*)?", re.I)
_AUTHORITY = re.compile(r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<name>[^\[\]:@]+))(?::(?P<port>[0-9]{1,5}))?", re.I)
_FORBIDDEN = re.compile(
    r"[\s\x00-\x20\x7f-\xa0\\\"<>^`{|}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffc-\uffff]"
)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.I)
_ESCAPE = re.compile(r"%(?![0-9a-f]{2})", re.I)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# Names that no public host bears (RFC 6761, RFC 7686, RFC 8375 and what offices use at home).
_HOUSE_NAMES = {"localhost", "local", "internal", "intranet", "lan", "home", "onion", "arpa", "test", "invalid"}


@dataclass(frozen=True, slots=True)
class Address:
    """A web address: ASCII throughout, without credentials and without the part behind #."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def place(self) -> str:
        """Host and port as a request and an address write them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The address of the server, without path."""
        return f"{self.scheme}://{self.place}"

    def __str__(self) -> str:
        return self.origin + self.target


def read_address(text: str, ports: frozenset[int] = frozenset(PORTS.values())) -> Address:
    """Return an address on one of `ports`; raise InputError E_URL, without credentials, for any other text."""
    if len(text) > _MOST:
        _refuse(text, f"it has more than {_MOST} characters")
    if odd := _FORBIDDEN.search(text):
        _refuse(text, f"it holds the character U+{ord(odd[0]):04X}; copy it anew, or write it percent-encoded")
    shape = _SHAPE.fullmatch(text)
    if not shape or (scheme := shape["scheme"].lower()) not in PORTS:
        _refuse(text, "it does not begin with http:// or https://")
    if "@" in shape["authority"]:
        _refuse(text, "it holds a user name or password; reports are public, leave them out")
    parts = _AUTHORITY.fullmatch(shape["authority"])
    if not parts:
        _refuse(text, "its host is malformed")
    if _ESCAPE.search(shape["target"]):
        _refuse(text, "a % in it is not followed by two hexadecimal digits")
    port = int(parts["port"] or PORTS[scheme])
    if port not in ports:
        _refuse(text, f"it names port {port}, not {' or '.join(map(str, sorted(PORTS.values())))}")
    try:
        host = str(IPv6Address(parts["six"])) if parts["six"] else _host(parts["name"])
    except (ValueError, UnicodeError) as error:
        _refuse(text, f"its host is malformed: {error}")
    target = quote(shape["target"], safe="!#$%&'()*+,/:;=?@[]~-._")
    return Address(scheme, host, port, target if target.startswith("/") else f"/{target}")


def redirected(address: Address, location: bytes, ports: frozenset[int]) -> Address:
    """Return the address to which a server redirects; raise InputError E_URL where it may not be asked."""
    text = quote(location, safe=bytes(range(0x80)))
    try:
        if not _FORBIDDEN.search(text) and not _ABSOLUTE.match(text):
            text = urljoin(str(address), text)
        return read_address(f"{address.scheme}:{text}" if text.startswith("//") else text, ports)
    except ValueError as error:
        raise InputError(str(address), "E_URL", f"its server redirects to {shown(text)}: {error}") from None
    except InputError as error:
        raise InputError(str(address), "E_URL", f"its server redirects to {error.path}: {error.reason}") from None


def shown(text: str) -> str:
    """Return a text that is no proper address as messages may show it: no credentials, no control characters."""
    harmless = re.sub(r"(?s)^(\s*[a-z][a-z0-9+.-]*:)?.*@", r"\1//…@", text, flags=re.I)
    cut = harmless if len(harmless) <= 200 else harmless[:200] + "…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in cut)


def _host(name: str) -> str:
    """Return a host name in ASCII, or an IPv4 address in its usual form; raise ValueError for others."""
    if any(char in "。．｡" or (char.isdigit() and not char.isascii()) for char in name):
        raise ValueError("its dots or digits are not plain ones")
    host = "".join(char.lower() if char.isascii() else char for char in name)
    if not host.isascii():
        host = idna.encode(host).decode("ascii")
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return str(IPv4Address(host))
    if len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise ValueError("a name consists of letters, digits, hyphens and dots")
    if len(labels) < 2 or labels[-1] in _HOUSE_NAMES:
        raise ValueError("this is not the name of a public host")
    for label in labels:
        if label.startswith("xn--"):
            idna.ulabel(label)
    return host


def _refuse(text: str, reason: str) -> NoReturn:
    raise InputError(shown(text), "E_URL", reason)
