"""The Data Package before two readers in JavaScript; `npm ci` in tests/judges fetches them."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import samples

JUDGES = Path(__file__).parent / "judges"
pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    return samples.published(tmp_path_factory.mktemp("project"))


def judge(folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["node", str(JUDGES / "judge.js"), str(folder)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)


def test_they_read_every_row(release):
    verdict = judge(release)
    assert verdict.returncode == 0, verdict.stderr
    package = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    names = {resource["name"] for resource in package["resources"] if resource["format"] == "csv"}
    rows = json.loads(verdict.stdout)
    assert rows.keys() == names
    assert rows["reports"] == 2


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("reports.csv", b",2019,", b",MMXIX,"),
        ("observations.csv", b",440608,", b",440609,"),
        ("units.csv", b"title_zh", b"name_zh"),
        ("units.parquet", b"yuan", b"euro"),
        ("datapackage.json", b'"resources"', b'"recources"'),
    ],
)
def test_they_refuse_what_is_broken(release, tmp_path, name, old, new):
    folder = shutil.copytree(release, tmp_path / "release")
    content = (folder / name).read_bytes()
    assert old in content
    (folder / name).write_bytes(content.replace(old, new, 1))
    assert judge(folder).returncode == 1
