"""Word's text: what the elements of a Word document say, in its order, as blocks.

Tracked insertions are read and deletions are not; hidden text, comments and the table of contents are
left out.  A text box stands before the paragraph that holds it where no text of that precedes, and a
footnote or endnote stands behind the paragraph that refers to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mingfu.ingest.blocks import Block, Paragraph
from mingfu.ingest.cells import MOST_COLUMNS, FullCell, table_blocks
from mingfu.ingest.markup import Element, all_of, child_of, name_of, value_of
from mingfu.ingest.numbering import Numbering, Styles
from mingfu.ingest.ordinals import with_ordinal
from mingfu.ingest.reading import File

_SETTINGS = {"pPr", "rPr", "tblPr", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr", "tblGrid", "fldData", "posOffset"}
_UNSEEN = _SETTINGS | {"del", "moveFrom", "delText", "delInstrText", "instrText", "rt"}
_SIGNS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# Private characters of the font Symbol (its own code + 0xF000).
_SYMBOLS = {0xA3: "≤", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB8: "÷", 0xB2: "″", 0xA2: "′"}

Reference = tuple[str, str]  # the element that refers to a note, and the note's id


@dataclass(slots=True)
class _Line:
    """A paragraph's text as it grows, and the blocks that stand before and behind it."""

    parts: list[str] = field(default_factory=list)
    before: list[Block] = field(default_factory=list)
    behind: list[Block] = field(default_factory=list)


