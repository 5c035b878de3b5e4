"""The workbook: every table on a sheet of its own, with a data dictionary, for spreadsheet programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyarrow import parquet

from mingfu.tables import TableSchema

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# https://support.microsoft.com/office/excel-specifications-and-limits
MAX_ROWS, MAX_COLUMNS, MAX_CHARACTERS = 1_048_576, 16_384, 32_767
CUT = "…（过长，全文见 CSV；too long, whole in the CSV file）"
# With which a cell would start a formula where somebody edits it or pastes it elsewhere.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
WIDTHS = {"string": 24, "integer": 12, "number": 16, "boolean": 10, "date": 12}
DICTIONARY = ("Table", "表", "Column", "Title", "名称", "Type", "Unit", "Required", "Description", "含义")
AS_TEXT = {"strings_to_urls": False, "strings_to_formulas": False}
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Styles:
    """The cell formats of the workbook."""

    head: Format
    date: Format
    text: Format


def write_workbook(
    path: Path, dataset: Mapping[str, Any], tables: Sequence[TableSchema], max_rows: int = MAX_ROWS
) -> None:
    """Write the tables whose Parquet files stand beside `path` into a workbook.

    A table with more rows than a sheet can hold is left out whole; its sheet and the first sheet say so
    and name the files that hold it.  The same tables make the same bytes.
    """
    # Imported here: only a publication needs it.
    from xlsxwriter import Workbook

    # Its temporary files stand beside it: a staged folder is cleared where a run was killed.
    options = {"constant_memory": True, "tmpdir": str(path.parent), **AS_TEXT}
    with _plain_errors(), Workbook(str(path), options) as workbook:
        workbook.set_properties(
            {
                "title": dataset["title"]["zh"],
                "subject": dataset["title"]["en"],
                "author": dataset["publisher"]["title"]["zh"],
                "created": datetime.fromisoformat(dataset["issued"]),
            }
        )
        styles = Styles(
            workbook.add_format({"bold": True, "bg_color": "#E7ECF2", "border": 1}),
            workbook.add_format({"num_format": "yyyy-mm-dd"}),
            workbook.add_format({"quote_prefix": True}),
        )
        files = [parquet.ParquetFile(path.with_name(f"{table['name']}.parquet")) for table in tables]
        left_out = [_excess(table, file, max_rows) for table, file in zip(tables, files, strict=True)]
        _write_about(workbook, styles, dataset, [note for note in left_out if note])
        for table, file, note in zip(tables, files, left_out, strict=True):
            _write_table(workbook, styles, table, [] if note else _rows(file), note)
        _write_dictionary(workbook, styles, tables)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Raise what the system says, which the library wraps."""
    from xlsxwriter.exceptions import FileCreateError

    try:
        yield
    except FileCreateError as error:
        raise error.args[0] from error


def _excess(table: TableSchema, file: parquet.ParquetFile, max_rows: int) -> str:
    """Return what to say of a table that a sheet cannot hold, or nothing."""
    rows, columns, name = file.metadata.num_rows, len(table["fields"]), table["name"]
    if rows < max_rows and columns <= MAX_COLUMNS:
        return ""
    return (
        f"表 {name} 有 {rows} 行、{columns} 列，超出工作表容量，未列入本工作簿；请用 {name}.csv 或 {name}.parquet。"
        f"Table {name} has {rows} rows and {columns} columns, more than a sheet holds, and is not in this "
        f"workbook; use {name}.csv or {name}.parquet."
    )


def _write_about(workbook: Workbook, styles: Styles, dataset: Mapping[str, Any], notes: Iterable[str]) -> None:
    sheet = workbook.add_worksheet("about")
    sheet.set_column(0, 0, 120)
    lines = [dataset[key][language] for key in ("title", "description") for language in ("zh", "en")]
    publisher, licence = dataset["publisher"]["title"], dataset["licence"]
    lines += [f"{publisher['zh']} / {publisher['en']}", f"{licence['title']}: {licence['path']}", *notes]
    for place, line in enumerate(lines):
        _write(sheet, place, 0, line, styles)


def _rows(file: parquet.ParquetFile) -> Iterator[tuple[Any, ...]]:
    for batch in file.iter_batches(batch_size=BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _write_table(
    workbook: Workbook, styles: Styles, table: TableSchema, rows: Iterable[Sequence[Any]], note: str
) -> None:
    fields = table["fields"]
    sheet = workbook.add_worksheet(table["name"])
    if note:
        _write(sheet, 0, 0, note, styles)
        return
    last = _write_sheet(sheet, styles, [field["name"] for field in fields], rows)
    for place, field in enumerate(fields):
        sheet.set_column(place, place, WIDTHS[field["type"]])
    sheet.autofilter(0, 0, last, len(fields) - 1)


def _write_dictionary(workbook: Workbook, styles: Styles, tables: Iterable[TableSchema]) -> None:
    sheet = workbook.add_worksheet("dictionary")
    rows = [_entry(table, field) for table in tables for field in table["fields"]]
    last = _write_sheet(sheet, styles, DICTIONARY, rows)
    sheet.set_column(0, len(DICTIONARY) - 1, WIDTHS["string"])
    sheet.autofilter(0, 0, last, len(DICTIONARY) - 1)


def _entry(table: TableSchema, field: Mapping[str, Any]) -> tuple[Any, ...]:
    unit = field.get("unit") or (f"[{field['unit_field']}]" if "unit_field" in field else None)
    is_required = bool(field.get("constraints", {}).get("required"))
    return (
        table["name"], table["title_zh"], field["name"], field["title"], field["title_zh"], field["type"], unit,
        is_required, field["description"], field["description_zh"],
    )  # fmt: skip


def _write_sheet(sheet: Worksheet, styles: Styles, head: Iterable[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a frozen header and the rows below it; return the place of the last row."""
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(head):
        _checked(sheet.write_string(0, column, name, styles.head), name)
    last = 0
    for last, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if value is not None:
                _write(sheet, last, column, value, styles)
    return last


def _write(sheet: Worksheet, row: int, column: int, value: Any, styles: Styles) -> None:
    if isinstance(value, bool):
        _checked(sheet.write_boolean(row, column, value), value)
    elif isinstance(value, date):
        _checked(sheet.write_datetime(row, column, value, styles.date), value)
    elif isinstance(value, int | float):
        _checked(sheet.write_number(row, column, value), value)
    else:
        style = styles.text if value.startswith(FORMULA_STARTS) else None
        _checked(sheet.write_string(row, column, _fitted(value), style), value)


def _fitted(text: str) -> str:
    return text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - len(CUT)] + CUT


def _checked(status: int, value: Any) -> None:
    """Raise ValueError where the writer refused a cell, which it says by its return value alone."""
    if status:
        raise ValueError(f"not to be written into a sheet: {str(value)[:60]!r}")
