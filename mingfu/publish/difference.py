"""What changed between any two releases, as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from mingfu.errors import NotFound
from mingfu.publish.changelog import described
from mingfu.publish.disk import disk_errors
from mingfu.publish.manifest import read_manifest
from mingfu.releases import releases_in


def difference(published: Callable[[], Path], old: str, new: str) -> Iterator[str]:
    """Yield Markdown that tells of the changes from one release to another.

    A release is named by its number, its name, or its folder; `published` is asked for the store where
    one is not named by its folder.  Raises NotFound for an unknown one, StoreError for a damaged one.
    """
    from mingfu.publish.changes import changes

    folders = [find_release(published, name) for name in (old, new)]
    with disk_errors(folders[0]):
        versions = [read_manifest(folder)["schema_version"] for folder in folders]
        yield f"# {folders[0].name} → {folders[1].name}\n\nschema {versions[0]} → {versions[1]}\n"
        yield from described(list(changes(folders[0], folders[1])))


def find_release(published: Callable[[], Path], name: str) -> Path:
    """Return the folder of a release; raise NotFound where there is none."""
    if "/" in name or Path(name).is_dir():
        if not Path(name).is_dir():
            raise NotFound(f"{name}: no such release; name its folder, or its number in data/published/releases/")
        return Path(name).resolve()
    releases = releases_in(published())
    for release in releases:
        if name == release.folder.name or (name.isdecimal() and int(name) == release.number):
            return release.folder
    known = ", ".join(str(release.number) for release in releases) or "none"
    raise NotFound(f"{name}: no such release; here are {known}. Older ones: docs/releases.md tells where")
