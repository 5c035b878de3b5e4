"""Worker processes: what they read, and that no file can stop them from reading the next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mingfu.errors import InputError
from mingfu.ingest import pool
from mingfu.ingest.pool import Contents, read_files

pytestmark = pytest.mark.slow
TEXT = "某市2020年度法治政府建设报告\n共办结8件。\n"
SHORT = 5  # seconds: soon over, yet enough for a busy machine to start a worker


@pytest.fixture
def files(tmp_path: Path) -> list[tuple[Path, str]]:
    paths = [tmp_path / f"{number}.txt" for number in range(20)]
    for path in paths:
        path.write_text(f"{TEXT}{path.name}\n", encoding="utf-8")
    return [(path, path.name) for path in paths]


def outcomes(answers: Iterator[Contents | InputError]) -> list[str]:
    return [answer.code if isinstance(answer, InputError) else answer.format.name for answer in answers]


def test_answers_come_in_the_order_asked(files: list[tuple[Path, str]]) -> None:
    for (_, name), answer in zip(files, read_files(files), strict=True):
        assert isinstance(answer, Contents)
        assert answer.reading.text == f"{TEXT}{name}\n"
        assert answer.bytes == len(answer.reading.text.encode())


def test_a_missing_file_keeps_none_of_the_others(files: list[tuple[Path, str]]) -> None:
    files[3] = (files[3][0].with_name("none.txt"), "none.txt")
    assert outcomes(read_files(files)) == ["text"] * 3 + ["E_MISSING"] + ["text"] * 16


@pytest.fixture
def pretending(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Start workers that run the file whose name says `.py` instead of reading it."""
    program = tmp_path / "worker.py"
    program.write_text(
        "import json, os, sys\n"
        "from mingfu.ingest import worker\n"
        "real = worker.read_file\n"
        "def read_file(file):\n"
        "    if file.name.endswith('.py'):\n"
        "        exec(file.data.decode(), {'file': file, 'os': os})\n"
        "    return real(file)\n"
        "worker.read_file = read_file\n"
        "worker.main(sys.argv[1])\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(pool, "COMMAND", (*pool.COMMAND[:1], str(program)))
    return tmp_path


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("while True: pass", "E_TIMEOUT"),
        ("import time; time.sleep(60)", "E_TIMEOUT"),
        ("os.kill(os.getpid(), 9)", "E_DAMAGED"),
        ("os.kill(os.getpid(), 24)", "E_TIMEOUT"),  # SIGXCPU: the limit within the process
        ("os._exit(0)", "E_DAMAGED"),
        ("bytearray(10**10)", "E_TOO_LARGE"),
        ("def deeper(): deeper()\ndeeper()", "E_TOO_LARGE"),
        ("print('noise', flush=True)\nraise ValueError('odd')", "E_DAMAGED"),
    ],
)
def test_what_breaks_a_worker_is_the_error_of_its_file_alone(
    program: str, code: str, pretending: Path, files: list[tuple[Path, str]]
) -> None:
    path = pretending / "bad.py"
    path.write_text(program, encoding="utf-8")
    files[2:2] = [(path, path.name)]
    assert outcomes(read_files(files, seconds=SHORT)) == ["text"] * 2 + [code] + ["text"] * 18


def test_a_reader_can_ask_for_more_time(pretending: Path) -> None:
    path = pretending / "slow.py"
    path.write_text(f"import time\nfile.more_time(60)\ntime.sleep({SHORT + 0.1})\n", encoding="utf-8")
    (answer,) = read_files([(path, path.name)], seconds=SHORT)
    assert isinstance(answer, InputError)
    assert answer.code == "E_FORMAT"  # it came to an end, and .py is no report


def test_whatever_a_worker_started_ends_with_it(pretending: Path) -> None:
    path, child = pretending / "parent.py", pretending / "child"
    path.write_text(
        "import subprocess\np = subprocess.Popen(['sleep', '600'])\n"
        f"open({str(child)!r}, 'w').write(str(p.pid))\np.wait()",
        encoding="utf-8",
    )
    (answer,) = read_files([(path, path.name)], seconds=SHORT)
    assert isinstance(answer, InputError)
    assert answer.code == "E_TIMEOUT"
    assert _ends(int(child.read_text()))


def test_nothing_that_a_worker_wrote_outlives_it(
    pretending: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    path = pretending / "untidy.py"
    path.write_text("import tempfile, time\ntempfile.mkdtemp()\ntime.sleep(60)", encoding="utf-8")
    before = set(tmp_path.iterdir()) | {path}
    assert outcomes(read_files([(path, path.name)], seconds=3)) == ["E_TIMEOUT"]
    assert set(tmp_path.iterdir()) == before


def test_a_pool_that_is_killed_leaves_nothing(files: list[tuple[Path, str]], tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    program = (
        "import os, pathlib, sys\n"
        "from mingfu.ingest.pool import read_files\n"
        "answers = read_files([(pathlib.Path(path), 'a.txt') for path in sys.argv[1:]])\n"
        "next(answers)\n"
        "assert os.listdir(os.environ['TMPDIR'])\n"
        "os.kill(os.getpid(), 9)"
    )
    command = [sys.executable, "-c", program, *(str(path) for path, _ in files)]
    done = subprocess.run(command, env=os.environ | {"TMPDIR": str(tmp_path / "temporary")}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert _in_time(lambda: not any((tmp_path / "temporary").iterdir()))


def test_no_worker_outlives_the_pool(files: list[tuple[Path, str]]) -> None:
    answers = read_files(files)
    next(answers)
    workers = _children()
    assert workers
    answers.close()
    assert all(_ends(pid) for pid in workers)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("reader")]


def _children() -> list[int]:
    command = ["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return [int(line.split()[0]) for line in listed if "mingfu.ingest.worker" in line]


def _ends(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    if _in_time(lambda: not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"):
        return True
    os.kill(pid, signal.SIGKILL)
    return False


def _in_time(holds: Callable[[], bool]) -> bool:
    """Tell whether something comes true within half a minute."""
    for _ in range(300):
        if holds():
            return True
        time.sleep(0.1)
    return False
