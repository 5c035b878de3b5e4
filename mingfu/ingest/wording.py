"""The wording of mastheads: the patterns of masthead.yaml, compiled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from mingfu.project import read_yaml


@dataclass(frozen=True, slots=True)
class Wording:
    """How titles, issuing bodies, labels, opening and closing lines are worded, on folded text."""

    genres: tuple[tuple[str, re.Pattern[str]], ...]
    parts: tuple[tuple[str, re.Pattern[str]], ...]
    title_end: re.Pattern[str]
    topic: str
    body: str
    government: re.Pattern[str]
    local_body: re.Pattern[str]
    disclosure: re.Pattern[str]
    issuer_label: re.Pattern[str]
    date_label: re.Pattern[str]
    number_label: str
    addressee: re.Pattern[str]
    title_goes_on: re.Pattern[str]
    title_complete: re.Pattern[str]
    speakers: tuple[re.Pattern[str], ...]
    work_opening: re.Pattern[str]
    leads: tuple[re.Pattern[str], ...]
    years: tuple[re.Pattern[str], ...]
    closing: re.Pattern[str]


def _any(words: list[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


@cache
def wording() -> Wording:
    """Return the wording of masthead.yaml; raise SchemaError where it is malformed YAML."""
    with resources.as_file(resources.files("mingfu.ingest") / "masthead.yaml") as path:
        words = read_yaml(path)
    label = f"(?P<label>(?:{_any(words['disclosure_labels'])}) *: *|[此本]件)?"
    return Wording(
        genres=tuple((genre, re.compile(pattern)) for genre, pattern in words["genres"].items()),
        parts=tuple((part, re.compile(pattern)) for part, pattern in words["parts"].items()),
        title_end=re.compile(rf"(?:{_any(words['title_ends'])}) *(?:[(\[].{{1,40}}[)\]])?[》>]?$"),
        topic=f"(?:{_any(words['topics'])})",
        body=f"(?:{_any(words['bodies'])})",
        government=re.compile(words["governments"]),
        local_body=re.compile("|".join(words["local_bodies"])),
        disclosure=re.compile(rf"(?:^|(?<=[ (\[])){label}(?P<word>{_any(words['disclosure_classes'])})(?=$|[ )\]])"),
        issuer_label=re.compile(rf"(?:^|(?<=[ |(\[]))(?:{_any(words['issuer_labels'])}) *[:|] *"),
        date_label=re.compile(rf"(?:{_any(words['date_labels'])})[ :|]*$"),
        number_label=f"(?:{_any(words['number_labels'])})",
        addressee=re.compile(words["addressee"]),
        title_goes_on=re.compile(words["title_goes_on"]),
        title_complete=re.compile(words["title_complete"]),
        speakers=tuple(re.compile(pattern, re.MULTILINE) for pattern in words["speakers"]),
        work_opening=re.compile(words["work_opening"]),
        leads=tuple(re.compile(pattern) for pattern in words["leads"]),
        years=tuple(re.compile(words[name], re.MULTILINE) for name in ("period", "review", "opening")),
        closing=re.compile(words["closings"]),
    )
