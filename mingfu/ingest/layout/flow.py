"""The flow of a document: from pages of glyphs and rules to blocks, over columns, tables and the ends of pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile
from statistics import median

from mingfu.ingest.blocks import Block, Lines, Paragraph
from mingfu.ingest.layout.columns import columns_of
from mingfu.ingest.layout.furniture import body_lines
from mingfu.ingest.layout.lines import Line, clauses, is_numeral, rows_of
from mingfu.ingest.layout.page import Page
from mingfu.ingest.layout.paragraphs import CLOSING, INDENT, Placed, Setting, joints, paragraphs_of
from mingfu.ingest.layout.ruled import Ruled, tables_of
from mingfu.ingest.layout.tables import goes_on, table_block

_MARGINS = 1.6  # times the left margin: the right one is no wider
_NOTE = 0.8  # times the type size of the body
_STRAY = 2.0  # type sizes by which the edges of a page may differ from the document's


@dataclass(frozen=True, slots=True)
class _Column:
    """Lines beneath one another; `whole` where they run across the page."""

    page: Page
    lines: list[Line]
    whole: bool


def blocks_of(pages: Sequence[Page]) -> list[Block | Lines]:
    """Return the paragraphs and tables of the pages in reading order, without headers, footers and page numbers."""
    parts = _without_furniture([_lay(page) for page in pages], pages)
    columns = [part for part in parts if isinstance(part, _Column)]
    settings = dict(zip(map(id, columns), _settings(columns), strict=True))
    blocks: list[Block | Lines] = []
    for are_tables, run in groupby(parts, lambda part: isinstance(part, Ruled)):
        if are_tables:
            blocks += (table_block(table) for table in _tables(run))
        else:
            lines = [
                Placed(line, part.page.number, settings[id(part)])
                for part in run
                if isinstance(part, _Column)
                for line in part.lines
            ]
            blocks += (_paragraph(paragraph) for paragraph in _with_notes(lines))
    return blocks


def _lay(page: Page) -> list[_Column | Ruled]:
    """Return the columns and tables of a page in reading order; what stands beside a table comes before it."""
    tables, loose = tables_of(page.rules, page.glyphs, page.number)
    parts: list[_Column | Ruled] = []
    for table in (*tables, None):
        bottom = table.down[-1] if table else float("inf")
        columns = list(columns_of(rows_of(glyph for glyph in loose if glyph.bottom <= bottom)))
        loose = [glyph for glyph in loose if glyph.bottom > bottom]
        parts += (_Column(page, lines, len(columns) == 1) for lines in columns if lines)
        parts += [table] if table else []
    return parts


def _without_furniture(laid: Sequence[list[_Column | Ruled]], pages: Sequence[Page]) -> list[_Column | Ruled]:
    lines = [[line for part in parts if isinstance(part, _Column) for line in part.lines] for parts in laid]
    bodies = body_lines([(page.height, own) for page, own in zip(pages, lines, strict=True)])
    kept = {id(line) for body in bodies for line in body}
    left: list[_Column | Ruled] = []
    for part in (part for parts in laid for part in parts):
        if isinstance(part, Ruled):
            left.append(part)
        elif own := [line for line in part.lines if id(line) in kept]:
            left.append(_Column(part.page, own, part.whole))
    return left


def _settings(columns: Sequence[_Column]) -> Iterator[Setting]:
    """Yield how each column is set; whole pages are set alike, so that a few short lines make no narrow one."""
    lines = [line for column in columns for line in column.lines]
    size = median([line.size for line in lines for _ in line.text] or [1.0])
    steps = [b.top - a.top for column in columns for a, b in pairwise(column.lines) if b.top > a.top]
    distance = median(steps or [float("inf")])
    usual = {
        width: (median(min(_lefts(c)) for c in own), median(max(_rights(c)) for c in own))
        for width in {column.page.width for column in columns}
        if (own := [column for column in columns if column.page.width == width and column.whole])
    }
    for column in columns:
        left, right = min(_lefts(column)), max(_rights(column))
        if column.whole:
            left, right = (
                edge if abs(edge - other) < _STRAY * size else other
                for edge, other in zip((left, right), usual[column.page.width], strict=True)
            )
            right = max(right, column.page.width - _MARGINS * left)
        indented = any(line.left > left + INDENT * line.size for line in lines)
        yield Setting(left, right, size, distance, indented)


def _lefts(column: _Column) -> list[float]:
    return [line.left for line in column.lines]


def _rights(column: _Column) -> list[float]:
    """Return where the lines end, without the marks that may hang over the edge."""
    return [
        next((glyph.right for glyph in reversed(line.glyphs) if glyph.text not in CLOSING), line.right)
        for line in column.lines
    ]


def _tables(run: Iterator[_Column | Ruled]) -> list[list[Ruled]]:
    """Return the tables of successive ones, each with its parts on successive pages."""
    tables: list[list[Ruled]] = []
    for part in run:
        assert isinstance(part, Ruled)
        if tables and tables[-1][-1].page < part.page and goes_on(tables[-1][-1], part):
            tables[-1].append(part)
        else:
            tables.append([part])
    return tables


def _with_notes(lines: Sequence[Placed]) -> list[list[Placed]]:
    """Return the paragraphs; notes in small type at the foot of a page come behind the one that goes on above them."""
    body: list[Placed] = []
    notes: list[Placed] = []
    for _, page in groupby(lines, lambda placed: placed.page):
        own = list(page)
        feet = len(list(takewhile(lambda placed: placed.line.size < _NOTE * placed.setting.size, reversed(own))))
        cut = len(own) - feet if feet < len(own) else len(own)
        body += own[:cut]
        notes += own[cut:]
    # The sort is stable: notes follow the paragraphs that begin on their page, which may end on the next.
    return sorted(paragraphs_of(body) + paragraphs_of(notes), key=lambda paragraph: paragraph[0].page)


def _paragraph(lines: Sequence[Placed]) -> Lines:
    """Return a paragraph by its pages, and clause by clause where it was read from a picture."""
    read = [(*clause, placed.page) for placed in lines for clause in clauses(placed.line) if clause[0].strip()]
    texts = joints([text.lstrip() for text, *_ in read])
    sure = [sureness for _, sureness, _ in read]
    for index, (one, other) in enumerate(pairwise(texts)):
        if is_numeral(one[-1]) and is_numeral(other[0]):  # one number is as sure as the less sure of its parts
            sure[index : index + 2] = [
                min((part for part in sure[index : index + 2] if part is not None), default=None)
            ] * 2
    parts = zip(texts, (page for *_, page in read), sure, strict=True)
    runs = groupby(parts, lambda part: part[1:])
    return Lines(tuple(Paragraph("".join(text for text, *_ in run), page, sure) for (page, sure), run in runs))
