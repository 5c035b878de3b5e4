import csv
import io
import json
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import frictionless
import pandas
import pyarrow as pa
import pytest
from hypothesis import given, strategies
from pyarrow import parquet

from mingfu.publish.csvtext import BATCH, write_csv
from mingfu.publish.files import ROW_GROUP, write_parquet
from mingfu.tables import TABLES, arrow_schema, load_schemas
from tests import samples

NAMES = (*TABLES, "wide")
DUCKDB_TYPES = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return samples.published(tmp_path_factory.mktemp("project"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (818000000.0, "818000000"),
        (98.9, "98.9"),
        (0.00001, "0.00001"),
        (1e22, "10000000000000000000000"),
        (-3.5, "-3.5"),
        (True, "true"),
        (False, "false"),
        (date(2019, 11, 30), "2019-11-30"),
        ("a,b", '"a,b"'),
        ('計"2"', '"計""2"""'),
        ("two\nlines", '"two\nlines"'),
    ],
)
def test_csv_cell(tmp_path, value, text):
    path = tmp_path / "table.csv"
    write_csv(path, pa.table({"id": [1, 2], "cell": [value, None]}))
    assert path.read_bytes().decode() == f"id,cell\r\n1,{text}\r\n2,\r\n"


def test_a_table_without_rows_is_a_header(tmp_path):
    write_csv(tmp_path / "t.csv", pa.table({"a": pa.array([], pa.string()), "b": pa.array([], pa.int64())}))
    assert (tmp_path / "t.csv").read_bytes() == b"a,b\r\n"


def test_a_table_of_one_column_has_no_blank_lines(tmp_path):
    write_csv(tmp_path / "t.csv", pa.table({"a": ["", None, "x"]}))
    assert (tmp_path / "t.csv").read_bytes() == b'a\r\n""\r\n""\r\nx\r\n'


def test_every_batch_is_written_in_its_place(tmp_path):
    table = pa.table({"row": range(5 * BATCH), "text": ['"', "x", None, "é", ","] * BATCH})
    write_csv(tmp_path / "t.csv", table)
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1:] == [[str(row), text or ""] for row, text in zip(*table.to_pydict().values(), strict=True)]


CELLS = [strategies.text(), strategies.integers(-(2**63), 2**63 - 1), strategies.floats(), strategies.booleans()]
CELLS += [strategies.dates(), strategies.floats(-1e7, 1e17).map(lambda value: round(value, 2))]


@given(strategies.lists(strategies.tuples(*(strategies.none() | cell for cell in CELLS)), min_size=1, max_size=20))
def test_csv_is_what_python_would_write(rows):
    types = [pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.date32(), pa.float64()]
    columns = [pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), types, strict=True)]
    expected = io.StringIO()
    csv.writer(expected, lineterminator="\r\n").writerows([["a,b", *"bcdef"], *([*map(_cell, row)] for row in rows)])
    with tempfile.TemporaryDirectory() as folder:
        write_csv(Path(folder) / "t.csv", pa.table(columns, names=["a,b", *"bcdef"]))
        assert (Path(folder) / "t.csv").read_bytes().decode() == expected.getvalue()


def _cell(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}"
    return "" if value is None else str(value)


def test_a_missing_required_value_is_left_for_validation_to_name(tmp_path):
    schema = pa.schema([pa.field("a", pa.string(), nullable=False)])
    write_parquet(tmp_path / "t.parquet", pa.table({"a": ["x", None]}, schema=schema))
    assert parquet.read_table(tmp_path / "t.parquet")["a"].to_pylist() == ["x", None]


def test_distinct_values_take_no_more_room_in_groups_than_together(tmp_path):
    table = pa.table({"place": range(3 * ROW_GROUP)})
    write_parquet(tmp_path / "groups.parquet", table)
    parquet.write_table(table, tmp_path / "one.parquet", compression="zstd")
    sizes = [(tmp_path / f"{name}.parquet").stat().st_size for name in ("groups", "one")]
    assert sizes[0] < 1.1 * sizes[1]


