"""Writes OFD files as offices do: indented paragraphs set in lines on A4, ruled tables, and page numbers."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import east_asian_width
from xml.sax.saxutils import escape

from mingfu.ingest.blocks import Block, Table

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_LEFT, _RIGHT, _TOP, _BOTTOM = 28.0, 182.0, 37.0, 260.0  # millimetres
_SIZE, _LEADING = 5.6, 9.9
_CELL_SIZE, _CELL_LEADING, _PADDING = 3.7, 4.8, 1.2
_NO_END = "，。；：、）》”！？"


@dataclass
class _Pages:
    """Pages as they fill."""

    objects: list[list[str]] = field(default_factory=lambda: [[]])
    y: float = _TOP

    def need(self, height: float) -> None:
        if self.y + height > _BOTTOM:
            self.objects.append([])
            self.y = _TOP

    def add(self, item: str) -> None:
        self.objects[-1].append(item)


def write(blocks: Iterable[Block], path: Path) -> Path:
    """Write blocks, with a number at the foot of each page."""
    pages = _Pages()
    for block in blocks:
        if isinstance(block, Table):
            _set_table(block, pages)
        else:
            for number, line in enumerate(_wrap("　　" + block.text, _SIZE, _RIGHT - _LEFT)):
                pages.need(_LEADING)
                start = line.lstrip("　") if number == 0 else line
                pages.add(text(start, _LEFT + (len(line) - len(start)) * _SIZE, pages.y, _SIZE))
                pages.y += _LEADING
    for number, objects in enumerate(pages.objects, 1):
        objects.append(text(f"— {number} —", 98, 270, 4))
    return write_pages(["".join(objects) for objects in pages.objects], path)


def write_pages(pages: Iterable[str], path: Path, extra: Mapping[str, str] | None = None, common: str = "") -> Path:
    """Write a file of the XML of the objects on each page, and of other entries by their names."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**_entries(list(pages), common), **(extra or {})}.items():
            archive.writestr(name, content)
    return path


def _entries(pages: list[str], common: str) -> dict[str, str]:
    places = "".join(f'<ofd:Page ID="{10 + n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    area = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    return {
        "OFD.xml": f'<ofd:OFD {NAMESPACE} DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:Title>报告</ofd:Title>'
        "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NAMESPACE}><ofd:CommonData>{area}{common}</ofd:CommonData>"
        f"<ofd:Pages>{places}</ofd:Pages></ofd:Document>",
        **{f"Doc_0/Pages/Page_{number}/Content.xml": page(content) for number, content in enumerate(pages)},
    }


def page(objects: str, before: str = "") -> str:
    """Return the XML of a page or template."""
    layer = f'<ofd:Layer Type="Body" ID="1">{objects}</ofd:Layer>'
    return f"<ofd:Page {NAMESPACE}>{before}<ofd:Content>{layer}</ofd:Content></ofd:Page>"


def text(line: str, x: float, y: float, size: float, settings: str = "") -> str:
    """Return the XML of a line whose upper left corner is at x and y."""
    deltas = " ".join(f"{width:g}" for width in _widths(line[:-1], size))
    return (
        f'<ofd:TextObject ID="2" Font="3" Size="{size}" Boundary="{x:g} {y:g} {sum(_widths(line, size)):g} {size}" '
        f'{settings}><ofd:TextCode X="0" Y="{0.88 * size:g}" DeltaX="{deltas}">{escape(line)}</ofd:TextCode>'
        "</ofd:TextObject>"
    )


def rule(x: float, y: float, width: float, height: float) -> str:
    """Return the XML of a line from a point."""
    return (
        f'<ofd:PathObject ID="4" Boundary="{x:g} {y:g} {width:g} {height:g}" LineWidth="0.2">'
        f"<ofd:AbbreviatedData>M 0 0 L {width:g} {height:g}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def _widths(line: str, size: float) -> list[float]:
    return [size if east_asian_width(char) in "WFA" else size / 2 for char in line]


def _wrap(line: str, size: float, width: float) -> Iterator[str]:
    """Yield the lines of a paragraph; a closing mark hangs over the end."""
    part, used = "", 0.0
    for word in re.findall(r"[A-Za-z]+[\d.]*|.", line, re.DOTALL):
        wide = sum(_widths(word, size))
        if used + wide > width and word not in _NO_END:
            yield part
            part, used = "", 0.0
        part, used = part + word, used + wide
    yield part


def _set_table(table: Table, pages: _Pages) -> None:
    height = max(cell.row + cell.rows for cell in table.cells)
    width = (_RIGHT - _LEFT) / max(cell.column + cell.columns for cell in table.cells)
    lines = {cell: list(_wrap(cell.text, _CELL_SIZE, width * cell.columns - 2 * _PADDING)) for cell in table.cells}
    heights = [
        2 * _PADDING + _CELL_LEADING * max([len(lines[cell]) for cell in table.cells if cell.row == row] or [1])
        for row in range(height)
    ]
    row = 0
    while row < height:
        pages.need(heights[row])
        end = row + 1
        while end < height and pages.y + sum(heights[row : end + 1]) <= _BOTTOM:
            end += 1
        for cell in table.cells:
            first, behind = max(row, cell.row), min(end, cell.row + cell.rows)
            if first < behind:
                box = (_LEFT + cell.column * width, pages.y + sum(heights[row:first]))
                size = (width * cell.columns, sum(heights[first:behind]))
                _set_cell(lines[cell] if first == cell.row else [], box, size, pages)
        pages.y += sum(heights[row:end])
        row = end
    pages.y += _LEADING / 2


def _set_cell(lines: list[str], box: tuple[float, float], size: tuple[float, float], pages: _Pages) -> None:
    """Draw the part of a cell that is on a page; its text is on the first."""
    (x, y), (width, height) = box, size
    for number, line in enumerate(lines):
        if line:
            pages.add(text(line, x + _PADDING, y + _PADDING + number * _CELL_LEADING, _CELL_SIZE))
    pages.add(rule(x, y, width, 0) + rule(x, y + height, width, 0))
    pages.add(rule(x, y, 0, height) + rule(x + width, y, 0, height))
