"""PDF: the characters and rules of each page, put together by their places; pages that are pictures by OCR."""

from __future__ import annotations

from pypdfium2 import PdfDocument, PdfiumError, raw

from mingfu.ingest.blocks import assemble
from mingfu.ingest.layout.damage import is_whole
from mingfu.ingest.layout.flow import blocks_of
from mingfu.ingest.layout.ocr import DOTS, read_picture, require_ocr
from mingfu.ingest.layout.page import Page
from mingfu.ingest.layout.pdfium import load_page
from mingfu.ingest.reading import File, Hints, Reading

_MOST_PAGES = 2000
_MOST_DOTS = 5000  # along a side of a page's picture
_LEAST_SHARE = 0.5  # of the characters of a page that is read from its picture
_TAIL = 2048  # bytes, of which the last lines of a whole file are a part


def read(file: File) -> Reading:
    """Return the text of all pages; raise InputError E_ENCRYPTED, E_DAMAGED, E_TOO_LARGE, E_NO_READER or E_NO_TEXT."""
    document = _open(file)
    if len(document) > _MOST_PAGES:
        raise file.error("E_TOO_LARGE", f"it has {len(document):,} pages")
    pages = [_load(file, document, index) for index in range(len(document))]
    pictures = [index + 1 for index, page in enumerate(pages) if page is None]
    if not is_whole(document, with_pictures=bool(pictures)):
        raise file.error("E_DAMAGED", "a part of it is damaged or missing, and what stands on its pages with it")
    if pictures:
        require_ocr(file, pictures)
    whole = [page or _read_picture(file, document, index) for index, page in enumerate(pages)]
    text, places = assemble(blocks_of(whole))
    return Reading(text, places, hints=Hints(title=document.get_metadata_value("Title").strip() or None))


def _load(file: File, document: PdfDocument, index: int) -> Page | None:
    try:
        return load_page(document, index)
    except PdfiumError as error:
        raise file.error("E_DAMAGED", f"page {index + 1} of it cannot be read: {error}") from error


def _read_picture(file: File, document: PdfDocument, index: int) -> Page:
    page = document[index]
    width, height = page.get_size()
    dots = min(DOTS, _MOST_DOTS / max(width, height) * 72)
    picture = page.render(scale=dots / 72, force_bitmap_format=raw.FPDFBitmap_BGR).to_numpy()
    read = read_picture(file, picture, index + 1, dots)
    held = page.get_textpage().count_chars()
    if len(read.glyphs) < _LEAST_SHARE * held:
        raise file.error("E_NO_TEXT", f"page {index + 1} of it has {held:,} characters and shows {len(read.glyphs):,}")
    return read


def _open(file: File) -> PdfDocument:
    try:
        document = PdfDocument(file.data)
    except PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise file.error("E_ENCRYPTED", "it is locked with a password") from error
        raise file.error("E_DAMAGED", f"it begins as a PDF file, but is cut off or damaged: {error}") from error
    if b"%%EOF" not in file.data.rstrip(b"\x00\r\n\t ")[-_TAIL:]:
        raise file.error("E_DAMAGED", "it begins as a PDF file, but is cut off: its end is missing")
    return document
