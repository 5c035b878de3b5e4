"""The commands around releases: `mingfu verify`, `mingfu diff`, `mingfu duckdb`, `mingfu keygen`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mingfu.project import Project, find_project
from mingfu.screen import ProjectFolder, clear_errors


def prepare(project: Project, sign: Path | None, wait: float) -> None:
    """See that a run can publish; raise SigningError for a wrong key, StoreError for a locked or broken store."""
    from mingfu.keys import load_private_key
    from mingfu.publish.store import open_store

    if sign:
        load_private_key(sign)
    with open_store(project.published, wait):
        pass


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A release, or data/published with all of them.")],
    key: Annotated[
        Path | None, typer.Option("--key", metavar="PUB", help="The public key by which the release must be signed.")
    ] = None,
) -> None:
    """Check releases against what they say of themselves.

    Files, hashes, schemas, keys, both formats, the chain of releases and the pointer to the latest; exit
    code 1 and a line for each fault.
    """
    from mingfu.keys import load_public_key
    from mingfu.validate.verify import verify

    with clear_errors():
        faults = verify(folder, load_public_key(key) if key else None)
    for fault in faults:
        typer.secho(f"{fault.rule}: {fault.message}", fg=typer.colors.RED)
    if not faults:
        signed = ", signed by the owner of the key" if key else ""
        typer.echo(f"{folder}: every file is as it was published{signed}")
    raise typer.Exit(int(bool(faults)))


def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="A release: its number, its name or its folder.")],
    new: Annotated[str, typer.Argument(metavar="B", help="Another release.")],
    project: ProjectFolder = None,
) -> None:
    """Tell what changed from one release to another.

    The schema versions, then reports, observations with old and new value, code lists and schemas.
    """
    from mingfu.publish.difference import difference

    with clear_errors():
        lines = list(difference(lambda: find_project(project or Path.cwd()).published, old, new))
    for line in lines:
        typer.echo(line, nl=False)


def duckdb(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A release, such as data/published/latest.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The database to make.")],
) -> None:
    """Write the tables of a release into one DuckDB file, with their keys and descriptions."""
    from mingfu.publish.formats.database import write_database

    with clear_errors():
        tables = write_database(folder, file)
    typer.echo(f"{file}: {', '.join(tables)}")


def keygen(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the private key; the public: FILE.pub.")],
) -> None:
    """Make a key pair to sign releases with."""
    from mingfu.keys import make_keys

    with clear_errors():
        public = make_keys(file)
    typer.echo(f"{file}: private key, keep it to yourself\n{public}: public key, give it to everyone")
