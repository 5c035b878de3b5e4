"""What is known of web pages: webpage.yaml, compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from mingfu.project import read_yaml


@dataclass(frozen=True, slots=True)
class WebPage:
    """The elements, the metadata and the wording of pages; the pattern `furniture` is for folded text."""

    unseen: frozenset[str]
    blocks: frozenset[str]
    list_styles: Mapping[str, tuple[str, str]]
    metadata: Mapping[str, list[str]]
    paging: re.Pattern[str]
    furniture: re.Pattern[str]


@cache
def webpage() -> WebPage:
    """Return what webpage.yaml holds; raise SchemaError where it is malformed YAML."""
    with resources.as_file(resources.files("mingfu.ingest") / "webpage.yaml") as path:
        known = read_yaml(path)
    return WebPage(
        unseen=frozenset(known["unseen"]),
        blocks=frozenset(known["blocks"]),
        list_styles={name: (style, sign) for name, (style, sign) in known["list_styles"].items()},
        metadata=known["metadata"],
        paging=re.compile(known["paging"]),
        furniture=re.compile("|".join(f"(?:{pattern})" for pattern in known["furniture"])),
    )
