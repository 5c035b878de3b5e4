"""datapackage.json: the dataset's own description, Data Package v2 (https://datapackage.org)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mingfu.model import Report
from mingfu.releases import sha256
from mingfu.tables import TableSchema

PROFILE = "https://datapackage.org/profiles/2.0/{}.json"
# Media type of each format, and what is appended to a table's name to name its resource.
FORMATS = {"csv": ("text/csv", ""), "parquet": ("application/vnd.apache.parquet", "-parquet")}
DIALECT = {
    "$schema": PROFILE.format("tabledialect"),
    "header": True,
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
}


def write_datapackage(
    folder: Path, dataset: Mapping[str, Any], reports: Iterable[Report], schemas: Sequence[TableSchema]
) -> None:
    """Describe the tables that stand in `folder` as <table>.csv and <table>.parquet."""
    descriptor = {
        **_about(dataset),
        "sources": [_source(report) for report in reports],
        "resources": [_resource(folder, schema, kind) for kind in FORMATS for schema in schemas],
    }
    text = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8", newline="\n")


def _about(dataset: Mapping[str, Any]) -> dict[str, Any]:
    homepage = {"homepage": dataset["homepage"]} if dataset.get("homepage") else {}
    return {
        "$schema": PROFILE.format("datapackage"),
        "name": dataset["name"],
        "title": dataset["title"]["en"],
        "title_zh": dataset["title"]["zh"],
        "description": dataset["description"]["en"],
        "description_zh": dataset["description"]["zh"],
        **homepage,
        "version": dataset["version"],
        "update_frequency": dataset["update_frequency"],
        "keywords": dataset["keywords"],
        "licenses": [{key: dataset["licence"][key] for key in ("name", "title", "path")}],
        "contributors": [_publisher(dataset["publisher"]), *(dataset.get("contributors") or [])],
    }


def _publisher(publisher: Mapping[str, Any]) -> dict[str, Any]:
    given = {key: publisher[key] for key in ("path", "email") if publisher.get(key)}
    return {"title": publisher["title"]["en"], "title_zh": publisher["title"]["zh"], **given, "roles": ["publisher"]}


def _source(report: Report) -> dict[str, Any]:
    source = report.document.source
    title = source.title or report.document.masthead.title or source.path
    return {"title": title, "path": source.url or source.path}


def _resource(folder: Path, schema: TableSchema, kind: str) -> dict[str, Any]:
    path = folder / f"{schema['name']}.{kind}"
    media_type, suffix = FORMATS[kind]
    return {
        "$schema": PROFILE.format("dataresource"),
        "name": f"{schema['name']}{suffix}",
        "type": "table",
        "title": schema["title"],
        "title_zh": schema["title_zh"],
        "description": schema["description"],
        "path": path.name,
        "format": kind,
        "mediatype": media_type,
        **({"encoding": "utf-8", "dialect": DIALECT} if kind == "csv" else {}),
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
        "schema": table_schema(schema, suffix),
    }


def table_schema(schema: TableSchema, suffix: str) -> dict[str, Any]:
    """Return the schema of a resource, its foreign keys pointing to tables in the same format."""
    kept = ("fields", "missingValues", "primaryKey")
    keys = [_foreign_key(key, schema["name"], suffix) for key in schema.get("foreignKeys", [])]
    return {
        "$schema": PROFILE.format("tableschema"),
        **{name: schema[name] for name in kept},
        **({"foreignKeys": keys} if keys else {}),
    }


def _foreign_key(key: Mapping[str, Any], table: str, suffix: str) -> dict[str, Any]:
    reference = key["reference"]
    if reference["resource"] == table:  # version 2 has a table refer to itself by naming none
        return {"fields": key["fields"], "reference": {"fields": reference["fields"]}}
    return {"fields": key["fields"], "reference": {**reference, "resource": f"{reference['resource']}{suffix}"}}
