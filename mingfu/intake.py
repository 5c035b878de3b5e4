"""The intake: documents into data/raw/, from files and from the web, in the name of the dataset's publisher."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from mingfu.errors import InputError, SchemaError
from mingfu.ingest.fetching import Fetch, add_address, advice, not_kept
from mingfu.ingest.shelf import Shelf, Shelved
from mingfu.ingest.web.address import read_address
from mingfu.ingest.web.clock import Clock
from mingfu.ingest.web.guard import Guard
from mingfu.ingest.web.politeness import Visitor
from mingfu.project import Project
from mingfu.publish.dataset import load_dataset

__all__ = ["add", "advice", "fetch", "visitor_of"]


def visitor_of(project: Project, guard: Guard | None = None, clock: Clock | None = None) -> Visitor:
    """Return who asks hosts for documents: it tells them how to reach the publisher.

    Raise SchemaError where dataset.yaml does not say how.
    """
    path = project.schemas / "dataset.yaml"
    dataset = load_dataset(path)
    email, page = dataset["publisher"].get("email"), dataset["publisher"].get("path") or dataset.get("homepage")
    contact = f"mailto:{email}" if email else page
    if not contact or not contact.isascii() or not contact.isprintable():
        reason = "hosts that we ask for documents must be able to reach you; use ASCII"
        raise SchemaError([f"{path}: fill in 'publisher.email' or 'publisher.path': {reason}"])
    return Visitor(guard or Guard(), contact, clock)


def fetch(project: Project, guard: Guard | None = None, clock: Clock | None = None) -> Fetch:
    """Return a walk through data/raw/sources.csv; raise SchemaError for faults in it."""
    return Fetch(project, visitor_of(project, guard, clock))


def add(
    project: Project, sources: Iterable[str], guard: Guard | None = None, clock: Clock | None = None
) -> Iterator[tuple[str, Shelved | InputError]]:
    """Put files and documents at addresses on the shelf; yield for each where it lies, or why it was refused."""
    shelf, visitor = Shelf(project), visitor_of(project, guard, clock)
    for source in sources:
        try:
            if "://" in source:
                address = read_address(source, visitor.guard.ports)
                yield str(address), add_address(shelf, visitor, address)
            else:
                yield source, shelf.add(Path(source), visitor.clock.today())
        except InputError as error:
            yield error.path, error
        except OSError as error:
            yield source, not_kept(source, error)
