"""Word documents (.docx; ECMA-376): paragraphs and tables with what Word generates, by their XML.

Headers, footers, comments, pictures and charts are not read.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from mingfu.ingest.archive import Archive
from mingfu.ingest.blocks import Block, Paragraph, assemble
from mingfu.ingest.markup import Element, all_of, name_of, parse_xml, value_of
from mingfu.ingest.numbering import Numbering, Styles
from mingfu.ingest.reading import File, Hints, Reading
from mingfu.ingest.wordtext import WordText

_NOTES = {"footnotes": ("footnoteReference", "footnote"), "endnotes": ("endnoteReference", "endnote")}
_LEAST = 50  # characters of a document with pictures


def read(file: File) -> Reading:
    """Return the text of a Word document; raise InputError where it is damaged, encrypted, too large or a picture."""
    package = _Package(file)
    body = package.main
    styles = Styles(package.part("styles"))
    notes = {
        (reference, value_of(note, "id") or ""): note
        for kind, (reference, name) in _NOTES.items()
        for note in all_of(package.part(kind), name)
    }
    reader = WordText(file, styles, Numbering(package.part("numbering"), styles), notes)
    blocks = list(reader.blocks(body))
    _refuse_losses(file, body, blocks, reader.left_out)
    text, places = assemble(blocks)
    return Reading(text, places, hints=package.hints())


class _Package:
    """The parts of a document, which relations of a type lead to."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._archive = Archive(file)
        path = self._targets("").get("officeDocument", "word/document.xml")
        self.main = self._parse(path)
        self._parts = self._targets(path)

    def part(self, kind: str) -> Element | None:
        """Return the root of the part of a type, or None where the document has none."""
        path = self._parts.get(kind)
        return self._parse(path) if path else None

    def hints(self) -> Hints:
        """Return the title among the properties; authors are persons and companies are Word's licence holders."""
        path = self._targets("").get("core-properties")
        root = self._parse(path) if path in self._archive.names else None
        title = next((element.text for element in all_of(root, "title")), None)
        return Hints(title=(title or "").strip() or None)

    def _parse(self, path: str) -> Element:
        return parse_xml(self._archive.read(path), self._file, path)

    def _targets(self, path: str) -> dict[str, str]:
        """Return the parts that a part refers to, by the last word of the relation's type."""
        folder, name = posixpath.split(path)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if relations not in self._archive.names:
            return {}
        return {
            (value_of(item, "Type") or "").rpartition("/")[2]: posixpath.normpath(
                posixpath.join("/", folder, value_of(item, "Target") or "")
            ).lstrip("/")
            for item in self._parse(relations)
            if name_of(item) == "Relationship" and value_of(item, "TargetMode") != "External"
        }


def _refuse_losses(file: File, body: Element, blocks: Iterable[Block], left_out: int) -> None:
    """Raise InputError E_NO_TEXT where fewer characters were read than stand in the document, or it is pictures."""
    read_here = sum(map(_length, blocks))
    held = sum(len("".join((text.text or "").split())) for text in all_of(body, "t") if not _is_twin(text))
    if read_here + left_out < held:
        raise file.error("E_NO_TEXT", f"only {read_here:,} of its {held:,} characters could be read")
    pictures = sum(1 for name in ("blip", "imagedata") for _ in all_of(body, name))
    if pictures and read_here < _LEAST:
        raise file.error("E_NO_TEXT", f"it holds {pictures} pictures and only {read_here} characters")


def _length(block: Block) -> int:
    texts = [block.text] if isinstance(block, Paragraph) else [cell.text for cell in block.cells]
    return sum(len("".join(text.split())) for text in texts)


def _is_twin(text: Element) -> bool:
    """Tell whether a text is deleted, an annotation, or the second form of one that is there already."""
    for above in text.iterancestors():
        name = name_of(above)
        if name in ("del", "moveFrom", "Fallback", "rt") or (name == "Choice" and above.getprevious() is not None):
            return True
    return False
