"""What surrounds a number: its period, scope, label, total and plans, and what must not leave the text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mingfu.errors import InputError
from mingfu.extract.ledger import extract_numbers
from mingfu.model import Masthead, Number, Report
from mingfu.normalise.coding import code_numbers
from mingfu.normalise.observe import make_report
from mingfu.personal import MASK
from tests.catalogues import catalogue_of
from tests.reading import document_of, ledger_of, quantities_of

HALF, YEAR = "2019-01-01 2019-06-30", "2019-01-01 2019-12-31"
BEFORE, AHEAD, NONE = "2018-01-01 2018-12-31", "2020-01-01 2020-12-31", "None None"


def period(number: Number) -> str:
    return f"{number.period_start} {number.period_end}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("受理5件。", [YEAR]),
        ("今年以来受理5件。", [YEAR]),
        ("截至6月底，受理5件。", [HALF]),
        ("截至2月底，受理5件。", ["2019-01-01 2019-02-28"]),
        ("截至2016年2月，受理5件。", ["2016-01-01 2016-02-29"]),
        ("今年1至6月，受理5件。", [HALF]),
        ("前三季度受理5件，第三季度受理6件。", ["2019-01-01 2019-09-30", "2019-07-01 2019-09-30"]),
        ("上半年受理5件，下半年受理6件。", [HALF, "2019-07-01 2019-12-31"]),
        ("2017-2019年共受理5件。", ["2017-01-01 2019-12-31"]),
        ("2018年受理5件，2019年受理6件。", [BEFORE, YEAR]),
        ("2019年3月5日受理5件。", ["2019-03-05 2019-03-05"]),
        ("受理5件（2016年）。", ["2016-01-01 2016-12-31"]),
        ("自2017年3月以来，受理5件。", ["2017-03-01 2019-12-31"]),
        ("自挂牌以来，受理5件。", [NONE]),
        ("“十三五”期间受理5件。", ["2016-01-01 2019-12-31"]),
        ("截至6月底，受理5件，办结4件。受理6件。", [HALF, HALF, YEAR]),  # a cue holds for its sentence
        ("五年来受理5件。办结4件。\n受理6件。", ["2015-01-01 2019-12-31"] * 2 + [YEAR]),  # years for their paragraph
        ("今年受理5件，去年受理4件。", [YEAR, BEFORE]),
        ("截至6月底，受理5件，去年同期受理4件。", [HALF, "2018-01-01 2018-06-30"]),
        ("较2018年增长5%。", [YEAR]),  # what a change is compared with is not its period
        ("截至目前，共有5人。", ["2019-01-01 2019-11-20"]),
        ("要求受理不少于5件。", [NONE]),
        ("60岁以上老人5人。", [NONE, YEAR]),
        ("力争受理5件。", [AHEAD]),
        ("到2022年，受理5件。", ["2022-01-01 2022-12-31"]),
    ],
)
def test_a_number_has_the_period_that_its_text_gives(text: str, expected: list[str]) -> None:
    assert [period(number) for number in quantities_of(text, 2019, date(2019, 11, 20))] == expected


@pytest.mark.parametrize(
    ("text", "dated", "expected"),
    [
        ("受理5件。", date(2020, 1, 20), NONE),
        ("截至6月底，受理5件。", date(2020, 1, 20), NONE),
        ("2018年受理5件。", None, BEFORE),
        ("目前共有5人。", date(2020, 1, 20), "None 2020-01-20"),
    ],
)
def test_a_year_that_is_not_known_is_not_made_up(text: str, dated: date | None, expected: str) -> None:
    assert [period(number) for number in quantities_of(text, None, dated)] == [expected]


def test_what_is_said_of_today_ends_with_the_year_of_the_report() -> None:
    (number,) = quantities_of("目前共有5人。", 2019, date(2020, 1, 20))
    assert period(number) == YEAR


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("县直各单位、各镇街、县属国企等单位共受理12件。", ["县直各单位、各镇街、县属国企等单位"]),
        ("市县两级共收到复议申请520件。", ["市县"]),
        ("受理5件。", [None]),
        ("全区受理5件。受理6件。", ["全区", None]),
        ("全面推进5项，全国民众参与6次。", [None, None]),
        ("市本级受理5件，县政府本级受理6件。", ["市本级", "县政府本级"]),
        ("在全国率先建立清单5份，全国排名第一的制度6项，全国共有7项。", [None, None, "全国"]),
        ("区公证处受理5件，区司法局受理6件。", ["区公证处", "区司法局"]),
        ("办理省人大代表建议5件、市人大代表建议6件。", ["省", "市"]),
        ("收到縣人大代表建議5件。", ["縣"]),  # as printed
        ("案件5件，其中以区政府为被告的4件。", [None, "区政府"]),
        ("案件9件，其中区政府为被告5件，街镇为被告4件。", [None, "区政府", "街镇"]),
        ("审查区政府规范性文件5件、部门规范性文件6件。", ["区政府", "部门"]),
        ("为区政府出具意见5份。", ["区政府"]),
        ("县环保局立案5宗；县国土局制止6宗，县卫生局、县农业局处罚7宗。", ["县环保局", "县国土局", "县国土局"]),
        ("区应急局检查5家；全区发生事故6起。", ["区应急局", "全区"]),
    ],
)
def test_a_scope_says_of_whom_a_number_speaks(text: str, scopes: list[str | None]) -> None:
    assert [number.scope for number in quantities_of(text, 2019)] == scopes


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("全年共受理复议案件5件。", ["受理复议案件"]),
        ("受理案件5件，办结4件。", ["受理案件", "办结"]),
        ("发出5份意见书。", ["发出 意见书"]),
        ("接待来访51批次256人次。", ["接待来访", "接待来访"]),
        ("收案、结案分别为9件、8件。", ["收案", "结案"]),
        ("辦結復議案件5件。", ["辦結復議案件"]),
        ("5件。", [None]),
    ],
)
def test_a_label_names_what_is_counted(text: str, labels: list[str | None]) -> None:
    assert [number.label for number in quantities_of(text, 2019)] == labels


@pytest.mark.parametrize(
    ("text", "totals"),
    [
        ("受理9件，其中复议5件、诉讼4件。", [None, "9件", "9件"]),
        ("受理9件（其中复议5件），结案2件。", [None, "9件", None]),
        ("受理9件（复议5件、诉讼3件）。", [None, "9件", "9件"]),
        ("受理9件，包括复议5件。", [None, "9件"]),
        ("受理9件，涉及5人，其中复议3件。", [None, None, "9件"]),  # of the same unit
        ("受理110件，复议41件，诉讼69件。", [None, "110件", "110件"]),  # they add up
        ("受理10件，复议4件，诉讼6件。", [None, None, None]),  # so small, by accident
        ("受理110件，复议41件，诉讼68件。", [None, None, None]),
        ("受理9件，其中复议12件。", [None, None]),  # no part is larger than its total
        ("受理9件。\n其中复议5件。", [None, None]),
        ("受理9件，同比增加3件，其中复议5件。", [None, None, "9件"]),  # of the same role
    ],
)
def test_a_part_knows_its_total(text: str, totals: list[str | None]) -> None:
    numbers = quantities_of(text, 2019)
    texts = {number.start: number.text for number in numbers}
    assert [None if number.parent is None else texts[number.parent] for number in numbers] == totals


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一、成效\n受理5件。\n二、下一步工作\n受理6件。", ["level", "target"]),
        ("一、2020年工作计划\n受理5件。\n二、成效\n受理6件。", ["target", "level"]),
        ("一、明年重点\n受理5件。", ["target"]),
        ("一、工作计划完成情况\n受理5件。", ["level"]),
        ("一、问题\n(一)今后打算\n受理5件。\n(二)原因\n受理6件。", ["target", "level"]),
        ("一、下一步工作\n(一)执法\n受理5件。", ["target"]),  # what lies below a heading is part of it
        ("力争受理5件，办结4件。受理6件。", ["target", "target", "level"]),
        ("2020年，受理5件。2019年，受理6件。", ["target", "level"]),
    ],
)
def test_plans_are_targets(text: str, expected: list[str]) -> None:
    numbers = quantities_of(text, 2019)
    assert [number.role for number in numbers] == expected
    assert [period(number) for number in numbers] == [AHEAD if role == "target" else YEAR for role in expected]


@pytest.mark.parametrize(
    ("text", "excluded"),
    [
        ("联系人：张三，电话：88261112。", {"三": "personal", "88261112": "phone"}),
        ("聯繫人：趙六（電話：８８２６１１１２）", {"六": "personal", "８８２６１１１２": "phone"}),
        ("签发人：李四\n", {"四": "personal"}),
        ("联系人及电话：王五，0757-88261112", {"五": "personal", "0757-88261112": "phone"}),
        ("联系人：周一 13800138000", {"一": "personal", "13800138000": "phone"}),
        ("传真：88261112", {"88261112": "phone"}),
        ("居民身份证440608199001011234", {"440608199001011234": "personal"}),
        ("邮箱a5@b6.cn", {"a5@b6.cn": "personal"}),
        ("咨询电话：12345", {"12345": "identifier"}),  # a public service is no person
    ],
)
def test_personal_data_are_excluded_as_such(text: str, excluded: dict[str, str]) -> None:
    numbers = ledger_of(text, 2019)
    assert {number.text: number.reason for number in numbers} == excluded
    assert {(number.disposition, number.low, number.label) for number in numbers} == {("excluded", None, None)}


def report_of(folder: Path, text: str, **masthead: Any) -> Report:
    """Return the report of a text in which the numbers behind 受理 and 顾问 are known."""
    counsel = {"near": "顾问", "unit": "person", "kind": "stock"}
    catalogue = catalogue_of(folder, {"accepted": {"near": "受理"}, "counsel": counsel})
    known: dict[str, Any] = {
        "issuer": "明区人民政府",
        "issuer_kind": "government",
        "genre": "annual",
        "report_year": 2019,
        "ref_area": "440608",
        **masthead,
    }
    document = replace(document_of(text), masthead=Masthead(**known))
    return make_report(document, code_numbers(document, extract_numbers(document), catalogue), catalogue)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("受理5件，办结4件。受理6人。", "受理5件，办结4件"),
        ("受理5件，联系人：王小明，电话：88261112。", f"受理5件，联系人：{MASK * 3}，电话：{MASK * 8}"),
        ("（联系人：张三）受理5件。", f"（联系人：{MASK * 2}）受理5件"),
        ("联系人：张三 李四，受理5件。", f"联系人：{MASK * 2} {MASK * 2}，受理5件"),
        ("受理5件，邮箱wang@gov.cn。", f"受理5件，邮箱{MASK * 11}"),
        ("受理5件，电话：88261112。", f"受理5件，电话：{MASK * 8}"),
        ("电话：88261112，受理5件，手机13800138000。", f"电话：{MASK * 8}，受理5件，手机{MASK * 11}"),
        ("受理5件，身份证440608199001011234。", f"受理5件，身份证{MASK * 18}"),
        ("电话：88261112。\n\u3000\u3000受理5件。", "受理5件"),
    ],
)
def test_a_quote_is_the_sentence_with_personal_numbers_masked(tmp_path: Path, text: str, quote: str) -> None:
    (observation,) = report_of(tmp_path, text).observations
    assert observation.quote == quote


@pytest.mark.parametrize("issuer", ["明区人民政府", "明区人民政府办公室", None])
def test_the_report_of_a_government_is_named_by_area_year_and_genre(tmp_path: Path, issuer: str | None) -> None:
    report = report_of(tmp_path, "受理5件。", issuer=issuer)
    assert report.report_id == "440608-2019-annual"
    assert [observation.observation_id for observation in report.observations] == ["440608-2019-annual.2"]


def test_each_department_has_reports_of_its_own(tmp_path: Path) -> None:
    issuers = ("明区司法局", "明区水务局", "明区司法局", "明区法治政府建设领导小组")
    names = [report_of(tmp_path, "受理5件。", issuer=issuer, issuer_kind="department").report_id for issuer in issuers]
    assert all(re.fullmatch(r"440608-2019-annual-[0-9a-f]{6}", name) for name in names)
    assert (names[0], len(set(names))) == (names[2], 3)


@pytest.mark.parametrize(("missing", "code"), [("ref_area", "E_NO_ISSUER"), ("report_year", "E_NO_YEAR")])
def test_a_report_without_area_or_year_is_refused(tmp_path: Path, missing: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        report_of(tmp_path, "受理5件。", **{missing: None})
    assert (caught.value.path, caught.value.code) == ("text.txt", code)


@pytest.mark.parametrize(
    ("text", "dated", "full"),
    [
        ("受理5件。", None, True),
        ("受理5件。", date(2020, 1, 20), True),
        ("受理5件。", date(2019, 12, 31), False),  # written before the year was over
        ("截至11月底，受理5件。", date(2020, 1, 20), False),
        ("下半年受理5件。", date(2020, 1, 20), False),
        ("自2018年3月以来，受理5件。", date(2020, 1, 20), False),
        ("自挂牌以来，受理5件。", date(2020, 1, 20), False),
        ("去年受理5件。", date(2019, 12, 5), True),
        ("聘请顾问5人。", date(2020, 1, 20), True),
        ("目前顾问5人。", date(2019, 12, 5), False),
    ],
)
def test_a_full_year_is_a_calendar_year_that_was_over(
    tmp_path: Path, text: str, dated: date | None, full: bool
) -> None:
    (observation,) = report_of(tmp_path, text, report_date=dated).observations
    assert observation.full_year is full


@pytest.mark.parametrize(
    ("text", "day"),
    [("聘请顾问5人。", "2019-12-31"), ("截至6月底，聘请顾问5人。", "2019-06-30"), ("自挂牌以来聘请顾问5人。", "None")],
)
def test_a_stock_is_of_one_day(tmp_path: Path, text: str, day: str) -> None:
    (observation,) = report_of(tmp_path, text).observations
    assert (str(observation.period_start), str(observation.period_end)) == (day, day)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("受理5件。", (5, 5, 5, "exact")),
        ("受理近5件。", (5, 5, 5, "approx")),
        ("受理5余件。", (5, 5, None, "more_than")),
        ("受理不足5件。", (5, None, 5, "less_than")),
        ("受理5至8件。", (None, 5, 8, "range")),
    ],
)
def test_a_value_is_the_bound_that_is_known_and_none_for_a_range(
    tmp_path: Path, text: str, bounds: tuple[object, ...]
) -> None:
    (observation,) = report_of(tmp_path, text).observations
    assert (observation.value, observation.value_low, observation.value_high, observation.qualifier) == bounds


@pytest.mark.parametrize(
    ("genre", "role", "end"), [("work", "level", "2010-12-31"), ("rule-of-law", "prior", "2009-12-31")]
)
def test_last_year_is_the_year_that_a_work_report_covers(genre: str, role: str, end: str) -> None:
    document = document_of("去年全区受理信访案件320件。")
    document = replace(document, masthead=Masthead(genre=genre, report_year=2010))
    (number,) = (number for number in extract_numbers(document) if number.unit)
    assert (number.role, str(number.period_end)) == (role, end)


@pytest.mark.parametrize(
    "text", ["一四.办结5件。", "一四、办结5件。", "二〇一九年一四月，办结5件。", "办结5件，连续十四亿年居首。"]
)
def test_a_numeral_that_is_none_stops_nothing(text: str) -> None:
    assert quantities_of(text, 2019)[0].text == "5件"


def test_cases_carried_over_belong_to_the_report_year() -> None:
    numbers = quantities_of("结转上年158件，结转2021年度继续办理3件。", 2020)
    assert [(n.role, str(n.period_end)) for n in numbers] == [("level", "2020-12-31")] * 2
