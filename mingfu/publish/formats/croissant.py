"""croissant.json: Croissant 1.1 (http://mlcommons.org/croissant/1.1), by which learning machines load the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mingfu.publish.formats.description import Description, File
from mingfu.publish.formats.jsontext import json_text
from mingfu.publish.formats.schemaorg import organisation
from mingfu.tables import TableSchema

# What Croissant 1.1 has every description start with; its own terms, with the prefix cr.
_TERMS = (
    "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field", "fileObject",
    "fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5",
    "parentField", "path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate", "separator",
    "source", "subField", "transform",
)  # fmt: skip
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "description": {"@container": "@language"},
    "name": {"@container": "@language"},
    **{term: f"cr:{term}" for term in _TERMS},
}
DATA_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
}
# The name by which Croissant knows a format, where it is not the media type.
ENCODINGS = {"parquet": "application/x-parquet"}


def croissant(description: Description) -> str:
    """Return the release with a record set for each table, read from its Parquet file."""
    dataset = description.dataset
    content = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "@id": dataset["identifier"],
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": dataset["name"],
        "alternateName": [dataset["title"]["en"], dataset["title"]["zh"]],
        "description": f"{dataset['description']['en']}\n{dataset['description']['zh']}",
        "url": dataset.get("homepage") or dataset["identifier"],
        "license": dataset["licence"]["path"],
        "version": description.version,
        "datePublished": dataset["issued"],
        "inLanguage": ["zh", "en"],
        "keywords": dataset["keywords"],
        "isLiveDataset": False,
        "citeAs": _citation(description),
        "creator": organisation(dataset),
        "publisher": organisation(dataset),
        "distribution": [_file(file) for file in description.files],
        "recordSet": [_record_set(table) for table in description.tables],
    }
    return json_text(content)


def _citation(description: Description) -> str:
    dataset = description.dataset
    title, publisher = dataset["title"]["en"], dataset["publisher"]["title"]["en"]
    year, address = dataset["issued"][:4], description.release(description.number)
    return (
        f"@misc{{{dataset['name']}, title = {{{title}}}, author = {{{{{publisher}}}}}, year = {{{year}}}, "
        f"version = {{{description.version}}}, url = {{{address}}}}}"
    )


def _file(file: File) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "contentUrl": file.name,  # beside this description
        "contentSize": f"{file.bytes} B",
        "encodingFormat": ENCODINGS.get(file.kind, file.media_type),
        "sha256": file.sha256,
    }


def _record_set(table: TableSchema) -> dict[str, Any]:
    name = table["name"]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"{table['description']} {table['description_zh']}",
        "key": [{"@id": f"{name}/{column}"} for column in table["primaryKey"]],
        "field": [_field(table, field) for field in table["fields"]],
    }


def _field(table: TableSchema, field: Mapping[str, Any]) -> dict[str, Any]:
    name = table["name"]
    return {
        "@type": "cr:Field",
        "@id": f"{name}/{field['name']}",
        "name": field["name"],
        "description": f"{field['title']} ({field['title_zh']}): {field['description']}",
        "dataType": DATA_TYPES[field["type"]],
        "source": _column(name, field["name"]),
        **_reference(table, field["name"]),
    }


def _column(table: str, column: str) -> dict[str, Any]:
    return {"fileObject": {"@id": f"{table}.parquet"}, "extract": {"column": column}}


def _reference(table: TableSchema, column: str) -> dict[str, Any]:
    """Return the column of another table to which a column refers."""
    for key in table.get("foreignKeys", []):
        there = key["reference"]
        if key["fields"] == [column] and there["resource"] != table["name"]:
            return {"references": _column(there["resource"], there["fields"][0])}
    return {}
