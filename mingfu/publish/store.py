"""The store of releases: one run at a time, releases that only appear whole, one pointer to the latest.

Beside releases/ and `latest` a store holds `.lock`, and while a run publishes `.latest` (the next pointer),
`releases/.staged` (the next release) and `releases/.removed` (one on its way out).
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mingfu.errors import StoreError
from mingfu.publish import disk
from mingfu.releases import LATEST, RELEASES, Release, pointed_at, releases_in

LOOK_SECONDS = 0.1  # between two looks at a lock that another run holds


@dataclass(frozen=True, slots=True)
class Store:
    """A store that is locked for this run; `open_store` makes it."""

    folder: Path

    @property
    def releases(self) -> Path:
        """The folder of the releases."""
        return self.folder / RELEASES

    @property
    def staged(self) -> Path:
        """The folder in which the next release is made."""
        return self.releases / ".staged"

    @property
    def latest(self) -> Release | None:
        """The release to which the pointer points."""
        return pointed_at(self.folder)

    def add(self, name: str) -> Path:
        """Turn the staged folder, already on the disk, into the latest release."""
        folder = self.releases / name
        self.staged.rename(folder)
        disk.sync(self.releases)
        disk.point(self.folder / LATEST, f"{RELEASES}/{name}")
        return folder

    def prune(self, kept: int, archive: Path | None) -> None:
        """Take away all but the last releases, to the archive if there is one."""
        for release in releases_in(self.folder)[:-kept]:
            if archive:
                _archive(release.folder, archive)
            self._take_away(release.folder)

    def _take_away(self, folder: Path) -> None:
        """Remove a release that disappears in one step, never by halves."""
        removed = self.releases / ".removed"
        folder.rename(removed)
        disk.sync(self.releases)
        disk.remove(removed)

    def recover(self) -> None:
        """Clear away what a killed run left, and finish what it had only to point at.

        Raises StoreError where the pointer or the releases are not as a run leaves them.
        """
        for rest in (self.staged, self.releases / ".removed", self.folder / f".{LATEST}"):
            disk.remove(rest)
        releases, latest = releases_in(self.folder), self.latest
        if latest is None and os.path.lexists(self.folder / LATEST):
            raise StoreError(str(self.folder / LATEST), "E_BROKEN", "does not point to a release that is there")
        if not releases or releases[-1] == latest:
            return
        newest = releases[-1]
        if [release.number for release in releases].count(newest.number) > 1:
            raise StoreError(str(self.releases), "E_BROKEN", f"two releases have the number {newest.number}")
        if not newest.manifest_hash.startswith(newest.short_hash):
            raise StoreError(str(newest.folder), "E_BROKEN", "its manifest is not the one that its name tells of")
        disk.sync(self.releases)
        disk.point(self.folder / LATEST, f"{RELEASES}/{newest.folder.name}")


@contextmanager
def open_store(folder: Path, wait: float = 0.0) -> Iterator[Store]:
    """Lock a store for one run, make it where there is none, and clear up what a killed run left.

    Waits at most `wait` seconds for another run.  Raises StoreError: E_LOCKED, or what the disk refuses.
    """
    with _locked(folder, wait):
        store = Store(folder)
        with disk.disk_errors(folder):
            disk.make_folder(store.releases)
            store.recover()
        try:
            yield store
        finally:
            with suppress(OSError):  # the next run tries again
                disk.remove(store.staged)


@contextmanager
def _locked(folder: Path, wait: float) -> Iterator[None]:
    """Hold the lock of a store, which ends with the process at the latest; it names its holder."""
    path = folder / ".lock"
    with disk.disk_errors(path):
        disk.make_folder(folder)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, disk.FILE_MODE)
    try:
        with disk.disk_errors(path):
            _acquire(handle, path, time.monotonic() + wait)
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
        yield
    finally:
        with suppress(OSError):  # what was published is published; the lock ends with the process
            os.close(handle)


def _acquire(handle: int, path: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = os.pread(handle, 200, 0).decode("utf-8", "replace").strip()
                raise StoreError(str(path), "E_LOCKED", f"{holder or 'another run'} is publishing") from None
            time.sleep(LOOK_SECONDS)
        else:
            return


def _archive(folder: Path, archive: Path) -> None:
    """Copy a release into the archive, where it appears whole, unless it is there already."""
    if (archive / folder.name).exists():
        return
    disk.make_folder(archive)
    part = archive / f".{folder.name}"
    disk.remove(part)
    shutil.copytree(folder, part)
    for path in (*part.iterdir(), part):
        disk.sync(path)
    part.rename(archive / folder.name)
    disk.sync(archive)
