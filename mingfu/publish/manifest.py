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
    schema_version: str


def read_link(release: Release) -> Link:
    """Return the place of a published release in the chain; raise StoreError where it is not as it was published."""
    manifest = read_manifest(release.folder)
    if not release.manifest_hash.startswith(release.short_hash):
        raise StoreError(str(release.folder), "E_BROKEN", "its manifest is not the one that its name tells of")
    return Link(release.number, manifest["previous"], manifest["schema_version"])


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a release; raise StoreError where a file is not as the manifest says."""
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes())
        files = {str(name): file["sha256"] for name, file in manifest["files"].items()}
        _ = manifest["previous"], manifest["schema_version"]
    except (ValueError, KeyError, TypeError, AttributeError, FileNotFoundError) as error:
        raise StoreError(str(path), "E_BROKEN", f"not the manifest of a release: {error!r}") from error
    for name, expected in files.items():
        if not (folder / name).is_file() or sha256(folder / name) != expected:
            raise StoreError(str(folder / name), "E_BROKEN", "not as it was published")
    return manifest


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
        "schema_version": link.schema_version,
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
