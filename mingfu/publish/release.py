"""Publishing whole or not at all: a release is staged beside the published folder, then swapped in.

Two hidden siblings of the published folder serve: `.published.new` while a release is written, and
`.published.old` for the moment between the two renames of the swap.  A lock on the folder above
lets one run at a time do this; whatever a run that was killed left behind, the next one clears up.
"""

from __future__ import annotations

import fcntl
import filecmp
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mingfu.model import CodeLists, Finding, Report
from mingfu.project import Project


@contextmanager
def stage(
    project: Project, reports: Sequence[Report], findings: Sequence[Finding], code_lists: CodeLists
) -> Iterator[Path]:
    """Yield a hidden folder that holds the release; it is gone at the end unless it was committed.

    Raise SchemaError where schemas/ is malformed.
    """
    # Imported here, since pyarrow takes a fifth of a second that `mingfu extract` does not have.
    from mingfu.publish.package import write_package

    published = project.published
    published.parent.mkdir(parents=True, exist_ok=True)
    folder = _sibling(published, "new")
    with _locked(published.parent):
        _heal(published)
        _remove(folder)
        try:
            folder.mkdir()
            write_package(folder, project, reports, findings, code_lists)
            _set_modes(folder)
            yield folder
        finally:
            _remove(folder)


def commit(folder: Path, published: Path) -> Path:
    """Put a staged folder in the place of the published one, unless their bytes are the same."""
    if _same(folder, published):
        return published
    for path in (*folder.iterdir(), folder):
        _to_disk(path)
    try:
        if published.exists():
            published.rename(_sibling(published, "old"))
        folder.rename(published)
    finally:
        _heal(published)
    _to_disk(published.parent)
    return published


def _sibling(published: Path, suffix: str) -> Path:
    return published.with_name(f".{published.name}.{suffix}")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _heal(published: Path) -> None:
    """Bring the old release back where a swap broke off in between; else remove it."""
    old = _sibling(published, "old")
    if old.exists() and not published.exists():
        old.rename(published)
    _remove(old)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _set_modes(folder: Path) -> None:
    """Let everyone read the release, whatever the umask of the run."""
    folder.chmod(0o755)
    for path in folder.iterdir():
        path.chmod(0o644)


def _same(folder: Path, other: Path) -> bool:
    if not other.is_dir():
        return False
    names = sorted(path.name for path in folder.iterdir())
    return names == sorted(path.name for path in other.iterdir()) and _equal_files(folder, other, names)


def _equal_files(folder: Path, other: Path, names: list[str]) -> bool:
    equal, _different, _unreadable = filecmp.cmpfiles(folder, other, names, shallow=False)
    return equal == names


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
