"""The command line: what it prints, what it refuses, and what it does not import."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mingfu.cli import LEDGER_FIELDS, app, ledger_line
from mingfu.errors import InputError, PublicationStopped
from mingfu.keys import load_private_key
from mingfu.model import Finding, Number
from mingfu.pipeline import Summary
from tests import samples
from tests.catalogues import catalogue_of

ROOT = Path(__file__).parent.parent
REPORT = next((ROOT / "data" / "raw" / "440608" / "2019").glob("*.txt"))
HEAVY = ("pandas", "frictionless", "prefect", "pyarrow", "duckdb", "rich")


def mingfu(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_ledger_has_the_fields_of_the_contract_in_order() -> None:
    number = Number(3, 8, "近98.9%", Decimal("98.9"), None, "approx", "%", period_end=date(2019, 11, 30), parent=1)
    line = ledger_line("報告.txt", number)
    assert list(json.loads(line)) == ["file", *LEDGER_FIELDS]
    assert line.startswith('{"file": "報告.txt", "start": 3, "end": 8, "text": "近98.9%", "low": 98.9, "high": null,')
    assert '"period_start": null, "period_end": "2019-11-30"' in line


@pytest.mark.parametrize("value", ["818000000", "0.10", "12345678901234567.89", "1E+3"])
def test_a_value_is_a_plain_json_number_and_exact(value: str) -> None:
    low = re.search(r'"low": ([^,]+)', ledger_line("a", Number(0, 1, "1", Decimal(value))))
    assert low
    assert re.fullmatch(r"[0-9]+(\.[0-9]+)?", low[1])
    assert Decimal(low[1]) == Decimal(value)


def test_extract_prints_json_lines_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    path = REPORT.relative_to(ROOT)
    result = mingfu("extract", path, f"./{path}")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    starts = [line["start"] for line in lines]
    assert starts == sorted(set(starts)), "in text order, and the file that is named twice done once"
    text = REPORT.read_text(encoding="utf-8")
    assert all(line["text"] == text[line["start"] : line["end"]] for line in lines)
    assert {line["file"] for line in lines} == {str(path)}


BAD_FILES = {
    "missing.txt": (None, "E_MISSING"),
    "empty.txt": (b"", "E_EMPTY"),
    "blank.txt": (" \n\u3000\n".encode(), "E_EMPTY"),
    "binary.txt": (bytes(range(256)) * 8, "E_BINARY"),
    "undecodable.txt": (b"\x81\xff\xfe\xb0 2019 \xff\xff\n" * 8, "E_ENCODING"),
    "numberless.txt": ("我区依法行政工作稳步推进。\n".encode(), "E_NO_NUMBERS"),
    "report.xyz": ("2019年办理案件5件。".encode(), "E_FORMAT"),
}


def test_each_bad_file_is_named_with_what_to_do_and_stops_no_other(tmp_path: Path) -> None:
    for name, (content, _) in BAD_FILES.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
    result = mingfu("extract", *(tmp_path / name for name in BAD_FILES), REPORT)
    assert result.exit_code == 1
    for (name, (_, code)), line in zip(BAD_FILES.items(), result.stderr.splitlines(), strict=True):
        assert line.startswith(f"{tmp_path / name}: ")
        assert f"({code}): " in line
    assert {json.loads(line)["file"] for line in result.stdout.splitlines()} == {str(REPORT)}


def test_extract_writes_utf_8_in_any_locale_and_outside_any_project(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-m", "mingfu", "extract", str(REPORT)]
    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True)
    assert result.stdout.decode() == mingfu("extract", REPORT).stdout


def test_extract_leaves_quietly_when_nobody_reads_on() -> None:
    command = [sys.executable, "-m", "mingfu", "extract", str(REPORT)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    process.stdout.close()
    _, errors = process.communicate()
    assert (process.returncode, errors) == (1, b"")


def test_extract_imports_nothing_heavy() -> None:
    program = (
        "import sys; from mingfu.cli import app; app(sys.argv[1:], standalone_mode=False);"
        f"print(sorted({HEAVY!r} & sys.modules.keys()), file=sys.stderr)"
    ).replace(repr(HEAVY), f"set({HEAVY!r})")
    command = [sys.executable, "-c", program, "extract", str(REPORT)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stderr == "[]\n"


def test_explain_shows_why_each_observation_was_published(monkeypatch: pytest.MonkeyPatch) -> None:
    from pyarrow import parquet

    monkeypatch.chdir(ROOT)
    row = parquet.read_table(ROOT / "data" / "published" / "latest" / "observations.parquet").slice(3, 1).to_pylist()[0]
    result = mingfu("explain", row["observation_id"])
    assert result.exit_code == 0, result.output
    text = REPORT.read_text(encoding="utf-8")
    assert f"»{text[row['char_start'] : row['char_end']]}«" in result.stdout
    for wanted in (row["indicator"], row["unit"], str(row["period_start"]), REPORT.name, "definition", "matched"):
        assert wanted in result.stdout


def test_explain_refuses_an_unknown_observation() -> None:
    result = mingfu("explain", "999999-2019-annual.1", "--project", ROOT)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "999999-2019-annual.1" in result.stderr


def test_verify_passes_on_what_is_published_and_names_the_file_that_changed(project: Path) -> None:
    shutil.copytree(ROOT / "data" / "published" / "latest", project / "published")
    assert mingfu("verify", project / "published").exit_code == 0
    victim = project / "published" / "observations.csv"
    victim.write_bytes(victim.read_bytes().replace(b"2019", b"2018", 1))
    result = mingfu("verify", project / "published")
    assert result.exit_code == 1
    assert "observations.csv" in result.stdout


def test_verify_looks_at_all_releases_of_a_store_and_their_order(tmp_path: Path) -> None:
    house = samples.project(tmp_path)
    first, second = samples.publish(house, samples.reports()), samples.publish(house, samples.reports()[:1])
    assert mingfu("verify", house.published).exit_code == 0
    point_at(house.published, first)
    result = mingfu("verify", house.published)
    expected = "verify.rollback: latest: points to release 1, but release 2 is there\n"
    assert (result.exit_code, result.stdout) == (1, expected)
    point_at(house.published, second)
    assert mingfu("verify", house.published).exit_code == 0


def point_at(published: Path, release: Path) -> None:
    (published / "latest").unlink()
    (published / "latest").symlink_to(f"releases/{release.name}")


def test_a_release_is_signed_and_the_signature_checked(tmp_path: Path) -> None:
    keys = [tmp_path / "one", tmp_path / "other"]
    for key in keys:
        assert mingfu("keygen", key).exit_code == 0
        assert key.stat().st_mode & 0o777 == 0o600
    house = samples.project(tmp_path)
    samples.publish(house, samples.reports()[:1])
    signed = samples.publish(house, samples.reports(), key=load_private_key(keys[0]))
    assert mingfu("verify", house.published, "--key", f"{keys[0]}.pub").exit_code == 0
    assert "verify.signature" in mingfu("verify", house.published, "--key", f"{keys[1]}.pub").stdout
    message = (signed / "manifest.json", signed / "manifest.json.sig")
    judge = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", f"{keys[0]}.pub", "-rawin"]
    subprocess.run([*judge, "-in", str(message[0]), "-sigfile", str(message[1])], check=True, capture_output=True)


def test_a_release_without_a_signature_is_not_what_a_key_vouches_for(tmp_path: Path) -> None:
    mingfu("keygen", tmp_path / "key")
    folder = samples.published(tmp_path)
    result = mingfu("verify", folder, "--key", tmp_path / "key.pub")
    expected = "verify.signature: manifest.json.sig: the release is not signed\n"
    assert (result.exit_code, result.stdout) == (1, expected)


def test_a_key_is_never_written_over_and_no_other_file_is_taken_for_one(tmp_path: Path) -> None:
    mingfu("keygen", tmp_path / "key")
    for command in (
        ("keygen", tmp_path / "key"),
        ("verify", tmp_path, "--key", tmp_path / "key"),
        ("verify", tmp_path, "--key", tmp_path / "nowhere"),
        ("run", "--project", ROOT, "--sign", tmp_path / "key.pub"),
    ):
        result = mingfu(*command)
        assert (result.exit_code, result.stdout) == (1, "")
        assert str(tmp_path) in result.stderr


def test_diff_tells_what_changed_between_any_two_releases(tmp_path: Path) -> None:
    house = samples.project(tmp_path)
    first = samples.publish(house, samples.reports())
    second = samples.publish(house, samples.reports()[:1])
    assert mingfu("diff", "1", "2", "--project", tmp_path).stdout == mingfu("diff", first, second.resolve()).stdout
    shown = mingfu("diff", first.name, second.name, "--project", tmp_path).stdout
    assert "### Reports 报告: 1 removed 删除" in shown
    assert "### Observations 观测值: 1 added 新增" in mingfu("diff", "2", "1", "--project", tmp_path).stdout
    result = mingfu("diff", "1", "3", "--project", tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("3: no such release; here are 1, 2.")
    (first / "areas.csv").write_bytes(b"")
    assert "(E_BROKEN)" in mingfu("diff", "1", "2", "--project", tmp_path).stderr


def test_a_second_run_is_told_who_publishes(tmp_path: Path) -> None:
    from mingfu.publish.store import open_store

    house = samples.project(tmp_path)
    with open_store(house.published):
        result = mingfu("run", "--project", tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"process {os.getpid()} on " in result.stderr
    assert "(E_LOCKED)" in result.stderr


def test_verify_refuses_a_folder_that_is_no_package(tmp_path: Path) -> None:
    result = mingfu("verify", tmp_path)
    assert result.exit_code == 1
    assert "datapackage.json" in result.output


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project whose catalogue holds two indicators."""
    (tmp_path / "schemas").mkdir()
    for name in ("dataset.yaml", "areas.csv"):
        shutil.copy(ROOT / "schemas" / name, tmp_path / "schemas" / name)
    proof = {"near": "复议", "examples": ["办理复议案件【3件】。", "复议机构收案【4件】。"]}
    catalogue_of(tmp_path / "schemas", {"reviews": proof, "trials": {"near": "应诉", "examples": ["应诉【2件】。"]}})
    return tmp_path


