"""manifest.json: what a release is made of and what it follows; SHA256SUMS, which vouches for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mingfu.errors import StoreError
from mingfu.model import Report
from mingfu.project import Project
from mingfu.publish import disk
from mingfu.releases import MANIFEST, SUMS, Release, sha256


@dataclass(frozen=True, slots=True)
class Link:
    """A release's place in the chain: its number, and the SHA-256 of the manifest of the release before it."""

    number: int
    previous: str | None


def read_link(release: Release) -> Link:
    """Return the place of a published release in the chain; raise StoreError where its manifest does not say."""
    path = release.folder / MANIFEST
    try:
        previous = json.loads(path.read_bytes())["previous"]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(str(path), "E_BROKEN", f"not the manifest of a release: {error!r}") from error
    return Link(release.number, previous)


def inputs(project: Project, reports: Iterable[Report]) -> dict[str, dict[str, str]]:
    """Return the SHA-256 of every file below schemas/ and data/raw/, of those that were read as they were then."""
    sources = (source for report in reports for source in (report.document.source, *(c.source for c in report.copies)))
    read = {source.path: source.sha256 for source in sources}
    raw = {project.name_of(path): path for path in _files(project.raw)}
    unread = {name: sha256(path) for name, path in raw.items() if name not in read}
    schemas = {project.name_of(path): sha256(path) for path in _files(project.schemas)}
    return {"schemas": dict(sorted(schemas.items())), "raw": dict(sorted({**read, **unread}.items()))}


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def write_manifest(folder: Path, link: Link, made_from: dict[str, dict[str, str]]) -> bytes:
    """Write manifest.json over the files of a folder, and return its bytes."""
    content: dict[str, Any] = {
        "release": link.number,
        "previous": link.previous,
        "mingfu": version("mingfu"),
        **made_from,
        "files": {path.name: _file(path) for path in sorted(folder.iterdir())},
    }
    written = (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
    disk.write(folder / MANIFEST, written)
    return written


def _file(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "sha256": sha256(path)}


def write_sums(folder: Path) -> None:
    """Write SHA256SUMS over all other files, in the form that `sha256sum -c` reads."""
    lines = [f"{sha256(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    disk.write(folder / SUMS, "".join(lines).encode())
