"""Files made to break a reader: each is refused or read, soon and in little memory, and keeps none from being read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mingfu.errors import InputError
from mingfu.ingest.blocks import Block
from mingfu.ingest.formats import read_file
from mingfu.ingest.inbox import find_reports
from mingfu.ingest.pool import read_files
from mingfu.ingest.reading import File
from mingfu.project import Project
from tests.bombs import BLOCKS, BOMBS, READ, TEXT
from tests.writers import docx, html, ofd, pdf

pytestmark = pytest.mark.slow
SECONDS, MEMORY = 20, 1_500_000  # kB
# Reads the files of a folder; prints what came of each, the longest wait, and kB of the largest worker and its own.
PROGRAM = """
import json, resource, sys, time
from pathlib import Path
from mingfu.ingest.pool import read_files
times, said = [time.monotonic()], {}
paths = sorted(Path(sys.argv[1]).iterdir())
for path, answer in zip(paths, read_files([(path, path.name) for path in paths])):
    times.append(time.monotonic())
    said[path.name] = getattr(answer, "code", None) or [answer.reading.text]
(own,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
most = [resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, int(own)]
print(json.dumps([said, max(b - a for a, b in zip(times, times[1:])), most]))
"""


def test_bombs_are_refused_and_all_others_read(tmp_path: Path) -> None:
    folder, work = tmp_path / "files", tmp_path / "work"
    folder.mkdir()
    expected = {}
    for number, (name, (make, outcome)) in enumerate(BOMBS.items()):
        (folder / f"{number:02}a {name}").write_bytes(make(work))
        (folder / f"{number:02}b.txt").write_text(f"{TEXT}{number}", encoding="utf-8")
        expected |= {f"{number:02}a {name}": outcome, f"{number:02}b.txt": [f"{TEXT}{number}"]}
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(folder)], capture_output=True, text=True, check=True)
    said, seconds, (worker, own) = json.loads(done.stdout)
    outcomes = {
        name: READ if expected[name] == READ and isinstance(told, list) else told for name, told in said.items()
    }
    assert outcomes == expected
    assert seconds < SECONDS
    assert worker < MEMORY
    assert own < MEMORY / 10


WRITERS: dict[str, Callable[[list[Block], Path], Path]] = {
    "docx": docx.write,
    "ofd": ofd.write,
    "pdf": pdf.write,
    "html": html.write,
    "mht": html.write_archive,
}
NAMES = {
    "a report.pdf": "docx",
    "a report.txt": "pdf",
    "a report.doc": "ofd",
    "a report": "mht",
    "a report.ofd": "html",
}


@pytest.mark.parametrize("kind", WRITERS)
def test_what_is_cut_off_is_refused(kind: str, tmp_path: Path) -> None:
    data = WRITERS[kind](BLOCKS, tmp_path / f"whole.{kind}").read_bytes().rstrip()
    assert "审结1,271件" in read_file(File(data, f"whole.{kind}"))[1].text
    for length in (8, 100, *(len(data) * tenth // 10 for tenth in range(1, 10)), len(data) - 20):
        with pytest.raises(InputError):
            read_file(File(data[:length], f"cut to {length}.{kind}"))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_what_its_bytes_say_rather_than_its_name(name: str, tmp_path: Path) -> None:
    data = WRITERS[NAMES[name]](BLOCKS, tmp_path / "a").read_bytes()
    known, reading = read_file(File(data, name))
    assert known.name == {"mht": "html"}.get(NAMES[name], NAMES[name])
    assert "审结1,271件" in reading.text


def test_plain_text_of_any_name_is_read_as_such() -> None:
    for name in ("a.pdf", "a.docx", "a.html", "a.png"):
        known, reading = read_file(File(f"{TEXT}\n{TEXT}\n".encode(), name))
        assert (known.name, reading.text) == ("text", f"{TEXT}\n{TEXT}\n")


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    targets = {"device.txt": "/dev/zero", "nowhere.txt": "/nowhere", "circle.txt": "circle.txt", "folder": "/usr"}
    for name, target in targets.items():
        (tmp_path / name).symlink_to(target)
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb1\xa8\xb8\xe6\n.txt"))
    odd.write_text(TEXT, encoding="utf-8")
    paths = find_reports(tmp_path)
    answers = read_files([(path, Project(tmp_path).name_of(path)) for path in paths], seconds=5)
    codes = {
        path.name: answer.code if isinstance(answer, InputError) else READ
        for path, answer in zip(paths, answers, strict=True)
    }
    assert codes == {
        "circle.txt": "E_ACCESS",
        "device.txt": "E_FORMAT",
        "folder": "E_FOLDER",
        "nowhere.txt": "E_MISSING",
        "pipe.txt": "E_FORMAT",
        odd.name: READ,
    }
    assert Project(tmp_path).name_of(odd) == "\\xb1\\xa8\\xb8\\xe6\n.txt"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_what_is_closed_to_the_reader_is_named(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0)
    (tmp_path / "shut.txt").touch(mode=0)
    answers = read_files([(path, path.name) for path in find_reports(tmp_path)])
    assert [answer.code for answer in answers if isinstance(answer, InputError)] == ["E_ACCESS", "E_ACCESS"]
