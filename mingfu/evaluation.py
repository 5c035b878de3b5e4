"""Evaluation: the ledger and the codes against numbers that people have labelled.

The labels are CSV files as docs/evaluation.md describes them: the gold numbers, and beside that file, where they
exist, `gold_context.csv` (role, period, concept, parent), `negatives.csv` (numerals that are no
quantities) and `sources.csv` (the year of each text).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

from mingfu.errors import InputError, missing_file
from mingfu.extract.ledger import extract_numbers
from mingfu.ingest.areas import load_areas
from mingfu.ingest.inbox import read_reports
from mingfu.model import Document, Number
from mingfu.normalise.catalogue import load_catalogue
from mingfu.normalise.coding import code_numbers
from mingfu.project import Project, read_csv
from mingfu.script import fold

Row = dict[str, str]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Labels:
    """The labelled numbers by text, what else is known of each, the numerals that are none, and the years."""

    gold: dict[str, list[Row]]
    context: dict[Key, Row]
    negatives: dict[str, list[Row]]
    years: dict[str, int]


@dataclass(slots=True)
class Score:
    """Counts of what was asked and what was right, by measure; and what went wrong, for a person to read."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def note(self, measure: str, right: bool, fault: str = "") -> None:
        """Count one question and its answer."""
        self.asked[measure] += 1
        self.right[measure] += right
        if not right and fault:
            self.faults.append(f"{measure}: {fault}")

    def rates(self) -> dict[str, float]:
        """Return the share of right answers by measure."""
        return {measure: self.right[measure] / asked for measure, asked in self.asked.items() if asked}


def load_labels(gold: Path) -> Labels:
    """Return the labels in `gold` and in the files beside it; raise InputError where it is missing."""
    if not gold.is_file():
        raise missing_file(gold)
    context = {(row["id"], row["n"]): row for row in _beside(gold, "gold_context.csv")}
    years = {row["id"]: int(row["year"]) for row in _beside(gold, "sources.csv") if row.get("year")}
    return Labels(_by_text(read_csv(gold)), context, _by_text(_beside(gold, "negatives.csv")), years)


def _beside(gold: Path, name: str) -> Iterator[Row]:
    path = gold.with_name(name)
    return read_csv(path) if path.is_file() else iter(())


def _by_text(rows: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row.get("id", "")].append(row)
    return grouped


def evaluate(project: Project, gold: Path, texts: Path) -> Score:
    """Return how the ledgers of the texts compare with the labels.

    `texts` is a folder of `<id>.txt`, or the one text of labels without ids.  Raises InputError for
    a text that cannot be read.
    """
    labels, score = load_labels(gold), Score()
    areas, catalogue = load_areas(project.schemas / "areas.csv"), load_catalogue(project.schemas)
    coded: list[tuple[str, Number]] = []
    paths = [texts / f"{name}.txt" if name else texts for name in labels.gold]
    for (name, rows), read in zip(labels.gold.items(), read_reports(paths, str, areas), strict=True):
        if isinstance(read, InputError):
            raise read
        year = labels.years.get(name, read.masthead.report_year)
        document = replace(read, masthead=replace(read.masthead, report_year=year))
        numbers = code_numbers(document, extract_numbers(document), catalogue)
        coded += _compare(document, numbers, rows, labels, score)
        _compare_negatives(name, document, numbers, labels.negatives.get(name, ()), score)
    _compare_concepts(coded, score)
    return score


def _compare(
    document: Document, numbers: Sequence[Number], rows: Sequence[Row], labels: Labels, score: Score
) -> list[tuple[str, Number]]:
    """Compare one ledger with its labels; return the coded numbers with their concepts."""
    found = {place: number for number in numbers for place in range(number.start, number.end)}
    matched: dict[str, Number] = {}
    for row in rows:
        start, end = int(row["char_offset"]), int(row["char_offset"]) + len(row["surface"])
        number = next((found[place] for place in range(start, end) if place in found), None)
        if number is None or number.disposition == "excluded":
            score.missed[number.reason or "" if number else "(not in the ledger)"] += 1
            score.note("value recall", False, _place(document, start, end))
            continue
        matched[row["n"]] = number
        _compare_values(document, number, row, score)
    genuine = [number for number in numbers if number.disposition != "excluded"]
    known = {number.start for number in matched.values()}
    for number in genuine:
        score.note("value precision", number.start in known, _place(document, number.start, number.end))
    return list(_compare_context(document, rows, matched, labels, score))


def _compare_values(document: Document, number: Number, row: Row, score: Score) -> None:
    place = _place(document, number.start, number.end)
    bounds = [None if bound is None else float(bound) for bound in (number.low, number.high)]
    wanted = [float(row[name]) if row[name] else None for name in ("value_low", "value_high")]
    score.note("value recall", bounds == wanted, f"{place} {bounds} for {wanted}")
    exact = (number.start, number.text) == (int(row["char_offset"]), row["surface"])
    score.note("span", exact, f"{place} for {row['surface']}")
    score.note("unit", fold(number.unit or "") == fold(row["unit"]), f"{place} {number.unit} for {row['unit']}")
    score.note("qualifier", number.qualifier == row["qualifier"], f"{place} for {row['qualifier']}")


def _compare_context(
    document: Document, rows: Sequence[Row], matched: dict[str, Number], labels: Labels, score: Score
) -> Iterator[tuple[str, Number]]:
    for row in rows:
        number, context = matched.get(row["n"]), labels.context.get((row.get("id", ""), row["n"]))
        if number is None or context is None:
            continue
        place = _place(document, number.start, number.end)
        score.note("role", number.role == context["role"], f"{place} {number.role} for {context['role']}")
        if context["period_certain"] == "1":
            end = str(number.period_end or "")
            score.note("period_end", end == context["period_end"], f"{place} {end} for {context['period_end']}")
        if context["parent_n"]:
            parent = matched.get(context["parent_n"])
            right = parent is not None and number.parent == parent.start
            score.note("parent", right, f"{place} for {parent.text if parent else 'a missed number'}")
        if context["in_genre"] == "1" and context["role"] == "level":
            score.note("coded in genre", number.indicator is not None, place)
        if number.indicator:
            yield context["concept"].partition(".")[0], number


def _compare_negatives(
    name: str, document: Document, numbers: Sequence[Number], rows: Sequence[Row], score: Score
) -> None:
    genuine = {
        place for number in numbers if number.disposition != "excluded" for place in range(number.start, number.end)
    }
    for row in rows:
        start = int(row["char_offset"])
        place = _place(document, start, start + len(row["token"]))
        score.note("negatives excluded", start not in genuine, f"{name} {place}")


def _compare_concepts(coded: Sequence[tuple[str, Number]], score: Score) -> None:
    """Same concept, same indicator: over the pairs of coded numbers that share one or the other."""
    for (concept, number), (other, second) in combinations(coded, 2):
        alike = concept == other, number.indicator == second.indicator
        if any(alike):
            fault = f"{concept} as {number.indicator}, {other} as {second.indicator}"
            score.note("agreement of codes", all(alike), fault)


def _place(document: Document, start: int, end: int) -> str:
    text = document.text
    return (
        f"{document.source.path}: {text[max(0, start - 16) : start]}【{text[start:end]}】{text[end : end + 8]}".replace(
            "\n", " "
        )
    )