def test_catalogue_check_runs_all_examples(small: Path) -> None:
    result = mingfu("catalogue", "check", "--project", small)
    assert (result.exit_code, result.output) == (0, "2 indicators, 3 examples: all recognised\n")


def test_catalogue_check_names_each_example_that_fails(small: Path) -> None:
    path = small / "schemas" / "indicators" / "things.yaml"
    path.write_text(
        path.read_text("utf-8").replace("收案【4件】", "收案4件，应诉【5件】").replace("应诉【2件】", "应诉2【件】"),
        "utf-8",
    )
    result = mingfu("catalogue", "check", "--project", small)
    assert result.exit_code == 1
    first, second = result.stdout.splitlines()
    assert re.match(
        rf"{re.escape(str(path))}:[0-9]+: things\.reviews: in .* 5件 is taken for things\.trials \(by 应诉\)", first
    )
    assert re.match(rf"{re.escape(str(path))}:[0-9]+: things\.trials: in .* 件 is not read as one number", second)


def test_catalogue_check_names_all_faults_of_a_malformed_catalogue(small: Path) -> None:
    path = small / "schemas" / "indicators" / "things.yaml"
    path.write_text(path.read_text("utf-8").replace("kind: flow", "kind: flood"), "utf-8")
    result = mingfu("catalogue", "check", "--project", small)
    assert (result.exit_code, result.stdout) == (1, "")
    assert [line.partition(": ")[2] for line in result.stderr.splitlines()] == [
        f"things.{name}: kind 'flood' is none of flow, stock, ratio" for name in ("reviews", "trials")
    ]


