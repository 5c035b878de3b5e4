"""`make bench`: what reading costs, as ratios measured in one process on the same text.

(a) against one bare pass of a pattern of figures and measure words, (b) against Recognizers-Text
(number and percentage), (c) as the text grows, (d) as the catalogue grows, (e) on text that is
meant to make patterns run wild.  Absolute times are not printed: machines differ.  Where
`make native` has compiled the modules that read, all is measured once more with those.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from mingfu import model
from mingfu.extract.ledger import extract_numbers
from mingfu.extract.lexicon import measures
from mingfu.extract.numerals import CHINESE
from mingfu.ingest.outline import outline
from mingfu.model import Document, Masthead, Source
from mingfu.normalise.catalogue import Catalogue, load_catalogue
from mingfu.normalise.coding import code_numbers
from mingfu.normalise.observe import make_report
from mingfu.personal import personal_spans
from mingfu.script import fold
from tests.reading import WILD

ROOT = Path(__file__).parents[2]
TRADITIONAL = next((ROOT / "data" / "raw").rglob("*.txt")).read_text(encoding="utf-8")
REPORT = fold(TRADITIONAL)
MASTHEAD = Masthead(issuer="某市人民政府", genre="rule-of-law", report_year=2019, ref_area="440600")


def whole(text: str, catalogue: Catalogue) -> None:
    """Go all the way from text to coded observations."""
    for cached in (fold, personal_spans):
        cached.cache_clear()
    document = Document(Source("text", "", 1, "", ""), text, outline(text), MASTHEAD)
    make_report(document, code_numbers(document, extract_numbers(document), catalogue), catalogue)


def bare_pattern() -> re.Pattern[str]:
    """A figure, 万 or 亿, and one of the measure words: what a first attempt would write."""
    words = "|".join(map(re.escape, sorted(measures(), key=len, reverse=True)))
    return re.compile(rf"(?:[0-9]+(?:[.,][0-9]+)*|[{CHINESE}]+)\s?[万亿]?(?:{words})")


def costs(runs: Sequence[Callable[[], object]], repeats: int) -> list[float]:
    """Return the least processor time of each run, in seconds.

    They take turns, so that what slows the machine for a while slows all of them.
    """
    best = [float("inf")] * len(runs)
    for _ in range(repeats):
        for index, run in enumerate(runs):
            start = time.process_time()
            run()
            best[index] = min(best[index], time.process_time() - start)
    return best


def against_others(catalogue: Catalogue) -> None:
    bare = bare_pattern()
    other = recognizers()
    for name, text, repeats in (
        ("a report", REPORT, 40),
        ("a report, traditional script", TRADITIONAL, 40),
        ("50 reports in one text", (REPORT + "\n") * 50, 4),
    ):
        runs: list[Callable[[], object]] = [partial(whole, text, catalogue), partial(bare.findall, text)]
        own, first, *theirs = costs(runs + ([partial(other, text)] if other else []), repeats)
        faster = "".join(f", {time / own:.1f} times faster than Recognizers-Text" for time in theirs)
        print(f"{name}: {own / first:.1f} times one bare pass of re{faster}")


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
    counts = (200, 20, 1)
    texts = [(REPORT + "\n") * count for count in counts]
    times = costs([partial(whole, text, catalogue) for text in texts], 4)
    longest, *shorter = [time / count for time, count in zip(times, counts, strict=True)]
    for count, each in zip(counts[1:], shorter, strict=True):
        print(f"cost a report at 200 reports' length: {longest / each:.2f} of that at {count}")


def growth_with_catalogue(catalogue: Catalogue) -> None:
    sizes = (50, 500, len(catalogue.entries))
    parts = []
    for size in sizes:
        some = dict(list(catalogue.entries.items())[:: max(1, len(catalogue.entries) // size)][:size])
        parts.append(partial(whole, REPORT, replace(catalogue, entries=some)))
    least, *more = costs(parts, 30)
    for size, each in zip(sizes[1:], more, strict=True):
        print(f"cost with {size} indicators: {each / least:.2f} of that with 50")


def growth_on_wild_text(catalogue: Catalogue) -> None:
    growth = {}
    for seed in WILD:
        long, short = costs([partial(whole, seed * length, catalogue) for length in (8000, 1000)], 2)
        growth[seed] = long / 8 / short
    worst = max(growth, key=lambda seed: growth[seed])
    print(f"cost a character at 8 times the length, at the worst ({worst!r} repeated): {growth[worst]:.2f}")


def main() -> None:
    print("As written:" if str(model.__file__).endswith(".py") else "Compiled by `make native`:")
    catalogue = load_catalogue(ROOT / "schemas")
    whole(REPORT, catalogue)
    for part in (against_others, growth_with_text, growth_with_catalogue, growth_on_wild_text):
        part(catalogue)


if __name__ == "__main__":
    main()
