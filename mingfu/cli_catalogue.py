"""The commands `mingfu catalogue …`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mingfu.screen import ProjectFolder, catalogue_project, clear_errors, print_fields

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Look at the indicator catalogue.")


@app.command()
def check(project: ProjectFolder = None) -> None:
    """Read the catalogue strictly and run the examples of every indicator."""
    from mingfu.normalise.catalogue import load_catalogue
    from mingfu.proof import faults_of_examples, faults_of_measures

    with clear_errors():
        catalogue = load_catalogue(catalogue_project(project).schemas)
        faults = [*faults_of_measures(catalogue), *faults_of_examples(catalogue)]
    for fault in faults:
        typer.secho(fault, fg=typer.colors.RED)
    if not faults:
        examples = sum(len(entry.examples) for entry in catalogue.entries.values())
        typer.echo(f"{len(catalogue.entries)} indicators, {examples} examples: all recognised")
    raise typer.Exit(int(bool(faults)))


@app.command()
def show(indicator: str, project: ProjectFolder = None) -> None:
    """Show an indicator: its definition, how it is recognised, its examples."""
    from mingfu.normalise.catalogue import load_catalogue

    with clear_errors():
        entry = load_catalogue(catalogue_project(project).schemas).entry(indicator)
    about = entry.indicator
    print_fields(
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


@app.command()
def gaps(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder of reports, such as data/raw.")],
    most: Annotated[int, typer.Option("--most", help="How many labels to list.")] = 40,
    project: ProjectFolder = None,
) -> None:
    """List the most frequent labels of numbers that no indicator fits."""
    from mingfu import proof
    from mingfu.ingest.inbox import find_reports

    with clear_errors():
        found, rejected = proof.gaps(catalogue_project(project), find_reports(folder))
    for error in rejected:
        typer.echo(error, err=True)
    for label, count in found[:most]:
        typer.echo(f"{count:>6}  {label}")
    typer.echo(f"{sum(count for _, count in found)} uncoded numbers, {len(found)} labels")
    raise typer.Exit(int(bool(rejected)))
