"""The flow on a real Prefect server: schedule, triggered run, artifacts, and no process left behind."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

pytestmark = pytest.mark.server

ROOT = Path(__file__).parent.parent
PATIENCE = 600  # seconds after which what did not happen is a failure
IMPOSSIBLE_RULE = """
  - id: impossible
    kind: bounds
    title: {zh: 不可能, en: No share is below a thousand per cent}
    severity: error
    unit: percent
    minimum: 1000
"""
ORPHAN = """
import os, signal
from flows.server import running_server
with running_server() as url:
    print(url, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def ask(url: str, **body: Any) -> Any:
    """Return the API's answer to a POST request, or to a GET request where there is no body."""
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code != 503:  # SQLite is busy for a moment
            raise
        return ask(url, **body)


def wait_for(look: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


def refuses_connections(url: str) -> bool:
    with socket.socket() as client:
        return client.connect_ex((urlsplit(url).hostname, urlsplit(url).port)) != 0


def flow_runs(api: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(f"{api}/flow_runs/filter", sort="EXPECTED_START_TIME_ASC")
    return found


def tables(release: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in release.glob("*.csv") if path.stem != "changes"}


def latest_run(api: str) -> dict[str, Any]:
    """Return the latest run that no deployment started."""
    return next(run for run in reversed(flow_runs(api)) if run["deployment_id"] is None)


def mingfu_run(project: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mingfu", "run", "--project", str(project)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE)


def artifacts(api: str, run: str) -> dict[str, dict[str, Any]]:
    found = ask(f"{api}/artifacts/filter", artifacts={"flow_run_id": {"any_": [run]}})
    return {artifact["key"]: artifact for artifact in found}


def test_the_schedule_shows_the_next_three_springs(scheduled: tuple[Path, str]) -> None:
    _, api = scheduled
    runs = wait_for(lambda: [run for run in flow_runs(api) if run["auto_scheduled"]])
    dates = [datetime.fromisoformat(run["expected_start_time"]).astimezone(ZoneInfo("Asia/Shanghai")) for run in runs]
    assert [f"{date:%m-%d %H:%M}" for date in dates] == ["04-02 06:00"] * 3
    assert [date.year - dates[0].year for date in dates] == [0, 1, 2]
    assert dates[0] > datetime.now(ZoneInfo("Asia/Shanghai"))


def test_a_triggered_run_of_the_deployment_completes_and_publishes(scheduled: tuple[Path, str]) -> None:
    project, api = scheduled
    deployment = ask(f"{api}/deployments/name/annual/yearly")["id"]
    run = ask(f"{api}/deployments/{deployment}/create_flow_run", state={"type": "SCHEDULED"})["id"]
    ended = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
    wait_for(lambda: ask(f"{api}/flow_runs/{run}")["state_type"] in ended)
    assert ask(f"{api}/flow_runs/{run}")["state_type"] == "COMPLETED"
    made, shipped = (tables(folder / "data" / "published" / "latest") for folder in (project, ROOT))
    assert made == shipped, "use `make run`"
    assert "| reports | 1 |" in artifacts(api, run)["summary"]["data"]
    assert isinstance(json.loads(artifacts(api, run)["findings"]["data"]), list)


def test_the_command_runs_the_flow_on_the_server_that_the_user_names(
    scheduled: tuple[Path, str], environment: dict[str, str]
) -> None:
    project, api = scheduled
    assert mingfu_run(project, {**environment, "PREFECT_API_URL": api}).returncode == 0
    latest = latest_run(api)
    assert (latest["state_type"], latest["parameters"]["project"]) == ("COMPLETED", str(project))
    tasks = ask(f"{api}/task_runs/filter", flow_runs={"id": {"any_": [latest["id"]]}}, sort="EXPECTED_START_TIME_ASC")
    steps = [(task["name"].rsplit("-", 1)[0], task["state_type"]) for task in tasks]
    assert steps == [(step, "COMPLETED") for step in ("ingest", "extract", "normalise", "validate", "publish")]


def test_the_command_needs_no_server_and_leaves_out_only_bad_files(
    scheduled: tuple[Path, str], environment: dict[str, str], project: Path
) -> None:
    (project / "data" / "raw" / "440608" / "2020").mkdir()
    (project / "data" / "raw" / "440608" / "2020" / "empty.txt").touch()
    result = mingfu_run(project, environment)
    assert (result.returncode, result.stderr.strip()) == (1, "")
    assert "data/raw/440608/2020/empty.txt: " in result.stdout
    assert (project / "data" / "published" / "latest" / "datapackage.json").is_file()
    assert latest_run(scheduled[1])["parameters"]["project"] == str(project), "both servers share a Prefect home"


def test_findings_of_level_error_fail_the_flow_and_publish_nothing(
    scheduled: tuple[Path, str], environment: dict[str, str], project: Path
) -> None:
    with (project / "schemas" / "checks.yaml").open("a", encoding="utf-8") as file:
        file.write(IMPOSSIBLE_RULE)
    result = mingfu_run(project, {**environment, "PREFECT_API_URL": scheduled[1]})
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.lstrip().startswith("Nothing was published")
    latest = latest_run(scheduled[1])
    assert (latest["state_type"], latest["parameters"]["project"]) == ("FAILED", str(project))
    assert "Nothing was published" in latest["state"]["message"]
    assert "bounds.impossible" in artifacts(scheduled[1], latest["id"])["findings"]["data"]
    assert not (project / "data" / "published" / "latest").exists()


def test_a_server_ends_with_the_process_that_started_it_however_it_dies(environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", ORPHAN]
    owner = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    assert owner.returncode == -9
    assert wait_for(lambda: refuses_connections(owner.stdout.strip()))
