"""The pages of a PDF file as PDFium sees them: characters and rules, or else a picture."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import hypot, pi
from typing import Any
from unicodedata import normalize

from pypdfium2 import PdfDocument, PdfiumError, PdfPage, PdfTextPage, raw

from mingfu.ingest.layout.outlines import rules_of
from mingfu.ingest.layout.page import Glyph, Page, Rule

_SLANT = 0.17  # radians: characters that lean more are a watermark
_COVERED = 0.5  # of the page: so much of it covered by pictures, with little text, is a scan
_LITTLE = 100  # characters
_DRAWING = 100  # shapes on a page without text: type turned into outlines
_UNREADABLE = 0.05  # of the characters: more without a meaning, and the text is hidden
_PRIVATE = frozenset(range(0xE000, 0xF900)) - set(range(0xF000, 0xF100))  # but for the bullets of symbol fonts
_CUT = 16_383  # characters: PDFium takes so many of two bytes, and drops the rest
_WIDE = 3.0  # type sizes: no character is wider or higher
_DEPTH = 8  # of forms within forms
# Radicals that some type gives for the characters of their shape, as in Unicode's EquivalentUnifiedIdeograph.
_RADICALS = dict(
    zip(
        "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
        "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)

Matrix = tuple[float, float, float, float, float, float]
Turn = Callable[[float, float], tuple[float, float]]


def load_page(document: PdfDocument, index: int) -> Page | None:
    """Return what stands on a page, or None where that can only be read from its picture.

    Raise PdfiumError where it cannot be read, or not to its end.  Slanted watermarks are left out, and so
    is text that is not shown: below a scan it is of unknown worth.
    """
    page = document[index]
    if raw.FPDFPage_GetAnnotCount(page) > 0:
        raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)  # so that the text of stamps and forms is seen
        page.close()
        page = document[index]
    turn, width, height = _turned(page)
    glyphs, unreadable = _glyphs(page.get_textpage(), turn)
    objects = list(_objects(page))
    if _is_picture(len(glyphs) - unreadable, unreadable, objects, width * height):
        return None
    rules = [rule for item, matrix in objects for rule in _rules(item, matrix, turn)]
    return Page(index + 1, width, height, tuple(glyphs), tuple(rules))


def _turned(page: PdfPage) -> tuple[Turn, float, float]:
    """Return what turns a point of the page into one from the top left of the page as shown, and the page's size."""
    left, bottom, right, top = page.get_bbox()
    turns: dict[int, Turn] = {
        0: lambda x, y: (x - left, top - y),
        90: lambda x, y: (y - bottom, x - left),
        180: lambda x, y: (right - x, y - bottom),
        270: lambda x, y: (top - y, right - x),
    }
    width, height = page.get_size()
    return turns[page.get_rotation()], width, height


def _glyphs(text: PdfTextPage, turn: Turn) -> tuple[list[Glyph], int]:
    """Return the characters of a page that are shown, and how many have no meaning: they stand as U+FFFD, unsure."""
    glyphs: list[Glyph] = []
    unreadable = 0
    count = text.count_chars()
    if count >= _CUT and max(Counter(_address(text, index) for index in range(count)).values()) >= _CUT:
        raise PdfiumError("a text in it is longer than its reader takes")
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text, index)
        if raw.FPDFText_IsGenerated(text, index) == 1 or not _is_shown(text, index):
            continue
        if code in (0, 0xFFFD) or code in _PRIVATE or raw.FPDFText_HasUnicodeMapError(text, index) == 1:
            unreadable += 1
            glyphs.append(replace(_glyph(text, index, 0xFFFD, turn), confidence=0.0))
        else:
            glyphs.append(_glyph(text, index, code, turn))
    return [glyph for glyph in glyphs if glyph.text.isprintable() or glyph.text.isspace()], unreadable


def _address(text: PdfTextPage, index: int) -> int | None:
    """Return what tells the text of a file apart that a character belongs to."""
    return ctypes.cast(raw.FPDFText_GetTextObject(text, index), ctypes.c_void_p).value


def _is_shown(text: PdfTextPage, index: int) -> bool:
    slant = raw.FPDFText_GetCharAngle(text, index) % (pi / 2)
    item = raw.FPDFText_GetTextObject(text, index)
    invisible = raw.FPDFTextObj_GetTextRenderMode(item) == raw.FPDF_TEXTRENDERMODE_INVISIBLE
    return min(slant, pi / 2 - slant) < _SLANT and not invisible


def _glyph(text: PdfTextPage, index: int, code: int, turn: Turn) -> Glyph:
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, index, matrix)
    size = raw.FPDFText_GetFontSize(text, index) * hypot(matrix.c, matrix.d)
    left, bottom, right, top = text.get_charbox(index, loose=True)
    if not 0 < max(right - left, top - bottom) < _WIDE * size:  # as with type that runs downwards
        left, bottom, right, top = text.get_charbox(index)
    (x0, x1), (y0, y1) = (sorted(pair) for pair in zip(turn(left, top), turn(right, bottom), strict=True))
    return Glyph(character_of(code), x0, y0, x1, y1, size or y1 - y0)


def character_of(code: int) -> str:
    """Return a character: a hyphen where PDFium marks one at the end of a line, ideographs for radicals."""
    if code in (0x02, 0xFFFE):
        return "-"
    character = chr(code)
    return normalize("NFKC", character) if 0x2F00 <= code <= 0x2FD5 else _RADICALS.get(character, character)


def _objects(container: Any, matrix: Matrix = (1, 0, 0, 1, 0, 0), depth: int = 0) -> Iterator[tuple[Any, Matrix]]:
    """Yield the objects of a page or form and what lays each on the page, those in forms within it as well."""
    of_page = isinstance(container, PdfPage)
    count = raw.FPDFPage_CountObjects(container) if of_page else raw.FPDFFormObj_CountObjects(container)
    for index in range(count):
        item = (raw.FPDFPage_GetObject if of_page else raw.FPDFFormObj_GetObject)(container, index)
        own = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(item, own)
        placed = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
        if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_FORM:
            yield item, placed
        elif depth < _DEPTH:
            yield from _objects(item, placed, depth + 1)


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _is_picture(characters: int, unreadable: int, objects: Sequence[tuple[Any, Matrix]], area: float) -> bool:
    kinds = [raw.FPDFPageObj_GetType(item) for item, _ in objects]
    # A picture is the unit square, laid on the page by its matrix.
    covered = sum(
        abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])
        for kind, (_, matrix) in zip(kinds, objects, strict=True)
        if kind == raw.FPDF_PAGEOBJ_IMAGE
    )
    if unreadable > _UNREADABLE * (characters + unreadable):
        return True
    if not characters:
        return raw.FPDF_PAGEOBJ_IMAGE in kinds or len(kinds) >= _DRAWING
    return characters < _LITTLE and covered > _COVERED * area


def _rules(item: Any, matrix: Matrix, turn: Turn) -> Iterator[Rule]:
    """Yield the straight lines of a shape: those drawn, and filled ones that are as thin as a line."""
    if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_PATH:
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    for points in _outlines(item, matrix, turn):
        yield from rules_of(points, bool(stroke.value), bool(fill.value))


def _outlines(item: Any, matrix: Matrix, turn: Turn) -> Iterator[list[tuple[float, float]]]:
    """Yield the points of each part of a shape, as the page is shown."""
    a, b, c, d, e, f = matrix
    points: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(raw.FPDFPath_CountSegments(item)):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        points.append(turn(a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points
