"""The compiled checks against frictionless, over tables that keep to their schemas and tables that do not."""

import contextlib
import csv
import io
import tempfile
from pathlib import Path
from unittest import mock

import pytest
from frictionless import Package
from hypothesis import given, settings
from hypothesis import strategies as st

from mingfu.validate.columns import csvscan
from mingfu.validate.columns.compiled import check_tables
from mingfu.validate.columns.faults import NotCompiled

DIALECT = {"header": True, "delimiter": ",", "quoteChar": '"', "doubleQuote": True, "skipInitialSpace": False}
GOOD = {
    "string": ["a", "b", "計", "a,b", 'a"b', "a\nb", "a\r\nb", " a", "440600"],
    "integer": ["0", "1", "2", "-3", "12"],
    "number": ["0", "1", "2.5", "-3.25", "818000000"],
    "boolean": ["true", "false", "1", "0"],
    "date": ["2019-11-30", "2020-02-29", "1980-01-01"],
    "year": ["2019", "2020"],
}
ODD = ["", "-", "x", " 1", "1 ", "+1", "007", "1_0", "１", "0x1A", "1e2", "1.", ".5", "nan", "-inf", "TRUE", "True"]
ODD += ["1.0", "2.50", "-0", "2019-02-29", "2019-1-5", "0000-01-01", "2019-11-30 ", "20191130", "19", "9" * 18, "計"]
CONSTRAINTS = {
    "string": {
        "minLength": st.sampled_from([1, 2]),
        "maxLength": st.sampled_from([1, 5]),
        "pattern": st.sampled_from(["a|b", "[1-9][0-9]{5}", "^a.*$", r"\w+", r"\D", "(?i)A", "[^a]{,2}", "^[a-z]$"]),
        "enum": st.just(["a", "b"]),
    },
    "integer": {"minimum": st.just(0), "maximum": st.just(2), "exclusiveMinimum": st.just(1), "enum": st.just([0, 1])},
    "number": {"minimum": st.just(0), "maximum": st.just(2.5), "exclusiveMaximum": st.just(1), "enum": st.just([0, 1])},
    "boolean": {"enum": st.just([True])},
    "date": {"minimum": st.just("2000-01-01"), "maximum": st.just("2019-12-31"), "enum": st.just(["2019-11-30"])},
    "year": {"minimum": st.just(2020)},
}


@st.composite
def fields(draw, name):
    kind = draw(st.sampled_from(sorted(GOOD)))
    optional = {**CONSTRAINTS[kind], "required": st.booleans(), "unique": st.booleans()}
    chosen = draw(st.lists(st.sampled_from(sorted(optional)), max_size=2, unique=True))
    field = {"name": name, "type": kind, "constraints": {item: draw(optional[item]) for item in chosen}}
    if draw(st.integers(0, 5)) == 0:
        field["missingValues"] = ["-", "x"]
    return field


@st.composite
def schemas(draw):
    names = "abc"[: draw(st.integers(1, 3))]
    schema = {"fields": [draw(fields(name)) for name in names]}
    if draw(st.booleans()):
        schema["missingValues"] = draw(st.sampled_from([[""], ["", "-"], [], [{"value": "-", "label": "none"}]]))
    if draw(st.booleans()):
        schema["primaryKey"] = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    if draw(st.integers(0, 3)) == 0:
        schema["fieldsMatch"] = draw(st.sampled_from(["exact", "equal", "subset", "superset", "partial"]))
    return schema


@st.composite
def texts(draw, schema):
    """Rows under a header, now and then with another number of cells, blank, or written oddly."""
    names = [field["name"] for field in schema["fields"]]
    labels = draw(st.one_of(st.just(names), st.just(names), st.lists(st.sampled_from(["a", "b", "c", "d", ""]))))
    cells = [st.sampled_from(GOOD[field["type"]] * 3 + ODD) for field in schema["fields"]]
    row = st.tuples(*cells).map(list)
    ragged = st.lists(st.sampled_from(["", "a", "1"]), max_size=5)
    rows = draw(st.lists(st.one_of(row, row, row, ragged), max_size=12))
    text = io.StringIO()
    csv.writer(text, lineterminator=draw(st.sampled_from(["\r\n", "\n"]))).writerows([labels, *rows])
    return text.getvalue() + draw(st.sampled_from(["", "", "", "1", 'a"b,"c"\r\n', '"a"x,1\n', '"a', "1\r2\n", "\n\n"]))


@st.composite
def packages(draw):
    """Two tables; the second may refer to the first or to itself."""
    first, second = draw(schemas()), draw(schemas())
    if draw(st.booleans()):
        target, resource = draw(st.sampled_from([(first, "first"), (second, "")]))
        own = draw(st.sampled_from(second["fields"]))
        other = draw(st.sampled_from(target["fields"]))
        second["foreignKeys"] = [
            {"fields": [own["name"]], "reference": {"resource": resource, "fields": [other["name"]]}}
        ]
    return [("first", first, draw(texts(first))), ("second", second, draw(texts(second)))]


