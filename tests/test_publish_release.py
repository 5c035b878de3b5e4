import os
import subprocess
import sys
from pathlib import Path

import pytest

from mingfu.errors import SchemaError
from mingfu.publish.release import stage
from mingfu.publish.store import open_store
from mingfu.releases import latest_in, releases_in
from tests import samples


@pytest.fixture
def house(tmp_path):
    return samples.project(tmp_path)


def _publish(house, reports=None) -> Path:
    return samples.publish(house, reports or samples.reports(), () if reports else samples.findings())


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_release_is_there_whole_and_nothing_else_is_left(house):
    folder = _publish(house)
    assert folder == house.published / "releases" / folder.name
    assert folder.name.startswith("0001_2020-04-02_")
    assert {"manifest.json", "SHA256SUMS", "datapackage.json"} < _bytes(folder).keys()
    assert sorted(path.name for path in house.published.iterdir()) == [".lock", "latest", "releases"]
    assert [path.name for path in (house.published / "releases").iterdir()] == [folder.name]
    assert (house.published / "latest").readlink() == Path("releases", folder.name)


def test_a_failure_after_staging_leaves_what_was_published(house):
    before = _bytes(_publish(house))
    with pytest.raises(RuntimeError), open_store(house.published) as store:
        stage(store, house, samples.reports()[:1], [], samples.code_lists())
        raise RuntimeError
    assert _bytes(latest_in(house.published).folder) == before
    assert len(list((house.published / "releases").iterdir())) == 1


def test_a_failure_while_staging_leaves_nothing(house):
    (house.schemas / "dataset.yaml").unlink()
    with pytest.raises(SchemaError), open_store(house.published) as store:
        stage(store, house, samples.reports(), [], samples.code_lists())
    assert list((house.published / "releases").iterdir()) == []


def test_the_same_content_makes_no_new_release(house):
    folder = _publish(house)
    before = {path: path.stat().st_mtime_ns for path in (folder, *folder.iterdir())}
    (house.schemas / "units.csv").write_text("what does not change the tables\n")
    assert _publish(house) == folder
    assert {path: path.stat().st_mtime_ns for path in (folder, *folder.iterdir())} == before


def test_other_content_makes_the_next_release_and_the_oldest_goes(house):
    first = _publish(house)
    second, third = _publish(house, samples.reports()[:1]), _publish(house)
    assert [release.folder for release in releases_in(house.published)] == [second, third]
    assert not first.exists()
    assert latest_in(house.published).folder == third
    assert _bytes(third)["observations.csv"] != _bytes(second)["observations.csv"]


def test_the_oldest_goes_to_the_archive_if_there_is_one(house, tmp_path):
    dataset = house.schemas / "dataset.yaml"
    archive = tmp_path / "old" / "releases"
    dataset.write_text(dataset.read_text("utf-8") + f"\narchive: {archive}\n", "utf-8")
    before = _bytes(_publish(house))
    first = _publish(house).name
    _publish(house, samples.reports()[:1])
    _publish(house)
    assert [path.name for path in archive.iterdir()] == [first]
    assert _bytes(archive / first) == before


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
        there = root / "data" / "published" / "latest"
        assert _bytes(there) == here
        assert there.stat().st_mode & 0o777 == 0o755
        assert {path.stat().st_mode & 0o777 for path in there.iterdir()} == {0o644}


def test_importing_the_room_does_not_import_pyarrow():
    code = "import sys, mingfu.publish.release, mingfu.validate.package as _; print('pyarrow' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], cwd=samples.ROOT, check=True, capture_output=True, text=True)
    assert shown.stdout == "False\n"
