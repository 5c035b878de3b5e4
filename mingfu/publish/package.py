"""The files of a release but its manifest: every table in both formats, and what describes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mingfu.model import CodeLists, Finding, Report
from mingfu.project import Project
from mingfu.publish.csvtext import write_csv
from mingfu.publish.datapackage import write_datapackage
from mingfu.publish.files import write_parquet
from mingfu.publish.formats.description import describe
from mingfu.publish.formats.workbook import write_workbook
from mingfu.publish.guard import guarded
from mingfu.publish.manifest import Link
from mingfu.publish.metadata import write_descriptions
from mingfu.publish.rows import table_rows
from mingfu.publish.wide import wide_rows, wide_schema
from mingfu.tables import TableSchema, load_schemas, to_arrow


def write_tables(
    folder: Path, project: Project, reports: Sequence[Report], findings: Sequence[Finding], code_lists: CodeLists
) -> list[TableSchema]:
    """Write all tables but `changes` and return their schemas, with that of `changes`.

    Raises SchemaError for a malformed schema.
    """
    schemas = load_schemas(project.schemas / "tables")
    rows = table_rows(reports, findings, code_lists)
    schemas["wide"] = wide_schema(reports, code_lists.indicators, schemas["reports"])
    rows["wide"] = wide_rows(reports, schemas["wide"])
    for name in rows:
        write_table(folder, rows[name], schemas[name])
    return list(schemas.values())


def write_table(folder: Path, rows: Iterable[Mapping[str, Any]], schema: TableSchema) -> None:
    """Write a table in both formats, whatever is personal in it masked."""
    table = guarded(to_arrow(rows, schema), schema)
    write_csv(folder / f"{schema['name']}.csv", table)
    write_parquet(folder / f"{schema['name']}.parquet", table)


def write_metadata(
    folder: Path,
    dataset: Mapping[str, Any],
    reports: Sequence[Report],
    schemas: Sequence[TableSchema],
    link: Link,
) -> None:
    """Describe the tables that stand in `folder`, as a release at this place in the chain.

    Called a second time, it writes over what it wrote before.
    """
    write_workbook(folder / f"{dataset['name']}.xlsx", dataset, schemas)
    write_datapackage(folder, dataset, reports, schemas)
    write_descriptions(folder, describe(folder, dataset, reports, schemas, link.number))
