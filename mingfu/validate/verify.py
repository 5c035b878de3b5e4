"""Whether a published release is what was published: files, hashes, schemas, keys, both formats.

SHA256SUMS vouches for every file, manifest.json once more for all but those two, and datapackage.json for
the tables, so that a change of any byte leaves statements that disagree.  What the files say is only
looked at where all of them are as they were published: an altered file is one fault, not many.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyarrow import parquet

from mingfu.keys import is_signed
from mingfu.model import Finding
from mingfu.releases import LATEST, MANIFEST, RELEASES, SIGNATURE, SUMS, release_at, sha256
from mingfu.tables import ARROW_TYPES
from mingfu.validate.chain import check_chain
from mingfu.validate.formats import FORMATS, compare_formats
from mingfu.validate.package import check_package
from mingfu.validate.statements import fault, read_json, read_manifest

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

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


def verify(folder: Path, key: Ed25519PublicKey | None = None) -> list[Finding]:
    """Return every fault of a release, or of a store of releases; raise nothing for a broken one.

    With a key, a release must be signed by its owner; in a store the latest one must, which vouches
    for those before it by the chain of hashes.
    """
    if not folder.is_dir():
        return [fault("missing", str(folder), "no such folder")]
    try:
        is_store = (folder / RELEASES).is_dir() or (folder / LATEST).is_symlink()
        return _verify_store(folder, key) if is_store else _verify_release(folder, key)
    except OSError as error:
        return [fault("unreadable", Path(error.filename or folder).name, error.strerror or str(error))]


def _verify_store(folder: Path, key: Ed25519PublicKey | None) -> list[Finding]:
    releases, faults = check_chain(folder)
    for place, release in enumerate(releases, 1):
        needed = place == len(releases)
        for found in _verify_release(release.folder, key, needed=needed):
            name = f"{RELEASES}/{release.folder.name}"
            faults.append(replace(found, path=f"{name}/{found.path}", message=f"{name}/{found.message}"))
    return faults


def _verify_release(folder: Path, key: Ed25519PublicKey | None, *, needed: bool = True) -> list[Finding]:
    entries = sorted(folder.iterdir())
    files = {path.name: File(path.stat().st_size, sha256(path)) for path in entries if _is_plain(path)}
    faults = [fault("extra", path.name, "not a file") for path in entries if not _is_plain(path)]
    sums = _read_sums(folder, files, faults)
    manifest = read_manifest(folder, faults) if _is_as_told(MANIFEST, files, sums) else None
    resources = _read_resources(folder, faults) if _is_as_told(DESCRIPTOR, files, sums) else None
    if sums is not None:
        faults += _against_sums(files, sums, _listed(manifest))
    if manifest is not None:
        faults += _against_manifest(files, manifest, sums or {})
        faults += _name_faults(folder, manifest, files)
    if resources is not None:
        faults += _against_descriptor(files, resources, sums or {})
    if key:
        faults += _signature_faults(folder, files, key, needed=needed)
    if not faults:
        faults += _check_content(folder, resources or [], manifest or {})
    return faults


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _is_as_told(name: str, files: Mapping[str, File], sums: Mapping[str, str] | None) -> bool:
    """Return whether to read a file that vouches for others: not where SHA256SUMS says that it was altered."""
    return not sums or name not in files or sums.get(name, files[name].sha256) == files[name].sha256


def _listed(manifest: Mapping[str, Any] | None) -> dict[str, str]:
    return {name: file["sha256"] for name, file in manifest["files"].items()} if manifest else {}


def _read_sums(folder: Path, files: Mapping[str, File], faults: list[Finding]) -> dict[str, str] | None:
    """Return the SHA-256 by file name, or add to `faults` what is wrong with SHA256SUMS."""
    if SUMS not in files:
        faults.append(fault("missing", SUMS, "the file is missing"))
        return None
    lines = (folder / SUMS).read_bytes().decode("utf-8", "replace").split("\n")
    entries = [_SUM_LINE.fullmatch(line) for line in lines[:-1]]
    names = [entry[2] for entry in entries if entry]
    if lines[-1] or len(names) != len(entries) or names != sorted(set(names)):
        faults.append(fault("malformed", SUMS, "not a sorted list of lines '<sha256>  <file>'"))
        return None
    return {entry[2]: entry[1] for entry in entries if entry}


def _read_resources(folder: Path, faults: list[Finding]) -> list[dict[str, Any]] | None:
    """Return the resources of datapackage.json, or add to `faults` what is wrong with it."""
    descriptor = read_json(folder, DESCRIPTOR, faults)
    if descriptor is None:
        return None
    wrong = list(_structure(descriptor))
    faults += [fault("malformed", DESCRIPTOR, message) for message in wrong]
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


def _against_sums(files: Mapping[str, File], sums: Mapping[str, str], listed: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what SHA256SUMS and the files disagree on; `listed` is what manifest.json says."""
    for name in sorted(sums.keys() - files.keys() - {DESCRIPTOR, MANIFEST}):
        yield fault("missing", name, f"the file is missing; {SUMS} lists it")
    for name in sorted(files.keys() - sums.keys() - {SUMS}):
        yield fault("extra", name, f"the file does not belong to the release; {SUMS} does not list it")
    altered = sorted(name for name in sums.keys() & files.keys() if files[name].sha256 != sums[name])
    owners = {digest: name for name, digest in sums.items()}
    for name in altered:
        owner = owners.get(files[name].sha256)
        if owner in altered and files[owner].sha256 == sums[name]:
            if name < owner:
                yield fault("swapped", name, f"the file holds what belongs in {owner}, and {owner} what belongs here")
        elif listed.get(name) == files[name].sha256:
            yield fault("hash", SUMS, f"the SHA-256 of {name} is not the file's, nor the one in {MANIFEST}")
        else:
            yield fault("hash", name, f"its SHA-256 is not the one in {SUMS}: the file, or that line, was changed")