def descriptor(tables):
    resources = [
        {"name": name, "type": "table", "path": f"{name}.csv", "format": "csv", "encoding": "utf-8"}
        | {"dialect": DIALECT, "schema": {"$schema": "https://datapackage.org/profiles/2.0/tableschema.json", **schema}}
        for name, schema, _ in tables
    ]
    return {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "p", "resources": resources}


def by_frictionless(folder, package):
    """Return the type, row and field of each error by file; the dialect is the declared one, not guessed from rows."""
    guess = mock.patch("frictionless.Detector.detect_dialect", lambda self, sample, dialect: dialect)
    with guess, mock.patch("csv.Sniffer.sniff", side_effect=csv.Error):
        report = Package.from_descriptor(package, basepath=str(folder)).validate()
    found = {}
    for task in report.tasks:
        errors = [error.to_descriptor() for error in task.errors]
        found[task.place] = sorted(
            (error["type"], error.get("rowNumber", 1), error.get("fieldName", "")) for error in errors
        )
    return found


def by_columns(folder, package):
    found = check_tables(folder, package["resources"])
    return {path: sorted((fault.type, fault.row, fault.field) for fault in faults) for path, faults in found.items()}


def write(folder, tables):
    for name, _, text in tables:
        (Path(folder) / f"{name}.csv").write_text(text, encoding="utf-8", newline="")


@settings(max_examples=60)
@given(packages(), st.sampled_from([1, 16, 64, csvscan.BLOCK]))
def test_verdicts_are_those_of_frictionless(tables, block):
    package = descriptor(tables)
    with tempfile.TemporaryDirectory() as folder, mock.patch.multiple(csvscan, BLOCK=block, SMALL=block, ROWS=2):
        write(folder, tables)
        with contextlib.suppress(NotCompiled):
            assert by_columns(Path(folder), package) == by_frictionless(folder, package)


def table(fields, text, **schema):
    return ("t", {"fields": [{"name": name, "type": "integer"} for name in fields], **schema}, text)


@pytest.mark.parametrize(
    ("given_table", "faults"),
    [
        (table("a", ""), [("source-error", 1, "")]),
        (table("ab", "a,b\r\n1,1\r\n1,1\r\n,1\r\n,1\r\n", uniqueKeys=[["a", "b"]]), [("unique-error", 3, "")]),
        (table("a", f"a\r\n{2**63}\r\n{2**63 - 1}\r\n"), [("type-error", 2, "a")]),
    ],
)
def test_what_frictionless_does_not_say(tmp_path, given_table, faults):
    write(tmp_path, [given_table])
    assert by_columns(tmp_path, descriptor([given_table])) == {"t.csv": faults}


def test_categories_are_the_only_values(tmp_path):
    field = {"name": "a", "type": "string", "categories": ["x", {"value": "y", "label": "Why"}]}
    tables = [("t", {"fields": [field]}, "a\r\nx\r\ny\r\nz\r\n")]
    write(tmp_path, tables)
    assert by_columns(tmp_path, descriptor(tables)) == {"t.csv": [("constraint-error", 4, "a")]}


def test_bytes_that_are_no_text_are_a_fault(tmp_path):
    tables = [table("ab", "a,b\r\n1,2\r\n")]
    (tmp_path / "t.csv").write_bytes(b"a,b\r\n1,2\r\n\xff,3\r\n")
    assert by_columns(tmp_path, descriptor(tables)) == {"t.csv": [("encoding-error", 2, "")]}


def test_the_first_thousand_faults_are_told(tmp_path):
    tables = [table("a", "a\r\n" + "x\r\n" * 1500 + "1\r\n" * 2, primaryKey=["a"])]
    write(tmp_path, tables)
    package = descriptor(tables)
    assert by_columns(tmp_path, package) == by_frictionless(tmp_path, package)


@pytest.mark.parametrize(
    "change",
    [
        {"type": "geopoint"},
        {"format": "any", "type": "date"},
        {"constraints": {"pattern": "1"}},
        {"constraints": {"minimum": "x"}},
        {"groupChar": ","},
    ],
)
def test_what_is_not_compiled_is_left_to_frictionless(tmp_path, change):
    tables = [("t", {"fields": [{"name": "a", "type": "integer", **change}]}, "a\r\n1\r\n")]
    write(tmp_path, tables)
    with pytest.raises(NotCompiled):
        by_columns(tmp_path, descriptor(tables))


@given(
    st.lists(st.lists(st.text('ab,"\r\n 計'), min_size=2, max_size=2), max_size=5),
    st.text('a,"\r\n'),
    st.integers(1, 40),
)
def test_any_text_is_read_as_python_reads_it(rows, tail, block):
    text = io.StringIO()
    csv.writer(text).writerows([["a", "b"], *rows])
    content = text.getvalue() + tail
    expected = [(*row, None, None)[:2] for row in list(csv.reader(io.StringIO(content, newline="")))[1:]]
    with tempfile.TemporaryDirectory() as folder, mock.patch.multiple(csvscan, BLOCK=block, SMALL=block):
        path = Path(folder) / "t.csv"
        path.write_text(content, encoding="utf-8", newline="")
        found = [
            zip(*(column.to_pylist() for column in item.columns), strict=True) for item in csvscan.read_blocks(path, 2)
        ]
    assert [row for rows in found for row in rows] == expected
