"""What the publisher says of the dataset as a whole: schemas/dataset.yaml, read strictly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from mingfu.errors import SchemaError
from mingfu.project import read_yaml

# The required keys, and why nobody but the publisher can fill them in.
REQUIRED = {
    "name": "the short name by which catalogues and programs know the dataset",
    "title.zh": "the name of the dataset in Chinese",
    "title.en": "the name of the dataset in English",
    "description.zh": "what the dataset holds, in Chinese",
    "description.en": "what the dataset holds, in English",
    "identifier": "the address that names the dataset for good, in citations and catalogues",
    "download": "the address below which the files of the latest release can be fetched",
    "issued": "the day on which you publish this version, for catalogues and citations",
    "publisher.title.zh": "who answers for the dataset, in Chinese",
    "publisher.title.en": "who answers for the dataset, in English",
    "publisher.path": "the publisher's web address, by which other catalogues know it",
    "publisher.code": "the publisher's unified social credit code (GB 32100)",
    "contact.title.zh": "which office answers questions, in Chinese",
    "contact.title.en": "which office answers questions, in English",
    "contact.path": "the web page by which that office is reached",
    "licence.name": "there is no national open-data licence in China: the licence is the publisher's decision",
    "licence.title": "the name under which readers know the licence",
    "licence.path": "the address where the terms of the licence can be read",
    "update_frequency": "how often readers may expect new data",
    "version": "by which a citation tells this state of the dataset from a later one",
    "keywords": "the words under which catalogues list the dataset",
    "releases_kept": "how many releases stay in data/published/releases/, the latest included",
    "catalogue.code": "the code of the resource (信息资源代码) in your catalogue of government information resources",
    "catalogue.sharing": "whether other authorities may use it (共享类型): unconditional, conditional or none",
    "catalogue.opening": "whether the public may use it (开放属性): open, conditional or closed",
}
CONDITIONS = ("catalogue.sharing_condition", "catalogue.opening_condition")
OPTIONAL = ("publisher.email", "homepage", "contributors", "themes", "archive", *CONDITIONS)
CHOICES = {
    "update_frequency": ("annual", "semiannual", "quarterly", "monthly", "irregular"),
    "catalogue.sharing": ("unconditional", "conditional", "none"),
    "catalogue.opening": ("open", "conditional", "closed"),
}
# The themes of the European data portals: http://publications.europa.eu/resource/authority/data-theme
THEMES = {
    "AGRI": "Agriculture, fisheries, forestry and food",
    "ECON": "Economy and finance",
    "EDUC": "Education, culture and sport",
    "ENER": "Energy",
    "ENVI": "Environment",
    "GOVE": "Government and public sector",
    "HEAL": "Health",
    "INTR": "International issues",
    "JUST": "Justice, legal system and public safety",
    "REGI": "Regions and cities",
    "SOCI": "Population and society",
    "TECH": "Science and technology",
    "TRAN": "Transport",
}
ADDRESSES = ("identifier", "download", "licence.path", "publisher.path", "contact.path", "homepage")
CREDIT_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CONTRIBUTOR_KEYS = {"title", "path", "email", "roles"}


def load_dataset(path: Path) -> dict[str, Any]:
    """Return the content of dataset.yaml; raise SchemaError with every key missing, unknown or malformed."""
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise SchemaError([f"{path}: empty; fill in {', '.join(REQUIRED)}"])
    values = dict(_flatten(content))
    faults = [f"{path}: fill in {key!r}: {why}" for key, why in REQUIRED.items() if _blank(values.get(key))]
    faults += [f"{path}: fill in {key!r}: the condition is yours to state" for key in _conditions_missing(values)]
    faults += [f"{path}: unknown key {key!r}" for key in values if not _known(key)]
    faults += [f"{path}: {key!r} {fault}" for key, value in values.items() for fault in _value_faults(key, value)]
    if faults:
        raise SchemaError(faults)
    return content


def _flatten(content: Mapping[Any, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in content.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _blank(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _known(key: str) -> bool:
    """Return whether a key is one of ours, or was given in place of the keys below it (`title: …`)."""
    return any(key == known or known.startswith(f"{key}.") for known in (*REQUIRED, *OPTIONAL))


def _conditions_missing(values: Mapping[str, Any]) -> Iterator[str]:
    for key in CONDITIONS:
        if values.get(key.removesuffix("_condition")) == "conditional" and _blank(values.get(key)):
            yield key


def _value_faults(key: str, value: Any) -> Iterator[str]:
    """Yield what is wrong with a value; a blank one is either optional or reported as missing."""
    if _blank(value) or not _known(key):
        return
    if key in NO_TEXTS:
        is_right, fault = NO_TEXTS[key]
        if not is_right(value):
            yield fault
    elif not isinstance(value, str):
        yield f"must be text; put {value!r} in quotes"
    else:
        yield from (fault for keys, is_right, fault in TEXTS if key in keys and not is_right(value))
        if key in CHOICES and value not in CHOICES[key]:
            yield f"must be one of {', '.join(CHOICES[key])}"


def _is_contributor(entry: Any) -> bool:
    if not isinstance(entry, dict) or not {"title"} <= entry.keys() <= CONTRIBUTOR_KEYS:
        return False
    roles = entry.get("roles", [])
    texts = [value for key, value in entry.items() if key != "roles"]
    return isinstance(roles, list) and all(isinstance(text, str) for text in (*texts, *roles))


def _is_word(entry: Any) -> bool:
    return isinstance(entry, str)


def _is_theme(entry: Any) -> bool:
    return isinstance(entry, str) and entry in THEMES


def _list_of(is_right: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(is_right, value))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _like(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text) is not None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_credit_code(text: str) -> bool:
    """Return whether the last character of a code is what GB 32100 makes of the others."""
    if not re.fullmatch(f"[{CREDIT_DIGITS}]{{18}}", text):
        return False
    total = sum(CREDIT_DIGITS.index(char) * pow(3, place, 31) for place, char in enumerate(text[:17]))
    return CREDIT_DIGITS[-total % 31] == text[17]


# What is not text has to be, and what is text, and what to say where it is not.
NO_TEXTS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "keywords": (_list_of(_is_word), "must be a list of words"),
    "themes": (_list_of(_is_theme), f"must be a list of {', '.join(THEMES)}"),
    "releases_kept": (_is_count, "must be a number from 1"),
    "contributors": (
        _list_of(_is_contributor),
        f"must be a list of entries with title and any of {', '.join(sorted(CONTRIBUTOR_KEYS))}",
    ),
}
TEXTS: tuple[tuple[tuple[str, ...], Callable[[str], bool], str], ...] = (
    (("name",), _like("[a-z0-9._-]+"), "must be made of lower-case letters, digits, '.', '_' and '-'"),
    (("licence.name",), _like("[A-Za-z0-9._-]+"), "must be an identifier such as CC-BY-4.0"),
    (("version",), _like(r"[0-9]+\.[0-9]+\.[0-9]+"), "must be three numbers joined by dots, such as 1.0.0"),
    (("issued",), _is_day, "must be a day such as 2026-03-31"),
    (ADDRESSES, _like(r"https?://[^\s<>\"{}|\\^`]+"), "must be a web address"),
    (("download",), _like(r".*/"), "must end in '/'"),
    (("identifier",), _like(r".*[^/#]"), "must not end in '/' or '#'"),
    (
        ("publisher.code",),
        _is_credit_code,
        "must be a unified social credit code: 18 characters, of which the last one checks the others",
    ),
)
