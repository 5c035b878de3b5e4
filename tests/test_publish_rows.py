from dataclasses import replace

import pytest

from mingfu.model import Area, Finding, Number
from mingfu.publish.rows import table_rows
from mingfu.publish.wide import wide_rows, wide_schema
from mingfu.tables import load_schemas
from tests import samples
from tests.samples import ACCEPTED, MEDIATED, PHONE, RATE, REPORT, ROOT, mediation, observation, report


@pytest.fixture(scope="module")
def rows():
    return table_rows(samples.reports(), samples.findings(), samples.code_lists())


def test_every_declared_column_has_a_value_in_every_row(rows):
    schemas = load_schemas(ROOT / "schemas" / "tables")
    assert schemas.keys() - rows.keys() == {"changes"}  # made of two releases
    for name, found in rows.items():
        assert found, name
        assert all(field["name"] in row for row in found for field in schemas[name]["fields"])


def test_rows_stand_in_report_order_then_in_text_order(rows):
    assert [row["report_id"] for row in rows["reports"]] == ["440600-2019-rule-of-law", REPORT]
    for table, keys in (("observations", "observation_id"), ("numbers", "number_id")):
        places = [(row["report_id"], row["char_start"]) for row in rows[table]]
        assert places == sorted(places)
        assert [row[keys] for row in rows[table]] == [f"{report_id}.{start}" for report_id, start in places]


def test_a_report_accounts_for_all_its_numbers(rows):
    for row in rows["reports"]:
        assert row["numbers"] == row["observations"] + row["uncoded"] + row["excluded"] > 0


def test_code_lists_hold_what_is_used_and_what_lies_above_it(rows):
    assert [row["ref_area"] for row in rows["areas"]] == ["440000", "440600", "440608"]
    assert [row["unit"] for row in rows["units"]] == ["case", "percent", "yuan"]
    assert [row["indicator"] for row in rows["indicators"]] == sorted(samples.UNIT_OF)


def test_a_code_of_several_holders_has_one_row_for_the_newest_report():
    areas = (
        Area("440608", "旧区", "county", "440000", 1980, 2005),
        Area("440608", "高明区", "county", "440600", 2005, None),
        *(area for area in samples.code_lists().areas if area.ref_area != "440608"),
    )
    lists = replace(samples.code_lists(), areas=areas)
    older = report(report_id="440608-2001-rule-of-law")
    alone = {row["ref_area"]: row for row in table_rows([older], [], lists)["areas"]}
    assert (alone["440608"]["name"], sorted(alone)) == ("旧区", ["440000", "440608"])
    both = {row["ref_area"]: row for row in table_rows([older, report()], [], lists)["areas"]}
    assert (both["440608"]["name"], both["440608"]["valid_from"]) == ("高明区", 2005)
    assert both["440608"]["holders"] == "旧区 1980-2005; 高明区 2005-"
    assert (both["440000"]["holders"], sorted(both)) == (None, ["440000", "440600", "440608"])


def test_no_phone_number_leaves_the_ledger(rows):
    phone = next(row for row in rows["numbers"] if row["reason"] == "phone")
    assert (phone["char_start"], phone["char_end"]) == (60, 68)
    assert PHONE not in repr(rows)


def test_a_number_inside_personal_data_is_personal():
    inside = Number(64, 66, "12", low=12, disposition="excluded", reason="identifier", label="身份證")
    whole = Number(60, 78, "440608199001011234", disposition="excluded", reason="personal")
    numbers = table_rows([report(others=[whole, inside])], [], samples.code_lists())["numbers"]
    assert [(row["text"], row["value_low"], row["label"]) for row in numbers] == [(None, None, None)] * 2


def test_finding_ids_count_within_rule_and_place():
    finding = Finding("order.a", "warning", "…", REPORT, f"{REPORT}.10")
    rows = table_rows(
        [], [finding, finding, replace(finding, rule="order.b"), Finding("x.y", "info", "…")], _no_codes()
    )
    ids = [row["finding_id"] for row in rows["checks"]]
    assert ids == [f"order.a:{REPORT}.10:1", f"order.a:{REPORT}.10:2", f"order.b:{REPORT}.10:1", "x.y:dataset:1"]


def _no_codes():
    return replace(samples.code_lists(), indicators=(), units=(), areas=())


@pytest.mark.parametrize(
    ("rule", "severity", "statuses"),
    [
        ("ratio.rate", "warning", "UAU"),  # the rate, and the part that it was compared with
        ("ratio.rate", "info", "AAA"),  # a check that held casts no doubt
        ("ingest.e_empty", "warning", "AAA"),  # speaks of a file
    ],
)
def test_a_contradiction_lowers_the_status_of_all_that_it_names(rule, severity, statuses):
    finding = Finding(rule, severity, "…", REPORT, f"{REPORT}.30", related=(f"{REPORT}.10",))
    rows = table_rows([report(*mediation())], [finding], samples.code_lists())
    assert "".join(row["obs_status"] for row in rows["observations"]) == statuses


def test_a_finding_leads_to_all_that_it_compared():
    compared = Finding("sum.cases", "warning", "…", REPORT, f"{REPORT}.30", related=(f"{REPORT}.1", f"{REPORT}.2"))
    alone = Finding("ingest.e_empty", "warning", "…")
    rows = table_rows([report(*mediation())], [compared, alone], samples.code_lists())
    assert [row["related"] for row in rows["checks"]] == [f"{REPORT}.1 {REPORT}.2", None]


def test_empty_text_is_no_value():
    rows = table_rows([report(observation(10, MEDIATED, 5, section=""))], [], samples.code_lists())
    assert rows["observations"][0]["section"] is None


WIDE = [
    ([observation(1, MEDIATED, 5)], 5.0),
    ([observation(1, MEDIATED, 5), observation(9, MEDIATED, 5)], 5.0),  # said twice
    ([observation(1, MEDIATED, 5), observation(9, MEDIATED, 6)], None),  # which one?
    ([observation(1, MEDIATED, 5), observation(9, MEDIATED, 6, scope="區司法局")], 5.0),  # the issuer's own area
    ([observation(1, MEDIATED, 6, scope="區司法局")], 6.0),
    ([observation(1, MEDIATED, 5), observation(9, MEDIATED, 6, role="target")], 5.0),
    ([observation(1, MEDIATED, None, qualifier="range", value_low=1, value_high=3)], None),
]


@pytest.mark.parametrize(("observations", "value"), WIDE)
def test_wide_cell(observations, value):
    reports = [report(*observations)]
    schema = wide_schema(reports, samples.code_lists().indicators, _reports_schema())
    assert wide_rows(reports, schema) == [
        {"report_id": REPORT, "ref_area": "440608", "report_year": 2019, MEDIATED: value}
    ]


def test_wide_columns_are_the_keys_and_the_indicators_that_occur():
    reports = [
        report(observation(1, RATE, "95", role="target"), observation(9, ACCEPTED, 3), observation(5, MEDIATED, 3))
    ]
    fields = wide_schema(reports, samples.code_lists().indicators, _reports_schema())["fields"]
    assert [field["name"] for field in fields] == ["report_id", "ref_area", "report_year", ACCEPTED, MEDIATED]
    assert fields[3]["unit"] == "case"
    assert fields[3]["title_zh"] == "指标3"


def _reports_schema():
    return load_schemas(ROOT / "schemas" / "tables")["reports"]
