from datetime import date

import pytest

from mingfu.validate.consistency import check_reports
from mingfu.validate.rules import Balance, Bounds, Order, Ratio, SameUnit, Sum
from tests import samples
from tests.samples import ACCEPTED, CLOSED, MEDIATED, RATE, REPORT, SETTLED, mediation, observation, report

TITLE = {"title_zh": "规则", "title_en": "Rule", "severity": "warning"}
RATIO = Ratio(id="rate", rate=RATE, part=SETTLED, whole=MEDIATED, **TITLE)
ORDER = Order(id="closed", smaller=CLOSED, larger=ACCEPTED, **TITLE)
SUM = Sum(id="all", total=MEDIATED, parts=(ACCEPTED, CLOSED), **TITLE)
PERCENT = Bounds(id="percent", unit="percent", minimum=0, maximum=100, **TITLE)
UNIT = SameUnit(id="unit", title_zh="单位", title_en="Unit", severity="error")


def _check(rule, *observations):
    return check_reports([report(*observations)], [rule], samples.code_lists().indicators)


def _seen(rule, *observations):
    return [finding.severity for finding in _check(rule, *observations)]


def _bound(start, indicator, qualifier, low, high):
    return observation(start, indicator, low or high, qualifier=qualifier, value_low=low, value_high=high)


@pytest.mark.parametrize(
    ("rate", "severity"),
    [("98.9", "info"), ("98.91", "info"), ("99", "info"), ("98.8", "warning"), ("98.90", "warning"), ("98", "warning")],
)
def test_a_rate_is_compared_as_it_is_printed(rate, severity):
    assert _seen(RATIO, *mediation(rate)) == [severity]  # 1913 / 1934 = 98.914… per cent


def test_a_finding_says_what_was_expected_and_of_whom():
    (finding,) = _check(RATIO, *mediation("98.3"))
    assert (finding.rule, finding.report_id) == ("ratio.rate", REPORT)
    assert (finding.expected, finding.actual) == ("98.9 (1913 / 1934)", "98.3")
    assert (finding.observation_id, finding.related) == (f"{REPORT}.30", (f"{REPORT}.20", f"{REPORT}.10"))
    assert finding.message == f"Rule: {RATE} is 98.3, expected 98.9 (1913 / 1934)."


@pytest.mark.parametrize("rate", ["12.5", "12.4"])
def test_half_may_be_rounded_either_way(rate):
    counts = observation(1, SETTLED, 249), observation(3, MEDIATED, 2000)  # 12.45 per cent
    assert _seen(RATIO, *counts, observation(5, RATE, rate)) == ["info"]


@pytest.mark.parametrize(("closed", "severity"), [(44, "info"), (52, "info"), (53, "warning")])
def test_order(closed, severity):
    assert _seen(ORDER, observation(1, ACCEPTED, 52), observation(5, CLOSED, closed)) == [severity]


@pytest.mark.parametrize(("total", "severity"), [(8, "info"), (9, "warning"), (7, "warning")])
def test_sum(total, severity):
    parts = observation(1, ACCEPTED, 5), observation(5, CLOSED, 3)
    assert _seen(SUM, observation(9, MEDIATED, total), *parts) == [severity]


@pytest.mark.parametrize(
    ("accepted", "severities"),
    [
        (_bound(1, ACCEPTED, "more_than", 50, None), ["info"]),  # 44 closed is below any of them
        (_bound(1, ACCEPTED, "more_than", 40, None), []),  # 44 closed may be above or below
        (_bound(1, ACCEPTED, "less_than", None, 40), ["warning"]),  # 44 closed is above all of them
        (_bound(1, ACCEPTED, "range", 40, 50), []),
        (observation(1, ACCEPTED, 40, qualifier="approx"), []),
    ],
)
def test_only_what_is_certain_is_said(accepted, severities):
    assert _seen(ORDER, accepted, observation(5, CLOSED, 44)) == severities


@pytest.mark.parametrize(
    ("low", "high", "severities"),
    [(1900, None, []), (None, 1900, ["warning"]), (2000, None, ["warning"]), (0, 0, [])],
)
def test_a_rate_of_bounded_counts(low, high, severities):
    _whole, part, rate = mediation()
    assert _seen(RATIO, _bound(10, MEDIATED, "range", low, high), part, rate) == severities


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "target"},
        {"scope": "區司法局"},
        {"period_end": date(2019, 11, 30)},
        {"period_start": None, "period_end": None},
    ],
)
def test_only_levels_of_one_period_and_scope_are_compared(changes):
    assert _seen(ORDER, observation(1, ACCEPTED, 5), observation(5, CLOSED, 9, **changes)) == []


def test_values_without_a_period_are_not_known_to_share_one():
    unknown = {"period_start": None, "period_end": None}
    assert _seen(ORDER, observation(1, ACCEPTED, 5, **unknown), observation(5, CLOSED, 9, **unknown)) == []


def test_an_indicator_with_two_values_is_not_compared_and_one_said_twice_is():
    closed = observation(5, CLOSED, 44)
    assert _seen(ORDER, observation(1, ACCEPTED, 52), observation(9, ACCEPTED, 40), closed) == []
    assert _seen(ORDER, observation(1, ACCEPTED, 52), observation(9, ACCEPTED, 52), closed) == ["info"]


def test_reports_are_not_compared_with_one_another():
    other = "440600-2019-rule-of-law"
    reports = [report(observation(1, ACCEPTED, 5)), report(observation(1, CLOSED, 9, report_id=other), report_id=other)]
    assert check_reports(reports, [ORDER], samples.code_lists().indicators) == []


def test_bounds_name_each_value_outside_and_count_those_inside():
    inside, outside = observation(1, RATE, "98.9"), observation(5, RATE, "100.1")
    (finding,) = _check(PERCENT, inside, outside)
    assert (finding.rule, finding.severity, finding.observation_id) == ("bounds.percent", "warning", f"{REPORT}.5")
    assert (finding.expected, finding.actual) == ("0 to 100", "100.1")
    (finding,) = _check(PERCENT, inside, observation(9, RATE, "120", role="change"))
    assert (finding.severity, finding.actual) == ("info", "1 of 1 values")
    assert _check(PERCENT, observation(1, ACCEPTED, 500)) == []


def test_a_value_has_the_unit_of_its_indicator():
    (finding,) = _check(UNIT, observation(1, ACCEPTED, 5), observation(5, CLOSED, 3, unit="percent"))
    assert (finding.severity, finding.expected, finding.actual) == ("error", "case", "percent")
    assert _seen(UNIT, observation(1, ACCEPTED, 5), observation(5, ACCEPTED, 3, unit="percent", role="change")) == [
        "info"
    ]


def test_numbers_are_shown_in_full():
    (finding,) = _check(ORDER, observation(1, ACCEPTED, "8.18E+8"), observation(5, CLOSED, 900000000))
    assert (finding.expected, finding.actual) == ("not above 818000000", "900000000")


@pytest.mark.parametrize(("carried", "severity"), [(2, "info"), (1, "warning"), (3, "warning")])
def test_what_comes_in_goes_out_or_stays(carried, severity):
    balance = Balance(id="balance", parts=(ACCEPTED, MEDIATED), others=(CLOSED, SETTLED), **TITLE)
    came_in = observation(1, ACCEPTED, 5), observation(2, MEDIATED, 1)
    assert _seen(balance, *came_in, observation(5, CLOSED, 4), observation(9, SETTLED, carried)) == [severity]
