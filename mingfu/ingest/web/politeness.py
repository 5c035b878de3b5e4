"""Politeness: what a host asks of programs (robots.txt), one request at a time, pauses between them, and patience."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Protocol, TypeVar

from protego import Protego

from mingfu.errors import InputError
from mingfu.ingest.web.address import Address, redirected
from mingfu.ingest.web.clock import Again, Clock
from mingfu.ingest.web.exchange import Answer, ask
from mingfu.ingest.web.guard import Guard

PROGRAM = "mingfu"
ATTEMPTS = 4
BACKOFF = 2.0  # seconds before the second attempt, doubled before each further one
PAUSE = 1.0
LONGEST_WAIT = 300.0
MOST_REDIRECTS = 5
SECONDS = 300.0  # that one request may take
ROBOTS_SECONDS = 30.0
ROBOTS_BYTES = 512_000  # RFC 9309 asks for at least 500 KiB
_REDIRECTS = (301, 302, 303, 307, 308)
_LATER = (408, 425, 429, 500, 502, 503, 504)
_NO_RULES = Protego.parse("")
T_co = TypeVar("T_co", covariant=True)


class Receiver(Protocol[T_co]):
    """Who asks for an address: which headers to send, which answers it takes, and what it makes of one."""

    def headers(self) -> Mapping[str, str]:
        """Return the headers of the next attempt."""

    def takes(self, status: int) -> bool:
        """Tell whether an answer of this status is for the receiver."""

    def receive(self, answer: Answer) -> T_co:
        """Make something of the answer; raise Again where it broke off."""


class Host:
    """One request at a time, each some time after the one before."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._turn = threading.Lock()
        self._free = 0.0
        self.rules_turn = threading.Lock()
        self.rules: dict[str, Protego | InputError] = {}

    @contextmanager
    def turn(self, pause: float) -> Iterator[None]:
        """Wait until the host may be asked again, and keep others waiting meanwhile."""
        with self._turn:
            self._clock.sleep(max(0.0, self._free - self._clock.now()))
            try:
                yield
            finally:
                self._free = self._clock.now() + pause


class Visitor:
    """Asks hosts for addresses, politely; may be shared by threads."""

    def __init__(self, guard: Guard, contact: str, clock: Clock | None = None) -> None:
        from importlib.metadata import version

        self.clock = clock or Clock()
        self.guard = guard
        self._agent = f"{PROGRAM}/{version('mingfu')} (+{contact})"
        self._hosts: dict[str, Host] = {}
        self._adding = threading.Lock()

    def visit(self, address: Address, receiver: Receiver[T_co]) -> T_co:
        """Return what the receiver makes of the answer, behind a few redirects.

        Raise InputError E_URL or E_FETCH, and whatever the receiver raises.
        """
        asked = address
        try:
            for _ in range(MOST_REDIRECTS + 1):
                found = self._patiently(asked, receiver, self._pause(asked))
                if not isinstance(found, Address):
                    return found
                asked = found
        except InputError as error:
            if asked == address:
                raise
            raise InputError(str(address), error.code, f"it redirects to {asked}: {error.reason}") from error
        raise InputError(str(address), "E_FETCH", f"its server redirects more than {MOST_REDIRECTS} times")

    def _patiently(
        self, address: Address, receiver: Receiver[T_co], pause: float, seconds: float = SECONDS
    ) -> T_co | Address:
        """Ask until there is an answer; raise InputError E_FETCH when it has been enough."""
        host = self._host(address)
        for attempt in range(ATTEMPTS):
            try:
                with host.turn(pause):
                    return self._once(address, receiver, seconds)
            except Again as again:
                wait = BACKOFF * 2**attempt if again.after is None else again.after
                if attempt == ATTEMPTS - 1 or wait > LONGEST_WAIT:
                    raise InputError(str(address), "E_FETCH", again.reason) from again
            except InputError as error:
                raise InputError(str(address), error.code, error.reason) from error
            self.clock.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _once(self, address: Address, receiver: Receiver[T_co], seconds: float) -> T_co | Address:
        # Compressed answers could not be resumed where they broke off.
        headers = {"User-Agent": self._agent, "Accept-Encoding": "identity", "Connection": "close"}
        with ask(address, headers | dict(receiver.headers()), self.guard, self.clock, seconds) as answer:
            if receiver.takes(answer.status):
                return receiver.receive(answer)
            location = answer.headers.get("location")
            if answer.status in _REDIRECTS and location is not None:
                return redirected(address, location, self.guard.ports)
            reason = f"its server answers {answer.status}"
            if answer.status in _LATER:
                raise Again(reason, self._retry_after(answer))
            raise InputError(str(address), "E_FETCH", reason)

    def _retry_after(self, answer: Answer) -> float | None:
        """Return the seconds of Retry-After, which is a number or a date."""
        value = answer.header("retry-after") or ""
        if value.isascii() and value.isdecimal():
            return float(value[:9])
        try:
            then = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        then = then if then.tzinfo else then.replace(tzinfo=UTC)
        return max(0.0, (then - self.clock.today()).total_seconds())

    def _pause(self, address: Address) -> float:
        """Return how long to pause after a request; raise InputError E_FETCH where robots.txt asks us to stay away."""
        host = self._host(address)
        with host.rules_turn:
            if address.origin not in host.rules:
                host.rules[address.origin] = self._rules(address)
        rules = host.rules[address.origin]
        if isinstance(rules, InputError):
            where = f"{rules.path}: " if rules.code == "E_FETCH" else ""
            raise InputError(str(address), rules.code, where + rules.reason)
        if not rules.can_fetch(str(address), PROGRAM):
            raise InputError(str(address), "E_FETCH", f"{address.origin}/robots.txt asks programs not to take it")
        pause = rules.crawl_delay(PROGRAM) or 0.0
        if not pause <= LONGEST_WAIT:
            raise InputError(str(address), "E_FETCH", f"its server asks programs to pause {pause:g} seconds each time")
        return max(PAUSE, pause)

    def _rules(self, address: Address) -> Protego | InputError:
        """Return the rules of a server: all is allowed where it has none, nothing where it cannot say (RFC 9309)."""
        asked = replace(address, target="/robots.txt")
        try:
            for _ in range(MOST_REDIRECTS + 1):
                found = self._patiently(asked, _Rules(), PAUSE, ROBOTS_SECONDS)
                if not isinstance(found, Address):
                    return found
                asked = found
        except InputError as error:
            return error
        return _NO_RULES

    def _host(self, address: Address) -> Host:
        with self._adding:
            return self._hosts.setdefault(address.host, Host(self.clock))


class _Rules:
    """Receives robots.txt, of which everything behind the first part may be left."""

    def headers(self) -> Mapping[str, str]:
        return {"Accept": "text/plain"}

    def takes(self, status: int) -> bool:
        return 200 <= status < 300 or (400 <= status < 500 and status not in _LATER)

    def receive(self, answer: Answer) -> Protego:
        if answer.status != 200:
            return _NO_RULES
        text = bytearray()
        for piece in answer.body(100 * ROBOTS_BYTES):
            text += piece
            if len(text) > ROBOTS_BYTES:
                break
        return Protego.parse(text[:ROBOTS_BYTES].decode("utf-8", "replace").lstrip("\ufeff"))
