"""Why a number was published: an observation, the sentence that proves it, and its indicator."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mingfu.errors import InputError, NotFound
from mingfu.model import Document, Number, Section
from mingfu.personal import masked, personal_spans
from mingfu.pipeline import Draft, ledgers
from mingfu.project import Project
from mingfu.releases import latest_in
from mingfu.script import fold


@dataclass(frozen=True, slots=True)
class Explanation:
    """Rows of the published tables, and what the source text says."""

    observation: dict[str, Any]
    report: dict[str, Any]
    indicator: dict[str, Any]
    document: Document
    number: Number
    sections: tuple[Section, ...]


def explain(project: Project, observation_id: str) -> Explanation:
    """Return the explanation of a published observation, from the published tables and its source.

    Raises NotFound for an unknown id, or where the source no longer says what was published;
    InputError where the source cannot be read.
    """
    release = latest_in(project.published).folder
    observation = _row(release, "observations", "observation_id", observation_id)
    report = _row(release, "reports", "report_id", observation["report_id"])
    indicator = _row(release, "indicators", "indicator", observation["indicator"])
    draft = _reread(project, project.root / report["path"])
    start, end = observation["char_start"], observation["char_end"]
    number = next((number for number in draft.numbers if (number.start, number.end) == (start, end)), None)
    if number is None:
        raise NotFound(f"{observation_id}: {report['path']} has changed since it was published; use `mingfu run`")
    sections = tuple(section for section in draft.document.sections if section.start <= start < section.end)
    text = draft.document.text
    document = replace(draft.document, text=masked(text, personal_spans(fold(text))))
    return Explanation(observation, report, indicator, document, number, sections)


def _reread(project: Project, path: Path) -> Draft:
    draft = next(ledgers(project, [path]))
    if isinstance(draft, InputError):
        raise draft
    return draft


def _row(release: Path, table: str, key: str, value: str) -> dict[str, Any]:
    from pyarrow import parquet

    path = release / f"{table}.parquet"
    rows: list[dict[str, Any]] = parquet.read_table(path, filters=[(key, "=", value)]).to_pylist()
    if not rows:
        raise NotFound(f"{value}: not in the published table {table}")
    return rows[0]
