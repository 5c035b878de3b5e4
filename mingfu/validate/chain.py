"""Whether the releases of a store are those that were published, in their order, and the latest is the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from mingfu.model import Finding
from mingfu.releases import LATEST, MANIFEST, RELEASES, Release, pointed_at, release_at, releases_in
from mingfu.validate.statements import fault, read_manifest

# What a run that publishes at this moment, or was killed, has there; the next run clears it away.
PASSING = frozenset({".lock", f".{LATEST}", ".staged", ".removed"})


def check_chain(store: Path) -> tuple[list[Release], list[Finding]]:
    """Return the releases of a store, and what is wrong with their order, the pointer and what else lies there."""
    releases = releases_in(store)
    faults = [*_strays(store), *_pointer_faults(store, releases)]
    for before, after in pairwise(releases):
        faults += _link_faults(before, after)
    return releases, faults


def _strays(store: Path) -> Iterator[Finding]:
    for path in sorted(store.iterdir()):
        if path.name not in {RELEASES, LATEST, *PASSING}:
            yield fault("extra", path.name, "it does not belong to the store")
    if not (store / RELEASES).is_dir():
        yield fault("missing", RELEASES, "the folder is missing")
        return
    for path in sorted((store / RELEASES).iterdir()):
        if path.name not in PASSING and (release_at(path) is None or path.is_symlink() or not path.is_dir()):
            yield fault("extra", f"{RELEASES}/{path.name}", "not a release")


def _pointer_faults(store: Path, releases: Sequence[Release]) -> Iterator[Finding]:
    latest = pointed_at(store)
    if not releases:
        yield fault("missing", RELEASES, "there is no release")
    elif latest is None:
        yield fault("pointer", LATEST, f"not a link to a release in {RELEASES}/")
    elif latest.number < releases[-1].number:
        newest = releases[-1].number
        yield fault("rollback", LATEST, f"points to release {latest.number}, but release {newest} is there")


def _link_faults(before: Release, after: Release) -> Iterator[Finding]:
    name = f"{RELEASES}/{after.folder.name}/{MANIFEST}"
    if after.number == before.number:
        yield fault("chain", name, f"{before.folder.name} has the same number")
    elif after.number > before.number + 1:
        yield fault("missing", RELEASES, f"there is no release between {before.number} and {after.number}")
    else:
        told: list[Finding] = []  # by the check of the release itself
        manifest = read_manifest(after.folder, told)
        if manifest and (before.folder / MANIFEST).is_file() and manifest["previous"] != before.manifest_hash:
            yield fault("chain", name, f"it follows another release than {before.folder.name}")