def test_catalogue_show_prints_how_an_indicator_is_recognised(small: Path) -> None:
    result = mingfu("catalogue", "show", "things.reviews", "--project", small)
    assert result.exit_code == 0
    lines = dict(line.split(maxsplit=1) for line in result.stdout.splitlines() if not line.startswith(" "))
    wanted = {"indicator": "things.reviews", "unit": "case", "kind": "flow", "match": "near: 复议; not: 年均"}
    assert {name: lines[name] for name in wanted} == wanted
    assert "复议机构收案【4件】。" in result.stdout
    assert re.search(r"things\.yaml:[0-9]+$", lines["place"])


def test_catalogue_show_refuses_an_unknown_indicator(small: Path) -> None:
    result = mingfu("catalogue", "show", "review", "--project", small)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "review: not in the catalogue; do you mean things.reviews?\n"


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Two reports with numbers of which a small catalogue knows some."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text("办理复议案件3件。\n植树5株，植树6株。\n增长7%。\n联系电话：88261112\n", "utf-8")
    (folder / "b.txt").write_text("应诉2件，植树7株，修路8公里。\n", "utf-8")
    return folder


def test_catalogue_gaps_lists_the_labels_that_no_indicator_knows(small: Path, texts: Path) -> None:
    result = mingfu("catalogue", "gaps", texts, "--project", small)
    assert result.exit_code == 0, result.output
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["3", "植树"],
        ["1", "修路"],
        ["4", "uncoded", "numbers,", "2", "labels"],
    ]


