"""Accidents while a release is published: the process is killed, or the disk refuses, at one chosen call."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mingfu.errors import StoreError
from mingfu.project import Project
from tests import samples

# The calls by which a process changes a file system, and those by which it gets hold of a file.
CALLS = (
    *("openat", "close", "write", "writev", "pwrite64", "ftruncate", "copy_file_range", "sendfile", "flock"),
    *("mkdir", "rmdir", "unlink", "unlinkat", "rename", "symlink", "chmod", "fchmod", "fsync"),
)
DONE, REFUSED, KILLED = 0, 10, -9
STARTING_SECONDS = 20


def can_trace() -> bool:
    """Return whether strace is here and may attach to a process."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False).returncode == 0


def can_mount(folder: Path) -> bool:
    """Return whether a file system in a file can be made and mounted here."""
    if os.geteuid() or not all(map(shutil.which, ("mkfs.ext4", "mount", "umount"))):
        return False
    image = make_disk(folder / "trial")
    command = ["mount", "-o", "loop", str(image), str(folder)]
    mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    if mounted:
        subprocess.run(["umount", str(folder)], check=True)
    image.unlink()
    return mounted


def make_disk(image: Path) -> Path:
    """Make an empty file system in a file."""
    with image.open("wb") as file:
        file.truncate(24 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    return image


@contextmanager
def mounted(image: Path, folder: Path) -> Iterator[Path]:
    """Mount a file system in a file; what was not flushed is not in the file before the end."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-o", "loop,commit=600", str(image), str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def store_with_two(root: Path) -> Project:
    """Return a project that keeps two releases and has published two."""
    house = samples.project(root)
    samples.publish(house, samples.reports()[:1])
    samples.publish(house, samples.reports())
    return house


def publish_third(house: Project) -> Path:
    """Publish what is in neither of the two, so that the first has to go."""
    return samples.publish(house, samples.reports()[1:], samples.findings()[:1])


def run_traced(house: Project, trace: Path, *options: str) -> int:
    """Publish the third release in a process under strace; return its exit code, or minus the signal that killed it."""
    start, release = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(release)
        os.read(start, 1)
        os._exit(_outcome(house))
    os.close(start)
    command = ["strace", "-f", "-y", "-p", str(child), "-o", str(trace), "-e", f"trace={','.join(CALLS)}", *options]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as tracer:
        _wait_for_tracer(child)
        os.close(release)
        _, status = os.waitpid(child, 0)
        tracer.wait()
    return os.waitstatus_to_exitcode(status)


def run_counted(house: Project, fatal: int) -> int:
    """Publish the third release in a process that dies before its step `fatal`; return its exit code."""
    child = os.fork()
    if child == 0:
        _die_at(fatal)
        os._exit(_outcome(house))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _outcome(house: Project) -> int:
    try:
        publish_third(house)
    except StoreError as error:
        return REFUSED if str(error) else 1
    except BaseException:
        traceback.print_exc()
        return 1
    return DONE


def _wait_for_tracer(process: int) -> None:
    deadline = time.monotonic() + STARTING_SECONDS
    while "TracerPid:\t0" in Path(f"/proc/{process}/status").read_text() and time.monotonic() < deadline:
        os.sched_yield()


def _die_at(fatal: int) -> None:
    """Count the steps that change the file system in this process, and kill it before one of them."""
    left = [fatal]

    def step(call: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object, **options: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), 9)
            return call(*arguments, **options)

        return counted

    for name in ("fsync", "rename", "symlink", "mkdir", "unlink", "rmdir", "chmod", "fchmod"):
        setattr(os, name, step(getattr(os, name)))


def steps_of(trace: Path) -> list[tuple[str, str]]:
    """Return the calls of a trace that matter to what survives a power cut, each with the path that it is about."""
    steps: list[tuple[str, str]] = []
    for line in trace.read_text(errors="replace").splitlines():
        if match := re.search(r"(fsync|write|writev|pwrite64)\(\d+<([^>]+)>", line):
            steps.append((match[1], match[2]))
        elif match := re.search(r'rename\("[^"]+", "([^"]+)"\)', line):
            steps.append(("rename", match[1]))
    return steps


def counted(trace: Path) -> Iterator[tuple[str, int]]:
    """Yield every call of a trace: its name, and which one of that name it is in its thread."""
    seen: Counter[tuple[str, str]] = Counter()
    places: set[tuple[str, int]] = set()
    for line in trace.read_text(errors="replace").splitlines():
        match = re.match(r"(\d+) +([a-z_0-9]+)\(", line)
        if match and match[2] in CALLS:
            seen[match[1], match[2]] += 1
            place = match[2], seen[match[1], match[2]]
            if place not in places:
                places.add(place)
                yield place


def contents(house: Project) -> dict[str, bytes | str]:
    """Return all that is published: bytes of files and targets of links, by path."""
    found: dict[str, bytes | str] = {}
    for path in sorted(house.published.rglob("*")):
        name = path.relative_to(house.published).as_posix()
        if path.is_symlink():
            found[name] = str(path.readlink())
        elif path.is_file() and name != ".lock":
            found[name] = path.read_bytes()
    return found


def release_of(found: dict[str, bytes | str], name: str) -> dict[str, bytes | str]:
    """Return the files of one release."""
    return {path: content for path, content in found.items() if path.startswith(f"releases/{name}/")}
