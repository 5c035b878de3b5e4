"""The last guard: whatever is personal stops at the door, in whatever column or file it stands."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from mingfu.model import Finding, Number
from mingfu.personal import MASK, discreet
from mingfu.publish.guard import guarded
from mingfu.publish.rows import table_rows
from mingfu.tables import load_schemas, to_arrow
from mingfu.validate.leaks import check_leaks
from tests import samples
from tests.samples import MEDIATED, REPORT, ROOT, observation, report

SCHEMAS = load_schemas(ROOT / "schemas" / "tables")
SECRETS = {
    "张三": "联系人：张三，",
    "13800138000": "手机13800138000，",
    "110101199003074514": "（110101199003074514）",
    "6222021234567890128": "卡号6222021234567890128。",
    "wang@gd.gov.cn": "邮箱wang@gd.gov.cn",
}


def tables_with(secret: str) -> dict[str, pa.Table]:
    """Return the guarded tables of a report whose every free text says something personal."""
    number = Number(90, 91, "5", disposition="uncoded", label=secret, scope=secret, unit=secret, section=secret)
    item = observation(10, MEDIATED, 5, quote=secret, scope=secret, section=secret, correction_reason=secret)
    one = report(item, others=[number])
    masthead = replace(one.document.masthead, title=secret, issuer=secret, addressee=secret, document_number=secret)
    source = replace(one.document.source, title=secret, publisher=secret, encoding=secret)
    one = replace(one, document=replace(one.document, masthead=masthead, source=source))
    finding = Finding("x.y", "warning", secret, REPORT, expected=secret, actual=secret)
    rows = table_rows([one], [finding], samples.code_lists())
    return {name: guarded(to_arrow(rows[name], SCHEMAS[name]), SCHEMAS[name]) for name in rows}


@pytest.mark.parametrize(("datum", "secret"), SECRETS.items())
def test_every_text_of_every_table_is_masked(datum: str, secret: str) -> None:
    tables = tables_with(secret)
    told = [name for name, table in tables.items() if datum in repr(table.to_pylist())]
    assert told == []
    assert {name for name, table in tables.items() if MASK in repr(table.to_pylist())} >= {
        "observations", "numbers", "reports", "sources", "checks"
    }  # fmt: skip
    (quote,) = tables["observations"]["quote"].to_pylist()
    assert quote == secret.replace(datum, MASK * len(datum))


def test_the_guard_leaves_everything_else() -> None:
    rows = table_rows(samples.reports(), samples.findings(), samples.code_lists())
    for name in rows:
        table = to_arrow(rows[name], SCHEMAS[name])
        assert guarded(table, SCHEMAS[name]).equals(table, check_metadata=True), name


def test_values_do_not_run_into_one_another() -> None:
    """What stands in one cell says nothing of the next."""
    schema = {"primaryKey": ["no"]}
    table = pa.table({"text": ["联系人：", "依法", "电话", "88261112", "联系人：李四", None, "李四"]})
    assert guarded(table, schema)["text"].to_pylist() == [
        *("联系人：", "依法", "电话", "88261112", f"联系人：{MASK * 2}", None, "李四")
    ]


def test_a_number_whose_text_is_masked_has_no_value() -> None:
    number = Number(60, 71, "13800138000", low=13800138000, high=13800138000, disposition="uncoded")
    (row,) = table_rows([report(others=[number])], [], samples.code_lists())["numbers"]
    assert (row["text"], row["value_low"], row["value_high"]) == (None, None, None)


def test_a_finding_is_shown_masked() -> None:
    finding = discreet(Finding("x.y", "warning", "联系人：张三", expected="电话：88261112", actual=None))
    assert (finding.message, finding.expected, finding.actual) == (f"联系人：{MASK * 2}", f"电话：{MASK * 8}", None)


@pytest.mark.parametrize(("datum", "secret"), SECRETS.items())
def test_a_file_that_holds_personal_data_stops_the_publication(tmp_path: Path, datum: str, secret: str) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "a.csv").write_text(f"path,title\n{secret},\n", encoding="utf-8")
    (tmp_path / "b.parquet").write_bytes(b"PAR1\xff\xfe")
    (finding,) = check_leaks(tmp_path)
    assert (finding.rule, finding.severity, finding.path) == ("personal.leak", "error", "tables/a.csv")
    assert "line 2" in finding.message
    assert datum not in repr(finding)


def test_a_column_of_numbers_holds_sums_and_no_telephone_numbers(tmp_path: Path) -> None:
    fields = [{"name": "value", "type": "number"}, {"name": "text", "type": "string"}]
    package = {"resources": [{"path": "a.csv", "schema": {"fields": fields}}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    (tmp_path / "a.csv").write_text("value,text\n13812345600,a\n8001234500,b\n1,13812345600\n", encoding="utf-8")
    (finding,) = check_leaks(tmp_path)
    assert "a.csv, line 4" in finding.message


def test_the_publisher_may_give_a_contact(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text('{"email": "data@gd.gov.cn"}', encoding="utf-8")
    assert check_leaks(tmp_path, "publisher: {email: data@gd.gov.cn}") == []
    assert check_leaks(tmp_path, "publisher: {}") != []


def test_a_release_holds_nothing_personal(tmp_path: Path) -> None:
    deliberate = (ROOT / "schemas" / "dataset.yaml").read_text(encoding="utf-8")
    assert check_leaks(samples.published(tmp_path), deliberate) == []
