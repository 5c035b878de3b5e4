"""What a release says of itself in JSON, read without trust."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mingfu.model import Finding
from mingfu.releases import MANIFEST


def fault(code: str, path: str, message: str) -> Finding:
    """Return the finding that a file, or the store, is not as it was published."""
    return Finding(f"verify.{code}", "error", f"{path}: {message}", path=path)


def read_json(folder: Path, name: str, faults: list[Finding]) -> Any:
    """Return the content of a JSON file, or None and add to `faults` why there is none."""
    if not (folder / name).is_file() or (folder / name).is_symlink():
        faults.append(fault("missing", name, "the file is missing"))
        return None
    try:
        content = json.loads((folder / name).read_bytes())
    except (ValueError, RecursionError) as error:
        faults.append(fault("malformed", name, f"not JSON in UTF-8: {error}"))
        return None
    if content is None:
        faults.append(fault("malformed", name, "it says nothing"))
    return content


def read_manifest(folder: Path, faults: list[Finding]) -> dict[str, Any] | None:
    """Return the manifest of a release, or None and add to `faults` why there is none."""
    manifest = read_json(folder, MANIFEST, faults)
    if manifest is None:
        return None
    wrong = list(_structure(manifest))
    faults += [fault("malformed", MANIFEST, message) for message in wrong]
    return None if wrong else manifest


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")


def _are_hashes(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_hash, value.values()))


def _are_files(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_file, value.values()))


def _is_file(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("bytes"), int) and _is_hash(value.get("sha256"))


_MANIFEST: dict[str, Callable[[Any], bool]] = {
    "release": lambda value: isinstance(value, int) and value > 0,
    "previous": lambda value: value is None or _is_hash(value),
    "schema_version": lambda value: isinstance(value, str),
    "mingfu": lambda value: isinstance(value, str),
    "schemas": _are_hashes,
    "raw": _are_hashes,
    "files": _are_files,
}


def _structure(manifest: Any) -> Iterator[str]:
    if not isinstance(manifest, dict):
        yield "not an object"
        return
    wrong = [key for key, is_right in _MANIFEST.items() if not is_right(manifest.get(key))]
    yield from (f"{key!r} is missing or malformed" for key in wrong)
    if not wrong and (manifest["release"] == 1) != (manifest["previous"] is None):
        yield "'previous' is not that of release {release}".format(**manifest)
