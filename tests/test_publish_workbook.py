import csv
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from mingfu.publish.files import write_parquet
from mingfu.publish.formats.workbook import CUT, MAX_CHARACTERS, write_workbook
from mingfu.tables import TABLES
from tests import samples

NAMES = (*TABLES, "wide")
DATASET = {
    "title": {"zh": "标题", "en": "Title"},
    "description": {"zh": "说明", "en": "Description"},
    "publisher": {"title": {"zh": "机关", "en": "Office"}},
    "licence": {"title": "Terms", "path": "https://terms.example.org/"},
    "issued": "2020-01-31",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return samples.published(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def workbook(folder):
    return openpyxl.load_workbook(next(folder.glob("*.xlsx")))


def _table(*types: str) -> dict:
    fields = [
        {"name": f"c{place}", "type": kind, "title": "C", "title_zh": "列", "description": "d", "description_zh": "说"}
        for place, kind in enumerate(types)
    ]
    return {"name": "t", "title": "T", "title_zh": "表", "fields": fields}


def _sheet(folder: Path, columns: dict[str, pa.Array], *types: str, **options):
    write_parquet(folder / "t.parquet", pa.table(columns))
    write_workbook(folder / "book.xlsx", DATASET, [_table(*types)], **options)
    return openpyxl.load_workbook(folder / "book.xlsx")


def test_every_table_has_a_sheet_between_the_title_and_the_dictionary(workbook):
    assert workbook.sheetnames == ["about", *NAMES, "dictionary"]
    assert "示例" in workbook["about"]["A1"].value
    assert workbook.properties.creator == "示例发布机关（请替换）"
    assert workbook.properties.created == workbook.properties.modified == datetime.fromisoformat("2026-01-01")


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_holds_the_values_of_its_table(folder, workbook, name):
    table = parquet.read_table(folder / f"{name}.parquet")
    head, *rows = workbook[name].iter_rows(values_only=True)
    assert list(head) == table.column_names
    for row, expected in zip(rows, table.to_pylist(), strict=True):
        for found, value in zip(row, expected.values(), strict=True):
            assert (found.date() if isinstance(value, date) else found) == value
            assert isinstance(found, bool) == isinstance(value, bool)


@pytest.mark.parametrize("name", [*NAMES, "dictionary"])
def test_headers_stay_in_sight_and_filter(workbook, name):
    sheet = workbook[name]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert sheet["A1"].font.bold


def test_dates_are_dates(tmp_path):
    cell = _sheet(tmp_path, {"c0": [date(2019, 11, 30)]}, "date")["t"]["A2"]
    assert (cell.is_date, cell.number_format, cell.value) == (True, "yyyy-mm-dd", datetime.fromisoformat("2019-11-30"))


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@SUM(A1)", "\t=1", '=HYPERLINK("x")', "{=A1}", "https://x"])
def test_text_stays_text(tmp_path, text):
    cell = _sheet(tmp_path, {"c0": [text]}, "string")["t"]["A2"]
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)
    assert cell.quotePrefix == text.startswith(("=", "+", "-", "@", "\t"))


def test_a_table_too_long_for_a_sheet_is_left_out_with_a_note(tmp_path):
    whole = _sheet(tmp_path, {"c0": ["a", "b", "c"]}, "string", max_rows=4)
    assert whole["t"].max_row == 4
    book = _sheet(tmp_path, {"c0": ["a", "b", "c", "d"]}, "string", max_rows=4)
    note = book["t"]["A1"].value
    assert book["t"].max_row == 1
    assert "t.csv" in note
    assert "4 rows" in note
    assert note in [cell.value for cell in book["about"]["A"]]


def test_a_text_too_long_for_a_cell_is_cut_with_a_mark(tmp_path):
    sheet = _sheet(tmp_path, {"c0": ["文" * MAX_CHARACTERS, "文" * (MAX_CHARACTERS + 1)]}, "string")["t"]
    assert sheet["A2"].value == "文" * MAX_CHARACTERS
    assert len(sheet["A3"].value) == MAX_CHARACTERS
    assert sheet["A3"].value.endswith(CUT)


def test_what_excel_cannot_hold_is_an_error(tmp_path):
    with pytest.raises((ValueError, TypeError)):
        _sheet(tmp_path, {"c0": [float("nan")]}, "number")


@pytest.mark.calc
def test_libreoffice_shows_what_the_csv_file_says(folder, tmp_path):
    book = shutil.copy(next(folder.glob("*.xlsx")), tmp_path / "book.xlsx")
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", form]
    subprocess.run([*command, "--outdir", str(tmp_path), str(book)], check=True, capture_output=True, timeout=120)
    for name in NAMES:
        shown = [[cell.lower() for cell in row] for row in _rows(tmp_path / f"book-{name}.csv")]
        assert shown == [[cell.lower() for cell in row] for row in _rows(folder / f"{name}.csv")], name


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.calc
def test_libreoffice_refuses_a_broken_workbook(folder, tmp_path):
    content = next(folder.glob("*.xlsx")).read_bytes()
    (tmp_path / "book.xlsx").write_bytes(content[: len(content) // 2])
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "csv"]
    command += ["--outdir", str(tmp_path), str(tmp_path / "book.xlsx")]
    subprocess.run(command, check=False, capture_output=True, timeout=120)
    assert not list(tmp_path.glob("*.csv"))
