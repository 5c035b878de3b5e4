"""The front door: the command `mingfu`.

Each command imports what it needs when it runs, so that none waits for the others' libraries.
"""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mingfu.errors import InputError, MingfuError, SchemaError
from mingfu.project import Project, find_project

if TYPE_CHECKING:
    from mingfu.explain import Explanation
    from mingfu.ingest.fetching import Fetch, Outcome
    from mingfu.model import Number
    from mingfu.pipeline import Summary

LEDGER_FIELDS = (
    *("start", "end", "text", "low", "high", "qualifier", "unit", "role", "period_start", "period_end"),
    *("indicator", "disposition", "reason", "label", "scope", "parent", "section"),
)

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
catalogue_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Look at the indicator catalogue.")
app.add_typer(catalogue_app, name="catalogue")
ProjectFolder = Annotated[
    Path | None, typer.Option("--project", metavar="DIR", help="The project's folder; else the one you are in.")
]


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"mingfu {version('mingfu')}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Open statistics from the annual rule-of-law reports of Chinese governments."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")


@app.command()
def run(
    project: ProjectFolder = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the flow's own log.")] = False,
) -> None:
    """Make data/published/ from the reports in data/raw/.

    Exit code 1 when nothing could be published, or when a file had to be left out.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from flows.local import run_annual

    columns = (TextColumn("{task.description:<18}"), BarColumn(), TimeElapsedColumn())
    with _clear_errors(), Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("starting Prefect", total=None)
        summary = run_annual(
            find_project(project or Path.cwd()).root,
            lambda step, done, steps: progress.update(bar, description=step, completed=done, total=steps),
            verbose=verbose,
        )
    _print_summary(summary)
    for finding in summary.rejected:
        typer.secho(f"left out  {finding.message}", fg=typer.colors.RED)
    raise typer.Exit(int(bool(summary.rejected)))


@app.command()
def add(
    sources: Annotated[list[str], typer.Argument(metavar="FILE_OR_URL", help="Reports: files, or addresses.")],
    project: ProjectFolder = None,
) -> None:
    """Put reports into data/raw/, where they say that they belong, with their origin in source.yaml.

    A report that is there already is left alone. One that cannot be read is refused and leaves nothing; the
    others are added all the same, and the exit code is 1.
    """
    from mingfu import intake

    failed = False
    with _clear_errors():
        home = find_project(project or Path.cwd())
        for source, shelved in intake.add(home, sources):
            if isinstance(shelved, InputError):
                failed = True
                typer.secho(str(shelved), fg=typer.colors.RED, err=True)
            else:
                name = home.name_of(shelved.path)
                typer.echo(f"added  {name}" if shelved.new else f"there already  {name}: {source} is the same document")
                if advice := intake.advice(shelved):
                    typer.secho(f"{name}: {advice}", fg=typer.colors.YELLOW, err=True)
    raise typer.Exit(int(failed))


@app.command()
def fetch(
    project: ProjectFolder = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be asked for, and ask nobody.")] = False,
) -> None:
    """Fetch what data/raw/sources.csv lists, politely.

    What changed since the last time is fetched again; a run that was interrupted goes on. Exit code 1 when
    something failed.
    """
    from mingfu import intake

    with _clear_errors():
        home = find_project(project or Path.cwd())
        walk = intake.fetch(home)
        if dry_run:
            for wanted, step in walk.plan():
                typer.echo(f"{wanted.address}  {step}")
            return
        outcomes = _fetch_with_progress(walk)
    _print_outcomes(outcomes, home)
    raise typer.Exit(int(any(outcome.status == "failed" for outcome in outcomes)))


@app.command()
def extract(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Reports, as received.")],
    project: ProjectFolder = None,
) -> None:
    """Print every number of the reports as JSON Lines.

    One number is one line, in the order of the text.

    A file that cannot be read is named on standard error and makes the exit code 1; the other
    files are done all the same.
    """
    from mingfu.pipeline import ledgers

    failed = False
    with _clear_errors():
        paths = list({path.resolve(): path for path in files}.values())
        for path, draft in zip(paths, ledgers(_catalogue_project(project), paths), strict=True):
            if isinstance(draft, InputError):
                failed = True
                typer.echo(draft, err=True)
            else:
                sys.stdout.writelines(ledger_line(str(path), number) + "\n" for number in draft.numbers)
    sys.stdout.flush()
    raise typer.Exit(int(failed))


@app.command()
def explain(
    observation_id: Annotated[str, typer.Argument(help="As in the column observation_id of the observations.")],
    project: ProjectFolder = None,
) -> None:
    """Show why a number was published.

    Its sentence and section, the definition of its indicator, and the words that decided.
    """
    from mingfu.explain import explain

    with _clear_errors():
        _print_explanation(explain(find_project(project or Path.cwd()), observation_id))


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A published package, such as data/published.")],
) -> None:
    """Check a published package against itself.

    Its hashes, schemas and keys; exit code 1 and a line for each fault.
    """
    from mingfu.validate.verify import verify

    with _clear_errors():
        faults = verify(folder)
    for fault in faults:
        typer.secho(f"{fault.rule}: {fault.message}", fg=typer.colors.RED)
    if not faults:
        typer.echo(f"{folder}: every file agrees with datapackage.json in size, hash, schema and keys")
    raise typer.Exit(int(bool(faults)))


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD.csv", help="Labelled numbers; see docs/evaluation.md.")],
    texts: Annotated[Path, typer.Argument(metavar="TEXTS", help="The folder of the labelled texts, <id>.txt.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the rates and counts as JSON.")] = False,
    faults: Annotated[bool, typer.Option("--faults", help="List every wrong answer with its place.")] = False,
    project: ProjectFolder = None,
) -> None:
    """Compare ledgers and codes with numbers that people have labelled."""
    from mingfu.evaluation import evaluate

    with _clear_errors():
        score = evaluate(_catalogue_project(project), gold, texts)
    if as_json:
        counts = {name: {"right": score.right[name], "asked": asked} for name, asked in score.asked.items()}
        missed = dict(sorted(score.missed.items()))
        typer.echo(json.dumps({"rates": score.rates(), "counts": counts, "missed": missed}, ensure_ascii=False))
        return
    for name, rate in score.rates().items():
        typer.echo(f"{name:<20} {rate:7.4f}  {score.right[name]:>6} of {score.asked[name]}")
    for reason, count in sorted(score.missed.items()):
        typer.echo(f"taken for {reason:<10} {count:>7}")
    for fault in score.faults if faults else ():
        typer.echo(fault)


@catalogue_app.command()
def check(project: ProjectFolder = None) -> None:
    """Read the catalogue strictly and run the examples of every indicator."""
    from mingfu.normalise.catalogue import load_catalogue
    from mingfu.proof import faults_of_examples, faults_of_measures

    with _clear_errors():
        catalogue = load_catalogue(_catalogue_project(project).schemas)
        faults = [*faults_of_measures(catalogue), *faults_of_examples(catalogue)]
    for fault in faults:
        typer.secho(fault, fg=typer.colors.RED)
    if not faults:
        examples = sum(len(entry.examples) for entry in catalogue.entries.values())
        typer.echo(f"{len(catalogue.entries)} indicators, {examples} examples: all recognised")
    raise typer.Exit(int(bool(faults)))


@catalogue_app.command()
def show(indicator: str, project: ProjectFolder = None) -> None:
    """Show an indicator: its definition, how it is recognised, its examples."""
    from mingfu.normalise.catalogue import load_catalogue

    with _clear_errors():
        entry = load_catalogue(_catalogue_project(project).schemas).entry(indicator)
    about = entry.indicator
    _print_fields(
        indicator=about.indicator,
        title=f"{about.title_zh}\n{about.title_en}",
        definition=f"{about.definition_zh}\n{about.definition_en}",
        unit=about.unit,
        kind=about.kind,
        topic=about.topic,
        match="\n".join(str(pattern) for pattern in entry.patterns),
        examples="\n".join(entry.examples),
        place=entry.place,
    )


@catalogue_app.command()
def gaps(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder of reports, such as data/raw.")],
    most: Annotated[int, typer.Option("--most", help="How many labels to list.")] = 40,
    project: ProjectFolder = None,
) -> None:
    """List the most frequent labels of numbers that no indicator fits."""
    from mingfu import proof
    from mingfu.ingest.inbox import find_reports

    with _clear_errors():
        found, rejected = proof.gaps(_catalogue_project(project), find_reports(folder))
    for error in rejected:
        typer.echo(error, err=True)
    for label, count in found[:most]:
        typer.echo(f"{count:>6}  {label}")
    typer.echo(f"{sum(count for _, count in found)} uncoded numbers, {len(found)} labels")
    raise typer.Exit(int(bool(rejected)))


def ledger_line(file: str, number: Number) -> str:
    """Return one number of the ledger as a JSON object on one line."""
    pairs = [("file", file), *((field, getattr(number, field)) for field in LEDGER_FIELDS)]
    return "{" + ", ".join(f'"{name}": {_to_json(value)}' for name, value in pairs) + "}"


def _to_json(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")  # a float would not be exact
    return json.dumps(value.isoformat() if isinstance(value, date) else value, ensure_ascii=False)


def _catalogue_project(folder: Path | None) -> Project:
    """Return the project whose catalogue to use: the one you are in, else the one mingfu was installed from."""
    if folder:
        return find_project(folder)
    try:
        return find_project(Path.cwd())
    except SchemaError:
        return find_project(Path(__file__).parent)


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Turn an error of mingfu into its message on standard error and exit code 1."""
    try:
        yield
    except MingfuError as error:
        typer.secho(str(error), fg=typer.colors.RED, err=True)
        raise typer.Exit(1) from None


