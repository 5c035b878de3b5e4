"""Totals of tables: the sums of what stands beside or above them, and what is said where they are not."""

from __future__ import annotations

import pytest

from mingfu.extract.ledger import extract_numbers
from mingfu.ingest.blocks import assemble
from mingfu.model import Document, Finding, Report, Source
from mingfu.validate.rules import Totals
from mingfu.validate.tables import check_tables
from tests.test_ingest_blocks import table_of

RULE = Totals(id="r", title_zh="合计", title_en="Total", severity="warning", words=("总计", "合计"))


def findings_of(*rows: str) -> list[Finding]:
    text, places = assemble([table_of(*rows)])
    document = Document(Source("t", "0" * 64, 1, "text/html", "html"), text, places=places)
    return check_tables(RULE, Report("r-1", document, extract_numbers(document), ()))


@pytest.mark.parametrize(
    "rows",
    [
        ("项目|个人|单位|总计", "受理|2|3|5", "办结|1|1|2"),
        ("项目|总计|个人|单位", "受理|5|2|3"),  # the total first
        ("项目|件数", "受理|2", "办结|3", "合计|5"),
        ("项目|个人|单位|总计", "受理|2|3|5", "办结|1|1|2", "合计|3|4|7"),
        ("项目v2|行政复议>3|行政诉讼>3", "维持|撤销|总计|维持|撤销|总计", "全年|1|2|3|4|5|9"),
        ("项目v2|个人v2|单位>2|总计v2", "企业|社团", "受理|1|2|3|6"),  # the parts are deeper than the total
        ("结果>2|件数", "不予公开v2|秘密|1", "隐私|2", "受理|合计|3"),
        ("项目>2|件数", "本年新收>2|9", "办结v3|公开|4", "不予公开|5", "（七）总计|9", "结转下年>2|0"),
    ],
)
def test_totals_that_hold(rows: tuple[str, ...]) -> None:
    assert {finding.severity for finding in findings_of(*rows)} <= {"info"}


def test_all_held_totals_of_a_table_are_one_finding() -> None:
    (finding,) = findings_of("项目|个人|单位|总计", "受理|2|3|5", "办结|1|1|2", "合计|3|4|7")
    assert (finding.rule, finding.severity, finding.actual) == ("totals.r", "info", "6 of 6 totals")


def test_a_total_that_is_no_sum_is_named_with_its_place() -> None:
    (finding,) = findings_of("项目|个人|单位|总计", "受理|2|3|6")
    assert (finding.severity, finding.expected, finding.actual) == ("warning", "5 (2 + 3)", "6")
    assert finding.message == "Total: 受理 总计 (table 1, row 2, column 4) is 6, expected 5 (2 + 3)."


@pytest.mark.parametrize(
    "rows",
    [
        ("项目|件数", "受理|2", "其中：个人|1", "单位|1", "合计|2"),  # a part of a part
        ("项目|总计", "受理|6"),  # one column only
        ("项目|率一|率二|总计", "办结率|10%|20%|15%"),
        ("项目|甲|乙|总计", "受理|约2|3|6"),
    ],
)
def test_what_cannot_be_added_up_is_not_judged(rows: tuple[str, ...]) -> None:
    assert findings_of(*rows) == []
