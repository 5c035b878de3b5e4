"""Matching: how a number finds its indicator, case by case, each with a catalogue of its own.

In a case 【52件=accepted】 is a number and the indicator that it must get, 【6件=】 one that must stay uncoded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mingfu.extract.ledger import extract_numbers
from mingfu.model import Number
from mingfu.normalise.coding import code_numbers
from tests.catalogues import catalogue_of
from tests.reading import document_of

Entries = Mapping[str, dict[str, Any]]
_MARK = re.compile(r"【([^=】]*)=([^】]*)】")


def coded(folder: Path, entries: Entries, text: str) -> list[Number]:
    document = document_of(text, 2020)
    numbers = code_numbers(document, extract_numbers(document), catalogue_of(folder, dict(entries)))
    return [number for number in numbers if number.disposition != "excluded"]


def check(folder: Path, entries: Entries, marked: str) -> None:
    numbers = coded(folder, entries, _MARK.sub(r"\1", marked))
    found = [(number.text, (number.indicator or "").removeprefix("things.")) for number in numbers]
    assert found == _MARK.findall(marked)


ACCEPTED = {"near": "受理|立案", "about": "行政复议"}
CLOSED = {"near": "办结|审结", "about": "行政复议"}
RECONSIDERATION = {"accepted": ACCEPTED, "closed": CLOSED}


@pytest.mark.parametrize(
    ("near", "text"),
    [
        ("受理 复议", "受理复议案件【5件=a】，受理信访案件【6件=】，办结复议案件【7件=】。"),
        ("受理|立案 复议", "复议立案【5件=a】。复议受理【6件=a】，诉讼立案【7件=】。"),
        ("受理", "受理案件【5件=a】，结案【6件=】。"),
        ("受理", "共有【5件=a】获受理，另有【6件=】被驳回。"),
        ("受理", "受理的各类案件中共计有【5件=a】。"),
        ("受理", "受理案件。审查材料【5件=】。"),
        ("受理", "本年【5件=】。受理后即审查。"),
        ("复议 受理", "受理复议【5件=a】。"),  # in any order
    ],
)
def test_near_looks_in_the_own_phrase(tmp_path: Path, near: str, text: str) -> None:
    check(tmp_path, {"a": {"near": near}}, text)


@pytest.mark.parametrize(
    "text",
    [
        "受理案件【5件=accepted】，其中受理区级案件【3件=】、镇级案件【2件=】。",
        "受理案件【5件=accepted】（其中受理其他【1件=】），办结【4件=closed】。",
        "受理案件【5件=accepted】，其中以区政府为被告受理【3件=accepted】。",  # of another scope
    ],
)
def test_a_part_is_not_coded_like_its_whole(tmp_path: Path, text: str) -> None:
    check(tmp_path, {"accepted": {"near": "受理"}, "closed": {"near": "办结"}}, text)


@pytest.mark.parametrize(
    "text",
    [
        "网站收到申请【5件=a】。共收到各类申请【6件=a】。",
        "网站收到留言【5件=】。",
        "收到转来的申请【5件=a】。",  # an example of the entry says so
        "收到（含网上留言）【5件=a】、《北湖日报》来信【2件=】。",  # asides say nothing
        "收到率和办结率、群众满意率均为【5件=a】。",
        "收到网友的和群众的【5件=】。",
        "全年有【5件=a】各类案件收到，有【6件=】网友留言收到。",
        "收到网友留言比上年增长【5%=】。",
    ],
)
def test_strange_words_beside_those_recognised_leave_the_number_uncoded(tmp_path: Path, text: str) -> None:
    check(tmp_path, {"a": {"near": "收到", "examples": ["收到转来的【1件】"]}}, text)


def test_growth_may_stand_far_from_what_grew(tmp_path: Path) -> None:
    entries = {"growth": {"near": "收到", "role": "change", "unit": "percent", "kind": "ratio"}}
    check(tmp_path, entries, "收到网友留言增长【5%=growth】。")


@pytest.mark.parametrize(
    "text",
    [
        "受理行政复议案件【52件=accepted】，办结【44件=closed】。",
        "行政复议方面，受理【52件=accepted】，办结【44件=closed】。",
        "办结【44件=closed】、驳回【8件=】行政复议案件。",  # to the end of its clause
        "办结【44件=】，行政复议工作稳步推进。",  # and not beyond it
        "行政复议工作稳步推进。办结【44件=】。",  # nor in the sentence before
        "行政复议工作稳步推进。\n办结【44件=】。",  # a paragraph of its own
        "行政复议共【52件=】。其中，办结【44件=closed】。",  # goes on with the sentence before
        "行政复议共【52件=】。\n其中，办结【44件=】。",
        "一、行政复议\n办结【44件=closed】。\n二、信访\n办结【9件=】。",
        "一、行政复议\n(一)收案\n立案【52件=accepted】。\n(二)结案\n各方配合。\n办结【44件=closed】。",  # outer heading
        "一、信访\n办结【9件=】。\n二、行政复议\n办结【44件=closed】。",
    ],
)
def test_about_looks_in_the_sentence_and_the_headings(tmp_path: Path, text: str) -> None:
    check(tmp_path, RECONSIDERATION, text)


@pytest.mark.parametrize(
    "text",
    [
        "受理申请【5件=a】。",
        "受理信访申请【5件=】，受理来访申请【6件=】。",
        "受理申请【5件=】信访事项。",  # behind the number as well
        "处理信访【5件=】，受理申请【6件=a】。",  # in another phrase
        "信访工作有序开展。受理申请【5件=a】。",
    ],
)
def test_not_refuses_in_the_own_phrase_only(tmp_path: Path, text: str) -> None:
    check(tmp_path, {"a": {"near": "受理", "not": "信访|来访"}}, text)


@pytest.mark.parametrize(
    "text",
    [
        "受理申请【5件=a】。",
        "受理信访申请【5件=】。",
        "处理信访【8件=】，受理申请【6件=】。",
        "受理申请【6件=】信访事项。",
        "受理申请【6件=a】，另办信访。",  # behind its clause
        "信访有序开展。受理申请【5件=a】。",  # in the sentence before
        "信访事项【9件=】。其中受理申请【5件=】。",
        "一、信访\n受理申请【5件=】。\n二、复议\n受理申请【6件=a】。",
    ],
)
def test_unless_refuses_in_the_sentence_and_the_headings(tmp_path: Path, text: str) -> None:
    check(tmp_path, {"a": {"near": "受理", "unless": "信访|来访"}}, text)


def test_unless_leaves_the_number_to_the_next_best(tmp_path: Path) -> None:
    entries = {"all": {"near": "调解 纠纷", "unless": "交通"}, "any": {"near": "调解"}}
    check(tmp_path, entries, "调解纠纷【9件=all】。交通方面调解【5件=any】。")


@pytest.mark.parametrize(("counted", "coded_as"), [("部门", ""), ("重点部门", "a"), ("", "a")])
def test_a_refused_thing_is_refused_only_where_it_is_what_is_counted(
    tmp_path: Path, counted: str, coded_as: str
) -> None:
    pattern = {"near": "执法", "not": "~个部门", "units": "个"}
    check(tmp_path, {"a": pattern}, f"执法部门【12个={coded_as}】{counted}。")


@pytest.mark.parametrize(("near", "coded_as"), [("受理", ""), ("年均|受理", "a"), ("年均受理", "a")])
def test_a_reserved_word_refuses_unless_the_pattern_names_it(tmp_path: Path, near: str, coded_as: str) -> None:
    check(tmp_path, {"a": {"near": near}}, f"近三年年均受理【5件={coded_as}】。")


@pytest.mark.parametrize(
    ("refused", "text"),
    [
        ({"not": "涉企|律师"}, "涉企案件受理【5件=】，受理【6件=a】，涉企工单受理【7件=b】。"),
        ({"unless": "涉企"}, "涉企案件有进展，受理【5件=】。受理【6件=a】。涉企工单有进展，受理涉企工单【7件=b】。"),
    ],
)
def test_a_subject_refuses_what_its_pattern_does_not_name(tmp_path: Path, refused: dict[str, str], text: str) -> None:
    catalogue = catalogue_of(tmp_path, {"a": {"near": "受理"}, "b": {"near": "受理 涉企工单"}}, refused)
    document = document_of(_MARK.sub(r"\1", text), 2020)
    found = [
        (n.text, (n.indicator or "").removeprefix("things."))
        for n in code_numbers(document, extract_numbers(document), catalogue)
    ]
    assert found == _MARK.findall(text)


@pytest.mark.parametrize(("key", "coded_as"), [("unless", "things.a"), ("untitled", None)])
def test_the_title_of_the_report_refuses_only_what_is_untitled(tmp_path: Path, key: str, coded_as: str | None) -> None:
    catalogue = catalogue_of(tmp_path, {"a": {"near": "受理", "about": "信访", key: "信访"}})
    document = document_of("受理申请5件。", 2020)
    document = replace(document, masthead=replace(document.masthead, title="某市信访局年度报告"))
    assert [n.indicator for n in code_numbers(document, extract_numbers(document), catalogue)] == [coded_as]


@pytest.mark.parametrize(
    "text",
    [
        "受理【9件=a】，专项受理【5件=】。受理【4件=a】。",
        "全县受理【9件=a】，全市受理【5件=a】。",
        "2020年受理【9件=a】，2021年受理【5件=a】。",
        "受理【9件=a】。其中联名受理【5件=】，集体受理【3件=】。",
    ],
)
def test_a_sentence_states_an_indicator_once_for_a_scope_and_time(tmp_path: Path, text: str) -> None:
    check(tmp_path, {"a": {"near": "受理"}}, text)


@pytest.mark.parametrize(("kind", "coded_as"), [("flow", ""), ("stock", "a")])
def test_the_event_of_a_day_is_no_flow(tmp_path: Path, kind: str, coded_as: str) -> None:
    check(tmp_path, {"a": {"near": "来访", "kind": kind}}, f"2020年3月9日来访【5件={coded_as}】。")


def test_what_was_added_is_no_stock(tmp_path: Path) -> None:
    entries = {"a": {"near": "律师所", "kind": "stock"}, "b": {"near": "服务站", "kind": "flow"}}
    check(tmp_path, entries, "律师所【5件=a】，新建律师所【2件=】，新建服务站【3件=b】。")


@pytest.mark.parametrize(
    ("units", "text"),
    [
        (None, "受理【5件=a】。受理【6宗=a】。受理【7人=】。受理【8份=】。受理【9=】。"),
        ("份 人", "受理【5件=】。受理【7人=a】。受理【8份=a】。"),
        ("份|人", "受理【5件=】。受理【7人=a】。受理【8份=a】。"),
    ],
)
def test_the_measure_word_must_fit(tmp_path: Path, units: str | None, text: str) -> None:
    pattern = {"near": "受理", "units": units} if units else {"near": "受理"}
    check(tmp_path, {"a": {**pattern, "unit": "case"}}, text)


def test_level_and_change_are_apart_and_a_target_is_a_level(tmp_path: Path) -> None:
    entries = {
        "rate": {"near": "办结率", "unit": "percent"},
        "growth": {"near": "办结率", "unit": "percent", "role": "change"},
    }
    check(tmp_path, entries, "办结率为【98%=rate】。办结率同比上升【3%=growth】。力争办结率达到【99%=rate】。")


@pytest.mark.parametrize("before", ["不", "不予", "未", "未予", "没有", "未被", "不再", "不得", "无", "非"])
def test_a_negation_hides_the_word_behind_it(tmp_path: Path, before: str) -> None:
    check(tmp_path, {"a": {"near": "受理"}}, f"{before}受理【5件=】，当场受理【6件=a】。")


def test_a_negation_hides_a_refusal_too(tmp_path: Path) -> None:
    check(tmp_path, {"a": {"near": "申请", "not": "受理"}}, "申请不受理【5件=a】，申请受理【6件=】。")


def test_a_word_of_the_catalogue_may_begin_with_a_negation(tmp_path: Path) -> None:
    entries = {"accepted": {"near": "受理"}, "refused": {"near": "不予受理|未受理"}}
    check(tmp_path, entries, "不予受理【5件=refused】。未受理【6件=refused】，受理【7件=accepted】。")


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        ({"a": {"near": "受理"}, "b": {"near": "受理"}}, "受理【5件=】。"),
        ({"a": {"near": "受理"}, "b": {"near": "受理", "units": "宗"}}, "受理【5件=a】，受理【6宗=】。"),
        ({"a": {"match": [{"near": "受理"}, {"near": "受理|立案"}]}}, "受理【5件=a】。"),  # one indicator is no tie
        ({"a": {"near": "复议"}, "b": {"near": "行政复议"}}, "行政复议【5件=b】，仲裁复议【6件=a】。"),  # the longest
        ({"a": {"near": "合同"}, "b": {"near": "意见"}}, "审查合同后提出意见【5份=b】，按意见修改合同【6份=a】。"),
        ({"a": {"near": "合同"}, "b": {"near": "意见"}}, "提出【5份=b】意见涉及合同，合同有【6份=a】待补充意见。"),
        (
            {"a": {"near": "合同"}, "b": {"near": "意见"}},
            "提出【5份=b】意见与合同的意见书。",
        ),  # said twice: the nearest
        (
            {"a": {"near": "受理"}, "b": {"near": "受理", "about": "复议"}},
            "受理【5件=a】。受理复议【6件=b】。",
        ),  # more words
        ({"a": {"near": "受理"}, "b": {"near": "申请", "about": "复议"}}, "一、复议工作\n受理申请【5件=b】。"),
        (  # the own phrase counts more than the sentence, the sentence more than what surrounds it
            {"a": {"near": "办结", "about": "复议"}, "b": {"near": "办结", "about": "诉讼"}},
            "复议案件方面，办结诉讼【5件=b】。诉讼方面成效明显。复议方面，办结【6件=a】。",
        ),
        (  # the nearer subject of a sentence
            {"a": {"near": "办结", "about": "复议"}, "b": {"near": "办结", "about": "诉讼"}},
            "受理复议【9件=】、诉讼【8件=】，办结【5件=b】。",
        ),
        (
            {"a": {"near": "办结", "about": "复议"}, "b": {"near": "办结", "about": "诉讼"}},
            "复议、诉讼各项中办结【5件=】。",
        ),
    ],
)
def test_the_highest_sum_wins_and_a_tie_stays_uncoded(tmp_path: Path, entries: Entries, text: str) -> None:
    check(tmp_path, {name: {"unit": "document" if "份" in text else "case", **e} for name, e in entries.items()}, text)


ROUTES = {"received": {"near": "收案"}, "closed": {"near": "结案"}, "total": {"near": "案件"}}


@pytest.mark.parametrize(
    "text",
    [
        "收案、结案分别为【9件=received】、【8件=closed】。",
        "收案和结案分别达【9件=received】和【8件=closed】。",
        "案件、收案、结案数分别为【9件=total】、【8件=received】和【7件=closed】。",
        "收案【9件=received】、结案【8件=closed】。",
        "收案【9件=received】，结案【8件=closed】，案件【7件=total】。",
    ],
)
def test_each_number_of_a_respective_list_has_its_own_subject(tmp_path: Path, text: str) -> None:
    check(tmp_path, ROUTES, text)


def test_a_respective_list_shares_its_predicate(tmp_path: Path) -> None:
    change = {"unit": "percent", "role": "change"}
    entries = {"meetings": {"near": "会议 下降", **change}, "papers": {"near": "文件 下降", **change}}
    check(tmp_path, entries, "会议、文件数量分别下降【9.7%=meetings】、【1.9%=papers】。")


def test_a_number_that_is_joined_to_the_one_before_shares_its_phrase(tmp_path: Path) -> None:
    entries = {"visits": {"near": "来访", "unit": "event"}, "visitors": {"near": "来访", "unit": "person"}}
    check(tmp_path, entries, "接待来访【51批次=visits】【256人次=visitors】。")
    check(tmp_path, entries, "接待来访【51批次=visits】、【256人次=visitors】。")
    check(tmp_path, entries, "接待来访【51批次=visits】，参会【256人次=】。")


def test_a_share_belongs_to_the_number_before_it(tmp_path: Path) -> None:
    entries = {"granted": {"near": "公开"}, "share": {"near": "公开", "unit": "percent"}}
    check(tmp_path, entries, "公开【161件=granted】，占【7.9%=share】；驳回【9件=】，占【1.1%=】。")
    check(tmp_path, entries, "公开【161件=granted】，约占总数的【7.9%=share】。")


def test_both_ends_of_a_change_from_one_value_to_another_are_of_its_subject(tmp_path: Path) -> None:
    numbers = coded(tmp_path, {"counters": {"near": "窗口", "unit": "organisation"}}, "窗口从39个拓展到91个。")
    assert [(number.text, number.role, number.indicator) for number in numbers] == [
        ("39个", "prior", "things.counters"),
        ("91个", "level", "things.counters"),
    ]


def test_a_match_keeps_the_words_that_decided(tmp_path: Path) -> None:
    (first, second) = coded(tmp_path, RECONSIDERATION, "行政复议受理52件，审结44件。")
    assert (first.matched, first.disposition) == (("受理", "行政复议"), "observation")
    assert second.matched == ("审结", "行政复议")


def test_traditional_script_and_full_width_signs_match_simplified_words(tmp_path: Path) -> None:
    entries = {**RECONSIDERATION, "bodies": {"near": "机构", "unit": "organisation"}}
    check(tmp_path, entries, "受理行政復議案件【５２件=accepted】，辦結【４４件=closed】。復議機構【3個=bodies】。")


def test_excluded_numerals_are_never_coded(tmp_path: Path) -> None:
    entries = {"a": {"near": "受理"}}
    assert [number.text for number in coded(tmp_path, entries, "受理热线12345，受理第三批，受理5件。")] == ["5件"]


def test_a_stock_stands_for_the_last_day_of_its_period(tmp_path: Path) -> None:
    entries = {"stock": {"near": "顾问", "unit": "person", "kind": "stock"}, "flow": {"near": "培训", "unit": "person"}}
    stock, flow = coded(tmp_path, entries, "截至11月底，聘请顾问5人，培训6人。")
    assert (stock.indicator, str(stock.period_start), str(stock.period_end)) == ("things.stock", *["2020-11-30"] * 2)
    assert (flow.indicator, str(flow.period_start), str(flow.period_end)) == ("things.flow", "2020-01-01", "2020-11-30")