def _fetch_with_progress(walk: Fetch) -> list[Outcome]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("fetching"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("fetching", total=len(walk.wanted))
        return walk.run(lambda outcome: progress.advance(bar))


def _print_outcomes(outcomes: Sequence[Outcome], home: Project) -> None:
    for outcome in outcomes:
        name = outcome.path and home.name_of(outcome.path)
        colour = typer.colors.RED if outcome.status == "failed" else None
        typer.secho(f"{outcome.status:<10}{name or outcome.url}", fg=colour)
        if outcome.message:
            typer.secho(" " * 10 + outcome.message, fg=colour or typer.colors.YELLOW)
    counts = Counter(outcome.status for outcome in outcomes)
    typer.echo(", ".join(f"{count} {status}" for status, count in counts.items()) or "sources.csv lists nothing")


def _print_summary(summary: Summary) -> None:
    findings = [f"{count} {severity}" for severity, count in sorted(summary.findings.items())]
    _print_fields(
        reports=summary.reports,
        numbers=summary.numbers,
        coded=summary.coded,
        uncoded=summary.uncoded,
        excluded=summary.excluded,
        findings=", ".join(findings) or "none",
        files=Project(Path.cwd()).name_of(summary.folder),
    )


def _print_explanation(explanation: Explanation) -> None:
    observation, indicator, report = explanation.observation, explanation.indicator, explanation.report
    text, number = explanation.document.text, explanation.number
    first, last = number.sentence
    typer.echo(text[first : number.start], nl=False)
    typer.secho(f"»{number.text}«", fg=typer.colors.GREEN, bold=True, nl=False)
    typer.echo(text[number.end : last] + "\n")
    _print_fields(
        section=" > ".join(section.heading for section in explanation.sections) or None,
        indicator=f"{indicator['indicator']}: {indicator['title_zh']}, {indicator['title_en']}",
        definition=f"{indicator['definition_zh']}\n{indicator['definition_en']}",
        matched=", ".join(number.matched) or None,
        value=_value_of(observation),
        period=_period_of(observation),
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


def _print_fields(**fields: object) -> None:
    for name, value in fields.items():
        if value is not None:
            typer.echo(f"{name:<12}" + str(value).replace("\n", "\n" + " " * 12))
