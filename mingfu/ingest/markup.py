"""Markup: XML parsed with care: no DTD, no entities, no network, and a bound on depth and size.

Elements and attributes are named without their namespaces, which the editions of a standard change.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from mingfu.ingest.reading import File

Element = Any  # lxml ships no types
MOST_ELEMENTS = 1_000_000
_LIMIT = 114  # libxml2's code for what is too deep or too long


def parse_xml(data: bytes, file: File, part: str) -> Element:
    """Return the root of the XML `data`, which is `part` of `file`, without comments.

    Raise InputError E_DAMAGED where it is malformed or has a DTD, E_TOO_LARGE beyond libxml2's limits
    (256 levels, 10 MB of text in one place) or MOST_ELEMENTS.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        code = "E_TOO_LARGE" if error.code == _LIMIT else "E_DAMAGED"
        raise file.error(code, f"{part} in it is no proper XML: {error.msg}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise file.error("E_DAMAGED", f"{part} in it has a DTD, which documents have no use for")
    if root.xpath("count(//*)") > MOST_ELEMENTS:
        raise file.error("E_TOO_LARGE", f"{part} in it has more than {MOST_ELEMENTS:,} elements")
    return root


def name_of(element: Element) -> str:
    """Return the name of an element without its namespace."""
    name: str = element.tag
    return name.rpartition("}")[2]


def value_of(element: Element, key: str) -> str | None:
    """Return the value of an attribute, whatever its namespace."""
    return next((value for name, value in element.items() if name.rpartition("}")[2] == key), None)


def child_of(element: Element | None, *path: str) -> Element | None:
    """Return the first descendant along a path of names, or None."""
    for name in path:
        element = None if element is None else element.find(f"{{*}}{name}")
    return element


def all_of(element: Element | None, name: str) -> Iterator[Element]:
    """Yield all descendants of a name, in the order of the document."""
    if element is not None:
        yield from element.iter(f"{{*}}{name}")
