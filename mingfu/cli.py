"""The front door: the command `mingfu`.

Each command imports what it needs when it runs, so that none waits for the others' libraries.
"""

from __future__ import annotations

import io
import json
import os
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mingfu import cli_catalogue, cli_releases
from mingfu.errors import InputError
from mingfu.project import find_project, printable
from mingfu.screen import (
    ProjectFolder,
    catalogue_project,
    clear_errors,
    fetch_with_progress,
    print_explanation,
    print_outcomes,
    print_summary,
)

if TYPE_CHECKING:
    from mingfu.model import Number

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
app.add_typer(cli_catalogue.app, name="catalogue")
app.command()(cli_releases.verify)
app.command()(cli_releases.diff)
app.command()(cli_releases.duckdb)
app.command()(cli_releases.keygen)


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
    sign: Annotated[
        Path | None, typer.Option("--sign", metavar="KEY", help="Sign a new release with this private key.")
    ] = None,
    wait: Annotated[float, typer.Option("--wait", metavar="SECONDS", help="How long to wait for another run.")] = 0.0,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the flow's own log.")] = False,
) -> None:
    """Make the next release in data/published/ from the reports in data/raw/, if there is anything new.

    Exit code 1 when nothing could be published, or when a file had to be left out.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<18}"), BarColumn(), TimeElapsedColumn())
    with clear_errors(), Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        home = find_project(project or Path.cwd())
        cli_releases.prepare(home, sign, wait)  # what is wrong is said before Prefect takes its time to start
        from flows.local import run_annual

        bar = progress.add_task("starting Prefect", total=None)
        summary = run_annual(
            home.root,
            lambda step, done, steps: progress.update(bar, description=step, completed=done, total=steps),
            wait=wait,
            sign=sign,
            verbose=verbose,
        )
    print_summary(summary)
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
    with clear_errors():
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

    with clear_errors():
        home = find_project(project or Path.cwd())
        walk = intake.fetch(home)
        if dry_run:
            for wanted, step in walk.plan():
                typer.echo(f"{wanted.address}  {step}")
            return
        outcomes = fetch_with_progress(walk)
    print_outcomes(outcomes, home)
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
    with clear_errors():
        paths = list({os.path.realpath(path): path for path in files}.values())
        for path, draft in zip(paths, ledgers(catalogue_project(project), paths), strict=True):
            if isinstance(draft, InputError):
                failed = True
                typer.echo(draft, err=True)
            else:
                sys.stdout.writelines(ledger_line(printable(str(path)), number) + "\n" for number in draft.numbers)
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

    with clear_errors():
        print_explanation(explain(find_project(project or Path.cwd()), observation_id))


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

    with clear_errors():
        score = evaluate(catalogue_project(project), gold, texts)
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


def ledger_line(file: str, number: Number) -> str:
    """Return one number of the ledger as a JSON object on one line."""
    pairs = [("file", file), *((field, getattr(number, field)) for field in LEDGER_FIELDS)]
    return "{" + ", ".join(f'"{name}": {_to_json(value)}' for name, value in pairs) + "}"


def _to_json(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")  # a float would not be exact
    return json.dumps(value.isoformat() if isinstance(value, date) else value, ensure_ascii=False)
