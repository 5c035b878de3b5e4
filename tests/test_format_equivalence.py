"""The same report in every format: the same ledger, observations, sections and masthead."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby, product
from pathlib import Path
from typing import Any

import opencc
import pytest

from mingfu.errors import InputError
from mingfu.extract.ledger import extract_numbers
from mingfu.ingest.areas import Areas, load_areas
from mingfu.ingest.blocks import Block, Paragraph, Table, assemble
from mingfu.ingest.grid import TableCell
from mingfu.ingest.inbox import read_reports
from mingfu.model import Report
from mingfu.normalise.coding import code_numbers
from mingfu.normalise.observe import make_report
from tests.reading import CASES, CATALOGUE, ROOT
from tests.writers import docx, html, ofd, pdf, scan

pytestmark = pytest.mark.slow
SHIPPED = next((ROOT / "data" / "raw").rglob("*.txt"))
# Numbers and events in cases/reports/ are made up.
REPORTS = {path.stem: path for path in (SHIPPED, *sorted((CASES / "reports").glob("*.txt")))}
SCRIPTS = {"simplified": "t2s", "traditional": "s2t"}
AREAS = Areas(load_areas(ROOT / "schemas" / "areas.csv"))
SAME = (
    "indicator",
    "section",
    "text",
    "low",
    "high",
    "qualifier",
    "unit",
    "role",
    "period_start",
    "period_end",
    "label",
    "scope",
)
TITLE = re.compile(r"^.+(?:政府|局)[^。：:]{5,40}(?:报告|報告)$", re.MULTILINE)
PLACES = ("observation_id", "char_start", "char_end")
SURE = 0.9  # with less, a number is not coded
MERGED = ("市监局", "信息公开")  # heads of their tables are merged, which plain text cannot tell


def blocks_of(text: str) -> list[Block]:
    """Return the blocks of a text in which rows of tables have tabs.

    A cell < belongs to the one to its left, and a cell ^ to the one above.
    """
    blocks: list[Block] = []
    for is_table, run in groupby(text.splitlines(), lambda line: "\t" in line):
        lines = list(run)
        blocks += [table_of([line.split("\t") for line in lines])] if is_table else map(Paragraph, lines)
    return blocks


def table_of(rows: list[list[str]]) -> Table:
    cells: dict[tuple[int, int], TableCell] = {}
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            place = (row, column)
            if text == "<":
                cells[place] = cells[row, column - 1]
            elif text == "^":
                cells[place] = cells[row - 1, column]
            else:
                cells[place] = TableCell(text, row, column)
    return Table(tuple(_reaching(cell, cells) for cell in dict.fromkeys(cells.values())))


def _reaching(cell: TableCell, cells: dict[tuple[int, int], TableCell]) -> TableCell:
    places = [place for place, other in cells.items() if other is cell]
    return replace(
        cell, rows=max(row for row, _ in places) - cell.row + 1, columns=max(c for _, c in places) - cell.column + 1
    )


def unmerged(table: Table) -> Table:
    """Return a table as plain text shows it, with an empty cell for each that another one covers."""
    empty = [
        TableCell("", cell.row + down, cell.column + right)
        for cell in table.cells
        for down, right in product(range(cell.rows), range(cell.columns))
        if down or right
    ]
    return Table((*(replace(cell, rows=1, columns=1) for cell in table.cells), *empty))


def write_text(blocks: list[Block], path: Path) -> Path:
    plain = [unmerged(block) if isinstance(block, Table) else block for block in blocks]
    path.write_text(assemble(plain)[0], encoding="utf-8")
    return path


def write_page(blocks: list[Block], path: Path) -> Path:
    """Write a page that shows the report's title above the article once more."""
    title = TITLE.search(assemble(blocks)[0])
    assert title
    return html.write(blocks, path, title=title[0].replace("\n", ""))


