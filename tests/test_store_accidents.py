"""Whatever dies or is refused while a release is published, what was published is whole, and the next run finishes."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest

from mingfu.project import Project
from tests import accidents
from tests.accidents import DONE, KILLED, REFUSED, contents, release_of

pytestmark = pytest.mark.slow
ERRORS = ("ENOSPC", "EIO", "EROFS")
SHORT = 5  # of the calls, where the suite is not drilled
LOG = logging.getLogger("drill")

tracing = pytest.mark.skipif(not accidents.can_trace(), reason="needs strace and the right to attach to a process")


class Yard:
    """A store with two releases, and what it becomes when the third is published without an accident."""

    def __init__(self, folder: Path) -> None:
        self.before = accidents.store_with_two(folder / "before")
        self.folder, self.number = folder, 0
        after = self.copy()
        accidents.publish_third(after)
        self.old, self.new = contents(self.before), contents(after)
        self.names = [str(found["latest"]).removeprefix("releases/") for found in (self.old, self.new)]

    def copy(self) -> Project:
        self.number += 1
        root = self.folder / str(self.number)
        shutil.copytree(self.before.root, root, symlinks=True)
        return Project(root)

    def expect_whole(self, house: Project) -> None:
        """The latest release is the old or the new one, whole, and the old one is there in any case."""
        found = contents(house)
        assert found["latest"] in (self.old["latest"], self.new["latest"])
        latest = str(found["latest"]).removeprefix("releases/")
        expected = self.old if latest == self.names[0] else self.new
        assert release_of(found, latest) == release_of(expected, latest)
        assert release_of(found, self.names[0]) == release_of(self.old, self.names[0])

    def expect_finished_by_the_next_run(self, house: Project) -> None:
        accidents.publish_third(house)
        assert contents(house) == self.new
        shutil.rmtree(house.root)


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Yard:
    return Yard(tmp_path_factory.mktemp("yard"))


@pytest.fixture(scope="module")
def trace(yard: Yard, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The calls of a publication without an accident."""
    path = tmp_path_factory.mktemp("trace") / "trace"
    assert accidents.run_traced(yard.copy(), path) == DONE
    return path


