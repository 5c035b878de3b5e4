"""JSON-LD with compact keys, such as mingfu.publish.formats.dcat makes, as Turtle (https://www.w3.org/TR/turtle/)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]


def turtle(document: Node) -> str:
    """Return a document of `@context` (prefixes only) and `@graph` as Turtle, a paragraph for each named node."""
    prefixes = document["@context"]
    lines = [f"@prefix {name}: <{address}> ." for name, address in prefixes.items()]
    named = [node for top in document["@graph"] for node in _named(top)]
    paragraphs = dict.fromkeys(f"\n{_name(node, prefixes)}{_body(node, prefixes, 1)} ." for node in named)
    return "\n".join([*lines, *paragraphs]) + "\n"


def _named(node: Node) -> Iterator[Node]:
    """Yield the nodes that have a name and say something, from the outside in."""
    if "@id" in node and len(node) > 1:
        yield node
    for value in node.values():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and "@value" not in item:
                yield from _named(item)


def _name(node: Node, prefixes: Mapping[str, str]) -> str:
    name: str = node["@id"]
    return name if name.split(":", 1)[0] in prefixes else f"<{name}>"


def _body(node: Node, prefixes: Mapping[str, str], depth: int) -> str:
    indent = "\n" + "    " * depth
    statements = []
    for key, value in node.items():
        if key == "@type":
            statements.append(f"a {', '.join(value if isinstance(value, list) else [value])}")
        elif key != "@id":
            items = value if isinstance(value, list) else [value]
            statements.append(f"{key} " + ", ".join(_object(item, prefixes, depth) for item in items))
    return indent + f" ;{indent}".join(statements)


def _object(item: Any, prefixes: Mapping[str, str], depth: int) -> str:
    if isinstance(item, str):
        return _quoted(item)
    if "@value" in item:
        tag = f"@{item['@language']}" if "@language" in item else f"^^{item['@type']}"
        return _quoted(item["@value"]) + tag
    if "@id" in item:
        return _name(item, prefixes)
    return f"[{_body(item, prefixes, depth + 1)}\n{'    ' * depth}]"


def _quoted(text: str) -> str:
    # What JSON escapes in a string, Turtle escapes in the same way.
    return json.dumps(text, ensure_ascii=False)
