"""The corridor: the whole story on one screen, from report files to a published dataset.

Each step is one call for a flow's task; `run` walks through all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from mingfu.errors import InputError, PublicationStopped
from mingfu.extract.ledger import extract_numbers
from mingfu.ingest.areas import load_areas
from mingfu.ingest.inbox import find_reports, read_reports
from mingfu.keys import load_private_key
from mingfu.model import CodeLists, Document, Finding, Number, Report
from mingfu.normalise.catalogue import load_catalogue
from mingfu.normalise.coding import code_numbers
from mingfu.normalise.corrections import correct
from mingfu.normalise.editions import settle
from mingfu.normalise.observe import make_report
from mingfu.normalise.reviewed import load_corrections
from mingfu.normalise.revisions import relate
from mingfu.personal import discreet
from mingfu.project import Project
from mingfu.publish.release import commit, stage
from mingfu.publish.store import Store, open_store
from mingfu.validate.consistency import check_reports, load_rules
from mingfu.validate.leaks import check_leaks
from mingfu.validate.package import check_package
from mingfu.validate.restatements import check_restatements

CHINA = timezone(timedelta(hours=8))
PATIENCE = 60.0  # seconds for which a run waits for another one to end


@dataclass(frozen=True, slots=True)
class Inbox:
    """The documents that could be read, and a finding for each file that could not."""

    documents: tuple[Document, ...]
    rejected: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A document with its ledger, not yet coded."""

    document: Document
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The outcome of a run, for a person."""

    reports: int
    numbers: int
    coded: int
    uncoded: int
    excluded: int
    corrected: int
    findings: dict[str, int]
    rejected: tuple[Finding, ...]
    folder: Path


def ledgers(project: Project, paths: Iterable[Path]) -> Iterator[Draft | InputError]:
    """Read files and code their numbers; yield for each its draft, or the error that kept it out."""
    areas, catalogue = load_areas(project.schemas / "areas.csv"), load_catalogue(project.schemas)
    for document in read_reports(list(paths), project.name_of, areas):
        try:
            if isinstance(document, InputError):
                yield document
            else:
                yield Draft(document, code_numbers(document, _numbers_of(document), catalogue))
        except InputError as error:
            yield error


def ingest(project: Project) -> Inbox:
    """Read every report below data/raw/, in the order of their paths."""
    areas = load_areas(project.schemas / "areas.csv")
    documents: list[Document] = []
    rejected: list[Finding] = []
    for document in read_reports(find_reports(project.raw), project.name_of, areas):
        if isinstance(document, InputError):
            rejected.append(_rejection(document))
        else:
            documents.append(document)
    return Inbox(tuple(documents), tuple(rejected))


def extract(documents: Iterable[Document]) -> tuple[list[Draft], list[Finding]]:
    """Write the ledger of each document; a document without a number is a finding."""
    drafts: list[Draft] = []
    rejected: list[Finding] = []
    for document in documents:
        try:
            drafts.append(Draft(document, _numbers_of(document)))
        except InputError as error:
            rejected.append(_rejection(error))
    return drafts, rejected


def normalise(project: Project, drafts: Iterable[Draft]) -> tuple[list[Report], list[Finding]]:
    """Code the numbers of each draft, settle which file of a report is published, and apply the corrections.

    What cannot be published is a finding.  Raises SchemaError where a correction does not fit its report.
    """
    catalogue = load_catalogue(project.schemas)
    reports: list[Report] = []
    rejected: list[Finding] = []
    for draft in drafts:
        try:
            numbers = code_numbers(draft.document, draft.numbers, catalogue)
            reports.append(make_report(draft.document, numbers, catalogue))
        except InputError as error:
            rejected += [_rejection(error), *map(discreet, draft.document.findings)]
    settled, unsettled = settle(reports)
    corrections = load_corrections(project.schemas / "corrections", catalogue)
    corrected, decisions = correct(settled, corrections, catalogue)
    return relate(corrected), [*rejected, *map(_rejection, unsettled), *map(discreet, decisions)]


def validate(project: Project, reports: Sequence[Report]) -> list[Finding]:
    """Check each report against the rules of schemas/checks.yaml, and against what was published before."""
    indicators = load_catalogue(project.schemas).indicators
    rules = load_rules(project.schemas / "checks.yaml", {item.indicator for item in indicators})
    read = [replace(finding, report_id=report.report_id) for report in reports for finding in report.document.findings]
    return [*map(discreet, [*read, *check_reports(reports, rules, indicators), *check_restatements(reports)])]


def publish(
    project: Project, store: Store, reports: Sequence[Report], findings: Sequence[Finding], key: Path | None = None
) -> Path:
    """Publish the dataset whole, signed if there is a key, and return the folder of the latest release.

    Raises PublicationStopped, and leaves what was published as it was; StoreError where the disk refuses.
    """
    errors = [finding for finding in findings if finding.severity == "error"]
    if not reports:
        errors.append(Finding("ingest.nothing", "error", f"no report could be read below {project.raw}"))
    if errors:
        raise PublicationStopped(errors)
    staged = stage(store, project, reports, findings, _code_lists(project))
    deliberate = (project.schemas / "dataset.yaml").read_text(encoding="utf-8")
    faults = [*check_package(staged.folder), *check_leaks(staged.folder, deliberate)]
    if faults:
        raise PublicationStopped([*map(discreet, faults)])
    return commit(staged, today(), load_private_key(key) if key else None)


def today() -> date:
    """Return the day in China, where the reports are from."""
    return datetime.now(CHINA).date()


def summarise(reports: Sequence[Report], findings: Sequence[Finding], folder: Path) -> Summary:
    """Count what a run did."""
    fates = Counter(number.disposition for report in reports for number in report.numbers)
    return Summary(
        reports=len(reports),
        numbers=fates.total(),
        coded=fates["observation"],
        uncoded=fates["uncoded"],
        excluded=fates["excluded"],
        corrected=sum(number.correction_reason is not None for report in reports for number in report.numbers),
        findings=dict(Counter(finding.severity for finding in findings)),
        rejected=tuple(finding for finding in findings if finding.rule.startswith("ingest.")),
        folder=folder,
    )


def run(project: Project, wait: float = PATIENCE, key: Path | None = None) -> Summary:
    """Walk through all steps, from data/raw/ to data/published/, with the store locked from first to last."""
    with open_store(project.published, wait) as store:
        inbox = ingest(project)
        drafts, numberless = extract(inbox.documents)
        reports, refused = normalise(project, drafts)
        findings = [*inbox.rejected, *numberless, *refused, *validate(project, reports)]
        folder = publish(project, store, reports, findings, key)
    return summarise(reports, findings, folder)


def _numbers_of(document: Document) -> tuple[Number, ...]:
    numbers = extract_numbers(document)
    if all(number.disposition == "excluded" for number in numbers):
        raise InputError(document.source.path, "E_NO_NUMBERS", "it states no quantity")
    return numbers


def _code_lists(project: Project) -> CodeLists:
    catalogue = load_catalogue(project.schemas)
    return CodeLists(catalogue.indicators, catalogue.units, load_areas(project.schemas / "areas.csv"))


def _rejection(error: InputError) -> Finding:
    return discreet(Finding(f"ingest.{error.code.lower()}", "warning", str(error), path=error.path))
