"""The catalogue put to the proof: its own examples, and the labels that it does not know yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from mingfu.errors import InputError
from mingfu.extract.ledger import extract_numbers
from mingfu.extract.lexicon import measures
from mingfu.ingest.blocks import Table, assemble
from mingfu.ingest.grid import TableCell
from mingfu.model import Document, Number, Source
from mingfu.normalise.catalogue import Catalogue, Entry
from mingfu.normalise.coding import code_numbers
from mingfu.normalise.matching import BARE
from mingfu.pipeline import ledgers
from mingfu.project import Project

_EXAMPLE = Source("example", "", 1, "text/plain", "example")


def faults_of_measures(catalogue: Catalogue) -> Iterator[str]:
    """Yield a fault for each measure word of the catalogue that no number is ever read with."""
    known = measures().keys() | {BARE}
    for unit in catalogue.units:
        for word in sorted(set(unit.measure_words) - known):
            yield f"units.csv: {unit.unit}: {word} is not a measure word of the lexicon"
    for entry in catalogue.entries.values():
        for word in sorted(set().union(*(pattern.units for pattern in entry.patterns)) - known):
            yield f"{entry.place}: {entry.indicator.indicator}: {word} is not a measure word of the lexicon"


def faults_of_examples(catalogue: Catalogue) -> Iterator[str]:
    """Yield a fault, with file and line, for each example whose marked number is not coded to its indicator."""
    for entry in catalogue.entries.values():
        for example in entry.examples:
            fault = _fault(entry, example, catalogue)
            if fault:
                yield f"{entry.place}: {entry.indicator.indicator}: in {example!r} {fault}"


def _fault(entry: Entry, example: str, catalogue: Catalogue) -> str | None:
    document, start, marked = _document_of(example)
    for number in code_numbers(document, extract_numbers(document), catalogue):
        if (number.start, number.text) == (start, marked):
            return _verdict(entry, number)
    return f"{marked} is not read as one number"


def _document_of(example: str) -> tuple[Document, int, str]:
    """Return a document of an example, and start and text of the number marked in it.

    Heads parted by bars with a figure behind them are a row of a table: 行政复议 | 总计 | 【5】.
    """
    marked = example[example.index("【") + 1 : example.index("】")]
    text, start = example.replace("【", "").replace("】", ""), example.index("【")
    if " | " not in example:
        return Document(_EXAMPLE, text), start, marked
    row = Table(tuple(TableCell(part, 0, column) for column, part in enumerate(text.split(" | "))))
    text, places = assemble([row])
    return Document(_EXAMPLE, text, places=places), text.rindex(marked), marked


def _verdict(entry: Entry, number: Number) -> str | None:
    if number.indicator == entry.indicator.indicator:
        return None
    if number.indicator:
        return f"{number.text} is taken for {number.indicator} (by {', '.join(number.matched)})"
    if number.disposition == "excluded":
        return f"{number.text} is excluded as {number.reason}"
    return (
        f"{number.text} (unit {number.unit}, role {number.role}) is not recognised, or another indicator fits as well"
    )


def gaps(project: Project, paths: Iterable[Path]) -> tuple[list[tuple[str, int]], list[InputError]]:
    """Return the labels of uncoded levels over many reports, the most frequent first, and what could not be read."""
    labels: Counter[str] = Counter()
    rejected: list[InputError] = []
    for draft in ledgers(project, paths):
        if isinstance(draft, InputError):
            rejected.append(draft)
            continue
        uncoded = (number for number in draft.numbers if number.disposition == "uncoded" and number.role == "level")
        labels.update(number.label or "(none)" for number in uncoded)
    return sorted(labels.items(), key=lambda item: (-item[1], item[0])), rejected
