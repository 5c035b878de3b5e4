"""The report that the project ships: its 45 numbers, in every script and encoding, and what is published of it."""

from __future__ import annotations

import csv
import re
import shutil
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import opencc
import pytest

from mingfu import pipeline
from mingfu.model import Number
from mingfu.pipeline import Draft
from mingfu.project import Project
from mingfu.script import fold
from tests.reading import CASES, ROOT

REPORT = next((ROOT / "data" / "raw" / "440608" / "2019").glob("*.txt"))
GOLD = list(csv.DictReader((CASES / "gaoming-2019.csv").read_text(encoding="utf-8-sig").splitlines()))
PERSONAL = ("陳火勝", "陈火胜", "梁耀斌", "88261112")


TEXT = REPORT.read_text(encoding="utf-8")
SIMPLIFIED = opencc.OpenCC("t2s").convert(TEXT)
COPIES = {  # of the report: the script and the encoding
    **{("traditional", name): TEXT.encode(name) for name in ("utf-8", "utf-8-sig", "utf-16", "gb18030", "big5hkscs")},
    **{("simplified", name): SIMPLIFIED.encode(name) for name in ("utf-8", "gb18030", "utf-16")},
}


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Draft]:
    """The report and its copies, as they are read."""
    folder = tmp_path_factory.mktemp("copies")
    paths = [folder / f"{number}.txt" for number in range(len(COPIES))]
    for path, content in zip(paths, COPIES.values(), strict=True):
        path.write_bytes(content)
    read = list(pipeline.ledgers(Project(ROOT), [REPORT, *paths]))
    assert all(isinstance(draft, Draft) for draft in read), read
    return dict(zip([("as", "shipped"), *COPIES], read, strict=True))


@pytest.fixture(scope="module")
def draft(drafts: dict[tuple[str, str], Draft]) -> Draft:
    return drafts["as", "shipped"]


def by_start(draft: Draft) -> dict[int, Number]:
    return {number.start: number for number in draft.numbers if number.disposition != "excluded"}


@pytest.mark.parametrize("row", GOLD, ids=lambda row: f"{row['n']}-{row['surface']}")
def test_each_number_is_read_as_labelled(draft: Draft, row: dict[str, str]) -> None:
    number = by_start(draft)[int(row["char_offset"])]
    bounds = [None if bound is None else float(bound) for bound in (number.low, number.high)]
    assert number.text == row["surface"]
    assert bounds == [float(row[name]) if row[name] else None for name in ("value_low", "value_high")]
    assert (number.unit, number.qualifier) == (row["unit"], row["qualifier"])
    if row["period_end"]:
        assert str(number.period_end) == row["period_end"]
    assert number.disposition == "observation"
    assert number.indicator


def test_nothing_else_is_a_quantity(draft: Draft) -> None:
    assert len(by_start(draft)) == len(GOLD) == 45


def test_the_ledger_covers_every_digit_in_order(draft: Draft) -> None:
    text = draft.document.text
    covered = {place for number in draft.numbers for place in range(number.start, number.end)}
    assert all(text[number.start : number.end] == number.text for number in draft.numbers)
    assert all(a.end <= b.start for a, b in pairwise(draft.numbers))
    assert {match.start() for match in re.finditer("[0-9〇一二三四五六七八九十百千万億亿兩两]", text)} <= covered


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("〔2019〕44號", "document_number"),
        ("12345", "identifier"),
        ("88261112", "phone"),
        ("2019年12月5日", "date"),
    ],
)
def test_other_numerals_are_excluded_with_their_reason(draft: Draft, text: str, reason: str) -> None:
    assert {number.reason for number in draft.numbers if number.text == text} == {reason}


@pytest.mark.parametrize("phrase", ["“三項制度”", "“七五”普法", "“一門式一網式”", "一把手", "“四季如春”"])
def test_names_with_numerals_are_no_quantities(draft: Draft, phrase: str) -> None:
    start = draft.document.text.index(phrase)
    inside = [number for number in draft.numbers if start <= number.start < start + len(phrase)]
    assert inside
    assert all(number.disposition == "excluded" for number in inside)


def test_the_report_is_not_dated_after_its_year(draft: Draft) -> None:
    _, reports, _ = run_steps(Project(ROOT))
    assert not any(observation.full_year for observation in reports[0].observations)


def run_steps(project: Project) -> tuple[pipeline.Inbox, list[pipeline.Report], list[pipeline.Finding]]:
    inbox = pipeline.ingest(project)
    drafts, numberless = pipeline.extract(inbox.documents)
    reports, refused = pipeline.normalise(project, drafts)
    return inbox, reports, [*inbox.rejected, *numberless, *refused]


def meaning(draft: Draft) -> list[tuple[object, ...]]:
    return [
        (
            *(number.start, number.end, number.low, number.high, number.qualifier, fold(number.unit or "")),
            *(number.role, number.period_start, number.period_end, number.indicator, number.disposition),
            *(number.reason, fold(number.label or ""), fold(number.scope or ""), number.parent, number.section),
        )
        for number in draft.numbers
    ]


@pytest.mark.parametrize("copy", COPIES, ids="-".join)
def test_every_script_and_encoding_says_the_same(
    drafts: dict[tuple[str, str], Draft], draft: Draft, copy: tuple[str, str]
) -> None:
    assert len(drafts[copy].document.text) == len(draft.document.text)
    assert meaning(drafts[copy]) == meaning(draft)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    for folder in ("data/raw", "schemas"):
        shutil.copytree(ROOT / folder, root / folder)
    pipeline.run(Project(root))
    return root / "data" / "published" / "latest"


def test_a_fresh_run_reproduces_what_is_published(fresh: Path) -> None:
    published = ROOT / "data" / "published" / "latest"
    # What changed since the release before is not the same in a first release.
    tables = [path for path in fresh.iterdir() if path.suffix in (".csv", ".parquet") and path.stem != "changes"]
    for path in tables:
        assert path.read_bytes() == (published / path.name).read_bytes(), path.name


def text_of(path: Path) -> str:
    import pyarrow.parquet as pq

    if path.suffix == ".xlsx":
        with ZipFile(path) as archive:
            return "".join(archive.read(name).decode() for name in archive.namelist())
    return str(pq.read_table(path).to_pydict()) if path.suffix == ".parquet" else path.read_text("utf-8")


def test_nothing_personal_is_published(fresh: Path) -> None:
    for path in fresh.iterdir():
        content = text_of(path)
        assert not [word for word in PERSONAL if word in content], path.name