@pytest.mark.parametrize("name", TABLES)
def test_parquet_describes_itself(folder, name):
    file = parquet.ParquetFile(folder / f"{name}.parquet")
    declared = load_schemas(samples.ROOT / "schemas" / "tables")[name]
    assert file.schema_arrow.equals(arrow_schema(declared))
    assert file.schema_arrow.metadata[b"description"].decode() == declared["description"]
    for key in ("title", "title_zh", "description", "description_zh", "unit", "unit_field"):
        metadata = [file.schema_arrow.field(field["name"]).metadata for field in declared["fields"]]
        texts = [item.get(key.encode(), b"").decode() for item in metadata]
        assert texts == [field.get(key, "") for field in declared["fields"]]
    for key in ("primaryKey", "foreignKeys", "orderedBy"):
        assert json.loads(file.schema_arrow.metadata.get(key.encode(), b"null")) == declared.get(key)
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


@pytest.mark.parametrize("name", NAMES)
def test_duckdb_reads_both_files_alike(folder, name):
    schema = frictionless.Package(str(folder / "datapackage.json")).get_resource(name).schema
    binary = duckdb.sql(f"select * from '{folder / name}.parquet'")
    assert [str(kind) for kind in binary.types] == [DUCKDB_TYPES[field.type] for field in schema.fields]
    types = dict(zip(binary.columns, map(str, binary.types), strict=True))
    text = duckdb.read_csv(str(folder / f"{name}.csv"), dtype=types, header=True)
    rows = binary.fetchall()
    assert text.fetchall() == rows
    assert bool(rows) == (name != "changes")  # a first release has none


@pytest.mark.parametrize("name", NAMES)
def test_pandas_reads_both_files_alike(folder, name):
    binary = pandas.read_parquet(folder / f"{name}.parquet", dtype_backend="pyarrow")
    dates = [column for column, kind in binary.dtypes.items() if str(kind).startswith("date")]
    others = {column: kind for column, kind in binary.dtypes.items() if column not in dates}
    text = pandas.read_csv(folder / f"{name}.csv", dtype=others, parse_dates=dates, dtype_backend="pyarrow")
    text = text.astype(binary.dtypes.to_dict())
    pandas.testing.assert_frame_equal(text, binary)


@pytest.mark.parametrize("name", NAMES)
def test_rows_stand_in_the_declared_order_and_parquet_says_so(folder, name):
    file = parquet.ParquetFile(folder / f"{name}.parquet")
    order = json.loads(file.schema_arrow.metadata.get(b"orderedBy", b"[]"))
    assert [file.schema_arrow.names[item.column_index] for item in file.metadata.row_group(0).sorting_columns] == order
    rows = file.read(columns=order).to_pylist()
    keys = [tuple(row[column] for column in order) for row in rows]
    assert keys == sorted(keys)


def test_a_reader_of_one_area_skips_the_row_groups_of_others(tmp_path):
    areas = sorted(str(110000 + place) for place in range(40) for _ in range(10_000))
    write_parquet(tmp_path / "t.parquet", pa.table({"ref_area": areas}))
    groups = parquet.ParquetFile(tmp_path / "t.parquet").metadata
    bounds = [groups.row_group(place).column(0).statistics for place in range(groups.num_row_groups)]
    assert len(bounds) == 7
    assert sum(bound.min <= "110020" <= bound.max for bound in bounds) == 1


def test_csv_is_utf8_without_bom_and_ends_every_line_in_crlf(folder):
    for name in NAMES:
        content = (folder / f"{name}.csv").read_bytes()
        assert not content.startswith(b"\xef\xbb\xbf")
        assert content.endswith(b"\r\n")
        rows = list(csv.reader(content.decode().splitlines(keepends=True), strict=True))
        assert len({len(row) for row in rows}) == 1
