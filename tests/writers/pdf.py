"""Writes PDF files as offices do: indented paragraphs in a large type, ruled tables, and page numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, SimpleDocTemplate
from reportlab.platypus import Paragraph as Set
from reportlab.platypus import Table as Grid

from mingfu.ingest.blocks import Block, Table

FONT = "WenQuanYi"
FONT_FILE = files("paperang_p2_fonts_cjk") / "fonts" / "wqy-microhei.ttc"
with as_file(FONT_FILE) as _font:
    pdfmetrics.registerFont(TTFont(FONT, str(_font)))
_MARGIN = 79.0
_SIZE = 16
_CELL_SIZE = 10
BODY = ParagraphStyle("body", fontName=FONT, fontSize=_SIZE, leading=28, firstLineIndent=2 * _SIZE, wordWrap="CJK")
_CELL = ParagraphStyle("cell", fontName=FONT, fontSize=_CELL_SIZE, leading=13, wordWrap="CJK", alignment=1)


def write(blocks: Iterable[Block], path: Path, header: str = "", style: ParagraphStyle = BODY) -> Path:
    """Write blocks, with a header and a number on each page."""

    def furnish(canvas: Canvas, _template: Any) -> None:
        canvas.setFont(FONT, 10)
        canvas.drawCentredString(A4[0] / 2, A4[1] - 50, header)
        canvas.drawCentredString(A4[0] / 2, 45, f"— {canvas.getPageNumber()} —")

    margins = {f"{side}Margin": _MARGIN for side in ("left", "right", "top", "bottom")}
    template = SimpleDocTemplate(str(path), pagesize=A4, invariant=1, **margins)
    template.build(list(_flowables(blocks, style)), onFirstPage=furnish, onLaterPages=furnish)
    return path


def draw(path: Path, *pages: Callable[[Canvas], None], **options: Any) -> Path:
    """Write a page for each of the functions, which draw them."""
    canvas = Canvas(str(path), pagesize=A4, invariant=1, **options)
    for page in pages:
        canvas.setFont(FONT, _SIZE)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return path


def _flowables(blocks: Iterable[Block], style: ParagraphStyle) -> Iterator[Flowable]:
    for block in blocks:
        yield _grid(block) if isinstance(block, Table) else Set(escape(block.text), style)


def _grid(table: Table) -> Grid:
    height = max(cell.row + cell.rows for cell in table.cells)
    width = max(cell.column + cell.columns for cell in table.cells)
    content: list[list[object]] = [[""] * width for _ in range(height)]
    style: list[tuple[object, ...]] = [("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    for cell in table.cells:
        content[cell.row][cell.column] = Set(escape(cell.text), _CELL)
        last = cell.column + cell.columns - 1
        style.append(("BOX", (cell.column, cell.row), (last, cell.row + cell.rows - 1), 0.5, "black"))
        style.append(("SPAN", (cell.column, cell.row), (last, cell.row)))  # one down rows would not go on over pages
    return Grid(content, colWidths=(A4[0] - 2 * _MARGIN - 12) / width, style=style)
