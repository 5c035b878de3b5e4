"""What the commands share: how a project is found, how errors and results are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mingfu.errors import MingfuError, SchemaError
from mingfu.project import Project, find_project

if TYPE_CHECKING:
    from mingfu.explain import Explanation
    from mingfu.ingest.fetching import Fetch, Outcome
    from mingfu.pipeline import Summary

ProjectFolder = Annotated[
    Path | None, typer.Option("--project", metavar="DIR", help="The project's folder; else the one you are in.")
]


def catalogue_project(folder: Path | None) -> Project:
    """Return the project whose catalogue to use: the one you are in, else the one mingfu was installed from."""
    if folder:
        return find_project(folder)
    try:
        return find_project(Path.cwd())
    except SchemaError:
        return find_project(Path(__file__).parent)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn an error of mingfu into its message on standard error and exit code 1."""
    try:
        yield
    except MingfuError as error:
        typer.secho(str(error), fg=typer.colors.RED, err=True)
        raise typer.Exit(1) from None


def fetch_with_progress(walk: Fetch) -> list[Outcome]:
    """Fetch with a bar on standard error; return what became of each address."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("fetching"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("fetching", total=len(walk.wanted))
        return walk.run(lambda outcome: progress.advance(bar))


def print_outcomes(outcomes: Sequence[Outcome], home: Project) -> None:
    """Print what became of each address, and how many came to what."""
    for outcome in outcomes:
        name = outcome.path and home.name_of(outcome.path)
        colour = typer.colors.RED if outcome.status == "failed" else None
        typer.secho(f"{outcome.status:<10}{name or outcome.url}", fg=colour)
        if outcome.message:
            typer.secho(" " * 10 + outcome.message, fg=colour or typer.colors.YELLOW)
    counts = Counter(outcome.status for outcome in outcomes)
    typer.echo(", ".join(f"{count} {status}" for status, count in counts.items()) or "sources.csv lists nothing")


def print_summary(summary: Summary) -> None:
    """Print the outcome of a run."""
    findings = [f"{count} {severity}" for severity, count in sorted(summary.findings.items())]
    print_fields(
        reports=summary.reports,
        numbers=summary.numbers,
        coded=summary.coded,
        uncoded=summary.uncoded,
        excluded=summary.excluded,
        corrected=summary.corrected,
        findings=", ".join(findings) or "none",
        files=Project(Path.cwd()).name_of(summary.folder),
    )


def print_explanation(explanation: Explanation) -> None:
    """Print the sentence that proves an observation, and what is known of it."""
    observation, indicator, report = explanation.observation, explanation.indicator, explanation.report
    text, number = explanation.document.text, explanation.number
    first, last = number.sentence
    typer.echo(text[first : number.start], nl=False)
    typer.secho(f"»{number.text}«", fg=typer.colors.GREEN, bold=True, nl=False)
    typer.echo(text[number.end : last] + "\n")
    print_fields(
        section=" > ".join(section.heading for section in explanation.sections) or None,
        indicator=f"{indicator['indicator']}: {indicator['title_zh']}, {indicator['title_en']}",
        definition=f"{indicator['definition_zh']}\n{indicator['definition_en']}",
        matched=", ".join(number.matched) if number.indicator == observation["indicator"] else None,
        value=_value_of(observation),
        period=_period_of(observation),
        correction=explanation.correction,
        restates=observation.get("restates"),
        restated=observation.get("restated_by"),
        area=f"{observation['ref_area']}, {report['issuer']}",
        scope=observation["scope"],
        report=", ".join(filter(None, (report["title"], report["document_number"]))),
        source=f"{report['path']}, characters {number.start} to {number.end}\nsha256 {report['sha256']}",
    )


def _value_of(observation: dict[str, Any]) -> str:
    low, high = (observation[bound] for bound in ("value_low", "value_high"))
    bounds = {low, high} - {None}
    value = " to ".join(f"{bound:.15g}" for bound in sorted(bounds))
    return f"{value} {observation['unit']} ({observation['qualifier']}, {observation['role']})"


def _period_of(observation: dict[str, Any]) -> str:
    start, end = observation["period_start"], observation["period_end"]
    span = str(start) if start == end else f"{start} to {end}"
    return "not stated" if start is None else span + (" (the full year)" if observation["full_year"] else "")


def print_fields(**fields: object) -> None:
    """Print names and values in two columns; what is None is left out."""
    for name, value in fields.items():
        if value is not None:
            typer.echo(f"{name:<12}" + str(value).replace("\n", "\n" + " " * 12))
