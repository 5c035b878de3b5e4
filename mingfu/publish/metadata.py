"""The files that tell of a release what it is, each in the words of those who will read it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from mingfu.publish.formats.catalogue import catalogue
from mingfu.publish.formats.citation import citation
from mingfu.publish.formats.croissant import croissant
from mingfu.publish.formats.csvw import csvw
from mingfu.publish.formats.dcat import dcat_jsonld, dcat_turtle
from mingfu.publish.formats.description import Description
from mingfu.publish.formats.dictionary import dictionary
from mingfu.publish.formats.schemaorg import schemaorg

METADATA: dict[str, Callable[[Description], str]] = {
    "CITATION.cff": citation,
    "catalogue.json": catalogue,
    "croissant.json": croissant,
    "csv-metadata.json": csvw,
    "dcat.jsonld": dcat_jsonld,
    "dcat.ttl": dcat_turtle,
    "dictionary.en.md": partial(dictionary, language="en"),
    "dictionary.zh.md": partial(dictionary, language="zh"),
    "schemaorg.jsonld": schemaorg,
}


def write_descriptions(folder: Path, description: Description) -> None:
    """Write every metadata format into `folder`, over what stands there."""
    for name, text in METADATA.items():
        (folder / name).write_text(text(description), encoding="utf-8", newline="\n")
