"""What publishing does to a disk, in steps that a power cut cannot undo once they have returned."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mingfu.errors import StoreError

CODES = {
    errno.ENOSPC: "E_FULL",
    errno.EDQUOT: "E_FULL",
    errno.EFBIG: "E_FULL",
    errno.EROFS: "E_READ_ONLY",
    errno.EACCES: "E_ACCESS",
    errno.EPERM: "E_ACCESS",
}
FOLDER_MODE, FILE_MODE = 0o755, 0o644


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn what the system says of a disk into StoreError; `path` is named where the system names none."""
    try:
        yield
    except OSError as error:
        named = error.filename if isinstance(error.filename, str) else str(path)
        code = CODES.get(error.errno or 0, "E_DISK")
        raise StoreError(named, code, error.strerror or str(error)) from error


def sync(path: Path) -> None:
    """Wait until a file, or the list of the files in a folder, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(path: Path, content: bytes) -> None:
    """Write a new file and wait until it is on the disk."""
    with path.open("xb") as file:
        os.fchmod(file.fileno(), FILE_MODE)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def make_folder(path: Path) -> None:
    """Make a folder and those above it, where they are not there yet."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)  # another run may have made it by now
        path.chmod(FOLDER_MODE)
        sync(path.parent)


def set_modes(folder: Path) -> None:
    """Let everyone read a folder and its files, whatever the umask of the run."""
    folder.chmod(FOLDER_MODE)
    for path in folder.iterdir():
        path.chmod(FILE_MODE)


def point(link: Path, target: str) -> None:
    """Let a symbolic link point to another target, in one step."""
    fresh = link.with_name(f".{link.name}")
    fresh.symlink_to(target)
    fresh.rename(link)
    sync(link.parent)


def remove(path: Path) -> None:
    """Remove a file, a link or a folder, if it is there."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)
