"""Figures of tables: what the cells that head them say of them."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import pytest

from mingfu.extract.ledger import extract_numbers
from mingfu.ingest.blocks import Paragraph, Table, assemble
from mingfu.model import Document, Masthead, Number, Source
from mingfu.normalise.coding import code_numbers
from tests.catalogues import catalogue_of
from tests.reading import CATALOGUE
from tests.test_ingest_blocks import table_of


def document_of(*rows: str, confidence: float | None = None) -> Document:
    text, places = assemble([Paragraph("受理案件3件。", 1, confidence), table_of(*rows)])
    return Document(Source("t", "0" * 64, 1, "text/html", "html"), text, (), Masthead(report_year=2020), places)


def figures(*rows: str) -> list[Number]:
    numbers = extract_numbers(document_of(*rows))
    return [number for number in numbers if number.place and number.place.cell and number.place.cell.row > 1]


@pytest.mark.parametrize(
    ("rows", "value", "unit", "label"),
    [
        (("项目|件数", "许可|12"), 12, "件", "许可 件数"),
        (("项目|办件数量（件）", "许可|1,024"), 1024, "件", "许可 办件数量（件）"),
        (("项目|收费金额（单位：万元）", "事业性收费|3.5"), 35000, "元", "事业性收费 收费金额（单位：万元）"),
        (("项目|完成率(%)", "建议|98.5"), "98.5", "%", "建议 完成率(%)"),
        (("项目|数量", "建议|98.5%"), "98.5", "%", "建议 数量"),
        (("项目|数量", "网站(个)|２"), 2, "个", "网站(个) 数量"),
        (("項目|數量", "許可|12萬件"), 120000, "件", "許可 數量"),
        (("项目|差额（件）", "许可|-12"), -12, "件", "许可 差额（件）"),
        (("项目|总计", "许可|110"), 110, None, "许可 总计"),  # no emergency line, no year
        (("项目|总计", "许可|2019"), 2019, None, "许可 总计"),
    ],
)
def test_heads_give_unit_and_label(rows: tuple[str, ...], value: object, unit: str | None, label: str) -> None:
    (number,) = figures(*rows)
    assert (str(number.low), number.low, number.unit, number.label) == (str(value), number.high, unit, label)
    assert (number.role, number.disposition) == ("level", "uncoded")


@pytest.mark.parametrize(
    ("head", "role", "period"),
    [
        ("2019年（件）", "level", (date(2019, 1, 1), date(2019, 12, 31))),
        ("本年（件）", "level", (date(2020, 1, 1), date(2020, 12, 31))),
        ("上半年（件）", "level", (date(2020, 1, 1), date(2020, 6, 30))),
        ("上年结转（件）", "level", (date(2020, 1, 1), date(2020, 12, 31))),
        ("同比增长", "change", (date(2020, 1, 1), date(2020, 12, 31))),
    ],
)
def test_heads_give_role_and_period(head: str, role: str, period: tuple[date, date]) -> None:
    (number,) = figures(f"项目|{head}", "受理|12")
    assert (number.role, (number.period_start, number.period_end)) == (role, period)


def test_serial_numbers_and_years_are_no_quantities() -> None:
    numbers = figures("序号|年度|项目|件数", "1|2019|许可|5")
    assert [(number.text, number.reason) for number in numbers] == [("1", "ordinal"), ("2019", "date"), ("5", None)]


def test_ordinals_and_sentences_in_cells_are_read_as_text() -> None:
    numbers = figures("一、项目|件数|说明", "2.秘密|5|全年办结8件，受理9件")
    assert [(number.text, number.reason) for number in numbers] == [
        *(("2.", "ordinal"), ("5", None), ("8件", None), ("9件", None))
    ]
    assert numbers[-1].label == "受理"


def test_every_number_keeps_its_page_or_cell() -> None:
    numbers = extract_numbers(document_of("项目|件数", "许可|12"))
    places = [(n.text, n.place and n.place.page, n.place and n.place.cell and n.place.cell.row) for n in numbers]
    assert places == [("3件", 1, None), ("12", None, 2)]


ENTRIES = {
    "licences": {"near": "许可 决定", "units": "件 无"},
    "accepted": {"near": "受理"},
    "any": {"near": "总计", "units": "件"},
}


@pytest.mark.parametrize(
    ("rows", "indicator"),
    [
        (("项目|决定数量", "行政许可|12"), "things.licences"),
        (("项目|决定件数", "行政许可|12"), "things.licences"),
        (("项目|总计", "处罚|12"), None),  # only patterns that name 无 know figures without a measure word
        (("项目|总计（件）", "处罚|12"), "things.any"),
    ],
)
def test_cells_are_coded_by_their_heads(rows: tuple[str, ...], indicator: str | None, tmp_path: Path) -> None:
    document = document_of(*rows)
    numbers = code_numbers(document, extract_numbers(document), catalogue_of(tmp_path, ENTRIES))
    assert [number.indicator for number in numbers] == ["things.accepted", indicator]


@pytest.mark.parametrize(
    ("confidence", "indicator"), [(None, "things.accepted"), (0.95, "things.accepted"), (0.6, None)]
)
def test_what_was_read_unsurely_is_never_coded(confidence: float | None, indicator: str, tmp_path: Path) -> None:
    document = document_of("项目|件数", "许可|12", confidence=confidence)
    number = code_numbers(document, extract_numbers(document), catalogue_of(tmp_path, ENTRIES))[0]
    assert (number.indicator, number.place and number.place.confidence) == (indicator, confidence)


APPLICANTS = "申请人情况>3", "自然人|法人或其他组织 其他|总计"
OUTCOMES = "结果维持|结果纠正|其他结果|尚未审结|总计"
DISCLOSURE = [
    table_of(
        "信息内容|本年制发件数|本年废止件数|现行有效件数",
        "规章|1|2|3",
        "行政规范性文件|4|5|6",
        "信息内容|本年处理决定数量>3",
        "行政许可|7>3",
    ),
    table_of(
        f"本列数据的勾稽关系v2>2|{APPLICANTS[0]}",
        APPLICANTS[1],
        "一、本年新收政府信息公开申请数量>2|1|2|3",
        "二、上年结转政府信息公开申请数量>2|4|5|6",
        "三、本年度办理结果v4|（一）予以公开|7|8|9",
        "（三）不予公开 1.属于国家秘密|10|11|12",
        "（六）其他处理 3.其他|13|14|15",
        "（七）总计|16|17|18",
        "四、结转下年度继续办理>2|19|20|21",
    ),
    table_of(
        "行政复议>5|行政诉讼>5|行政诉讼>5",
        "结果维持v2|结果纠正v2|其他结果v2|尚未审结v2|总计v2|未经复议直接起诉>5|复议后起诉>5",
        f"{OUTCOMES}|{OUTCOMES}",
        "1|2|3|4|5|6|7|8|9|10|11|12|13|14|15",
    ),
]
REQUEST, DISPUTE = "disclosure_on_request.", "disclosure_disputes."
ENDS = "upheld", "corrected", "other", "pending", "cases"
CODES = [
    {
        "1": "government_rules.enacted",
        "2": "government_rules.repealed",
        "3": "government_rules.in_force",
        "4": "regulatory_documents.issued",
        "5": "regulatory_documents.repealed",
        "6": "regulatory_documents.valid",
        "7": "licences.granted",
    },
    {
        "3": f"{REQUEST}applications_received",
        "6": f"{REQUEST}carried_over_in",
        "9": f"{REQUEST}granted",
        "12": f"{REQUEST}refused_state_secret",
        "15": f"{REQUEST}other_rest",
        "18": f"{REQUEST}replied",
        "21": f"{REQUEST}carried_over_out",
    },
    {
        str(place): f"{DISPUTE}{start}_{end}"
        for place, (start, end) in enumerate(
            product(("reconsideration", "litigation_direct", "litigation_after_reconsideration"), ENDS), 1
        )
    },
]


@pytest.mark.parametrize(("table", "codes"), list(zip(DISCLOSURE, CODES, strict=True)), ids=("二", "三", "四"))
def test_the_national_tables_on_disclosure_are_coded_by_their_totals(table: Table, codes: dict[str, str]) -> None:
    text, places = assemble([table])
    masthead = Masthead(title="某县2023年政府信息公开工作年度报告", report_year=2023)
    document = Document(Source("t", "0" * 64, 1, "text/html", "html"), text, (), masthead, places)
    numbers = code_numbers(document, extract_numbers(document), CATALOGUE)
    assert {number.text: number.indicator for number in numbers if number.indicator} == codes
