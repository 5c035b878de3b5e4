"""The yearly flow: ingest -> extract -> normalise -> validate -> publish."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from prefect import Task, flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from mingfu import pipeline
from mingfu.errors import StoreError
from mingfu.model import Document, Finding, Report
from mingfu.pipeline import Draft, Inbox, Summary
from mingfu.project import Project, find_project
from mingfu.publish.store import Store, open_store


def _is_disk_trouble(task: object, run: TaskRun, state: State[Any]) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError) or (isinstance(error, StoreError) and error.code == "E_DISK")


# A step's result can be the whole corpus: it stays in memory, neither stored nor hashed.
PURE: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False}
ON_DISK: dict[str, Any] = {**PURE, "retries": 2, "retry_delay_seconds": 5, "retry_condition_fn": _is_disk_trouble}


@task(**ON_DISK)
def ingest(project: Project) -> Inbox:
    """Read the reports below data/raw/."""
    inbox = pipeline.ingest(project)
    get_run_logger().info("%d reports read, %d files rejected", len(inbox.documents), len(inbox.rejected))
    return inbox


@task(**PURE)
def extract(documents: Sequence[Document]) -> tuple[list[Draft], list[Finding]]:
    """Write the ledger of each report."""
    drafts, rejected = pipeline.extract(documents)
    get_run_logger().info("%d numbers found", sum(len(draft.numbers) for draft in drafts))
    return drafts, rejected


@task(**PURE)
def normalise(project: Project, drafts: Iterable[Draft]) -> tuple[list[Report], list[Finding]]:
    """Recognise the indicators."""
    reports, rejected = pipeline.normalise(project, drafts)
    get_run_logger().info("%d observations coded", sum(len(report.observations) for report in reports))
    return reports, rejected


@task(**PURE)
def validate(project: Project, reports: Sequence[Report]) -> list[Finding]:
    """Check the reports against the rules."""
    findings = pipeline.validate(project, reports)
    get_run_logger().info("%d findings", len(findings))
    return findings


@task(**ON_DISK)
def publish(
    project: Project, store: Store, reports: Sequence[Report], findings: Sequence[Finding], key: Path | None
) -> Path:
    """Write the dataset, whole or not at all."""
    folder = pipeline.publish(project, store, reports, findings, key)
    get_run_logger().info("published in %s", folder)
    return folder


STEPS: tuple[Task[..., Any], ...] = (ingest, extract, normalise, validate, publish)


@flow(persist_result=False)
def annual(project: str = ".", wait: float = pipeline.PATIENCE, sign: str | None = None) -> Summary:
    """Make the published dataset from the reports below data/raw/; `sign` is the path of a private key.

    Files that cannot be read are findings and do not stop the others.  Raises PublicationStopped
    where error-level findings forbid publication, SchemaError where schemas/ is malformed, StoreError
    where another run publishes for longer than `wait` seconds or the disk refuses.
    """
    home = find_project(Path(project))
    with open_store(home.published, wait) as store:
        inbox = ingest(home)
        drafts, numberless = extract(inbox.documents)
        reports, refused = normalise(home, drafts)
        findings = [*inbox.rejected, *numberless, *refused, *validate(home, reports)]
        _show_findings(findings)
        folder = publish(home, store, reports, findings, Path(sign) if sign else None)
    summary = pipeline.summarise(reports, findings, folder)
    _show_summary(summary)
    return summary


def _show_findings(findings: Iterable[Finding]) -> None:
    for finding in findings:
        if finding.severity != "info":
            get_run_logger().warning("%s: %s", finding.rule, finding.message)
    create_table_artifact([asdict(finding) for finding in findings], key="findings", description="What the checks saw")


def _show_summary(summary: Summary) -> None:
    counts = {
        "reports": summary.reports,
        "numbers": summary.numbers,
        "coded": summary.coded,
        "uncoded": summary.uncoded,
        "excluded": summary.excluded,
        "corrected": summary.corrected,
        **{f"findings ({severity})": count for severity, count in sorted(summary.findings.items())},
    }
    files = sorted(path for path in summary.folder.rglob("*") if path.is_file())
    lines = ["| outcome | |", "|---|---:|", *(f"| {name} | {count} |" for name, count in counts.items())]
    lines += ["", f"Files in `{summary.folder}`:", ""]
    lines += [f"- `{path.relative_to(summary.folder).as_posix()}`, {path.stat().st_size} bytes" for path in files]
    create_markdown_artifact("\n".join(lines), key="summary", description="What the run did")