def test_catalogue_gaps_lists_no_more_than_asked_for(small: Path, texts: Path) -> None:
    result = mingfu("catalogue", "gaps", texts, "--most", "1", "--project", small)
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["3", "植树"],
        ["4", "uncoded", "numbers,", "2", "labels"],
    ]


def test_catalogue_gaps_reads_on_behind_a_bad_file(small: Path, texts: Path) -> None:
    (texts / "0.txt").write_bytes(b"")
    result = mingfu("catalogue", "gaps", texts, "--project", small)
    assert result.stdout.splitlines()[-1] == "4 uncoded numbers, 2 labels"


@pytest.fixture
def outcome(monkeypatch: pytest.MonkeyPatch, small: Path) -> Callable[[Summary | Exception], Result]:
    """Run `mingfu run` with a flow that ends in the given way."""

    def run(end: Summary | Exception) -> Result:
        def run_annual(*_: object, **__: object) -> Summary:
            if isinstance(end, Exception):
                raise end
            return end

        monkeypatch.setattr("flows.local.run_annual", run_annual)
        return mingfu("run", "--project", small)

    return run


def summary(rejected: Sequence[Finding] = ()) -> Summary:
    return Summary(2, 90, 45, 3, 42, 0, {"warning": 1, "info": 2}, tuple(rejected), ROOT / "data" / "published")


def test_run_ends_in_a_summary(outcome: Callable[[Summary], Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = outcome(summary())
    assert result.exit_code == 0
    assert [line.split(maxsplit=1) for line in result.stdout.splitlines()] == [
        ["reports", "2"],
        ["numbers", "90"],
        ["coded", "45"],
        ["uncoded", "3"],
        ["excluded", "42"],
        ["corrected", "0"],
        ["findings", "2 info, 1 warning"],
        ["files", "data/published"],
    ]


def test_run_names_the_files_it_left_out(outcome: Callable[[Summary], Result]) -> None:
    message = str(InputError("data/raw/440608/2020/a.txt", "E_EMPTY", "no text"))
    result = outcome(summary([Finding("ingest.e_empty", "warning", message)]))
    assert result.exit_code == 1
    assert message in result.stdout


def test_run_says_why_nothing_was_published(outcome: Callable[[Exception], Result]) -> None:
    result = outcome(PublicationStopped([Finding("unit", "error", "% where cases are counted")]))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "- unit: % where cases are counted" in result.stderr


def test_a_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    result = mingfu("run", "--project", tmp_path)
    assert result.exit_code == 1
    assert "schemas/dataset.yaml" in result.stderr


def test_the_version_is_that_of_the_package() -> None:
    from importlib.metadata import version

    assert mingfu("--version").stdout == f"mingfu {version('mingfu')}\n"
