"""The files of a release: every table in both formats, datapackage.json and SHA256SUMS."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mingfu.model import CodeLists, Finding, Report
from mingfu.project import Project
from mingfu.publish.datapackage import write_datapackage, write_sums
from mingfu.publish.dataset import load_dataset
from mingfu.publish.files import write_csv, write_parquet
from mingfu.publish.rows import table_rows
from mingfu.publish.wide import wide_rows, wide_schema
from mingfu.tables import load_schemas, to_arrow


def write_package(
    folder: Path, project: Project, reports: Sequence[Report], findings: Sequence[Finding], code_lists: CodeLists
) -> None:
    """Write the package into an empty folder; raise SchemaError where schemas/ does not allow it."""
    reports = sorted(reports, key=lambda report: report.report_id)
    dataset = load_dataset(project.schemas / "dataset.yaml")
    schemas = load_schemas(project.schemas / "tables")
    rows = table_rows(reports, findings, code_lists)
    schemas["wide"] = wide_schema(reports, code_lists.indicators, schemas["reports"])
    rows["wide"] = wide_rows(reports, schemas["wide"])
    for name, schema in schemas.items():
        table = to_arrow(rows[name], schema)
        write_csv(folder / f"{name}.csv", table)
        write_parquet(folder / f"{name}.parquet", table)
    write_datapackage(folder, dataset, reports, list(schemas.values()))
    write_sums(folder)
