"""Writes Word documents, as Word would: paragraphs, tables, and ordinals that Word itself generates."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from mingfu.ingest.blocks import Block, Paragraph, Table
from mingfu.ingest.dates import CHINESE, read_numeral
from mingfu.ingest.grid import TableCell

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_ORDINALS = (rf"({CHINESE})、", rf"（({CHINESE})）", r"([1-9]\d?)\.")
_LEVELS = (("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
_WIDTH = 1500  # twentieths of a point: of a column of a table
NAMESPACES = (
    f'xmlns:w="{WORD}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def write(blocks: Iterable[Block], path: Path) -> Path:
    """Write blocks; what begins with 一、, （一） or 1. is numbered by Word, not in the text."""
    starts: list[tuple[int, int]] = []
    body = "".join(_table(block) if isinstance(block, Table) else _paragraph(block, starts) for block in blocks)
    return write_body(body, path, {"numbering": _numbering(starts)})


def write_body(body: str, path: Path, parts: Mapping[str, str] | None = None) -> Path:
    """Write a document of the XML of its body, and of the content of other parts by their names."""
    path.write_bytes(b"")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(body, parts or {}):
            archive.writestr(name, content)
    return path


def _files(body: str, parts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "[Content_Types].xml", _types(["document.main", *parts])
    yield "_rels/.rels", _relations({"officeDocument": "word/document.xml"})
    yield "word/document.xml", f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
    yield "word/_rels/document.xml.rels", _relations({name: f"{name}.xml" for name in parts})
    for name, content in parts.items():
        yield f"word/{name}.xml", f"<w:{name} {NAMESPACES}>{content}</w:{name}>"


def _types(parts: Iterable[str]) -> str:
    items = (
        f'<Override PartName="/word/{part.removesuffix(".main")}.xml" ContentType="{_TYPE}.{part}+xml"/>'
        for part in parts
    )
    default = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'<Types xmlns="{_PACKAGE.replace("relationships", "content-types")}">{default}{"".join(items)}</Types>'


def _relations(targets: Mapping[str, str]) -> str:
    items = (
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{_PACKAGE}">{"".join(items)}</Relationships>'


def paragraph(text: str, settings: str = "") -> str:
    """Return the XML of a paragraph, its text in several runs as Word leaves it."""
    pieces = re.findall(r".{1,7}", text, re.DOTALL)
    runs = "".join(f'<w:r><w:t xml:space="preserve">{escape(piece)}</w:t></w:r>' for piece in pieces)
    return f"<w:p><w:pPr>{settings}</w:pPr>{runs}</w:p>"


def numbered(text: str, number: int, level: int = 0) -> str:
    """Return the XML of a paragraph of a list."""
    place = f'<w:ilvl w:val="{level}"/><w:numId w:val="{number}"/>'
    return paragraph(text, f"<w:numPr>{place}</w:numPr>")


def _paragraph(block: Paragraph, starts: list[tuple[int, int]]) -> str:
    for level, pattern in enumerate(_ORDINALS):
        match = re.match(pattern, block.text)
        if match and not block.text[match.end() : match.end() + 1].isdigit():
            starts.append((level, read_numeral(match[1])))
            return numbered(block.text[match.end() :], len(starts), level)
    return paragraph(block.text)


def levels(formats: Iterable[tuple[str, str]]) -> str:
    """Return the XML of the levels of an abstract list, given the format and text of each."""
    return "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (style, text) in enumerate(formats)
    )


def _numbering(starts: Iterable[tuple[int, int]]) -> str:
    lists = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="{level}">'
        f'<w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
        for number, (level, start) in enumerate(starts, 1)
    )
    return f'<w:abstractNum w:abstractNumId="0">{levels(_LEVELS)}</w:abstractNum>{lists}'


def _table(table: Table) -> str:
    height = max(cell.row + cell.rows for cell in table.cells)
    width = max(cell.column + cell.columns for cell in table.cells)
    rows = ("".join(_cell(cell, row) for cell in _row(table.cells, row, width)) for row in range(height))
    column = f'<w:gridCol w:w="{_WIDTH}"/>'
    grid = f"<w:tblGrid>{column * width}</w:tblGrid>"
    return f"<w:tbl>{grid}{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def _row(cells: Iterable[TableCell], row: int, width: int) -> list[TableCell]:
    """Return the cells that reach into a row, from the left, gaps filled."""
    here = {cell.column: cell for cell in cells if cell.row <= row < cell.row + cell.rows}
    covered = {column for cell in here.values() for column in range(cell.column, cell.column + cell.columns)}
    here |= {column: TableCell("", row, column) for column in range(width) if column not in covered}
    return [here[column] for column in sorted(here)]


def _cell(cell: TableCell, row: int) -> str:
    merge = "" if cell.rows == 1 else '<w:vMerge w:val="restart"/>' if row == cell.row else "<w:vMerge/>"
    text = cell.text if row == cell.row else ""
    width = f'<w:tcW w:w="{_WIDTH * cell.columns}" w:type="dxa"/>'
    return f'<w:tc><w:tcPr>{width}<w:gridSpan w:val="{cell.columns}"/>{merge}</w:tcPr>{paragraph(text)}</w:tc>'
