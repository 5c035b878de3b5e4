"""What the publisher says of the dataset as a whole: schemas/dataset.yaml, read strictly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    "publisher.title.zh": "who answers for the dataset, in Chinese",
    "publisher.title.en": "who answers for the dataset, in English",
    "licence.name": "there is no national open-data licence in China: the licence is the publisher's decision",
    "licence.title": "the name under which readers know the licence",
    "licence.path": "the address where the terms of the licence can be read",
    "update_frequency": "how often readers may expect new data",
    "version": "by which a citation tells this state of the dataset from a later one",
    "keywords": "the words under which catalogues list the dataset",
    "releases_kept": "how many releases stay in data/published/releases/, the latest included",
}
OPTIONAL = ("publisher.path", "publisher.email", "homepage", "contributors", "archive")
FREQUENCIES = ("annual", "semiannual", "quarterly", "monthly", "irregular")
CONTRIBUTOR_KEYS = {"title", "path", "email", "roles"}


def load_dataset(path: Path) -> dict[str, Any]:
    """Return the content of dataset.yaml; raise SchemaError with every key missing, unknown or malformed."""
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise SchemaError([f"{path}: empty; fill in {', '.join(REQUIRED)}"])
    values = dict(_flatten(content))
    faults = [f"{path}: fill in {key!r}: {why}" for key, why in REQUIRED.items() if _blank(values.get(key))]
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


def _value_faults(key: str, value: Any) -> Iterator[str]:
    """Yield what is wrong with a value; a blank one is either optional or reported as missing."""
    if _blank(value) or not _known(key):
        return
    if key == "keywords":
        if not (isinstance(value, list) and all(isinstance(word, str) for word in value)):
            yield "must be a list of words"
    elif key == "contributors":
        if not (isinstance(value, list) and all(map(_is_contributor, value))):
            yield f"must be a list of entries with title and any of {', '.join(sorted(CONTRIBUTOR_KEYS))}"
    elif key == "releases_kept":
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            yield "must be a number from 1"
    elif not isinstance(value, str):
        yield f"must be text; put {value!r} in quotes"
    else:
        yield from _text_faults(key, value)


def _is_contributor(entry: Any) -> bool:
    if not isinstance(entry, dict) or not {"title"} <= entry.keys() <= CONTRIBUTOR_KEYS:
        return False
    roles = entry.get("roles", [])
    texts = [value for key, value in entry.items() if key != "roles"]
    return isinstance(roles, list) and all(isinstance(text, str) for text in (*texts, *roles))


def _text_faults(key: str, value: str) -> Iterator[str]:
    if key == "name" and value.strip("abcdefghijklmnopqrstuvwxyz0123456789._-"):
        yield "must be made of lower-case letters, digits, '.', '_' and '-'"
    if key == "licence.name" and not all(char.isascii() and (char.isalnum() or char in "._-") for char in value):
        yield "must be an identifier such as CC-BY-4.0"
    if key == "update_frequency" and value not in FREQUENCIES:
        yield f"must be one of {', '.join(FREQUENCIES)}"
    if key in ("licence.path", "publisher.path", "homepage") and not value.startswith(("https://", "http://")):
        yield "must be a web address"
