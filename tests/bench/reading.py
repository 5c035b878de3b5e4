"""`make bench`: what reading costs, as ratios measured in one process on the same text.

(a) against one bare pass of a pattern of figures and measure words, (b) against Recognizers-Text
(number and percentage), (c) as the text grows, (d) as the catalogue grows, (e) on text that is
meant to make patterns run wild.  Absolute times are not printed: machines differ.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from mingfu.extract.ledger import extract_numbers
from mingfu.extract.lexicon import measures
from mingfu.extract.numerals import CHINESE
from mingfu.ingest.outline import outline
from mingfu.model import Document, Masthead, Source
from mingfu.normalise.catalogue import Catalogue, load_catalogue
from mingfu.normalise.coding import code_numbers
from mingfu.normalise.observe import make_report
from mingfu.script import fold
from tests.reading import WILD

ROOT = Path(__file__).parents[2]
TRADITIONAL = next((ROOT / "data" / "raw").rglob("*.txt")).read_text(encoding="utf-8")
REPORT = fold(TRADITIONAL)
MASTHEAD = Masthead(issuer="某市人民政府", genre="rule-of-law", report_year=2019, ref_area="440600")


def whole(text: str, catalogue: Catalogue) -> None:
    """Go all the way from text to coded observations."""
    fold.cache_clear()
    document = Document(Source("text", "", 1, "", ""), text, outline(text), MASTHEAD)
    make_report(document, code_numbers(document, extract_numbers(document), catalogue), catalogue)


def bare_pattern() -> re.Pattern[str]:
    """A figure, 万 or 亿, and one of the measure words: what a first attempt would write."""
    words = "|".join(map(re.escape, sorted(measures(), key=len, reverse=True)))
    return re.compile(rf"(?:[0-9]+(?:[.,][0-9]+)*|[{CHINESE}]+)\s?[万亿]?(?:{words})")


def cost(run: Callable[[], object], repeats: int) -> float:
    """Return the least time of several runs, in seconds."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


def against_others(catalogue: Catalogue) -> None:
    bare = bare_pattern()
    other = recognizers()
    for name, text, repeats in (
        ("a report", REPORT, 30),
        ("a report, traditional script", TRADITIONAL, 30),
        ("50 reports in one text", (REPORT + "\n") * 50, 3),
    ):
        own = cost(partial(whole, text, catalogue), repeats)
        first = cost(partial(bare.findall, text), repeats)
        print(f"{name}: {own / first:.1f} times one bare pass of re", end="")
        if other:
            theirs = cost(partial(other, text), max(2, repeats // 3))
            print(f", {theirs / own:.1f} times faster than Recognizers-Text", end="")
        print()


def recognizers() -> Callable[[str], object] | None:
    """Return Recognizers-Text's number and percentage models for Chinese, or None where it is not installed."""
    try:
        from recognizers_number import Culture, NumberRecognizer  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        print("Recognizers-Text is not installed: `make bench` installs it", file=sys.stderr)
        return None
    recognizer = NumberRecognizer(Culture.Chinese)
    models = recognizer.get_number_model(), recognizer.get_percentage_model()
    return lambda text: [model.parse(text) for model in models]


def growth_with_text(catalogue: Catalogue) -> None:
    costs = {count: cost(partial(whole, (REPORT + "\n") * count, catalogue), 3) / count for count in (1, 20, 200)}
    for count in (20, 1):
        print(f"cost a report at 200 reports' length: {costs[200] / costs[count]:.2f} of that at {count}")


def growth_with_catalogue(catalogue: Catalogue) -> None:
    costs = {}
    for size in (50, 500, len(catalogue.entries)):
        some = dict(list(catalogue.entries.items())[:: max(1, len(catalogue.entries) // size)][:size])
        part = replace(catalogue, entries=some)
        whole(REPORT, part)
        costs[size] = cost(partial(whole, REPORT, part), 20)
    for size, value in list(costs.items())[1:]:
        print(f"cost with {size} indicators: {value / costs[50]:.2f} of that with 50")


def growth_on_wild_text(catalogue: Catalogue) -> None:
    growth = {
        seed: cost(partial(whole, seed * 8000, catalogue), 2) / 8 / cost(partial(whole, seed * 1000, catalogue), 2)
        for seed in WILD
    }
    worst = max(growth, key=lambda seed: growth[seed])
    print(f"cost a character at 8 times the length, at the worst ({worst!r} repeated): {growth[worst]:.2f}")


def main() -> None:
    catalogue = load_catalogue(ROOT / "schemas")
    whole(REPORT, catalogue)
    for part in (against_others, growth_with_text, growth_with_catalogue, growth_on_wild_text):
        part(catalogue)


if __name__ == "__main__":
    main()
