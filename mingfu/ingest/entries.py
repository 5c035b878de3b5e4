"""New entries of source.yaml; what stands there already stays as it is, comments included."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from textwrap import indent
from typing import Any

import yaml

from mingfu.errors import InputError, SchemaError
from mingfu.ingest.origin import FILE_NAME, Origin
from mingfu.project import read_yaml

_OPENING = "# Where the documents of this folder came from. What is not stated is unknown.\nfiles:\n"


def has_entry(document: Path) -> bool:
    """Tell whether source.yaml has an entry for the document beside it; raise InputError E_SOURCE for its faults."""
    file = document.with_name(FILE_NAME)
    return file.is_file() and document.name in _files(file)


def add_entry(document: Path, origin: Origin) -> None:
    """Write what is known of a document into source.yaml beside it; raise InputError E_SOURCE where that cannot be."""
    file = document.with_name(FILE_NAME)
    entry = {key: value for key, value in asdict(origin).items() if value is not None}
    files = _files(file) if file.exists() else {}
    old = file.read_bytes().decode() if file.exists() else _OPENING
    if document.name in files:
        raise InputError(str(file), "E_SOURCE", f"it has an entry {document.name}, but there was no such file")
    lines = yaml.safe_dump({document.name: entry}, allow_unicode=True, sort_keys=False, width=10_000)
    new = old if old.endswith("\n") else old + "\n"
    new += indent(lines, " " * _column(old, file))
    # Written beside it first, so that nobody ever reads half a file.
    staged = file.with_name(f".{FILE_NAME}.new")
    try:
        with staged.open("w", encoding="utf-8", newline="") as stream:
            stream.write(new)
            stream.flush()
            os.fsync(stream.fileno())
        if _files(staged, file) != files | {document.name: entry}:
            raise InputError(str(file), "E_SOURCE", "its form leaves no room for a new entry: write one key a line")
        staged.replace(file)
    finally:
        staged.unlink(missing_ok=True)


def _column(text: str, file: Path) -> int:
    """Return how far the entries of source.yaml are indented; raise InputError E_SOURCE where they are in braces."""
    files = yaml.compose(text, yaml.SafeLoader).value[0][1]  # type: ignore[union-attr]
    if not isinstance(files, yaml.MappingNode) or not files.value:
        return 2
    if files.flow_style:
        raise InputError(str(file), "E_SOURCE", "its entries are in braces: write one key a line")
    column: int = files.value[0][0].start_mark.column
    return column


def _files(file: Path, called: Path | None = None) -> dict[str, Any]:
    try:
        content = read_yaml(file)
    except SchemaError as error:
        raise InputError(str(called or file), "E_SOURCE", f"it is malformed: {error}") from error
    files = content.get("files") if isinstance(content, dict) and set(content) == {"files"} else None
    if not isinstance(files, dict):
        raise InputError(str(called or file), "E_SOURCE", "it must hold one key, files, with an entry by file name")
    return files
