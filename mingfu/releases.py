"""How published releases lie on the disk, for all who read them.

    data/published/releases/0002_2027-04-02_1f3a9c0b7d2e/    one release, immutable
    data/published/latest -> releases/0002_2027-04-02_1f3a9c0b7d2e

A release's name holds its number, the day of its publication (UTC+8) and the first twelve digits of
the SHA-256 of its manifest.json.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mingfu.errors import NotFound

RELEASES, LATEST = "releases", "latest"
MANIFEST, SIGNATURE, SUMS = "manifest.json", "manifest.json.sig", "SHA256SUMS"
NAME = re.compile(r"([0-9]{4,})_([0-9]{4}-[0-9]{2}-[0-9]{2})_([0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class Release:
    """A folder below releases/ and what its name says."""

    folder: Path
    number: int
    published: date
    short_hash: str

    @property
    def manifest_hash(self) -> str:
        """The SHA-256 of its manifest; raises OSError where that cannot be read."""
        return sha256(self.folder / MANIFEST)


def release_name(number: int, published: date, manifest_hash: str) -> str:
    """Return the name of a release's folder."""
    return f"{number:04}_{published.isoformat()}_{manifest_hash[:12]}"


def release_at(folder: Path) -> Release | None:
    """Return what the name of a folder says, or None where it is not the name of a release."""
    match = NAME.fullmatch(folder.name)
    try:
        return Release(folder, int(match[1]), date.fromisoformat(match[2]), match[3]) if match else None
    except ValueError:  # no such day
        return None


def releases_in(published: Path) -> list[Release]:
    """Return the releases of a store that stand on this disk, by number."""
    folders = (published / RELEASES).iterdir() if (published / RELEASES).is_dir() else ()
    found = [release for release in map(release_at, folders) if release]
    return sorted(found, key=lambda release: (release.number, release.folder.name))


def pointed_at(published: Path) -> Release | None:
    """Return the release to which `latest` points; None where it points to none that is there."""
    try:
        target = (published / LATEST).readlink()
    except OSError:  # there is no link
        return None
    release = release_at(published / target)
    inside = target.parts == (RELEASES, target.name)
    return release if release and inside and release.folder.is_dir() else None


def latest_in(published: Path) -> Release:
    """Return the latest release of a store; raise NotFound where nothing was published."""
    release = pointed_at(published)
    if release is None:
        raise NotFound(f"{published}: nothing has been published here yet; use `mingfu run`")
    return release


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
