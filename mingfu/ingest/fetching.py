"""Fetching: documents from the web onto the shelf, one by its address or all that sources.csv lists.

Several hosts are asked at a time, each for one document after the other.
"""

from __future__ import annotations

import fcntl
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from mingfu.errors import InputError
from mingfu.ingest.areas import load_areas
from mingfu.ingest.memory import Memo, Memory
from mingfu.ingest.origin import Origin
from mingfu.ingest.shelf import Shelf, Shelved, digest, proper_name
from mingfu.ingest.sourcelist import FILE_NAME, Wanted, read_sources
from mingfu.ingest.web.address import Address
from mingfu.ingest.web.download import Download, Version
from mingfu.ingest.web.politeness import Visitor
from mingfu.project import Project

HOSTS = 8
_PARTS = ".fetching"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an address of the list.

    `status` is added, known (its document lies there already), unchanged, earlier (asked before the run
    was interrupted) or failed; `message` says more.
    """

    url: str
    status: str
    path: Path | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document as it was put on the shelf, and its version on the server."""

    shelved: Shelved
    version: Version


def fetch_one(
    shelf: Shelf, visitor: Visitor, wanted: Wanted, part: Path, known: Version | None = None
) -> Fetched | None:
    """Fetch a document and put it on the shelf; None where it is still of the version known.

    Raise InputError where it cannot be had or read.
    """
    url = str(wanted.address)
    download = Download(part, known)
    received = visitor.visit(wanted.address, download)
    if received is None:
        return None
    try:
        with shelf.staging() as folder:
            staged = part.rename(folder / proper_name(received.name))
            origin = replace(wanted.origin, url=url, accessed=visitor.clock.today())
            return Fetched(shelf.put(staged, origin, url), received.version)
    finally:
        download.forget()


def add_address(shelf: Shelf, visitor: Visitor, address: Address) -> Shelved:
    """Fetch the document at an address and put it on the shelf; raise InputError where it cannot be had or read."""
    with shelf.staging() as folder:
        fetched = fetch_one(shelf, visitor, Wanted(address, Origin()), folder / "part")
    assert fetched
    return fetched.shelved


class Fetch:
    """A walk through data/raw/sources.csv; raise SchemaError, with all of them, for faults in it."""

    def __init__(self, project: Project, visitor: Visitor) -> None:
        self._visitor = visitor
        self._raw = project.raw
        areas = load_areas(project.schemas / "areas.csv")
        self.wanted = read_sources(self._raw / FILE_NAME, areas, visitor.guard.ports)
        self._memory = Memory(self._raw)
        self._shelf = Shelf(project)

    def plan(self) -> Iterator[tuple[Wanted, str]]:
        """Yield for each address of the list what a run would do: skip it, ask whether it is new, or fetch it."""
        for wanted in self.wanted:
            memo, path = self._remembered(wanted)
            if memo and memo.round == self._memory.round:
                yield wanted, "skip: asked before the last run was interrupted"
            elif path:
                yield wanted, f"ask whether it is newer than {path.relative_to(self._raw).as_posix()}"
            else:
                yield wanted, "fetch"

    def run(self, tell: Callable[[Outcome], None]) -> list[Outcome]:
        """Fetch everything; tell of each outcome when it is there, and return them in the order of the list.

        What fails stops nothing else.
        """
        outcomes: dict[str, Outcome] = {}
        with self._alone(), ThreadPoolExecutor(HOSTS, thread_name_prefix="host") as threads:
            walks = [threads.submit(self._walk, wanted, tell, outcomes) for wanted in self._by_host()]
            try:
                for walk in as_completed(walks):
                    walk.result()
            except BaseException:
                self._visitor.clock.stop()
                threads.shutdown(cancel_futures=True)
                raise
            self._memory.complete()
        with suppress(OSError):  # what can be gone on with stays
            (self._raw / _PARTS).rmdir()
        return [outcomes[str(wanted.address)] for wanted in self.wanted]

    def _by_host(self) -> Sequence[list[Wanted]]:
        hosts: dict[str, list[Wanted]] = defaultdict(list)
        for wanted in self.wanted:
            hosts[wanted.address.host].append(wanted)
        return list(hosts.values())

    def _walk(self, all_wanted: list[Wanted], tell: Callable[[Outcome], None], outcomes: dict[str, Outcome]) -> None:
        for wanted in all_wanted:
            self._visitor.clock.check()
            try:
                outcome = self._outcome(wanted)
            except InputError as error:
                outcome = Outcome(str(wanted.address), "failed", message=str(error))
            except OSError as error:
                outcome = Outcome(str(wanted.address), "failed", message=str(not_kept(str(wanted.address), error)))
            outcomes[outcome.url] = outcome
            tell(outcome)

    def _outcome(self, wanted: Wanted) -> Outcome:
        url = str(wanted.address)
        memo, path = self._remembered(wanted)
        if memo and memo.round == self._memory.round:
            return Outcome(url, "earlier", path)
        folder = self._raw / _PARTS
        folder.mkdir(exist_ok=True)
        part = folder / sha256(url.encode()).hexdigest()
        fetched = fetch_one(self._shelf, self._visitor, wanted, part, memo.version if memo and path else None)
        if fetched is None:
            assert memo
            self._memory.keep(replace(memo, round=self._memory.round))
            return Outcome(url, "unchanged", path)
        self._memory.keep(self._memo(url, fetched))
        shelved = fetched.shelved
        return Outcome(url, "added" if shelved.new else "known", shelved.path, advice(shelved))

    def _remembered(self, wanted: Wanted) -> tuple[Memo | None, Path | None]:
        """Return what is known of an address, and where its document lies if it still does."""
        memo = self._memory.of(str(wanted.address))
        return memo, self._shelf.find(memo.bytes, memo.sha256) if memo else None

    def _memo(self, url: str, fetched: Fetched) -> Memo:
        path, version = fetched.shelved.path, fetched.version
        size = path.stat().st_size
        return Memo(url, digest(path), size, version.etag, version.last_modified, self._memory.round)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Raise InputError where another run is at work on the same list."""
        with (self._raw / FILE_NAME).open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InputError(
                    str(self._raw / FILE_NAME), "E_ACCESS", "another mingfu fetch is at work on it"
                ) from None
            yield


def not_kept(source: str, error: OSError) -> InputError:
    """Return the error for a document that the disk does not take."""
    return InputError(source, "E_ACCESS", f"it cannot be put into data/raw/: {error.strerror or error}")


def advice(shelved: Shelved) -> str:
    """Return what a person must still do about a document on the shelf; nothing, as a rule."""
    if not shelved.missing:
        return ""
    return f"its text does not say {' and '.join(shelved.missing)}: state it in source.yaml beside the file"
