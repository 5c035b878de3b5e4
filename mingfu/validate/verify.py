"""Whether a published package is what was published: files, hashes, schemas, keys, both formats.

SHA256SUMS vouches for every file, datapackage.json once more for the tables, so that a change of any
byte leaves two statements that disagree.  What the files say is only looked at where all of them
are as they were published: an altered file is one fault, not many.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mingfu.model import Finding
from mingfu.releases import MANIFEST, SUMS
from mingfu.tables import ARROW_TYPES
from mingfu.validate.formats import FORMATS, compare_formats
from mingfu.validate.package import check_package

DESCRIPTOR = "datapackage.json"
PROFILES = re.compile(r"https://datapackage\.org/profiles/2\.[0-9]+/[a-z]+\.json")
_SUM_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9][A-Za-z0-9._-]*)")


def _is_profile(value: Any) -> bool:
    return isinstance(value, str) and PROFILES.fullmatch(value) is not None


def _is_schema(value: Any) -> bool:
    """Return whether a Table Schema can be worked with: named fields of types that we publish."""
    fields = value.get("fields") if isinstance(value, dict) and _is_profile(value.get("$schema")) else None
    return isinstance(fields, list) and all(map(_is_field, fields))


def _is_field(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("name"), str) and str(value.get("type")) in ARROW_TYPES


_RESOURCE: dict[str, Callable[[Any], bool]] = {
    "$schema": _is_profile,
    "name": lambda value: isinstance(value, str),
    "path": lambda value: isinstance(value, str) and "/" not in value,
    "format": lambda value: str(value) in FORMATS,
    "bytes": lambda value: isinstance(value, int),
    "hash": lambda value: isinstance(value, str) and value.startswith("sha256:"),
    "schema": _is_schema,
}


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is: length and SHA-256."""

    bytes: int
    sha256: str


def verify(folder: Path) -> list[Finding]:
    """Return every fault of a published package, none where it is sound; raise nothing for a broken one."""
    if not folder.is_dir():
        return [_fault("missing", str(folder), "no such folder")]
    try:
        return _verify(folder)
    except OSError as error:
        return [_fault("unreadable", Path(error.filename or folder).name, error.strerror or str(error))]


def _verify(folder: Path) -> list[Finding]:
    files = {path.name: _file(path) for path in sorted(folder.iterdir()) if _is_plain(path)}
    faults = [_fault("extra", path.name, "not a file") for path in sorted(folder.iterdir()) if not _is_plain(path)]
    sums, resources = _read_sums(folder, files, faults), _read_resources(folder, files, faults)
    if sums is not None:
        faults += _against_sums(files, sums)
    if resources is not None:
        faults += _against_descriptor(files, resources, sums or {})
    if not faults:
        faults += _check_content(folder, resources or [])
    return faults


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _file(path: Path) -> File:
    with path.open("rb") as file:
        return File(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _fault(code: str, path: str, message: str) -> Finding:
    return Finding(f"verify.{code}", "error", f"{path}: {message}", path=path)


def _read_sums(folder: Path, files: Mapping[str, File], faults: list[Finding]) -> dict[str, str] | None:
    """Return the SHA-256 by file name, or add to `faults` what is wrong with SHA256SUMS."""
    if SUMS not in files:
        faults.append(_fault("missing", SUMS, "the file is missing"))
        return None
    lines = (folder / SUMS).read_bytes().decode("utf-8", "replace").split("\n")
    entries = [_SUM_LINE.fullmatch(line) for line in lines[:-1]]
    names = [entry[2] for entry in entries if entry]
    if lines[-1] or len(names) != len(entries) or names != sorted(set(names)):
        faults.append(_fault("malformed", SUMS, "not a sorted list of lines '<sha256>  <file>'"))
        return None
    return {entry[2]: entry[1] for entry in entries if entry}


def _read_resources(folder: Path, files: Mapping[str, File], faults: list[Finding]) -> list[dict[str, Any]] | None:
    """Return the resources of datapackage.json, or add to `faults` what is wrong with it."""
    if DESCRIPTOR not in files:
        faults.append(_fault("missing", DESCRIPTOR, "the file is missing"))
        return None
    try:
        descriptor = json.loads((folder / DESCRIPTOR).read_bytes())
    except (ValueError, RecursionError) as error:
        faults.append(_fault("malformed", DESCRIPTOR, f"not JSON in UTF-8: {error}"))
        return None
    wrong = list(_structure(descriptor))
    faults += [_fault("malformed", DESCRIPTOR, message) for message in wrong]
    return None if wrong else descriptor["resources"]


def _structure(descriptor: Any) -> Iterator[str]:
    """Yield what keeps a descriptor from being checked any further."""
    if not isinstance(descriptor, dict) or not _is_profile(descriptor.get("$schema")):
        yield "'$schema' does not say that this is a Data Package of version 2"
        return
    resources = descriptor.get("resources")
    if not isinstance(resources, list) or not resources or not all(isinstance(item, dict) for item in resources):
        yield "'resources' is not a list of tables"
        return
    for place, resource in enumerate(resources, 1):
        wrong = [key for key, is_right in _RESOURCE.items() if not is_right(resource.get(key))]
        yield from (f"resource {place}: {key!r} is missing or malformed" for key in wrong)


def _against_sums(files: Mapping[str, File], sums: Mapping[str, str]) -> Iterator[Finding]:
    for name in sorted(sums.keys() - files.keys() - {DESCRIPTOR}):
        yield _fault("missing", name, f"the file is missing; {SUMS} lists it")
    for name in sorted(files.keys() - sums.keys() - {SUMS}):
        yield _fault("extra", name, f"the file does not belong to the package; {SUMS} does not list it")
    for name in sorted(sums.keys() & files.keys()):
        if files[name].sha256 != sums[name]:
            yield _fault("hash", name, f"its SHA-256 is not the one in {SUMS}: the file, or that line, was changed")


def _against_descriptor(
    files: Mapping[str, File], resources: Iterable[Mapping[str, Any]], sums: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield what datapackage.json and the files disagree on, where SHA256SUMS has not already said so."""
    paths = {resource["path"]: resource for resource in resources}
    for name in sorted(paths.keys() - files.keys() - sums.keys()):
        yield _fault("missing", name, f"the file is missing; {DESCRIPTOR} describes it")
    for name in sorted((files.keys() & sums.keys()) - paths.keys() - {DESCRIPTOR, MANIFEST, "CHANGELOG.md"}):
        yield _fault("extra", name, f"{DESCRIPTOR} does not describe the file")
    for name in sorted(paths.keys() & files.keys()):
        file, resource = files[name], paths[name]
        if file.bytes != resource["bytes"]:
            yield _fault("bytes", name, f"{file.bytes} bytes long, {DESCRIPTOR} says {resource['bytes']}")
        elif f"sha256:{file.sha256}" != resource["hash"] and sums.get(name, file.sha256) == file.sha256:
            yield _fault("hash", name, f"its SHA-256 is not the one in {DESCRIPTOR}")


def _check_content(folder: Path, resources: Iterable[dict[str, Any]]) -> list[Finding]:
    """Return the faults of tables that are as they were published: schemas, keys, and CSV against Parquet."""
    found = check_package(folder) or list(compare_formats(folder, resources))
    return [replace(finding, rule=f"verify.{finding.rule.rpartition('.')[2]}") for finding in found]
