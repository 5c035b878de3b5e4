"""Publishing whole or not at all: a release is staged in the store, then sealed, put in place and pointed at.

The order of a publication: write the files and see them onto the disk, then the manifest and SHA256SUMS,
then the folder; rename it; see that onto the disk; swap the pointer; see that onto the disk.  A run
that dies before the rename leaves nothing but a hidden folder, and one that dies behind it a release to
which the next run only has to point.
"""

from __future__ import annotations

import filecmp
import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mingfu.errors import StoreError
from mingfu.model import CodeLists, Finding, Report
from mingfu.project import Project
from mingfu.publish import disk
from mingfu.publish.changelog import changelog
from mingfu.publish.dataset import load_dataset
from mingfu.publish.manifest import Link, inputs, read_link, write_manifest, write_sums
from mingfu.publish.schema_changes import FIRST, next_version
from mingfu.publish.store import Store
from mingfu.releases import MANIFEST, SIGNATURE, SUMS, Release, release_name

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from mingfu.tables import TableSchema

SEALS = {MANIFEST, SIGNATURE, SUMS}
CHANGES, CHANGELOG = "changes", "CHANGELOG.md"


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

    Raise SchemaError where schemas/ is malformed, StoreError where the disk refuses or the latest
    release is not as it was published.
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
        describe = partial(write_metadata, folder, dataset, reports, schemas)
        link = _follow(latest, folder, schemas, describe) if latest else _begin(folder, schemas, describe)
        return Staged(store, folder, dataset, link, inputs(project, reports))


def _begin(folder: Path, schemas: Sequence[TableSchema], describe: Callable[[Link], None]) -> Link:
    """Write what else belongs to a first release, its seals aside."""
    link = Link(1, None, FIRST)
    _write_changes(folder, schemas, link, [], "")
    describe(link)
    return link


def _follow(
    latest: Release, folder: Path, schemas: Sequence[TableSchema], describe: Callable[[Link], None]
) -> Link | None:
    """Write what else belongs to the release that follows the latest; return None where nothing is new."""
    from mingfu.publish.changes import changes
    from mingfu.publish.datapackage import table_schema

    link = read_link(latest)
    if _holds(latest, folder):
        for name in (f"{CHANGES}.csv", f"{CHANGES}.parquet", CHANGELOG):
            shutil.copyfile(latest.folder / name, folder / name)
        describe(link)  # as if it were the latest once more: only so can be seen whether anything is new
        if _holds(latest, folder) and _names(folder) == _names(latest.folder) - SEALS:
            return None
    declared = {schema["name"]: table_schema(schema, "") for schema in schemas}
    rows = list(changes(latest.folder, folder, declared))
    version = next_version(link.schema_version, (row["effect"] for row in rows))
    link = Link(link.number + 1, latest.manifest_hash, version)
    _write_changes(folder, schemas, link, rows, (latest.folder / CHANGELOG).read_text(encoding="utf-8"))
    describe(link)
    return link


def _holds(latest: Release, folder: Path) -> bool:
    """Return whether a release holds every file of a folder, byte for byte."""
    names = sorted(_names(folder))
    return filecmp.cmpfiles(folder, latest.folder, names, shallow=False)[0] == names


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def _write_changes(
    folder: Path, schemas: Sequence[TableSchema], link: Link, rows: list[dict[str, Any]], before: str
) -> None:
    from mingfu.publish.package import write_table

    write_table(folder, rows, next(schema for schema in schemas if schema["name"] == CHANGES))
    (folder / CHANGELOG).write_text(changelog(link, rows, before), encoding="utf-8", newline="\n")


def commit(staged: Staged, published: date, key: Ed25519PrivateKey | None = None) -> Path:
    """Publish a staged release under the day's date, unless it says nothing new; return the latest one's folder.

    With a key, its manifest is signed.  Releases beyond those to be kept are taken away.  Raise
    StoreError where the disk refuses.
    """
    store, dataset = staged.store, staged.dataset
    with disk.disk_errors(store.folder):
        if staged.link:
            manifest = _seal(staged.folder, staged.link, staged.made_from, key)
            store.add(release_name(staged.link.number, published, hashlib.sha256(manifest).hexdigest()))
        archive = dataset.get("archive")
        store.prune(dataset["releases_kept"], Path(archive) if archive else None)
        latest = store.latest
    if latest is None:
        raise StoreError(str(store.folder), "E_BROKEN", "the pointer to the release that was just made is gone")
    return latest.folder


def _seal(folder: Path, link: Link, made_from: dict[str, dict[str, str]], key: Ed25519PrivateKey | None) -> bytes:
    """See a staged folder onto the disk with its manifest, signature and sums; return the manifest."""
    disk.set_modes(folder)
    for path in sorted(folder.iterdir()):
        disk.sync(path)
    manifest = write_manifest(folder, link, made_from)
    if key:
        disk.write(folder / SIGNATURE, key.sign(manifest))
    write_sums(folder)
    disk.sync(folder)
    return manifest
