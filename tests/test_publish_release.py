import os
import subprocess
import sys
from pathlib import Path

import pytest

from mingfu.errors import SchemaError
from mingfu.publish.release import commit, stage
from mingfu.tables import TABLES
from tests import samples


@pytest.fixture
def house(tmp_path):
    return samples.project(tmp_path)


def _publish(house, reports=None) -> Path:
    given = samples.reports() if reports is None else reports
    with stage(house, given, samples.findings() if reports is None else [], samples.code_lists()) as folder:
        return commit(folder, house.published)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _siblings(house) -> list[str]:
    return sorted(path.name for path in house.published.parent.iterdir())


def test_a_release_is_there_whole_and_nothing_else_is_left(house):
    folder = _publish(house)
    assert folder == house.published
    assert len(_bytes(folder)) == 2 * len((*TABLES, "wide")) + 2
    assert _siblings(house) == ["published"]


def test_staging_is_hidden_beside_the_published_folder(house):
    with stage(house, samples.reports(), [], samples.code_lists()) as folder:
        assert folder.parent == house.published.parent
        assert folder.name.startswith(".")
    assert _siblings(house) == []


def test_a_failure_after_staging_leaves_what_was_published(house):
    before = _bytes(_publish(house))
    with pytest.raises(RuntimeError), stage(house, samples.reports()[:1], [], samples.code_lists()):
        raise RuntimeError
    assert _bytes(house.published) == before
    assert _siblings(house) == ["published"]


def test_a_failure_while_staging_leaves_nothing(house):
    (house.schemas / "dataset.yaml").unlink()
    with pytest.raises(SchemaError), stage(house, samples.reports(), [], samples.code_lists()):
        pass
    assert _siblings(house) == []


def test_a_swap_that_fails_brings_the_old_release_back(house, monkeypatch):
    before = _bytes(_publish(house))
    rename = Path.rename

    def refuse_the_new(self, target):
        if self.name == ".published.new":
            raise OSError("disk full")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse_the_new)
    with pytest.raises(OSError, match="disk full"):
        _publish(house, samples.reports()[:1])
    assert _bytes(house.published) == before
    assert _siblings(house) == ["published"]


def test_a_run_killed_in_the_swap_is_healed_by_the_next(house):
    before = _bytes(_publish(house))
    house.published.rename(house.published.with_name(".published.old"))
    house.published.with_name(".published.new").mkdir()
    with stage(house, samples.reports(), [], samples.code_lists()):
        assert _bytes(house.published) == before
    assert _siblings(house) == ["published"]


def test_a_run_killed_after_the_swap_is_cleared_up_by_the_next(house):
    _publish(house)
    house.published.with_name(".published.old").mkdir()
    _publish(house)
    assert _siblings(house) == ["published"]


def test_the_same_bytes_are_not_written_again(house):
    folder = _publish(house)
    before = {path: path.stat().st_mtime_ns for path in (folder, *folder.iterdir())}
    _publish(house)
    assert {path: path.stat().st_mtime_ns for path in (folder, *folder.iterdir())} == before


def test_another_release_takes_the_place_of_the_old(house):
    before = _bytes(_publish(house))
    (house.published / "left over.txt").write_text("x")
    after = _bytes(_publish(house, samples.reports()[:1]))
    assert after.keys() == before.keys()
    assert after["observations.csv"] != before["observations.csv"]


SCRIPT = """
import os, sys
from pathlib import Path
from tests import samples
os.umask(int(sys.argv[2], 8))
samples.published(Path(sys.argv[1]))
"""


def test_the_same_bytes_and_modes_anywhere(house, tmp_path_factory):
    here = _bytes(_publish(house))
    for seed, zone, locale, umask in (
        ("1", "Asia/Shanghai", "C", "077"),
        ("2", "America/Lima", "zh_CN.GB18030", "000"),
    ):
        root = tmp_path_factory.mktemp("elsewhere")
        surroundings = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        command = [sys.executable, "-c", SCRIPT, str(root), umask]
        subprocess.run(command, env=surroundings, cwd=samples.ROOT, check=True)
        there = root / "data" / "published"
        assert _bytes(there) == here
        assert there.stat().st_mode & 0o777 == 0o755
        assert {path.stat().st_mode & 0o777 for path in there.iterdir()} == {0o644}


def test_importing_the_room_does_not_import_pyarrow():
    code = "import sys, mingfu.publish.release, mingfu.validate.package as _; print('pyarrow' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], cwd=samples.ROOT, check=True, capture_output=True, text=True)
    assert shown.stdout == "False\n"
