"""A small project of three reports, in which figures are corrected, restated and contradict one another."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from mingfu import pipeline
from mingfu.project import Project

ROOT = Path(__file__).parents[1]
OPENING = "佛山市高明区人民政府关于{year}年度法治政府建设工作的报告\n\n一、主要做法\n"
CLOSING = "\n佛山市高明区人民政府\n{after}年1月20日\n"
FIGURES = {
    2019: "2019年，全区共受理行政复议案件117件，办结171件。2019年，全区办理法律援助案件512件。",
    2020: "2020年，全区共受理行政复议案件130件，办结121件。2019年，全区办理法律援助案件520件。",
    2021: "2021年，全区共受理行政复议案件99件。2019年，全区办理法律援助案件520件。",
}
BEFORE = FIGURES[2021].replace("99件", "95件")  # what the first edition of the last report said
REPORT = "440608-2019-rule-of-law"


def text_of(year: int, figures: str | None = None) -> str:
    return OPENING.format(year=year) + (figures or FIGURES[year]) + CLOSING.format(after=year + 1)


def make(folder: Path) -> Project:
    """Return a project of these reports below `folder`, without a correction."""
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    for year in FIGURES:
        home = folder / "data" / "raw" / "440608" / str(year)
        home.mkdir(parents=True)
        (home / "报告.txt").write_text(text_of(year), encoding="utf-8")
    (home / "报告（第一版）.txt").write_text(text_of(2021, BEFORE), encoding="utf-8")
    editions = {"报告.txt": {"edition": 2}, "报告（第一版）.txt": {"edition": 1}}
    (home / "source.yaml").write_text(yaml.safe_dump({"files": editions}, allow_unicode=True), encoding="utf-8")
    return Project(folder)


def entry(surface: str, **changes: object) -> dict[str, object]:
    """Return a correction of the number in the first report that reads so; `changes` are its other keys."""
    start = text_of(2019).index(surface)
    given = {"reason": "核对台账", "by": "王小明", "date": "2026-11-20", "credit": "统计科"}
    return {"report": REPORT, "span": [start, start + len(surface)], "text": surface, **given, **changes}


def write(project: Project, *entries: dict[str, object]) -> None:
    """Write a file of corrections."""
    text = yaml.safe_dump({"corrections": list(entries)}, allow_unicode=True).replace("'2026-11-20'", "2026-11-20")
    (project.schemas / "corrections" / "2019.yaml").write_text(text, encoding="utf-8")


def run(project: Project) -> pipeline.Summary:
    return pipeline.run(project)
