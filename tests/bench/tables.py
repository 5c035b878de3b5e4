"""`make bench`: what checking and writing a large table costs, as ratios measured in one run.

(a) the checks by the column against frictionless, on the same package, sound and broken, with the
verdicts of both, (b) writing CSV and Parquet against Arrow's own writers.  With a number of rows as
argument (a million takes frictionless minutes) instead of the 30,000 of `make bench`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyarrow as pa
from frictionless import Package
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from mingfu.publish.csvtext import write_csv
from mingfu.publish.files import write_parquet
from mingfu.validate.columns.compiled import check_tables
from tests import samples

ROWS = 30_000
PARQUET = {"compression": "zstd", "compression_level": 3}
PEAK = """
import json, re, sys
from pathlib import Path
from mingfu.validate.columns.compiled import check_tables
folder = Path(sys.argv[1])
check_tables(folder, json.loads((folder / "datapackage.json").read_text())["resources"])
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


def build(folder: Path, rows: int) -> tuple[Path, pa.Table]:
    """Publish the samples, and many more numbers; return the release and its table of numbers."""
    release = samples.published(folder)
    numbers = parquet.read_table(release / "numbers.parquet")
    first = numbers.to_pylist()[0]
    made = [
        {
            **first,
            "number_id": f"{first['report_id']}.{place}",
            "char_start": place,
            "char_end": place + 3,
            "value_low": place * 7919 % 10**6 / 100,
            "value_high": place * 7919 % 10**6 * 1.0,
            "label": f"全市辦理案件{place % 977}件" + (", 按期辦結" if place % 10 == 0 else ""),
        }
        for place in range(1000, 1000 + rows)
    ]
    numbers = pa.concat_tables([numbers, pa.Table.from_pylist(made, schema=numbers.schema)])
    write_csv(release / "numbers.csv", numbers)
    descriptor = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    kept = [resource for resource in descriptor["resources"] if resource["format"] == "csv"]
    for resource in kept:
        del resource["hash"], resource["bytes"]
    (release / "datapackage.json").write_text(json.dumps({**descriptor, "resources": kept}), encoding="utf-8")
    return release, numbers


def spoil(path: Path) -> None:
    """Break a cell, a key or a row at some forty places of a table."""
    lines = path.read_bytes().split(b"\r\n")
    for place in range(10, len(lines) - 1, len(lines) // 40):
        wrong = [(b",exact,", b",exakt,"), (b"2019-01-01", b"2019-02-30"), (b"440600-2019-rule", b"440600-2018-rule")]
        wrong += [(lines[place], lines[place - 1]), (b",", b",,"), (lines[place], b"")]
        lines[place] = lines[place].replace(*wrong[place % len(wrong)], 1)
    path.write_bytes(b"\r\n".join(lines))


def by_frictionless(release: Path) -> Counter[tuple[str, int, str]]:
    report = Package(str(release / "datapackage.json")).validate()
    errors = [error.to_descriptor() for task in report.tasks for error in task.errors]
    return Counter((error["type"], error.get("rowNumber", 1), error.get("fieldName", "")) for error in errors)


def by_column(release: Path) -> Counter[tuple[str, int, str]]:
    resources = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    found = check_tables(release, resources)
    return Counter((fault.type, fault.row, fault.field) for faults in found.values() for fault in faults)


def timed(run: Callable[[], object], repeats: int = 1) -> tuple[float, object]:
    """Return the least time on the clock, and what came of it: two threads are worth their time."""
    best, result = float("inf"), None
    for _ in range(repeats):
        start = time.perf_counter()
        result = run()
        best = min(best, time.perf_counter() - start)
    return best, result


def checking(release: Path, name: str) -> None:
    own, found = timed(partial(by_column, release), 3)
    other, expected = timed(partial(by_frictionless, release))
    verdicts = f"the same {len(found)} faults" if found == expected else f"OTHER FAULTS: {found} {expected}"
    print(f"checking {name}: {other / own:.0f} times faster than frictionless, {verdicts}")


def writing(folder: Path, table: pa.Table) -> None:
    own, arrow = folder / "own", folder / "arrow"
    pairs = {
        "CSV": (partial(write_csv, own, table), partial(arrow_csv.write_csv, table, arrow)),
        "Parquet": (partial(write_parquet, own, table), partial(parquet.write_table, table, arrow, **PARQUET)),
    }
    for name, (ours, theirs) in pairs.items():
        best = [float("inf")] * 2
        for _ in range(7):
            best = [min(least, timed(run)[0]) for least, run in zip(best, (ours, theirs), strict=True)]
        print(f"writing {name}: {best[0] / best[1]:.2f} times what Arrow takes")


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as name:
        release, numbers = build(Path(name), rows)
        print(f"{rows:,} rows of the table numbers:")
        writing(Path(name), numbers)
        del numbers
        peak = subprocess.run([sys.executable, "-c", PEAK, str(release)], capture_output=True, text=True, check=True)
        print(f"checking by the column: {peak.stdout.strip()} MB at the most")
        checking(release, "the sound table")
        spoil(release / "numbers.csv")
        checking(release, "the broken table")


if __name__ == "__main__":
    main()
