"""How the tests read a text without a file around it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mingfu.extract.ledger import extract_numbers
from mingfu.ingest.outline import outline
from mingfu.model import Document, Masthead, Number, Source
from mingfu.normalise.catalogue import load_catalogue
from mingfu.normalise.coding import code_numbers

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases"
# Repeated many times, each of these tries to make a pattern run wild.
WILD = (
    "1",
    "1,",
    "1\n",
    "1.1",
    "一",
    "百分之",
    "1(",
    "“1",
    "其中1件",
    "分别1%、",
    "从1到",
    "截至1月",
    "第1",
    "A1",
    "十万亿",
    "1-",
    "@1",
    "联系人:张三、",
    "0757-",
    "a.b@",
    "6222 ",
)
CATALOGUE = load_catalogue(ROOT / "schemas")


def document_of(text: str, year: int | None = None, dated: date | None = None) -> Document:
    """Return a text as a document of a report for `year`."""
    source = Source("text.txt", "0" * 64, len(text), "text/plain", "text")
    return Document(source, text, outline(text), Masthead(report_year=year, report_date=dated))


def ledger_of(text: str, year: int | None = None, dated: date | None = None) -> tuple[Number, ...]:
    """Return the coded ledger of a text."""
    document = document_of(text, year, dated)
    return code_numbers(document, extract_numbers(document), CATALOGUE)


def quantities_of(text: str, year: int | None = None, dated: date | None = None) -> list[Number]:
    """Return the numbers of a text that are quantities."""
    return [number for number in ledger_of(text, year, dated) if number.disposition != "excluded"]