def _spread(cases: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return some calls far from the last one: a run makes some more or fewer, and may lack the last ones."""
    step = max(1, len(cases) // SHORT)
    return cases[step // 2 :: step]


def _kill_at(yard: Yard, trace: Path, cases: list[tuple[str, int]]) -> None:
    killed = 0
    for call, number in cases:
        house = yard.copy()
        outcome = accidents.run_traced(
            house, trace.with_name("killed"), "-e", f"inject={call}:signal=KILL:when={number}"
        )
        assert outcome in (KILLED, DONE), (call, number, outcome)
        killed += outcome == KILLED
        yard.expect_whole(house)
        yard.expect_finished_by_the_next_run(house)
    LOG.info("killed at %d of %d calls: nothing partial, nothing lost", killed, len(cases))
    assert killed > len(cases) * 0.9


def _refuse_at(yard: Yard, trace: Path, cases: list[tuple[str, int]], error: str) -> None:
    refused = 0
    for call, number in cases:
        house = yard.copy()
        option = f"inject={call}:error={error}:when={number}"
        outcome = accidents.run_traced(house, trace.with_name("refused"), "-e", option)
        assert outcome in (REFUSED, DONE), (call, number, error, outcome)
        refused += outcome == REFUSED
        yard.expect_whole(house)
        yard.expect_finished_by_the_next_run(house)
    LOG.info("%s at %d calls: %d typed errors, the others did no harm", error, len(cases), refused)
    assert refused > len(cases) // 2


@tracing
def test_each_step_is_on_the_disk_before_the_next(yard: Yard, trace: Path) -> None:
    steps = accidents.steps_of(trace)
    names = {Path(path).name for path in release_of(yard.new, yard.names[1])}

    def first(call: str, ending: str) -> int:
        return next(place for place, (name, path) in enumerate(steps) if name == call and path.endswith(ending))

    written_to = {path for call, path in steps if call != "fsync" and "/.staged/" in path}
    staged = sorted(path for path in written_to if Path(path).name in names)
    tables = [path for path in staged if not path.endswith(("manifest.json", "SHA256SUMS"))]
    assert {Path(path).name for path in staged} == names
    for path in staged:
        synced = max(place for place, step in enumerate(steps) if step == ("fsync", path))
        written = max(place for place, (call, other) in enumerate(steps) if call != "fsync" and other == path)
        assert written < synced < first("fsync", "/.staged")
    assert max(first("fsync", path) for path in tables) < first("write", "manifest.json")
    order = [
        *(first("fsync", "manifest.json"), first("write", "SHA256SUMS"), first("fsync", "SHA256SUMS")),
        *(first("fsync", "/.staged"), first("rename", _third(steps)), first("fsync", "/releases")),
        *(first("rename", "/latest"), first("fsync", "/published"), first("rename", "/.removed")),
    ]
    assert order == sorted(order)


def _third(steps: list[tuple[str, str]]) -> str:
    return next(path for call, path in steps if call == "rename" and "/0003_" in path)


@tracing
def test_killed_at_some_calls(yard: Yard, trace: Path) -> None:
    _kill_at(yard, trace, _spread(list(accidents.counted(trace))))


@tracing
@pytest.mark.parametrize("error", ERRORS)
def test_refused_at_some_calls(yard: Yard, trace: Path, error: str) -> None:
    _refuse_at(yard, trace, _spread(list(accidents.counted(trace))), error)


def _kill_at_steps(yard: Yard, apart: int) -> None:
    fatal = 0
    while True:
        house = yard.copy()
        outcome = accidents.run_counted(house, fatal)
        yard.expect_whole(house)
        yard.expect_finished_by_the_next_run(house)
        if outcome == DONE:
            break
        assert outcome == KILLED
        fatal += apart
    LOG.info("killed before %d steps: nothing partial, nothing lost", fatal // apart)
    assert fatal > 60


def test_killed_before_some_steps(yard: Yard) -> None:
    _kill_at_steps(yard, 19)


@pytest.mark.drill
def test_killed_before_every_step(yard: Yard) -> None:
    _kill_at_steps(yard, 1)


@pytest.mark.drill
@tracing
def test_killed_at_every_call(yard: Yard, trace: Path) -> None:
    _kill_at(yard, trace, list(accidents.counted(trace)))


@pytest.mark.drill
@tracing
@pytest.mark.parametrize("error", ERRORS)
def test_refused_at_every_call(yard: Yard, trace: Path, error: str) -> None:
    """Each call that opens, writes or closes is refused with one of the errors, each other call with all."""
    rare, frequent = _by_frequency(list(accidents.counted(trace)))
    _refuse_at(yard, trace, rare + frequent[ERRORS.index(error) :: len(ERRORS)], error)


def _by_frequency(cases: list[tuple[str, int]]) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Return the calls by which a release comes to be, and the many that open, write and close its files."""
    frequent = [case for case in cases if case[0] in ("openat", "write", "close")]
    return [case for case in cases if case not in frequent], frequent


@pytest.mark.drill
@tracing
def test_two_hundred_power_cuts(yard: Yard, trace: Path, tmp_path: Path) -> None:
    """The process dies, and of what it wrote only that remains which had reached the disk."""
    if not accidents.can_mount(tmp_path):
        pytest.skip("needs the right to mount a file system")
    full = accidents.make_disk(tmp_path / "full")
    with accidents.mounted(full, tmp_path / "disk") as disk:
        shutil.copytree(yard.before.root, disk / "project", symlinks=True)
    calls = list(accidents.counted(trace))
    calls = calls[calls.index(("fsync", 1)) :]  # before the first flush nothing that matters is on the disk
    rare, frequent = _by_frequency(calls)
    cases = rare + [frequent[place * len(frequent) // (200 - len(rare))] for place in range(200 - len(rare))]
    advanced = 0
    for call, number in cases:
        used, left = shutil.copy(full, tmp_path / "used"), tmp_path / "left"
        with accidents.mounted(used, tmp_path / "disk") as disk:
            option = f"inject={call}:signal=KILL:when={number}"
            accidents.run_traced(Project(disk / "project"), trace.with_name("cut"), "-e", option)
            shutil.copy(used, left)
        with accidents.mounted(left, tmp_path / "disk") as disk:
            house = Project(disk / "project")
            yard.expect_whole(house)
            advanced += contents(house)["latest"] == yard.new["latest"]
            yard.expect_finished_by_the_next_run(house)
    LOG.info("%d power cuts, %d of them behind the swap: nothing partial, nothing lost", len(cases), advanced)
    assert 0 < advanced < len(cases)
