"""What the README shows is true: commands, output, code and links."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from typer.main import get_command
from typer.testing import CliRunner

from mingfu.cli import LEDGER_FIELDS, app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)


def commands(group: Any, name: str = "mingfu") -> Iterator[str]:
    for part, command in group.commands.items():
        yield f"{name} {part}"
        if hasattr(command, "commands"):
            yield from commands(command, f"{name} {part}")


@pytest.mark.parametrize("command", sorted(commands(get_command(app))))
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"`{command}" in README


def test_every_make_target_is_in_the_readme() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert targets
    assert not [target for target in targets if not re.search(rf"`(make )?{target}`", README) and target != "help"]


@pytest.mark.parametrize("code", blocks("python"))
def test_the_python_in_the_readme_runs(code: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.chdir(ROOT)
    exec(compile(code, "README.md", "exec"), {})
    assert "440608" in capsys.readouterr().out


def test_the_summary_in_the_readme_is_that_of_what_is_published() -> None:
    shown = dict(re.findall(r"^([a-z]+) +(.+)$", blocks("console")[0], re.M))
    reports = parquet.read_table(ROOT / "data" / "published" / "latest" / "reports.parquet")
    counts = {"coded": "observations", "uncoded": "uncoded", "excluded": "excluded", "numbers": "numbers"}
    assert int(shown["reports"]) == reports.num_rows
    for name, column in counts.items():
        assert int(shown[name]) == sum(reports[column].to_pylist()), name


def test_the_other_output_in_the_readme_is_what_the_command_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    shown = [block.split("\n", 1) for block in blocks("console")[1:]]
    assert shown
    for command, output in shown:
        assert CliRunner().invoke(app, shlex.split(command)[2:]).stdout == output, command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_link_to_a_missing_file(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert not missing


def test_every_published_table_is_in_the_readme() -> None:
    tables = {path.stem for path in (ROOT / "data" / "published" / "latest").glob("*.parquet")}
    assert tables
    assert not [table for table in tables if f"`{table}`" not in README]


def test_the_ledger_page_names_every_field_qualifier_and_reason() -> None:
    page = (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8")
    fields = json.loads((ROOT / "schemas" / "tables" / "numbers.schema.json").read_text(encoding="utf-8"))["fields"]
    values = [value for field in fields for value in field.get("constraints", {}).get("enum", ())]
    assert not [value for value in values if not re.search(rf"\b{value}\b", page)]
    first_column = re.findall(r"^\| (`.+?) \|", page.split("\n## ")[0], re.M)
    assert re.findall(r"`([a-z_]+)`", " ".join(first_column)) == ["file", *LEDGER_FIELDS]