def _against_manifest(
    files: Mapping[str, File], manifest: Mapping[str, Any], sums: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield what manifest.json and the files disagree on, where SHA256SUMS has not already said so."""
    listed = manifest["files"]
    for name in sorted(listed.keys() - files.keys() - sums.keys() - {DESCRIPTOR}):
        yield fault("missing", name, f"the file is missing; {MANIFEST} lists it")
    for name in sorted((files.keys() & sums.keys()) - listed.keys() - {MANIFEST, SIGNATURE}):
        yield fault("extra", name, f"the file does not belong to the release; {MANIFEST} does not list it")
    for name in sorted(listed.keys() & files.keys()):
        file, said = files[name], listed[name]
        if sums.get(name, file.sha256) == file.sha256 and (file.bytes, file.sha256) != (said["bytes"], said["sha256"]):
            yield fault("hash", name, f"its length or SHA-256 is not the one in {MANIFEST}")


def _name_faults(folder: Path, manifest: Mapping[str, Any], files: Mapping[str, File]) -> Iterator[Finding]:
    release = release_at(folder.resolve())
    if release and not files[MANIFEST].sha256.startswith(release.short_hash):
        yield fault(
            "name", MANIFEST, f"its SHA-256 does not begin with {release.short_hash}, as the release's name says"
        )
    elif release and manifest["release"] != release.number:
        yield fault("name", MANIFEST, f"it is that of release {manifest['release']}, not of {release.number}")


def _signature_faults(
    folder: Path, files: Mapping[str, File], key: Ed25519PublicKey, *, needed: bool
) -> Iterator[Finding]:
    if SIGNATURE not in files:
        if needed:
            yield fault("signature", SIGNATURE, "the release is not signed")
    elif MANIFEST in files and not is_signed((folder / MANIFEST).read_bytes(), (folder / SIGNATURE).read_bytes(), key):
        yield fault("signature", SIGNATURE, f"not a signature of {MANIFEST} by the owner of this key")


def _against_descriptor(
    files: Mapping[str, File], resources: Iterable[Mapping[str, Any]], sums: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield what datapackage.json and the files disagree on, where SHA256SUMS has not already said so."""
    paths = {resource["path"]: resource for resource in resources}
    for name in sorted(paths.keys() - files.keys() - sums.keys()):
        yield fault("missing", name, f"the file is missing; {DESCRIPTOR} describes it")
    for name in sorted((files.keys() & sums.keys()) - paths.keys()):
        if Path(name).suffix.removeprefix(".") in FORMATS:
            yield fault("extra", name, f"{DESCRIPTOR} does not describe the table")
    for name in sorted(paths.keys() & files.keys()):
        file, resource = files[name], paths[name]
        said = (file.bytes, f"sha256:{file.sha256}") == (resource["bytes"], resource["hash"])
        if not said and sums.get(name, file.sha256) == file.sha256:
            yield fault("hash", name, f"its length or SHA-256 is not the one in {DESCRIPTOR}")


def _check_content(folder: Path, resources: Iterable[dict[str, Any]], manifest: Mapping[str, Any]) -> list[Finding]:
    """Return the faults of files that are as they were published: schemas, keys, CSV against Parquet, sources."""
    found = check_package(folder) or [*compare_formats(folder, resources), *_source_faults(folder, manifest)]
    return [replace(finding, rule=f"verify.{finding.rule.rpartition('.')[2]}") for finding in found]


def _source_faults(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    raw = manifest.get("raw", {})
    for source in parquet.read_table(folder / "sources.parquet", columns=["path", "sha256"]).to_pylist():
        if raw.get(source["path"]) != source["sha256"]:
            yield fault("raw", MANIFEST, f"its SHA-256 of {source['path']} is not the one in the table sources")
