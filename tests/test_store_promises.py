"""What a store promises to those who publish at the same time, read at the same time, or build again elsewhere."""

from __future__ import annotations

import errno
import hashlib
import logging
import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

import pytest

from mingfu.errors import StoreError
from mingfu.project import Project
from mingfu.publish.store import open_store
from mingfu.releases import releases_in
from mingfu.validate.verify import verify
from tests import samples
from tests.conftest import copy_project

pytestmark = pytest.mark.slow
LOG = logging.getLogger("drill")
FORK = multiprocessing.get_context("fork")


def keep(house: Project, number: int) -> None:
    path = house.schemas / "dataset.yaml"
    path.write_text(path.read_text("utf-8").replace("releases_kept: 2", f"releases_kept: {number}"), "utf-8")


def content(number: int) -> list[samples.Report]:
    """Return reports that differ with the number."""
    first, second = samples.reports()
    changed = samples.observation(10, samples.MEDIATED, 1000 + number)
    return [samples.report(changed, *first.observations[1:]), second]


def _publish_alone(house: Project, number: int, start: object) -> None:
    from mingfu.publish.release import commit, stage

    start.wait()  # type: ignore[attr-defined]
    with open_store(house.published, wait=600) as store:
        commit(stage(store, house, content(number), [], samples.code_lists()), samples.DAY)


def test_four_runs_at_once_publish_one_after_the_other(tmp_path: Path) -> None:
    house = samples.project(tmp_path)
    keep(house, 10)
    start = FORK.Event()
    runs = [FORK.Process(target=_publish_alone, args=(house, number, start)) for number in range(4)]
    for run in runs:
        run.start()
    start.set()
    for run in runs:
        run.join()
    assert [run.exitcode for run in runs] == [0] * 4
    assert [release.number for release in releases_in(house.published)] == [1, 2, 3, 4]
    assert verify(house.published) == []


def test_who_will_not_wait_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("it waits"))
    with open_store(tmp_path), pytest.raises(StoreError) as caught, open_store(tmp_path):
        pass
    assert caught.value.code == "E_LOCKED"
    assert f"process {os.getpid()} on " in caught.value.reason


def test_a_lock_that_closes_with_an_error_takes_nothing_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close = os.close

    def refuse(handle: int) -> None:
        close(handle)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched, open_store(tmp_path):
        patched.setattr(os, "close", refuse)
    with open_store(tmp_path):
        pass


def _read_whole(published: Path) -> Counter[str]:
    """Read all files of the latest release, as it was when the reading began."""
    try:
        folder = os.open(published / "latest", os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return Counter(["no release"])
    try:
        lines = _read(folder, "SHA256SUMS").decode().splitlines()
        for digest, name in (line.split("  ") for line in lines):
            if hashlib.sha256(_read(folder, name)).hexdigest() != digest:
                return Counter(["mixed"])
    except FileNotFoundError:
        return Counter(["taken away"])
    finally:
        os.close(folder)
    return Counter(["whole"])


def _read(folder: int, name: str) -> bytes:
    with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=folder), "rb") as file:
        return file.read()


def _read_on(published: Path, over: Synchronized[int], results: object) -> None:
    seen: Counter[str] = Counter()
    while not over.value:
        seen += _read_whole(published)
    results.put(seen)  # type: ignore[attr-defined]


def _read_during(house: Project, publications: int) -> Counter[str]:
    samples.publish(house, content(0))
    over, results = FORK.Value("i", 0), FORK.Queue()
    reader = FORK.Process(target=_read_on, args=(house.published, over, results))
    reader.start()
    for number in range(1, publications + 1):
        samples.publish(house, content(number))
    over.value = 1
    seen: Counter[str] = results.get()
    reader.join()
    return seen


def _expect_whole(seen: Counter[str], publications: int) -> None:
    LOG.info("%d publications: %s", publications, dict(seen))
    assert seen["whole"] > publications // 5
    # With two releases kept, who reads one while two others are published may find it gone, never mixed.
    assert seen.keys() <= {"whole", "taken away"}
    assert seen["taken away"] <= seen["whole"] // 10


def test_a_reader_sees_a_whole_release_always(tmp_path: Path) -> None:
    _expect_whole(_read_during(samples.project(tmp_path), 10), 10)


