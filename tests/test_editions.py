"""The same report in several files, and corrected editions."""

from __future__ import annotations

from datetime import date

import pytest

from mingfu.extract.ledger import extract_numbers
from mingfu.model import Document, Masthead, Report, Source
from mingfu.normalise.editions import settle

TEXT = "某市2020年度法治政府建设报告\n" + "\n".join(
    f"第{n}项工作有序推进，全年办结案件{n * 7}件，走访企业{n * 3}家，群众较为满意。" for n in range(1, 12)
)
CORRECTED = TEXT.replace("案件21件", "案件22件")


def report(path: str, text: str = TEXT, **said: object) -> Report:
    reader = {"txt": "text", "pdf": "pdf", "html": "html"}[path.rpartition(".")[2]]
    source = Source(path, path, 1, "text/plain", reader, edition=said.get("edition"))  # type: ignore[arg-type]
    masthead = Masthead(title=said.get("title"), report_date=said.get("dated"))  # type: ignore[arg-type]
    document = Document(source, text, (), masthead)
    return Report("r-1", document, extract_numbers(document), ())


def settled(*files: Report) -> tuple[dict[str, tuple[int, str]], list[str]]:
    reports, errors = settle(files)
    (one,) = reports
    found = {one.document.source.path: (one.edition, "published")}
    found |= {copy.source.path: (copy.edition, copy.status) for copy in one.copies}
    return found, [error.path for error in errors]


def test_the_same_text_is_published_once_from_what_is_nearest_to_the_issuer() -> None:
    files = report("a.pdf"), report("b.html", TEXT.replace("\n", "\n\n")), report("c.txt"), report("d.txt")
    found, errors = settled(*files)
    assert found == {"c.txt": (1, "published"), "a.pdf": (1, "same"), "b.html": (1, "same"), "d.txt": (1, "same")}
    assert errors == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (report("a.txt"), report("b（更正）.txt", CORRECTED)),
        (report("b.txt"), report("a.txt", CORRECTED, title="2020年度报告（修订）")),
        (report("b.txt", dated=date(2021, 1, 5)), report("a.txt", CORRECTED, dated=date(2021, 3, 1))),
        (report("b.txt", edition=1), report("a.txt", CORRECTED, edition=2)),
        (report("b更正.txt", edition=1), report("a.txt", TEXT, edition=2)),  # a person's word counts most
        (report("b.txt"), report("a.txt", CORRECTED, edition=2)),
    ],
)
def test_a_corrected_edition_takes_the_place_of_the_first(first: Report, second: Report) -> None:
    expected = {second.document.source.path: (2, "published"), first.document.source.path: (1, "superseded")}
    assert settled(first, second) == settled(second, first) == (expected, [])


def test_editions_that_nothing_tells_apart_are_left_to_a_person() -> None:
    assert settled(report("b.txt", CORRECTED), report("a.txt")) == ({"a.txt": (1, "published")}, ["b.txt"])


def test_another_document_of_the_same_issuer_and_year_is_no_edition() -> None:
    other = report("b.txt", "某市2020年另一份报告\n" + "公开政务信息380条，培训干部12场，编印材料3种。\n" * 9)
    reports, (error,) = settle([report("a.txt"), other])
    assert reports[0].document.source.path == "a.txt"
    assert (error.path, error.code) == ("b.txt", "E_DUPLICATE")
    assert error.reason == "a document of the same issuer, year and kind as a.txt"
