"""The text of a page: its lines and tables in order, as a browser would show them without a style sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from itertools import accumulate

from lxml import etree

from mingfu.ingest.blocks import Block, Paragraph
from mingfu.ingest.markup import Element
from mingfu.ingest.ordinals import with_ordinal, written
from mingfu.ingest.reading import File
from mingfu.ingest.webtable import is_data_table, table_of
from mingfu.ingest.webwording import webpage

_MOST_ELEMENTS = 300_000
_TOO_LARGE = 114  # libxml2's code for what is too deep or too long
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SHOWN_LATER = 300  # characters: a whole article that is hidden is shown by a script
_WIDE = r"[\u2014-\u2026\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffee]"
_FOLDED_LINE = re.compile(rf"(?<={_WIDE})[ \t\f]*[\r\n][ \t\r\n\f]*(?={_WIDE})")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_NOTHING = dict.fromkeys((0x200B, 0x2060, 0xFEFF, 0x00AD))
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_HAS_ORDINAL = re.compile(r"\W?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[、.．）)]")
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)", re.I)
_MOST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or table, the element that holds it, and how many of its characters are links."""

    block: Block
    holder: Element
    length: int
    links: int

    @property
    def text(self) -> str:
        """The text of the paragraph, or of all cells."""
        block = self.block
        return block.text if isinstance(block, Paragraph) else " ".join(cell.text for cell in block.cells)


def parse_page(html: str, file: File) -> Element:
    """Return the root of a page; raise InputError E_TOO_LARGE where it is nested too deeply, E_NO_TEXT without any."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise file.error("E_NO_TEXT", f"it holds nothing that a browser would show: {error.msg}") from error
    if any(entry.type == _TOO_LARGE for entry in parser.error_log):
        raise file.error("E_TOO_LARGE", "its elements are nested more deeply than in any page")
    if root is None:
        raise file.error("E_NO_TEXT", "it holds nothing that a browser would show")
    if root.xpath("count(//*)") > _MOST_ELEMENTS:
        raise file.error("E_TOO_LARGE", f"it is a page of more than {_MOST_ELEMENTS:,} elements")
    return root


def lines_of(root: Element, file: File) -> list[Line]:
    """Return the lines and tables of a page in order, hidden elements, menus and scripts left out.

    Raise InputError E_TOO_LARGE for a table that is wider than any.
    """
    walk = _Walk(file)
    steps = etree.iterwalk(root, events=("start", "end"))
    skipped = None
    for event, element in steps:
        if event == "end":
            walk.leave(element, element is not skipped, element is not root)
        elif (is_table := element.tag == "table" and is_data_table(element)) or _is_unseen(element):
            if is_table:
                walk.add_table(element)
            steps.skip_subtree()
            skipped = element
        else:
            walk.enter(element)
    walk.end_line(root)
    return walk.lines


def _is_unseen(element: Element) -> bool:
    if element.tag in webpage().unseen:
        return True
    hidden = element.get("hidden") is not None or _HIDDEN.search(element.get("style", ""))
    lengths = accumulate(map(len, element.itertext())) if hidden else ()
    return bool(hidden) and not any(length >= _SHOWN_LATER for length in lengths)


class _Walk:
    """Lines as they grow on a walk through a page."""

    def __init__(self, file: File) -> None:
        self._file = file
        self.lines: list[Line] = []
        self._parts: list[str] = []
        self._links = 0
        self._in_link = 0
        self._in_pre = 0
        self._raised = 0
        self._counts: list[int] = []  # of the ordered lists around
        self._ordinal = ""

    def enter(self, element: Element) -> None:
        tag = element.tag
        if tag in webpage().blocks:
            self.end_line(element.getparent())
        self._in_link += _is_link(element)
        self._in_pre += tag == "pre"
        self._raised += tag == "sup"
        if tag == "ol":
            self._counts.append(_whole(element.get("start"), 1))
        elif tag == "li":
            self._ordinal = self._count(element)
        self._add(element.text, element)

    def leave(self, element: Element, shown: bool, tail: bool) -> None:
        """End an element, of which nothing but the end was `shown` where it was passed over."""
        tag = element.tag
        if shown:
            self._in_link -= _is_link(element)
            self._in_pre -= tag == "pre"
            self._raised -= tag == "sup"
            if tag == "ol":
                self._counts.pop()
        if tag in webpage().blocks:
            self.end_line(element)
        if tail:
            self._add(element.tail, element.getparent())

    def add_table(self, element: Element) -> None:
        self.end_line(element.getparent())
        for block in table_of(element, partial(lines_of, file=self._file), self._file):
            line = Line(block, element, 0, 0)
            links = sum(len("".join("".join(link.itertext()).split())) for link in element.iter("a") if _is_link(link))
            self.lines.append(Line(block, element, len("".join(line.text.split())), links))

    def end_line(self, holder: Element) -> None:
        """Put what has come together since the last line, if any, into a line."""
        text = _FOLDED_LINE.sub("", "".join(self._parts).translate(_NOTHING))
        text = _BLANKS.sub(" ", text).strip(" \u3000\xa0")
        if text:
            ordinal = "" if _HAS_ORDINAL.match(text) else self._ordinal
            block = Paragraph(with_ordinal(ordinal, text))
            self.lines.append(Line(block, holder, len("".join(text.split())), self._links))
            self._ordinal = ""
        self._parts = []
        self._links = 0

    def _add(self, text: str | None, holder: Element) -> None:
        for number, piece in enumerate((text or "").split("\n") if self._in_pre else [text or ""]):
            if number:
                self.end_line(holder)
            raised = self._raised and piece.isdecimal()
            self._parts.append(piece.translate(_SUPERSCRIPTS) if raised else piece)
            self._links += len("".join(piece.split())) if self._in_link else 0

    def _count(self, item: Element) -> str:
        """Return the ordinal that a browser shows before an item of an ordered list."""
        parent = item.getparent()
        if parent is None or parent.tag != "ol" or not self._counts:
            return ""
        number = _whole(item.get("value"), self._counts[-1])
        self._counts[-1] = number + 1
        stated = _LIST_STYLE.search(item.get("style", "")) or _LIST_STYLE.search(parent.get("style", ""))
        name = stated[1].lower() if stated else item.get("type") or parent.get("type") or "1"
        style, sign = webpage().list_styles.get(name, ("decimal", "."))
        return "" if name == "none" else written(number, style) + sign


def _is_link(element: Element) -> bool:
    return element.tag == "a" and element.get("href") is not None  # without one it is a mark in the text


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) <= _MOST_DIGITS else otherwise
