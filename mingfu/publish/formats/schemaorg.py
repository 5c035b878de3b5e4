"""schema.org `Dataset` (https://schema.org/Dataset), which search engines read, as JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mingfu.publish.formats.description import Description, File
from mingfu.publish.formats.jsontext import json_text


def schemaorg(description: Description) -> str:
    """Return the release as a schema.org Dataset."""
    return json_text({"@context": {"@vocab": "https://schema.org/"}, **dataset_node(description)})


def dataset_node(description: Description) -> dict[str, Any]:
    """Return what schema.org says of the release, without a context."""
    dataset = description.dataset
    start, end = description.period
    return {
        "@type": "Dataset",
        "@id": dataset["identifier"],
        "name": dataset["title"]["en"],
        "alternateName": dataset["title"]["zh"],
        "description": f"{dataset['description']['en']}\n{dataset['description']['zh']}",
        "url": dataset.get("homepage") or dataset["identifier"],
        "identifier": [dataset["identifier"], description.release(description.number)],
        "version": description.version,
        "datePublished": dataset["issued"],
        "license": dataset["licence"]["path"],
        "keywords": dataset["keywords"],
        "inLanguage": ["zh", "en"],
        "isAccessibleForFree": dataset["catalogue"]["opening"] == "open",
        "creator": organisation(dataset),
        "publisher": organisation(dataset),
        "temporalCoverage": f"{start}/{end}",
        "spatialCoverage": [_place(code, name) for code, name in description.areas.items()],
        "variableMeasured": [_variable(field) for field in _indicators(description)],
        "distribution": [_download(description, file) for file in description.files],
    }


def organisation(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """Return the publisher, with the contact that dataset.yaml names."""
    publisher, contact = dataset["publisher"], dataset["contact"]
    return {
        "@type": "Organization",
        "@id": publisher["path"],
        "name": publisher["title"]["en"],
        "alternateName": publisher["title"]["zh"],
        "url": publisher["path"],
        "taxID": publisher["code"],
        "contactPoint": {"@type": "ContactPoint", "name": contact["title"]["en"], "url": contact["path"]},
    }


def _place(code: str, name: str) -> dict[str, Any]:
    return {"@type": "Place", "name": name, "identifier": f"GB/T 2260 {code}"}


def _indicators(description: Description) -> list[Mapping[str, Any]]:
    """Return the columns of the wide table that are indicators: those with a unit."""
    wide = next(table for table in description.tables if table["name"] == "wide")
    return [field for field in wide["fields"] if "unit" in field]


def _variable(field: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@type": "PropertyValue",
        "propertyID": field["name"],
        "name": field["title"],
        "alternateName": field["title_zh"],
        "description": field["description"],
        "unitText": field["unit"],
    }


def _download(description: Description, file: File) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "name": file.name,
        "encodingFormat": file.media_type,
        "contentUrl": description.address(file.name),
        "contentSize": f"{file.bytes} B",
        "sha256": file.sha256,
    }
