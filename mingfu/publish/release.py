"""Publishing whole or not at all: a release is staged in the store, then sealed, put in place and pointed at.

The order of a publication: write the files and see them onto the disk, then the manifest and SHA256SUMS,
then the folder; rename it; see that onto the disk; swap the pointer; see that onto the disk.  A run
that dies before the rename leaves nothing but a hidden folder, and one that dies behind it a release to
which the next run only has to point.
"""

from __future__ import annotations

import filecmp
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from mingfu.errors import StoreError
from mingfu.model import CodeLists, Finding, Report
from mingfu.project import Project
from mingfu.publish import disk
from mingfu.publish.dataset import load_dataset
from mingfu.publish.manifest import Link, inputs, read_link, write_manifest, write_sums
from mingfu.publish.store import Store
from mingfu.releases import MANIFEST, SIGNATURE, SUMS, Release, release_name

SEALS = {MANIFEST, SIGNATURE, SUMS}


@dataclass(frozen=True, slots=True)
class Staged:
    """A release that is written but not published; `link` is None where it says nothing new."""

    store: Store
    folder: Path
    dataset: dict[str, Any]
    link: Link | None
    made_from: dict[str, dict[str, str]]


def stage(
    store: Store, project: Project, reports: Sequence[Report], findings: Sequence[Finding], code_lists: CodeLists
) -> Staged:
    """Write a release into the store's hidden folder.

    Raise SchemaError where schemas/ is malformed, StoreError where the disk refuses.
    """
    # Imported here, since pyarrow takes a fifth of a second that `mingfu extract` does not have.
    from mingfu.publish.package import write_metadata, write_tables

    folder, latest = store.staged, store.latest
    reports = sorted(reports, key=lambda report: report.report_id)
    with disk.disk_errors(folder):
        dataset = load_dataset(project.schemas / "dataset.yaml")
        disk.remove(folder)
        folder.mkdir()
        schemas = write_tables(folder, project, reports, findings, code_lists)
        link: Link | None = Link(1, None)
        if latest:
            write_metadata(folder, dataset, reports, schemas, read_link(latest))
            link = None if _same(folder, latest) else Link(latest.number + 1, latest.manifest_hash)
        if link:
            write_metadata(folder, dataset, reports, schemas, link)
        return Staged(store, folder, dataset, link, inputs(project, reports))


def commit(staged: Staged, published: date) -> Path:
    """Publish a staged release under the day's date, unless it says nothing new; return the latest one's folder.

    Releases beyond those to be kept are taken away.  Raise StoreError where the disk refuses.
    """
    store, dataset = staged.store, staged.dataset
    with disk.disk_errors(store.folder):
        if staged.link:
            store.add(_seal(staged.folder, staged.link, staged.made_from, published))
        archive = dataset.get("archive")
        store.prune(dataset["releases_kept"], Path(archive) if archive else None)
        latest = store.latest
    if latest is None:
        raise StoreError(str(store.folder), "E_BROKEN", "the pointer to the release that was just made is gone")
    return latest.folder


def _seal(folder: Path, link: Link, made_from: dict[str, dict[str, str]], published: date) -> str:
    """See a staged folder onto the disk with its manifest and sums; return the release's name."""
    disk.set_modes(folder)
    for path in sorted(folder.iterdir()):
        disk.sync(path)
    manifest = write_manifest(folder, link, made_from)
    write_sums(folder)
    disk.set_modes(folder)
    disk.sync(folder)
    return release_name(link.number, published, hashlib.sha256(manifest).hexdigest())


def _same(folder: Path, latest: Release) -> bool:
    """Return whether a staged folder holds the files of a release, its seals aside."""
    names = sorted(path.name for path in folder.iterdir())
    if names != sorted(path.name for path in latest.folder.iterdir() if path.name not in SEALS):
        return False
    equal, _different, _unreadable = filecmp.cmpfiles(folder, latest.folder, names, shallow=False)
    return equal == names
