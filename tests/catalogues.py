"""Small catalogues that tests write for themselves."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from mingfu.normalise.catalogue import Catalogue, load_catalogue

_KEYS = {"unit", "kind", "role", "match", "examples"}
UNITS = """\
unit,title_zh,title_en,measure_words
case,件,cases,件 宗 起
document,份,documents,份 件
event,次,events,次 场 批次
person,人,persons,人 名 人次
organisation,个,organisations,个 家
percent,％,per cent,%
"""


def write_catalogue(folder: Path, **topics: str) -> Path:
    """Write units.csv and a file for each topic below `folder`; return `folder`, for load_catalogue."""
    (folder / "indicators").mkdir(exist_ok=True)
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    (folder / "reserved.yaml").write_text("words: [年均]\nstocks: [新建]\n", encoding="utf-8")
    shutil.copy(Path(__file__).parents[1] / "schemas" / "plain.yaml", folder)
    for topic, text in topics.items():
        (folder / "indicators" / f"{topic}.yaml").write_text(text, encoding="utf-8")
    return folder


def catalogue_of(folder: Path, entries: dict[str, dict[str, Any]], refused: dict[str, str] | None = None) -> Catalogue:
    """Return a catalogue with these entries, of which each gives only what matters, such as `near`.

    `refused` says what the patterns of all of them refuse.
    """
    indicators = {f"things.{name}": _filled_in(name, **entry) for name, entry in entries.items()}
    topic = {"topic": "things", "indicators": indicators} | ({"refused": {"things": refused}} if refused else {})
    text = yaml.safe_dump(topic, allow_unicode=True)
    return load_catalogue(write_catalogue(folder, things=text))


def _filled_in(name: str, **said: Any) -> dict[str, Any]:
    given = {"title": {"zh": name, "en": name}, "definition": {"zh": name, "en": name}, "unit": "case", "kind": "flow"}
    given |= {"examples": ["【1件】"]} | {key: said.pop(key) for key in _KEYS & said.keys()}
    return given | {"match": given.get("match", [said])}
