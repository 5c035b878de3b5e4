"""Why a number was published: an observation, the sentence that proves it, and its indicator."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from mingfu.errors import InputError, NotFound
from mingfu.model import Document, Number, Section
from mingfu.personal import masked, personal_spans
from mingfu.pipeline import Draft, ledgers
from mingfu.project import Project
from mingfu.releases import latest_in
from mingfu.script import fold


@dataclass(frozen=True, slots=True)
class Explanation:
    """Rows of the published tables, and what the source text says; `correction` is what a reviewer changed, and why."""

    observation: dict[str, Any]
    report: dict[str, Any]
    indicator: dict[str, Any]
    document: Document
    number: Number
    sections: tuple[Section, ...]
    correction: str | None


def explain(project: Project, observation_id: str) -> Explanation:
    """Return the explanation of a published observation, from the published tables and its source.

    Raises NotFound for an unknown id, or where the source no longer says what was published;
    InputError where the source cannot be read.
    """
    release = latest_in(project.published).folder
    observation = _row(release, "observations", "observation_id", observation_id) or _missing(release, observation_id)
    report = _row(release, "reports", "report_id", observation["report_id"])
    indicator = _row(release, "indicators", "indicator", observation["indicator"])
    assert report and indicator, "a release names no code that it does not hold"
    draft = _reread(project, project.root / report["path"])
    start, end = observation["char_start"], observation["char_end"]
    number = next((number for number in draft.numbers if (number.start, number.end) == (start, end)), None)
    if number is None:
        raise NotFound(f"{observation_id}: {report['path']} has changed since it was published; use `mingfu run`")
    sections = tuple(section for section in draft.document.sections if section.start <= start < section.end)
    text = draft.document.text
    document = replace(draft.document, text=masked(text, personal_spans(fold(text))))
    correction = _row(release, "checks", "observation_id", observation_id, rule="correction.applied")
    told = correction["message"] if correction else observation.get("correction_reason")
    return Explanation(observation, report, indicator, document, number, sections, told)


def _reread(project: Project, path: Path) -> Draft:
    draft = next(ledgers(project, [path]))
    if isinstance(draft, InputError):
        raise draft
    return draft


def _missing(release: Path, number_id: str) -> NoReturn:
    """Say what became of a number that is no observation."""
    number = _row(release, "numbers", "number_id", number_id)
    if number is None:
        raise NotFound(f"{number_id}: not in the published table observations")
    fate = " ".join(filter(None, (number["disposition"], number["reason"])))
    reason = number.get("correction_reason")
    raise NotFound(f"{number_id}: not an observation but {fate}" + (f": {reason}" if reason else ""))


def _row(release: Path, table: str, key: str, value: str, **others: str) -> dict[str, Any] | None:
    """Return the row of a table with these values, or None."""
    from pyarrow import parquet

    filters = [(name, "=", wanted) for name, wanted in {key: value, **others}.items()]
    rows: list[dict[str, Any]] = parquet.read_table(release / f"{table}.parquet", filters=filters).to_pylist()
    return rows[0] if rows else None
