"""The catalogue: what loading refuses, what its examples prove, and the one that the project ships."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mingfu.errors import NotFound, SchemaError
from mingfu.normalise.catalogue import load_catalogue
from mingfu.proof import faults_of_examples, faults_of_measures
from tests.catalogues import catalogue_of, write_catalogue
from tests.reading import CATALOGUE

HEARINGS = """\
topic: hearings
indicators:
  # What comes before an entry does not move its place
  hearings.held:
    title: {zh: 听证会数, en: Hearings held}
    definition: {zh: 期内举行的听证会数。, en: Hearings held in the period.}
    unit: event
    kind: flow
    match:
      - near: 听证会
        about: 举行|召开
        not: 旁听
    examples:
      - 全年举行听证会【4场】。
"""
OPINIONS = """\
topic: opinions
indicators:
  opinions.given:
    title: {zh: 意见数, en: Opinions given}
    definition: {zh: 期内出具的意见数。, en: Opinions given in the period.}
    unit: document
    kind: flow
    match:
      - near: 意见
    examples:
      - 出具意见【6份】。
"""


def faults_of(folder: Path, **topics: str) -> list[str]:
    """Return the faults for which a catalogue is refused, their paths below `folder`."""
    with pytest.raises(SchemaError) as caught:
        load_catalogue(write_catalogue(folder, **topics))
    return [fault.replace(f"{folder}/", "") for fault in caught.value.faults]


def test_a_sound_catalogue_is_read(tmp_path: Path) -> None:
    catalogue = load_catalogue(write_catalogue(tmp_path, hearings=HEARINGS, opinions=OPINIONS))
    assert [indicator.indicator for indicator in catalogue.indicators] == ["hearings.held", "opinions.given"]
    (pattern,) = catalogue.entry("hearings.held").patterns
    assert (pattern.near, pattern.about, pattern.never) == ((("听证会",),), (("举行", "召开"),), ("旁听", "年均"))
    assert pattern.units == {"次", "场", "批次"}, "the measure words of its unit"
    assert pattern.role == "level", "where left out"
    assert str(pattern) == "near: 听证会; about: 举行|召开; not: 旁听|年均"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("kind: flow", "kind: flow\n    colour: red", "colour is not a key of an indicator"),
        ("    kind: flow\n", "", "kind is missing"),
        ("    unit: event\n", "", "unit is missing"),
        ("hearings.held", "hearings", "an identifier is subject.measure in lower case"),
        ("hearings.held", "Hearings.held", "an identifier is subject.measure in lower case"),
        ("hearings.held", "hearings.held.twice", "an identifier is subject.measure in lower case"),
        ("unit: event", "unit: furlong", "unit 'furlong' is not in units.csv"),
        ("unit: event", "unit:", "unit None is not in units.csv"),
        ("unit: event", "unit: [event]", "unit ['event'] is not in units.csv"),
        ("kind: flow", "kind: flood", "kind 'flood' is none of flow, stock, ratio"),
        ("kind: flow", "kind:", "kind None is none of flow, stock, ratio"),
        ("kind: flow", "kind: flow\n    role: target", "role 'target' is none of level, change"),
        (", en: Hearings held}", "}", "title needs a text for zh and one for en"),
        ("en: Hearings held in the period.}", "en: }", "definition needs a text for zh and one for en"),
        ("about: 举行", "around: 举行", "pattern 1: around is none of about, near, not, units, unless, untitled"),
        (
            "near: 听证会",
            "near: 听证\n        3: 会\n        x: 会",
            "pattern 1: 3 is none of about, near, not, units, unless, untitled",
        ),
        ("举行|召开", "举行|", "pattern 1: a bar stands beside nothing"),
        ("举行|召开", "举行| 召开", "pattern 1: a bar stands beside nothing"),
        ("not: 旁听", "not: 听证会", "pattern 1 can never match: 听证会 is both wanted and refused"),
        ("not: 旁听", "unless: 听证会", "pattern 1 can never match: 听证会 is both wanted and refused"),
        ("not: 旁听", "not: 旁听 听证会|会议", "pattern 1 can never match: 听证会 is both wanted and refused"),
        ("not: 旁听", "not: [旁听, 听证会]", "pattern 1 can never match: 听证会 is both wanted and refused"),
        ("not: 旁听", "not: [旁听, 3]", "pattern 1: not is a text, words parted by blanks and bars or a list of such"),
        ("about: 举行|召开", "about: [举行]", "pattern 1: about is a text, words parted by blanks and bars"),
        ("near: 听证会", "near: ''", "pattern 1 has no `near`"),
        ("全年举行听证会【4场】", "全年举行听证会4场", "the example '全年举行听证会4场。' marks no number with 【 】"),
        ("      - 全年举行听证会【4场】。\n", "", "examples needs at least one sentence"),
    ],
)
def test_a_fault_is_named_with_file_line_and_entry(tmp_path: Path, old: str, new: str, fault: str) -> None:
    text = HEARINGS.replace(old, new, 1)
    assert text != HEARINGS
    name = new if old == "hearings.held" else "hearings.held"
    assert f"indicators/hearings.yaml:4: {name}: {fault}" in faults_of(tmp_path, hearings=text)


def test_a_pattern_whose_alternatives_are_all_refused_can_never_match(tmp_path: Path) -> None:
    dead = HEARINGS.replace("near: 听证会", "near: 旁听|听证会").replace("not: 旁听", "not: 旁听|听证会")
    (fault,) = faults_of(tmp_path, hearings=dead)
    assert fault.endswith("hearings.held: pattern 1 can never match: 旁听|听证会 is both wanted and refused")
    alive = dead.replace("not: 旁听|听证会", "not: 旁听")
    assert load_catalogue(write_catalogue(tmp_path, hearings=alive)).entries


def test_refused_words_are_a_text_or_a_list_of_texts(tmp_path: Path) -> None:
    listed = HEARINGS.replace("not: 旁听", "not: [&seen 旁听|参观, 复议]\n        unless: *seen")
    pattern = load_catalogue(write_catalogue(tmp_path, hearings=listed)).patterns[0]
    assert (pattern.never[:3], pattern.unless) == (("旁听", "参观", "复议"), ("旁听", "参观"))


def test_all_faults_of_all_files_come_together(tmp_path: Path) -> None:
    hearings = HEARINGS.replace("event", "furlong").replace("    kind: flow\n", "")
    opinions = OPINIONS.replace("near: 意见", "nearly: 意见").replace("【6份】", "6份")
    assert faults_of(tmp_path, hearings=hearings, opinions=opinions, other="topic: other\n", none="") == [
        "indicators/hearings.yaml:4: hearings.held: kind is missing",
        "indicators/hearings.yaml:4: hearings.held: unit 'furlong' is not in units.csv",
        "indicators/none.yaml: expected the keys topic and indicators, and refused at most",
        "indicators/opinions.yaml:3: opinions.given: pattern 1 has no `near`",
        "indicators/opinions.yaml:3: opinions.given: the example '出具意见6份。' marks no number with 【 】",
        "indicators/other.yaml: expected the keys topic and indicators, and refused at most",
    ]


@pytest.mark.parametrize(
    ("refused", "fault"),
    [
        ("旁听", "expected a mapping"),
        ("{opinions: {not: 旁听}}", "opinions is the subject of no indicator here"),
        ("{hearings: 旁听}", "hearings needs words for not, unless or untitled"),
        ("{hearings: {near: 旁听}}", "hearings needs words for not, unless or untitled"),
        (
            "{hearings: {not: {旁听: 1}}}",
            "hearings: not is a text, words in simplified script parted by bars, or a list of such",
        ),
        (
            "{hearings: {unless: 旁聽}}",
            "hearings: unless is a text, words in simplified script parted by bars, or a list of such",
        ),
    ],
)
def test_what_a_subject_refuses_is_read_strictly(tmp_path: Path, refused: str, fault: str) -> None:
    text = HEARINGS.replace("indicators:", f"refused: {refused}\nindicators:")
    assert faults_of(tmp_path, hearings=text) == [f"indicators/hearings.yaml: refused: {fault}"]


def test_an_identifier_is_defined_once(tmp_path: Path) -> None:
    again = OPINIONS.replace("opinions.given", "hearings.held")
    assert faults_of(tmp_path, hearings=HEARINGS, opinions=again) == [
        "indicators/opinions.yaml:3: hearings.held is already defined at indicators/hearings.yaml:4"
    ]


@pytest.mark.parametrize(("old", "title"), [("意见数", "听证会数"), ("Opinions given", "Hearings held")])
def test_a_title_is_that_of_one_indicator(tmp_path: Path, old: str, title: str) -> None:
    assert faults_of(tmp_path, hearings=HEARINGS, opinions=OPINIONS.replace(old, title, 1)) == [
        f"indicators/opinions.yaml:3: the title {title} is that of hearings.held at indicators/hearings.yaml:4"
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("kind: flow", "kind: flow\n    kind: stock", "kind is given twice"),
        ("        not: 旁听", "        not: 旁听\n        not: 列席", "not is given twice"),
        ("zh: 听证会数,", "zh: [听证会数", "did not find expected"),
        ("kind: flow", "kind: flow: stock", "mapping values are not allowed"),
        ("unit: event", "unit: *event", "found undefined alias"),
    ],
)
def test_malformed_yaml_is_named_with_file_and_line(tmp_path: Path, old: str, new: str, fault: str) -> None:
    (found,) = faults_of(tmp_path, hearings=HEARINGS.replace(old, new, 1))
    assert re.match(rf"indicators/hearings\.yaml:[0-9]+: {fault}", found), found


@pytest.mark.parametrize("indicators", ["", "[hearings.held]", "hearings.held"])
def test_indicators_that_are_no_mapping_are_refused(tmp_path: Path, indicators: str) -> None:
    text = f"topic: hearings\nindicators: {indicators}\n"
    assert faults_of(tmp_path, hearings=text) == ["indicators/hearings.yaml: indicators: expected a mapping"]


def test_a_catalogue_without_indicators_is_refused(tmp_path: Path) -> None:
    assert faults_of(tmp_path) == ["indicators: no indicator is defined there"]


def test_a_catalogue_without_units_is_refused(tmp_path: Path) -> None:
    write_catalogue(tmp_path, hearings=HEARINGS)
    (tmp_path / "units.csv").unlink()
    with pytest.raises(SchemaError, match=r"units\.csv: no such file"):
        load_catalogue(tmp_path)


def test_an_unknown_identifier_is_answered_with_those_alike(tmp_path: Path) -> None:
    catalogue = load_catalogue(write_catalogue(tmp_path, hearings=HEARINGS, opinions=OPINIONS))
    with pytest.raises(NotFound, match=r"hearing\.held: not in the catalogue; do you mean hearings\.held\?"):
        catalogue.entry("hearing.held")


@pytest.mark.parametrize(
    ("example", "verdict"),
    [
        ("出具意见【5件】。", None),
        ("出具意见【5】件。", "5 is not read as one number"),
        ("2019年【3月】出具意见5件。", "3月 is not read as one number"),
        ("出具意见的热线【12345】。", "12345 is excluded as identifier"),
        ("举行听证会【5件】。", "5件 is taken for things.hearings (by 听证会)"),
        ("出具意见【5家】。", "5家 (unit 家, role level) is not recognised, or another indicator fits as well"),
    ],
)
def test_an_example_that_proves_nothing_is_named(tmp_path: Path, example: str, verdict: str | None) -> None:
    opinions = {"near": "意见", "examples": [example, "意见【2件】"]}
    catalogue = catalogue_of(
        tmp_path, {"opinions": opinions, "hearings": {"near": "听证会", "examples": ["听证会【1件】"]}}
    )
    place = catalogue.entry("things.opinions").place
    expected = [f"{place}: things.opinions: in {example!r} {verdict}"] if verdict else []
    assert list(faults_of_examples(catalogue)) == expected


# The catalogue that the project ships

ENTRIES = CATALOGUE.entries.values()
GENERIC = {"percentage_point", "month", "multiple"}  # units that a text may use of many things, counted or not yet


def test_every_shipped_example_is_recognised() -> None:
    assert list(faults_of_examples(CATALOGUE)) == []


def test_every_shipped_measure_word_is_one_that_numbers_are_read_with() -> None:
    assert list(faults_of_measures(CATALOGUE)) == []


def test_a_measure_word_that_no_number_has_is_a_fault(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path, {"a": {"near": "受理", "units": "件 余人"}})
    assert [fault.partition(": ")[2] for fault in faults_of_measures(catalogue) if "余人" in fault] == [
        "things.a: 余人 is not a measure word of the lexicon"
    ]


def test_the_genre_is_covered() -> None:
    assert len(CATALOGUE.indicators) >= 200
    assert len({indicator.topic for indicator in CATALOGUE.indicators}) >= 10


def test_every_unit_has_measure_words_and_a_use() -> None:
    assert [unit.unit for unit in CATALOGUE.units if not unit.measure_words] == []
    assert {unit.unit for unit in CATALOGUE.units} - {entry.indicator.unit for entry in ENTRIES} <= GENERIC


def test_an_identifier_is_subject_and_measure_of_its_own_file() -> None:
    assert [name for name in CATALOGUE.entries if not re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", name)] == []
    assert [e.place for e in ENTRIES if Path(e.place.rpartition(":")[0]).stem != e.indicator.topic] == []


def test_what_is_said_to_be_at_a_place_stands_there() -> None:
    for entry in ENTRIES:
        path, _, line = entry.place.rpartition(":")
        assert Path(path).read_text(encoding="utf-8").splitlines()[int(line) - 1] == f"  {entry.indicator.indicator}:"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("reserved.yaml", "[年均]"),
        ("reserved.yaml", "words: [年均]"),
        ("reserved.yaml", "{words: [審查], stocks: [新建]}"),
        ("plain.yaml", "[共]"),
        ("plain.yaml", "things:"),
        ("plain.yaml", "things: 審查"),
        ("plain.yaml", "things: [案件]"),
    ],
)
def test_malformed_lists_of_words_are_named(name: str, text: str, tmp_path: Path) -> None:
    folder = write_catalogue(tmp_path)
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match=re.escape(name)):
        load_catalogue(folder)