@pytest.mark.drill
def test_a_reader_during_300_publications(tmp_path: Path) -> None:
    _expect_whole(_read_during(samples.project(tmp_path), 300), 300)


ELSEWHERE = """
import datetime, os, sys, time
from pathlib import Path

root, umask, ahead, backwards = Path(sys.argv[1]), int(sys.argv[2], 8), int(sys.argv[3]), sys.argv[4] == "backwards"
os.umask(umask)
listdir, scandir, clock = os.listdir, os.scandir, time.time

class Listing:
    def __init__(self, entries):
        self.entries = iter(entries)
    __enter__ = __iter__ = lambda self: self
    __next__ = lambda self: next(self.entries)
    __exit__ = close = lambda self, *error: None

def scan(path="."):
    with scandir(path) as entries:
        return Listing(sorted(entries, key=lambda entry: entry.name, reverse=backwards))

os.listdir = lambda path=".": sorted(listdir(path), reverse=backwards)
os.scandir = scan
time.time = lambda: clock() + ahead

from mingfu import pipeline
from mingfu.project import Project

pipeline.today = lambda: datetime.date.fromtimestamp(clock() + ahead)
pipeline.run(Project(root))
report = next(root.glob("data/raw/440608/2019/*.txt"))
report.rename(report.with_suffix(".md"))
(root / "data/raw/440608/2020").mkdir()
text = (root / "data/raw/440608/2019" / report.with_suffix(".md").name).read_text("utf-8")
(root / "data/raw/440608/2020/b.txt").write_text(text.replace("2019", "2020"), "utf-8")
report.with_suffix(".md").rename(report)
pipeline.run(Project(root))
"""
SURROUNDINGS = [
    ({"TZ": "Asia/Shanghai", "LC_ALL": "C", "PYTHONHASHSEED": "1"}, "077", "0", "forwards"),
    ({"TZ": "America/Lima", "LC_ALL": "zh_CN.GB18030", "PYTHONHASHSEED": "2"}, "000", "99999999", "backwards"),
]


@pytest.mark.drill
def test_the_same_sums_anywhere(tmp_path: Path) -> None:
    builds = []
    for place, (environment, *arguments) in enumerate(SURROUNDINGS):
        root = copy_project(tmp_path / str(place) / ("x" * place))
        command = [sys.executable, "-c", ELSEWHERE, str(root), *arguments]
        surroundings = {**os.environ, **environment, "PYTHONPATH": os.pathsep.join([str(samples.ROOT), *sys.path])}
        builds.append((root, subprocess.Popen(command, env=surroundings, cwd=root.parent)))
    assert [build.wait() for _, build in builds] == [0, 0]
    one, other = (list(_sums(root)) for root, _ in builds)
    assert len(one) == 2
    assert one == other


def _sums(root: Path) -> Iterator[bytes]:
    releases = releases_in(root / "data" / "published")
    for release in releases:
        subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=release.folder, check=True)
        assert release.folder.stat().st_mode & 0o777 == 0o755
        assert {path.stat().st_mode & 0o777 for path in release.folder.iterdir()} == {0o644}
        yield (release.folder / "SHA256SUMS").read_bytes()


def test_a_link_that_leads_astray_stops_a_run(tmp_path: Path) -> None:
    house = samples.project(tmp_path)
    release = samples.publish(house, content(0))
    (house.published / "latest").unlink()
    (house.published / "latest").symlink_to("releases/0009_2020-04-02_000000000000")
    with pytest.raises(StoreError, match="E_BROKEN"):
        samples.publish(house, content(1))
    shutil.copytree(release, release.with_name("0001_2021-04-02_000000000000"))
    (house.published / "latest").unlink()
    with pytest.raises(StoreError, match="two releases have the number 1"):
        samples.publish(house, content(1))


def test_an_altered_release_is_not_built_upon(tmp_path: Path) -> None:
    house = samples.project(tmp_path)
    release = samples.publish(house, content(0))
    (release / "areas.csv").write_bytes(b"")
    with pytest.raises(StoreError, match=r"areas\.csv: not as it was published \(E_BROKEN\)"):
        samples.publish(house, content(1))