class WordText:
    """Reads the elements of a document, its counts and notes with it."""

    def __init__(self, file: File, styles: Styles, numbering: Numbering, notes: Mapping[Reference, Element]) -> None:
        self._file = file
        self._styles = styles
        self._numbering = numbering
        self._notes = dict(notes)
        self._carried = ""  # from paragraphs whose end is deleted: it runs into the next
        self._tables = 0
        self._below_table: list[Block] = []
        self.left_out = 0  # characters that are there, but not to be read

    def blocks(self, holder: Element) -> Iterator[Block]:
        """Yield the paragraphs and tables of an element; raise InputError E_DAMAGED for embedded documents."""
        around, self._carried = self._carried, ""
        yield from self._blocks(holder)
        if self._carried:
            yield Paragraph(self._carried)
        self._carried = around

    def _blocks(self, holder: Element) -> Iterator[Block]:
        for child in _seen(holder):
            name = name_of(child)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tbl":
                yield from self._table(child)
            elif name == "altChunk":
                raise self._file.error("E_DAMAGED", "a part of it is a file of its own that Word has not merged yet")
            else:
                yield from self._blocks(child)

    def _table(self, table: Element) -> Iterator[Block]:
        self._tables += 1
        yield from table_blocks(self._cells(table))
        self._tables -= 1
        if not self._tables:
            yield from self._below_table
            self._below_table = []

    def _paragraph(self, paragraph: Element) -> Iterator[Block]:
        if self._is_in_contents(paragraph):
            self._leave_out(paragraph)
            return
        line = _Line()
        self._collect(paragraph, line)
        text = self._carried + "".join(line.parts)
        mark = child_of(paragraph, "pPr", "rPr", "del")
        self._carried = "" if mark is None else text
        yield from line.before
        if mark is None:
            ordinal = self._numbering.ordinal(paragraph)
            first, *others = text.split("\n")
            if text.strip() or (ordinal and self._tables):
                yield Paragraph(with_ordinal(ordinal, first.strip()))
                yield from map(Paragraph, others)
        yield from line.behind

    def _is_in_contents(self, paragraph: Element) -> bool:
        names = (child_of(style, "name") for style in self._styles.chain(paragraph)[:1])
        return any((value_of(name, "val") or "").lower().startswith("toc ") for name in names if name is not None)

    def _collect(self, holder: Element, line: _Line) -> None:
        """Add what a part of a paragraph says."""
        for child in _seen(holder):
            name = name_of(child)
            if name == "t":
                line.parts.append((child.text or "").replace("\n", " "))
            elif name in _SIGNS:
                line.parts.append(_SIGNS[name])
            elif name == "br":
                line.parts.append("" if value_of(child, "type") in ("page", "column") else "\n")
            elif name == "sym":
                line.parts.append(_symbol(child))
            elif name == "r":
                self._collect_run(child, line)
            elif name == "f" and child_of(child, "num") is not None:
                self._collect(child_of(child, "num"), line)
                line.parts.append("/")
                self._collect(child_of(child, "den"), line)
            elif name in ("footnoteReference", "endnoteReference"):
                note = self._notes.pop((name, value_of(child, "id") or ""), ())
                (self._below_table if self._tables else line.behind).extend(self.blocks(note))
            elif name in ("txbxContent", "textpath"):
                box = self.blocks(child) if name == "txbxContent" else [Paragraph(value_of(child, "string") or "")]
                (line.behind if "".join(line.parts).strip() else line.before).extend(box)
            else:
                self._collect(child, line)

    def _collect_run(self, run: Element, line: _Line) -> None:
        start = len(line.parts)
        self._collect(run, line)
        text = "".join(line.parts[start:])
        properties = child_of(run, "rPr")
        hidden, raised = child_of(properties, "vanish"), child_of(properties, "vertAlign")
        if hidden is not None and value_of(hidden, "val") not in ("0", "false", "off"):
            self.left_out += len(text)
            del line.parts[start:]
        elif raised is not None and value_of(raised, "val") == "superscript":
            line.parts[start:] = [text.translate(_SUPERSCRIPTS)]

    def _leave_out(self, holder: Element) -> None:
        self.left_out += sum(len(text.text or "") for text in all_of(holder, "t"))

    def _cells(self, table: Element) -> list[FullCell]:
        cells: list[FullCell] = []
        above: dict[int, FullCell] = {}
        rows = [row for row in _parts(table, "tr") if not self._is_deleted(row)]
        for number, row in enumerate(rows):
            column = _whole(child_of(row, "trPr", "gridBefore"), 0)
            for item in _parts(row, "tc"):
                width = _whole(child_of(item, "tcPr", "gridSpan"), 1)
                cell = self._merged(item, above.get(column), cells[-1:])
                if cell is None:
                    cell = FullCell(number, column, 1, width)
                    cells.append(cell)
                cell.rows = number - cell.row + 1
                cell.blocks += self.blocks(item)
                above[column] = cell
                column += width
                if column > MOST_COLUMNS:
                    raise self._file.error("E_TOO_LARGE", f"a table in it has more than {MOST_COLUMNS:,} columns")
        return cells

    def _is_deleted(self, row: Element) -> bool:
        deleted = child_of(row, "trPr", "del") is not None
        if deleted:
            self._leave_out(row)
        return deleted

    def _merged(self, item: Element, above: FullCell | None, last: list[FullCell]) -> FullCell | None:
        """Return the cell that `item` only continues, downwards or (in old files) to the right; or None."""
        down, right = (child_of(item, "tcPr", name) for name in ("vMerge", "hMerge"))
        if down is not None and value_of(down, "val") != "restart":
            return above
        if right is not None and value_of(right, "val") != "restart" and last:
            last[0].columns += 1
            return last[0]
        return None


def _seen(holder: Element) -> Iterator[Element]:
    """Yield the children of an element that are printed; of alternatives, the first with text."""
    for child in holder:
        name = name_of(child)
        if name == "AlternateContent":
            chosen = (option for option in child if any(True for _ in all_of(option, "t")))
            yield from _seen(next(chosen, ()))
        elif name not in _UNSEEN:
            yield child


def _parts(holder: Element, name: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, those in content controls included."""
    for child in _seen(holder):
        if name_of(child) == name:
            yield child
        elif name_of(child) != "tc":
            yield from _parts(child, name)


def _symbol(element: Element) -> str:
    """Return a character of a symbol font; a private one that has no sign of its own is a box."""
    code = int(value_of(element, "char") or "25A1", 16)
    if not 0xE000 <= code <= 0xF8FF:
        return chr(code)
    ascii_code = code - 0xF000
    if "0" <= chr(max(ascii_code, 0)) <= "9" and value_of(element, "font") == "Symbol":
        return chr(ascii_code)
    return _SYMBOLS.get(ascii_code, "□")


def _whole(element: Element | None, otherwise: int) -> int:
    value = None if element is None else value_of(element, "val")
    return min(int(value), MOST_COLUMNS) if value and value.isdecimal() else otherwise
