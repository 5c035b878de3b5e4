"""CHANGELOG.md: what changed from release to release, for people; the newest release first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from mingfu.publish.manifest import Link

Row = Mapping[str, Any]

# Shown in groups of three digits; bare, 13812345600 would pass for a telephone number.
_FIGURE = re.compile(r"[0-9]{5,}(?:\.[0-9]+)?")
TITLE = "# Changes of the data 数据变更记录\n"
SHOWN = 100  # changes of a kind; the table `changes` has them all
ENTITIES = {
    "schema": "Schema 表结构",
    "report": "Reports 报告",
    "observation": "Observations 观测值",
    "indicator": "Indicators 指标",
    "unit": "Units 单位",
    "area": "Areas 行政区划",
}
CHANGES = {"added": "added 新增", "changed": "changed 改动", "replaced": "replaced 替换", "removed": "removed 删除"}


def changelog(link: Link, rows: Sequence[Row], before: str) -> str:
    """Return the text for a release, with that of the releases before it."""
    effect = max((row["effect"] for row in rows if row["effect"]), key=("patch", "minor", "major").index, default=None)
    head = f"## Release {link.number}, schema {link.schema_version}" + (f" ({effect})" if effect else "")
    body = "".join(described(rows)) if link.previous else "\nThe first release. 首版。\n"
    return f"{TITLE}\n{head}\n{body}" + before.removeprefix(TITLE)


def described(rows: Sequence[Row]) -> Iterator[str]:
    """Yield sections of Markdown that tell of changes: their counts, then one line a change."""
    if not rows:
        yield "\nReports, observations and code lists are as they were. 报告、观测值与代码表均无变化。\n"
    things = {(row["entity"], row["change"], row["key"]) for row in rows}
    counts = Counter((entity, change) for entity, change, _key in things)
    for entity, change in [(entity, change) for entity in ENTITIES for change in CHANGES]:
        if not counts[entity, change]:
            continue
        found = [row for row in rows if (row["entity"], row["change"]) == (entity, change)]
        yield f"\n### {ENTITIES[entity]}: {counts[entity, change]} {CHANGES[change]}\n\n"
        yield from (_line(row) for row in found[:SHOWN])
        if len(found) > SHOWN:
            yield f"- … and {len(found) - SHOWN} more in `changes`\n"


def _line(row: Row) -> str:
    indicator = f" ({row['indicator']})" if row["indicator"] else ""
    effect = f" [{row['effect']}]" if row["effect"] else ""
    if row["change"] in ("added", "removed"):
        said = row["new"] or row["old"]
        return f"- `{row['key']}`{indicator}{f': {said}' if said else ''}{effect}\n"
    return f"- `{row['key']}`{indicator} {row['field']}: {_value(row['old'])} → {_value(row['new'])}{effect}\n"


def _value(value: str | None) -> str:
    if value is None:
        return "(empty)"
    return f"{Decimal(value):,}" if _FIGURE.fullmatch(value) else value
