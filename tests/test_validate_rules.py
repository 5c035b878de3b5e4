from decimal import Decimal

import pytest

from mingfu.errors import SchemaError
from mingfu.normalise.catalogue import load_catalogue
from mingfu.validate.rules import KINDS, Balance, Bounds, Order, Ratio, Sum, load_rules
from tests import samples

HEAD = "severity: warning, title: {zh: 标题, en: Title}"
SUM = "{id: s, kind: sum, total: a.a, parts: [b.b, c.c], " + HEAD + "}"

MALFORMED = [
    (
        "{id: r, kind: ratios, " + HEAD + "}",
        "rule r: 'kind' must be one of ratio, order, sum, balance, totals, bounds, unit",
    ),
    ("{id: r, kind: order, smaller: a.a, " + HEAD + "}", "rule r: key 'larger' is missing"),
    ("{id: r, kind: unit, wholes: a.a, " + HEAD + "}", "rule r: unknown key 'wholes'"),
    ("{id: r, kind: unit, severity: fatal, title: {zh: a, en: b}}", "rule r: 'severity' must be one of warning, error"),
    ("{id: r, kind: unit, severity: error, title: {zh: a}}", "rule r: 'title' cannot be {'zh': 'a'}"),
    ("{id: r, kind: unit, severity: error}", "rule r: key 'title' is missing"),
    ("{kind: unit, " + HEAD + "}", "rule no. 1: key 'id' is missing"),
    ("{id: r, kind: sum, total: a.a, parts: b.b, " + HEAD + "}", "rule r: 'parts' cannot be 'b.b'"),
    ("{id: r, kind: bounds, unit: percent, " + HEAD + "}", "rule r: needs 'minimum', 'maximum' or both"),
    ("{id: r, kind: bounds, minimum: 0, " + HEAD + "}", "rule r: needs either 'unit' or 'indicator'"),
    ("{id: r, kind: bounds, unit: percent, minimum: low, " + HEAD + "}", "rule r: 'minimum' cannot be 'low'"),
    ("{id: r, kind: order, smaller: a.a, larger: z.z, " + HEAD + "}", "'larger' names the unknown indicator 'z.z'"),
    ("{id: r, kind: sum, total: a.a, parts: [b.b, z.z], " + HEAD + "}", "'parts' names the unknown indicator 'z.z'"),
    ("just text", "rule no. 1: not a mapping"),
]


def _load(folder, *entries):
    path = folder / "checks.yaml"
    path.write_text("rules:\n" + "".join(f"- {entry}\n" for entry in entries), encoding="utf-8")
    return load_rules(path, {"a.a", "b.b", "c.c"})


@pytest.mark.parametrize(("entry", "fault"), MALFORMED)
def test_a_malformed_rule_is_named(tmp_path, entry, fault):
    with pytest.raises(SchemaError) as caught:
        _load(tmp_path, entry)
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith(f"{tmp_path / 'checks.yaml'}: rule ")
    assert fault in caught.value.faults[0]


def test_all_faults_are_told_together(tmp_path):
    with pytest.raises(SchemaError) as caught:
        _load(tmp_path, *(entry for entry, _fault in MALFORMED))
    assert len(caught.value.faults) == len(MALFORMED)


def test_an_id_stands_once(tmp_path):
    with pytest.raises(SchemaError, match="rule s: the id stands twice"):
        _load(tmp_path, SUM, SUM)


@pytest.mark.parametrize("content", ["", "rules: 1", "rule: []", "[]"])
def test_a_file_without_rules_is_malformed(tmp_path, content):
    (tmp_path / "checks.yaml").write_text(content)
    with pytest.raises(SchemaError, match="needs one key, 'rules'"):
        load_rules(tmp_path / "checks.yaml")


def test_rules_keep_their_order_and_values(tmp_path):
    bounds = "{id: b, kind: bounds, indicator: a.a, maximum: 99.5, " + HEAD + "}"
    first, second = _load(tmp_path, bounds, SUM)
    title = {"title_zh": "标题", "title_en": "Title", "severity": "warning"}
    assert first == Bounds(id="b", indicator="a.a", maximum=Decimal("99.5"), **title)
    assert second == Sum(id="s", total="a.a", parts=("b.b", "c.c"), **title)


def test_the_rules_of_the_project_compare_what_can_meet():
    indicators = {item.indicator: item for item in load_catalogue(samples.ROOT / "schemas").indicators}
    rules = load_rules(samples.ROOT / "schemas" / "checks.yaml", indicators)
    assert {type(rule).__name__ for rule in rules} == {*map(str.title, KINDS)} - {"Unit"} | {"SameUnit"}
    for rule in rules:
        named = [indicators[name] for name in compared(rule)]
        assert len({item.kind == "stock" for item in named}) <= 1, f"{rule.id}: a day and a year are never compared"
        counted = [item.unit for item in named if item.kind != "ratio"]
        assert len(set(counted) & {"yuan"}) == 0 or set(counted) == {"yuan"}, f"{rule.id}: money and numbers"
        assert len(set(compared(rule))) == len(named), f"{rule.id}: an indicator stands twice"


def compared(rule):
    """Return the indicators that a rule compares."""
    if isinstance(rule, Ratio):
        return [rule.rate, rule.part, rule.whole]
    if isinstance(rule, Order):
        return [rule.smaller, rule.larger]
    if isinstance(rule, Sum):
        return [rule.total, *rule.parts]
    return [*rule.parts, *rule.others] if isinstance(rule, Balance) else []