def write_old(blocks: list[Block], path: Path) -> Path:
    """Write a Word 97 document by way of LibreOffice."""
    command = ["soffice", f"-env:UserInstallation={(path.parent / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "doc", "--outdir", str(path.parent), str(docx.write(blocks, path.with_suffix(".docx")))]
    subprocess.run(command, check=True, capture_output=True)
    return path


WRITERS: dict[str, Callable[[list[Block], Path], Path]] = {
    "docx": docx.write,
    "txt": write_text,
    "html": write_page,
    "pdf": pdf.write,
    "ofd": ofd.write,
}


def reports_of(*paths: Path) -> list[Report]:
    reports = []
    for document in read_reports(paths, lambda path: path.name, AREAS):
        assert not isinstance(document, InputError), document
        reports.append(make_report(document, code_numbers(document, extract_numbers(document), CATALOGUE), CATALOGUE))
    return reports


def quantities_of(report: Report, in_cells: bool = True) -> dict[int, tuple[Any, ...]]:
    """Return what is said of each quantity, by its offset; `in_cells` are those in tables included."""
    return {
        number.start: tuple(getattr(number, name) for name in SAME)
        for number in report.numbers
        if number.disposition != "excluded" and (in_cells or not (number.place and number.place.cell))
    }


def facts_of(report: Report, in_cells: bool = True) -> list[Any]:
    quantities = quantities_of(report, in_cells)
    return [
        report.document.masthead,
        [(section.path, section.heading) for section in report.document.sections],
        list(quantities.values()),
        [
            tuple(value for name, value in row._asdict().items() if name not in PLACES)
            for row in report.observations
            if row.char_start in quantities
        ],
    ]


def blocks_in(name: str, script: str) -> list[Block]:
    return blocks_of(opencc.OpenCC(SCRIPTS[script]).convert(REPORTS[name].read_text(encoding="utf-8")))


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("name", REPORTS)
def test_a_report_says_the_same_in_every_format(name: str, script: str, tmp_path: Path) -> None:
    blocks = blocks_in(name, script)
    word, *others = reports_of(*(write(blocks, tmp_path / f"报告.{kind}") for kind, write in WRITERS.items()))
    for report in others:
        in_cells = report.document.source.reader != "text" or name not in MERGED
        assert facts_of(report, in_cells) == facts_of(word, in_cells), report.document.source.reader
        assert all(facts_of(report, in_cells))


@pytest.mark.office
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_report_says_the_same_in_an_old_word_file(script: str, tmp_path: Path) -> None:
    blocks = blocks_in("市监局", script)
    old, new = reports_of(write_old(blocks, tmp_path / "报告.doc"), docx.write(blocks, tmp_path / "报告.docx"))
    assert facts_of(old) == facts_of(new)


def test_what_was_scanned_says_the_same_or_says_how_unsure_it_is(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")
    paths: list[Path] = []
    for name, script in (("县政府", "simplified"), ("县政府", "traditional"), ("信息公开", "simplified")):
        folder = tmp_path / script / name
        folder.mkdir(parents=True)
        blocks = blocks_in(name, script)
        paths += docx.write(blocks, folder / "报告.docx"), scan.write(blocks, folder / "报告.pdf", dots=200)
    reports = reports_of(*paths)
    found, expected = Counter[Any](), Counter[Any]()
    for word, scanned in zip(reports[::2], reports[1::2], strict=True):
        assert scanned.document.masthead == word.document.masthead
        found.update(values_of(scanned))
        expected.update(values_of(word))
        true = {(number.low, number.high) for number in word.numbers}
        sure = [number for number in scanned.numbers if number.place and (number.place.confidence or 0) >= SURE]
        assert {(number.low, number.high) for number in sure} <= true
    assert not found - expected
    assert (expected - found).total() <= expected.total() / 100


def values_of(report: Report) -> Iterator[tuple[Any, ...]]:
    for row in report.observations:
        period = row.period_start, row.period_end
        yield row.report_id, row.indicator, row.role, *period, row.value_low, row.value_high, row.unit
