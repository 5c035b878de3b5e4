"""The guard: connections to public addresses alone, to exactly the one that was checked.

A name is resolved here, once for each connection; every address that it has must be public, and the
connection goes to the address, not to the name, so that no second answer can lead elsewhere.  Proxies
that the environment names are not asked.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address
from math import inf
from ssl import SSLContext
from typing import Any

from httpcore import ConnectError, ConnectTimeout, NetworkBackend, NetworkStream, SyncBackend

from mingfu.errors import InputError
from mingfu.ingest.web.address import PORTS
from mingfu.ingest.web.clock import Again, Clock
from mingfu.ingest.web.networks import not_public

Resolve = Callable[[str], Sequence[str]]


def resolve(host: str) -> list[str]:
    """Return the IP addresses of a name; raise InputError E_FETCH where it has none, Again where nobody answers."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise Again(f"the name {host} cannot be resolved now") from error
        raise InputError(host, "E_FETCH", f"there is no host of the name {host}") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Guard:
    """What may be connected to: public addresses on the ports of the web, and the (address, port) pairs `allowed`.

    `allowed` is for tests, which have a server on the loopback.
    """

    def __init__(self, resolve: Resolve = resolve, allowed: Iterable[tuple[str, int]] = ()) -> None:
        self._resolve = resolve
        self._allowed = frozenset(allowed)
        self.ports = frozenset(PORTS.values()) | {port for _, port in self._allowed}

    def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host; raise InputError E_URL where one of them may not be connected to."""
        found = [host] if _is_literal(host) else list(self._resolve(host))
        if not found:
            raise InputError(host, "E_FETCH", f"there is no host of the name {host}")
        for address in found:
            what = not_public(address)
            if (address, port) not in self._allowed and (what or port not in PORTS.values()):
                called = host if address == host else f"{address}, where the name {host} leads,"
                raise InputError(host, "E_URL", f"{called} is not a public address: {what or f'port {port}'}")
        return found


class Line(NetworkBackend):
    """The connections of one request: made by the guard, and cut when the request takes longer than `seconds`."""

    def __init__(self, guard: Guard, clock: Clock, seconds: float) -> None:
        self._guard, self._clock = guard, clock
        self._end, self._seconds = clock.now() + seconds, seconds

    def left(self, timeout: float | None) -> float:
        """Return the seconds that one step may take; raise Again when the request has had its time."""
        self._clock.check()
        left = self._end - self._clock.now()
        if left <= 0:
            raise Again(f"the server took longer than {self._seconds:g} seconds", inf)
        return left if timeout is None else min(left, timeout)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        """Connect to the first address of a host that answers."""
        addresses = self._guard.addresses(host, port)
        for address in addresses[:-1]:
            try:
                return self._connect(address, port, timeout)
            except (ConnectError, ConnectTimeout):
                continue
        return self._connect(addresses[-1], port, timeout)

    def _connect(self, address: str, port: int, timeout: float | None) -> NetworkStream:
        return _Stream(SyncBackend().connect_tcp(address, port, self.left(timeout)), self)


class _Stream(NetworkStream):
    """A connection, each step of which asks the line for time."""

    def __init__(self, stream: NetworkStream, line: Line) -> None:
        self._stream, self._line = stream, line

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._line.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._line.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._line.left(timeout)), self._line)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
