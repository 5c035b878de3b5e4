"""Whether the tables of a package keep to the schemas that the package itself declares."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mingfu.model import Finding
from mingfu.validate.columns.faults import NotCompiled

if TYPE_CHECKING:
    from frictionless import Error

# Bytes of CSV from which on tables are checked by the column, not by frictionless: ten seconds of its time.
LARGE = 10_000_000
# What frictionless calls a fault, and under which code it is reported; all else is table.malformed.
CODES = {
    "type-error": "type",
    "constraint-error": "constraint",
    "unique-error": "key",
    "primary-key": "key",
    "foreign-key": "key",
    "blank-label": "schema",
    "incorrect-label": "schema",
    "missing-label": "schema",
    "extra-label": "schema",
    "duplicate-label": "schema",
}


def check_package(folder: Path) -> list[Finding]:
    """Check the CSV files of a package for types, constraints and keys; each fault is an error.

    Frictionless judges the descriptor and small tables, and what cannot be checked by the column.

    The Parquet files hold the same rows, which frictionless would read ten times slower; that they
    do is for `verify` to say.
    """
    # Imported here, since it takes a quarter of a second that `mingfu extract` does not have.
    from frictionless import FrictionlessException, Package

    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    try:
        tables = _only_csv(descriptor)
        package = Package.from_descriptor(tables, basepath=str(folder))
        if sum((folder / resource["path"]).stat().st_size for resource in tables["resources"]) >= LARGE:
            with suppress(NotCompiled):
                return list(_by_column(folder, tables["resources"]))
        report = package.validate()
    except FrictionlessException as error:
        return [_finding("datapackage.json", error.error)]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # What frictionless does not expect in a descriptor it trips over.
        return [Finding("table.malformed", "error", f"datapackage.json: {error!r}", path="datapackage.json")]
    findings = [_finding("datapackage.json", error) for error in report.errors]
    for task in report.tasks:
        findings += [_finding(task.place, error) for error in task.errors]
    return findings


def _only_csv(descriptor: dict[str, Any]) -> dict[str, Any]:
    resources = [resource for resource in descriptor["resources"] if resource["format"] == "csv"]
    return {**descriptor, "resources": resources}


def _by_column(folder: Path, resources: list[dict[str, Any]]) -> Iterator[Finding]:
    # Imported here, since pyarrow takes a fifth of a second that `mingfu extract` does not have.
    from mingfu.validate.columns.compiled import check_tables

    for path, faults in check_tables(folder, resources).items():
        for fault in faults:
            yield Finding(f"table.{CODES.get(fault.type, 'malformed')}", "error", f"{path}: {fault.message}", path=path)


def _finding(path: str, error: Error) -> Finding:
    return Finding(f"table.{CODES.get(error.type, 'malformed')}", "error", f"{path}: {error.message}", path=path)
