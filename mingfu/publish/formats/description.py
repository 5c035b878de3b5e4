"""What every metadata format tells of a release, gathered once: texts, tables, files, coverage, version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pyarrow import parquet

from mingfu.model import Report
from mingfu.tables import TableSchema

MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file with data: a table in one of its formats, or the workbook with all of them (`table` is None)."""

    name: str
    kind: str
    bytes: int
    sha256: str
    table: TableSchema | None = None

    @property
    def media_type(self) -> str:
        """The media type as registered, or as the format's authors use it."""
        return MEDIA_TYPES[self.kind]


@dataclass(frozen=True, slots=True)
class Description:
    """A release as its metadata tell it; `dataset` is dataset.yaml, `areas` are names by area code."""

    dataset: Mapping[str, Any]
    tables: tuple[TableSchema, ...]
    files: tuple[File, ...]
    period: tuple[date, date]
    areas: Mapping[str, str]
    number: int

    @property
    def version(self) -> str:
        """The publisher's version and the number of the release, as Semantic Versioning joins them."""
        return f"{self.dataset['version']}+{self.number}"

    @property
    def previous(self) -> int | None:
        """The number of the release before this one."""
        return self.number - 1 if self.number > 1 else None

    def release(self, number: int) -> str:
        """Return the identifier of a release."""
        return f"{self.dataset['identifier']}/releases/{number}"

    def address(self, name: str) -> str:
        """Return the address from which a file of the release is fetched."""
        return f"{self.dataset['download']}{name}"


def describe(
    folder: Path, dataset: Mapping[str, Any], reports: Sequence[Report], tables: Sequence[TableSchema], number: int
) -> Description:
    """Return what there is to say of the tables and the workbook that stand in `folder`."""
    mastheads = [report.document.masthead for report in reports]
    years = [masthead.report_year for masthead in mastheads if masthead.report_year]
    names = {row["ref_area"]: row["name"] for row in parquet.read_table(folder / "areas.parquet").to_pylist()}
    codes = sorted({masthead.ref_area for masthead in mastheads if masthead.ref_area} & names.keys())
    return Description(
        dataset=dataset,
        tables=tuple(tables),
        files=tuple(_files(folder, dataset["name"], tables)),
        period=(date(min(years), 1, 1), date(max(years), 12, 31)),
        areas={code: names[code] for code in codes},
        number=number,
    )


def _files(folder: Path, name: str, tables: Iterable[TableSchema]) -> Iterator[File]:
    for table in tables:
        for kind in ("csv", "parquet"):
            yield _file(folder / f"{table['name']}.{kind}", kind, table)
    yield _file(folder / f"{name}.xlsx", "xlsx", None)


def _file(path: Path, kind: str, table: TableSchema | None) -> File:
    with path.open("rb") as file:
        return File(path.name, kind, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest(), table)


def required(field: Mapping[str, Any]) -> bool:
    """Return whether a column has a value in every row."""
    return bool(field.get("constraints", {}).get("required", False))
