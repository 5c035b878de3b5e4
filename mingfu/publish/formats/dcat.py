"""DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/) in the profile DCAT-AP 3.0.1, as JSON-LD and as Turtle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mingfu.publish.dataset import THEMES
from mingfu.publish.formats.description import Description, File
from mingfu.publish.formats.jsontext import json_text
from mingfu.publish.formats.turtle import turtle

EU = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# The European code lists' names for what dataset.yaml says in plain words.
FREQUENCIES = {
    "annual": "ANNUAL",
    "semiannual": "ANNUAL_2",
    "quarterly": "QUARTERLY",
    "monthly": "MONTHLY",
    "irregular": "IRREG",
}
ACCESS = {"open": "PUBLIC", "conditional": "RESTRICTED", "closed": "NON_PUBLIC"}
LANGUAGES = ("ZHO", "ENG")

Node = dict[str, Any]


def dcat_jsonld(description: Description) -> str:
    """Return the catalogue record as JSON-LD."""
    return json_text(_document(description))


def dcat_turtle(description: Description) -> str:
    """Return the same statements as Turtle."""
    return turtle(_document(description))


def _document(description: Description) -> Node:
    """Return a catalogue with one dataset, the version of it that this release is, and the files."""
    dataset = description.dataset
    publisher = _publisher(dataset["publisher"])
    catalogue = {
        "@id": f"{dataset['identifier']}#catalogue",
        "@type": "dcat:Catalog",
        **_texts(dataset),
        "dct:publisher": publisher,
        "dcat:dataset": {"@id": dataset["identifier"]},
    }
    return {"@context": CONTEXT, "@graph": [catalogue, _dataset(description, publisher), _release(description)]}


def _dataset(description: Description, publisher: Node) -> Node:
    dataset = description.dataset
    return {
        "@id": dataset["identifier"],
        "@type": "dcat:Dataset",
        **_texts(dataset),
        "dct:identifier": dataset["identifier"],
        "dcat:version": description.version,
        "dct:issued": _date(dataset["issued"]),
        "dcat:keyword": [_keyword(word) for word in dataset["keywords"]],
        **_optional(dataset),
        "dct:publisher": {"@id": publisher["@id"]},
        "dcat:contactPoint": _contact(dataset["contact"]),
        "dct:accessRights": _typed(
            f"{EU}access-right/{ACCESS[dataset['catalogue']['opening']]}", "dct:RightsStatement"
        ),
        "dct:accrualPeriodicity": _typed(f"{EU}frequency/{FREQUENCIES[dataset['update_frequency']]}", "dct:Frequency"),
        "dct:language": [_typed(f"{EU}language/{code}", "dct:LinguisticSystem") for code in LANGUAGES],
        "dct:temporal": _period(description),
        "dct:spatial": [_location(description, code, name) for code, name in description.areas.items()],
        "foaf:page": [
            _typed(description.address(f"dictionary.{language}.md"), "foaf:Document") for language in ("zh", "en")
        ],
        "dcat:hasVersion": {"@id": description.release(description.number)},
        "dcat:hasCurrentVersion": {"@id": description.release(description.number)},
        "dcat:distribution": [_distribution(description, file) for file in description.files],
    }


def _optional(dataset: Mapping[str, Any]) -> Node:
    found: Node = {}
    if dataset.get("homepage"):
        found["dcat:landingPage"] = _typed(dataset["homepage"], "foaf:Document")
    if dataset.get("themes"):
        found["dcat:theme"] = [_theme(code) for code in dataset["themes"]]
    return found


def _theme(code: str) -> Node:
    return {**_typed(f"{EU}data-theme/{code}", "skos:Concept"), "skos:prefLabel": _text(THEMES[code], "en")}


def _release(description: Description) -> Node:
    """Return the version of the dataset that this release is, with a link to the one before."""
    before = description.previous
    return {
        "@id": description.release(description.number),
        "@type": "dcat:Dataset",
        **_texts(description.dataset),
        "dcat:version": description.version,
        "dcat:isVersionOf": {"@id": description.dataset["identifier"]},
        **({"dcat:previousVersion": {"@id": description.release(before)}} if before else {}),
        "dcat:distribution": [{"@id": _file_id(description, file)} for file in description.files],
    }


def _distribution(description: Description, file: File) -> Node:
    address = _typed(description.address(file.name), "rdfs:Resource")
    return {
        "@id": _file_id(description, file),
        "@type": "dcat:Distribution",
        "dct:title": _titles(description, file),
        "dcat:accessURL": address,
        "dcat:downloadURL": address,
        "dcat:mediaType": _typed(IANA + file.media_type, "dct:MediaType"),
        "dct:format": _typed(f"{EU}file-type/{file.kind.upper()}", "dct:MediaTypeOrExtent"),
        "dcat:byteSize": {"@value": str(file.bytes), "@type": "xsd:nonNegativeInteger"},
        "dct:license": _typed(description.dataset["licence"]["path"], "dct:LicenseDocument"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": _typed("spdx:checksumAlgorithm_sha256", "spdx:ChecksumAlgorithm"),
            "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
        },
    }


def _file_id(description: Description, file: File) -> str:
    return f"{description.release(description.number)}#{file.name}"


def _titles(description: Description, file: File) -> list[Node]:
    table = file.table or {f"title{end}": description.dataset["title"][key] for end, key in (("", "en"), ("_zh", "zh"))}
    kind = file.kind.upper()
    return [_text(f"{table['title_zh']}（{kind}）", "zh"), _text(f"{table['title']} ({kind})", "en")]


def _publisher(publisher: Mapping[str, Any]) -> Node:
    return {
        "@id": publisher["path"],
        "@type": "foaf:Agent",
        "foaf:name": [_text(publisher["title"][language], language) for language in ("zh", "en")],
        "dct:identifier": publisher["code"],
    }


def _contact(contact: Mapping[str, Any]) -> Node:
    return {
        "@type": "vcard:Kind",
        "vcard:fn": [_text(contact["title"][language], language) for language in ("zh", "en")],
        "vcard:hasURL": {"@id": contact["path"]},
    }


def _period(description: Description) -> Node:
    start, end = (_date(day.isoformat()) for day in description.period)
    return {"@type": "dct:PeriodOfTime", "dcat:startDate": start, "dcat:endDate": end}


def _location(description: Description, code: str, name: str) -> Node:
    """Return an area, named by its code in GB/T 2260, for which there is no official IRI."""
    return {
        "@id": f"{description.dataset['identifier']}#area-{code}",
        "@type": "dct:Location",
        "skos:notation": code,
        "skos:prefLabel": _text(name, "zh"),
    }


def _texts(dataset: Mapping[str, Any]) -> Node:
    return {
        f"dct:{key}": [_text(dataset[key][language], language) for language in ("zh", "en")]
        for key in ("title", "description")
    }


def _text(text: str, language: str) -> Node:
    return {"@value": text, "@language": language}


def _keyword(word: str) -> Node:
    return _text(word, "en" if word.isascii() else "zh")


def _date(day: str) -> Node:
    return {"@value": day, "@type": "xsd:date"}


def _typed(name: str, kind: str) -> Node:
    return {"@id": name, "@type": kind}
