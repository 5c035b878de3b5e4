"""Small made-up reports, code lists and a project, for the tests of the rooms publish and validate."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from mingfu.model import (
    Area,
    CodeLists,
    Copy,
    Document,
    Finding,
    Former,
    Indicator,
    Masthead,
    Number,
    Observation,
    Report,
    Source,
    Unit,
)
from mingfu.project import Project

ROOT = Path(__file__).parent.parent
REPORT = "440608-2019-rule-of-law"
YEAR = (date(2019, 1, 1), date(2019, 12, 31))
MEDIATED, SETTLED, RATE = (
    "people_mediation.disputes_mediated",
    "people_mediation.disputes_mediated_successfully",
    "people_mediation.success_rate",
)
ACCEPTED, CLOSED = "administrative_reconsideration.cases_accepted", "administrative_reconsideration.cases_closed"
BUDGET = "legal_publicity.expenditure"
UNIT_OF = {MEDIATED: "case", SETTLED: "case", RATE: "percent", ACCEPTED: "case", CLOSED: "case", BUDGET: "yuan"}
PHONE = "88281234"
DAY = date(2020, 4, 2)  # of publication


def observation(start: int, indicator: str, value: int | str | None, **changes: Any) -> Observation:
    """Return an exact level of the year, or what `changes` make of it; text stands for a decimal."""
    number = Decimal(value) if isinstance(value, str) else value
    report_id = changes.get("report_id", REPORT)
    plain = Observation(
        observation_id=f"{report_id}.{start}",
        report_id=report_id,
        ref_area="440608",
        indicator=indicator,
        role="level",
        period_start=YEAR[0],
        period_end=YEAR[1],
        full_year=True,
        value=number,
        value_low=number,
        value_high=number,
        unit=UNIT_OF[indicator],
        qualifier="exact",
        scope=None,
        section="一/(一)",
        char_start=start,
        char_end=start + 2,
        quote=f'全年“{start}”項,\n計"{value}"',
    )
    return plain._replace(**changes)


def report(*observations: Observation, report_id: str = REPORT, others: Sequence[Number] = ()) -> Report:
    """Return a report with these observations, their ledger entries and the `others`."""
    coded = [_entry(item) for item in observations]
    numbers = tuple(sorted((*coded, *others), key=lambda number: number.start))
    area, year = report_id.split("-")[:2]
    masthead = Masthead(
        title="甲區2019年法治政府建設報告", issuer="甲區人民政府", genre="rule-of-law",
        report_year=int(year), report_date=date(2019, 12, 3), ref_area=area,
    )  # fmt: skip
    path = f"data/raw/{area}/{year}/報告.txt"
    source = Source(path, hashlib.sha256(path.encode()).hexdigest(), 5000, "text/plain", "text", "utf-8")
    return Report(report_id, Document(source, "法治政府建設報告" * 50, (), masthead), numbers, observations)


def _entry(item: Observation) -> Number:
    return Number(
        start=item.char_start, end=item.char_end, text="12", low=item.value_low, high=item.value_high,
        qualifier=item.qualifier, unit="件", role=item.role, period_start=item.period_start,
        period_end=item.period_end, indicator=item.indicator, disposition="observation", section=item.section,
    )  # fmt: skip


def mediation(rate: str = "98.9") -> list[Observation]:
    """Return the three observations of a mediation sentence: 1934 mediated, 1913 settled, the rate."""
    return [observation(10, MEDIATED, 1934), observation(20, SETTLED, 1913), observation(30, RATE, rate)]


def reports() -> list[Report]:
    """Return two reports, not in order: a bound, a large sum, a breakdown, a phone number, an earlier edition."""
    others = (
        Number(50, 54, "2019", disposition="excluded", reason="date"),
        Number(
            60, 68, PHONE, low=int(PHONE), high=int(PHONE),
            disposition="excluded", reason="phone", label="聯繫人",
        ),
        Number(70, 73, "3項", low=3, high=3, qualifier="exact", unit="項", role="level", label=f"電話{PHONE}"),
    )  # fmt: skip
    bound = observation(40, BUDGET, "818000000", qualifier="more_than", value_high=None)
    target = observation(46, RATE, "95", role="target")
    second = "440600-2019-rule-of-law"
    part = observation(5, ACCEPTED, 7, report_id=second, ref_area="440600", scope="市本級")
    first = Source("data/raw/440608/2019/原稿.txt", "0" * 64, 4000, "text/plain", "text", "utf-8")
    former = Former(observation(10, MEDIATED, 1933), f"{REPORT}.10")
    copy = Copy(first, 1, "superseded", (former,))
    return [
        replace(report(*mediation(), bound, target, others=others), edition=2, copies=(copy,)),
        report(part, report_id=second),
    ]


def findings() -> list[Finding]:
    """Return a rejected file and a check that held."""
    return [
        Finding("ingest.e_empty", "warning", "data/raw/x.txt: empty", path="data/raw/x.txt"),
        Finding("ratio.rate", "info", "98.9 as expected", REPORT, f"{REPORT}.30", expected="98.9", actual="98.9"),
    ]


def code_lists() -> CodeLists:
    """Return the code lists, with a unit and an area that nothing uses."""
    indicators = tuple(
        Indicator(name, f"指标{place}", f"Indicator {place}", "定义", "What is counted.", unit, "flow", "topic")
        for place, (name, unit) in enumerate(UNIT_OF.items())
    )
    units = tuple(Unit(name, name, name, ("件", "宗")) for name in ("yuan", "percent", "case", "hectare"))
    areas = (
        Area("440000", "广东省", "province", None),
        Area("440600", "佛山市", "prefecture", "440000"),
        Area("440608", "高明区", "county", "440600"),
        Area("110000", "北京市", "province", None),
    )
    return CodeLists(indicators, units, areas)


def project(root: Path) -> Project:
    """Return a project in an empty folder, with the table schemas and the dataset.yaml of this one."""
    shutil.copytree(ROOT / "schemas" / "tables", root / "schemas" / "tables")
    shutil.copy(ROOT / "schemas" / "dataset.yaml", root / "schemas" / "dataset.yaml")
    return Project(root)


def published(root: Path) -> Path:
    """Publish the sample reports below `root` and return the folder of the release."""
    return publish(project(root), reports(), findings())


def publish(
    house: Project,
    given: Sequence[Report],
    found: Sequence[Finding] = (),
    day: date = DAY,
    key: Any = None,
) -> Path:
    """Publish reports in a project and return the folder of the latest release."""
    # Imported here, so that this module serves tests that write no files.
    from mingfu.publish.release import commit, stage
    from mingfu.publish.store import open_store

    with open_store(house.published) as store:
        return commit(stage(store, house, given, found, code_lists()), day, key)


def reseal(folder: Path) -> None:
    """Make a tampered package's lengths and hashes true again, so that only deeper checks can tell."""
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        content = (folder / resource["path"]).read_bytes()
        resource |= {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    reseal_manifest(folder)


def reseal_manifest(folder: Path, **changes: Any) -> None:
    """Make the manifest and SHA256SUMS true again, the manifest with `changes`."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_bytes()) | changes
    names = sorted(item.name for item in folder.iterdir() if item.name not in ("manifest.json", "SHA256SUMS"))
    manifest["files"] = {name: _file(folder / name) for name in names}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    reseal_sums(folder)


def _file(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def reseal_sums(folder: Path) -> None:
    """Make SHA256SUMS true again."""
    names = sorted(path.name for path in folder.iterdir() if path.name != "SHA256SUMS")
    lines = [f"{digest(folder / name)}  {name}\n" for name in names]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
