"""`make bench`: what reading a report costs in each format, and what the worker processes add to a text.

Milliseconds for the shipped report, the best of several runs; the share of the workers is the time that
many copies of it take with them, less the time that one after the other takes without.
"""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from mingfu.errors import InputError
from mingfu.ingest.blocks import Block, Paragraph
from mingfu.ingest.formats import read_file
from mingfu.ingest.pool import read_files
from mingfu.ingest.reading import File
from tests.bench.reading import TRADITIONAL
from tests.writers import docx, html, ofd, pdf

COPIES = 500
WRITERS = {"html": html.write, "docx": docx.write, "ofd": ofd.write, "pdf": pdf.write}


def milliseconds(path: Path, times: int) -> float:
    """Return the least time that reading a file takes, without a process of its own."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        read_file(File(path.read_bytes(), path.name))
        best = min(best, time.perf_counter() - start)
    return 1000 * best


def with_workers(path: Path, copies: int) -> float:
    """Return the milliseconds that each of many copies takes with workers, once these have started."""
    answers = read_files([(path, path.name)] * copies)
    for _ in range(copies // 5):
        next(answers)
    start = time.perf_counter()
    assert not any(isinstance(answer, InputError) for answer in answers)
    return 1000 * (time.perf_counter() - start) / (copies - copies // 5)


def main() -> None:
    blocks: list[Block] = [Paragraph(line) for line in TRADITIONAL.splitlines()]
    with TemporaryDirectory() as folder:
        text = Path(folder) / "report.txt"
        text.write_text(TRADITIONAL, encoding="utf-8")
        paths = [text, *(write(blocks, text.with_suffix(f".{kind}")) for kind, write in WRITERS.items())]
        costs = (f"{path.suffix} {milliseconds(path, 5):.1f} ms" for path in paths)
        print(f"reading a report of {len(TRADITIONAL):,} characters: {', '.join(costs)}")
        added = with_workers(text, COPIES) - milliseconds(text, 20)
        print(f"what the workers add to a text: {max(added, 0):.2f} ms (2 at most)")


if __name__ == "__main__":
    main()
