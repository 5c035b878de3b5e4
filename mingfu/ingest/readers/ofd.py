"""OFD (GB/T 33190-2016): the characters and rules of each page, put together by their places.

Templates are read with the pages that use them; annotations, stamps and attachments are not.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from mingfu.ingest.archive import Archive
from mingfu.ingest.blocks import assemble
from mingfu.ingest.layout.flow import blocks_of
from mingfu.ingest.layout.ofdpage import Canvas, box_of
from mingfu.ingest.layout.page import Page
from mingfu.ingest.markup import Element, all_of, child_of, parse_xml, value_of
from mingfu.ingest.reading import File, Hints, Reading

_MOST_PAGES = 2000
_COVERED = 0.5  # of a page: with so much of it under pictures and little text, it is a scan
_LITTLE = 100  # characters
_DRAWING = 100  # lines on a page without text: type turned into outlines
_UNREADABLE = 0.05  # of the characters
_LEAST_SHARE = 0.5  # of the characters; the others are headers and page numbers


def read(file: File) -> Reading:
    """Return the text of all pages; raise InputError E_ENCRYPTED, E_DAMAGED, E_TOO_LARGE or E_NO_TEXT."""
    package = _Package(file)
    pages = list(package.pages())
    text, places = assemble(blocks_of(pages))
    _refuse_losses(file, pages, text)
    return Reading(text, places, hints=package.hints())


class _Package:
    """The documents in an OFD file; mostly it is one."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._archive = Archive(file)
        if any(
            posixpath.basename(name).lower() in ("encryptions.xml", "encryptinfo.xml") for name in self._archive.names
        ):
            raise file.error("E_ENCRYPTED", "parts of it are encrypted")
        self._root = self._parse("OFD.xml")

    def hints(self) -> Hints:
        """Return the title of the first document; its author is a person."""
        title = next((element.text for element in all_of(self._root, "Title")), None)
        return Hints(title=(title or "").strip() or None)

    def pages(self) -> Iterator[Page]:
        """Yield the pages of all documents; raise InputError E_NO_TEXT for one that is a picture."""
        number = 0
        for place in all_of(self._root, "DocRoot"):
            for page, covered in self._document(_path("", place.text), number):
                number = page.number
                if (covered > _COVERED and len(page.glyphs) < _LITTLE) or _is_drawing(page):
                    raise self._file.error("E_NO_TEXT", f"page {number} of it is a picture: print it to a PDF file")
                yield page

    def _document(self, path: str, before: int) -> Iterator[tuple[Page, float]]:
        root = self._parse(path)
        common = child_of(root, "CommonData")
        box = box_of(child_of(common, "PageArea"))
        templates = {
            value_of(item, "ID"): self._parse(_path(path, value_of(item, "BaseLoc")))
            for item in all_of(common, "TemplatePage")
        }
        canvas = Canvas(self._file, self._composites(path, common))
        places = list(all_of(child_of(root, "Pages"), "Page"))
        if before + len(places) > _MOST_PAGES:
            raise self._file.error("E_TOO_LARGE", f"it has {before + len(places):,} pages")
        for number, place in enumerate(places, before + 1):
            page = self._parse(_path(path, value_of(place, "BaseLoc")))
            used = (templates.get(value_of(item, "TemplateID")) for item in all_of(page, "Template"))
            roots = [*(template for template in used if template is not None), page]
            yield canvas.page(number, box_of(child_of(page, "Area"), box), roots)

    def _composites(self, path: str, common: Element | None) -> dict[str, Element]:
        """Return the objects that pages put on themselves by an id."""
        resources = [_path(path, item.text) for kind in ("PublicRes", "DocumentRes") for item in all_of(common, kind)]
        return {
            value_of(unit, "ID") or "": unit
            for resource in resources
            if resource in self._archive.names
            for unit in all_of(self._parse(resource), "CompositeGraphicUnit")
        }

    def _parse(self, path: str) -> Element:
        return parse_xml(self._archive.read(path), self._file, path)


def _path(beside: str, place: str | None) -> str:
    """Return the path of an entry, given relative to the folder of the entry that names it, or from the root."""
    joined = posixpath.join("/", posixpath.dirname(beside), (place or "").strip().replace("\\", "/"))
    return posixpath.normpath(joined).lstrip("/")


def _is_drawing(page: Page) -> bool:
    return not page.glyphs and len(page.rules) >= _DRAWING


def _refuse_losses(file: File, pages: list[Page], text: str) -> None:
    """Raise InputError E_NO_TEXT where characters have no meaning, or much fewer were read than stand on the pages."""
    shown = [glyph.text for page in pages for glyph in page.glyphs if not glyph.text.isspace()]
    unreadable = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or not char.isprintable() for char in shown)
    if unreadable > _UNREADABLE * len(shown):
        raise file.error("E_NO_TEXT", f"{unreadable:,} of its {len(shown):,} characters have no meaning")
    outside = sum(glyph.left > page.width or glyph.top > page.height for page in pages for glyph in page.glyphs)
    if outside > _UNREADABLE * len(shown):
        raise file.error("E_NO_TEXT", f"{outside:,} of its {len(shown):,} characters stand outside of its pages")
    found = len("".join(text.split()))
    if found < _LEAST_SHARE * len(shown):
        raise file.error("E_NO_TEXT", f"only {found:,} of its {len(shown):,} characters could be read")
