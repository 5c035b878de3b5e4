"""Fixtures that more than one test module needs."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent
OFFICE = Path(shutil.which("soffice") or "").resolve().parent
# What the tests with a marker need, and are left out without.
NEEDED = {
    "office": OFFICE / "soffice.bin",
    "calc": OFFICE / "libsclo.so",
    "node": ROOT / "tests" / "judges" / "node_modules",
}
PARTS = ("schemas", "data/raw", "flows", "prefect.yaml")  # what a run reads

# The same examples each time, however slow the machine: what fails is the code.
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    missing = [marker for marker, part in NEEDED.items() if not part.exists()]
    if "drill" not in (config.option.markexpr or ""):
        missing.append("drill")
    out = [item for item in items if any(item.get_closest_marker(marker) for marker in missing)]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]
    # First the modules that take long, so that no core waits for another one at the end.
    long = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("server")}
    items.sort(key=lambda item: item.path not in long)


def copy_project(folder: Path) -> Path:
    """Copy what a run needs of the project, without what it published."""
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, folder / part)
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_project(tmp_path)


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give programs a Prefect home of their own, shared so that its database is made only once."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return {**own, "PREFECT_HOME": str(tmp_path_factory.mktemp("prefect")), "PREFECT_WORKER_QUERY_SECONDS": "1"}


@pytest.fixture(scope="session")
def scheduled(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Iterator[tuple[Path, str]]:
    """Run what `make schedule` runs, on a free port; yield the project and the address of the API."""
    folder = copy_project(tmp_path_factory.mktemp("project"))
    command = [sys.executable, "-m", "flows.schedule", "0"]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            line = next(line for line in process.stdout if line.startswith("The yearly run is scheduled"))
            yield folder, line.split()[6].rstrip(";") + "/api"
        finally:
            process.send_signal(signal.SIGTERM)
            last_words = process.stdout.read()
    assert (process.returncode, last_words.splitlines()[-1]) == (0, "Stopped.")
