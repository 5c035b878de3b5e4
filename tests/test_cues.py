"""The lexicon: its files are read strictly, and its documentation names every kind of cue word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mingfu.errors import SchemaError
from mingfu.extract.cues import KINDS, Cue, either, words
from mingfu.extract.lexicon import rows
from tests.reading import ROOT

HEADER = "kind,word,not_before\n"


@pytest.mark.parametrize(
    ("content", "line", "fault"),
    [
        (HEADER + "move,增,\nmover,减,\n", 3, "mover cannot stand in the column kind"),
        (HEADER + "move,,\n", 2, "nothing cannot stand in the column word"),
        (HEADER + "move,增,\nmove,增,长\n", 3, "move, 增 is already listed"),
        (HEADER + "move,增\n", 2, "a row needs as many cells as the header"),
        (HEADER + "move,增,,新\n", 2, "a row needs as many cells as the header"),
        (HEADER + "move,增,长|\n", 2, "a word is missing beside a bar"),
        ("kind,words\nmove,增\n", 2, "the file needs the column word"),
    ],
)
def test_a_malformed_row_is_refused_with_its_line(tmp_path: Path, content: str, line: int, fault: str) -> None:
    path = tmp_path / "cues.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        rows(str(path), ["kind", "word"], kind=KINDS, word=None)
    assert caught.value.faults == (f"{path}:{line}: {fault}",)


def test_every_kind_has_words_and_a_line_in_the_documentation() -> None:
    documented = re.findall(r"`(\w+)`", (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8"))
    assert not [kind for kind in sorted(KINDS) if not words(kind) or kind not in documented]


@pytest.mark.parametrize(
    ("text", "found"), [("计划2年", True), ("计划书2年", False), ("超计划2年", False), ("计划2年内还贷", False)]
)
def test_what_stands_around_a_cue_word_decides(text: str, found: bool) -> None:
    cue = Cue("计划", only_before=("#", "于"), not_after=("超",), not_before=("#年内", "*还贷"))
    assert bool(re.search(cue.pattern, text)) is found


def test_longer_words_come_first() -> None:
    match = re.match(either("this_year"), "今年以来")
    assert match and match[0] == "今年以来"
