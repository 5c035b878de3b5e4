"""csv-metadata.json: CSV on the Web (https://www.w3.org/TR/tabular-metadata/), found beside the CSV files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mingfu.publish.formats.description import Description, required
from mingfu.publish.formats.jsontext import json_text
from mingfu.tables import TableSchema

DATATYPES = {"string": "string", "integer": "integer", "number": "double", "boolean": "boolean", "date": "date"}
BOUNDS = ("minimum", "maximum")


def csvw(description: Description) -> str:
    """Return one group with a table for each CSV file."""
    dataset = description.dataset
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@id": description.release(description.number),
        "dc:title": _texts(dataset["title"]),
        "dc:description": _texts(dataset["description"]),
        "dc:license": {"@id": dataset["licence"]["path"]},
        "dialect": {"header": True, "encoding": "utf-8", "lineTerminators": ["\r\n"], "doubleQuote": True},
        "tables": [_table(table) for table in description.tables],
    }
    return json_text(content)


def _texts(texts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in texts.items()]


def _both(part: Mapping[str, Any], text: str) -> list[dict[str, str]]:
    return _texts({"en": part[text], "zh": part[f"{text}_zh"]})


def _table(table: TableSchema) -> dict[str, Any]:
    keys = list(_foreign_keys(table))
    return {
        "url": f"{table['name']}.csv",
        "dc:title": _both(table, "title"),
        "dc:description": _both(table, "description"),
        "tableSchema": {
            "columns": [_column(field) for field in table["fields"]],
            "primaryKey": table["primaryKey"],
            **({"foreignKeys": keys} if keys else {}),
        },
    }


def _column(field: Mapping[str, Any]) -> dict[str, Any]:
    # `titles` has to be what the header of the file says; what people read is dc:title.
    return {
        "name": field["name"],
        "titles": field["name"],
        "dc:title": _both(field, "title"),
        "dc:description": _both(field, "description"),
        "datatype": _datatype(field),
        "required": required(field),
    }


def _datatype(field: Mapping[str, Any]) -> dict[str, Any]:
    constraints = field.get("constraints", {})
    pattern = constraints.get("pattern") or "|".join(constraints.get("enum", ()))
    bounds = {name: constraints[name] for name in BOUNDS if name in constraints}
    return {"base": DATATYPES[field["type"]], **({"format": pattern} if pattern else {}), **bounds}


def _foreign_keys(table: TableSchema) -> Iterator[dict[str, Any]]:
    """Yield the keys of columns that are never empty, for CSVW has an empty cell refer to nothing and fail."""
    filled = {field["name"] for field in table["fields"] if required(field)}
    for key in table.get("foreignKeys", []):
        if filled.issuperset(key["fields"]):
            there = key["reference"]
            reference = {"resource": f"{there['resource']}.csv", "columnReference": there["fields"]}
            yield {"columnReference": key["fields"], "reference": reference}
