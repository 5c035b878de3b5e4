"""Pages read from their pictures: characters by RapidOCR, with how surely each was read, and rules by OpenCV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from math import atan2, cos, degrees, radians, sin
from statistics import median
from typing import Any

from mingfu.ingest.layout.page import Glyph, Page, Rule
from mingfu.ingest.reading import File

DOTS = 200  # an inch: enough for OCR, and no more than it makes use of
_MOST_PAGES = 200  # some ten seconds each
_MEMORY = 3_000_000_000  # bytes of address space, of which it fills a third
_SECONDS = 120  # a page
_THREADS = 2
_STRAIGHT = radians(0.15)  # a page that leans less is straight
_LONG = 8  # characters: of shorter lines neither the lean nor the width tells much
_ABOUT = 0.3  # of the type size
_OF_HEIGHT = 0.82  # of the height of the box that OCR finds is the type size
_LEAST_RULE = {True: 24.0, False: 16.0}  # points, across and down: longer than the strokes of characters

Point = tuple[float, float]
Read = tuple[str, float, Sequence[Point]]  # a character, how surely it was read, and its corners


def require_ocr(file: File, pages: Sequence[int]) -> None:
    """Raise InputError where pages that are pictures cannot be read: E_TOO_LARGE, or E_NO_READER without the extra."""
    if len(pages) > _MOST_PAGES:
        raise file.error("E_TOO_LARGE", f"{len(pages):,} of its pages are pictures")
    if find_spec("rapidocr") is None or find_spec("onnxruntime") is None:
        named = (
            f"{len(pages)} of its pages, the first of them page {pages[0]}," if len(pages) > 1 else f"page {pages[0]}"
        )
        raise file.error("E_NO_READER", f"{named} can only be read as pictures: pip install 'mingfu[ocr]'")


def read_picture(file: File, picture: Any, number: int, dots: float) -> Page:
    """Return the page that a picture (height x width x BGR, bytes) shows at so many dots an inch."""
    scale = 72 / dots
    height, width = picture.shape[:2]
    if picture.min() == picture.max():  # an empty page
        return Page(number, width * scale, height * scale, ())
    file.more_time(_SECONDS)
    file.more_memory(_MEMORY)
    lines = _lines(picture)
    lean = _lean(lines)
    turned = _turned(picture, lean)
    set_lines = _of_usual_size([list(_glyphs(line, lean, (width / 2, height / 2), scale)) for line in lines])
    glyphs = tuple(glyph for line in set_lines for glyph in line)
    return Page(number, width * scale, height * scale, glyphs, tuple(_rules(turned, scale)))


def _of_usual_size(lines: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """Return lines, the short ones with the size of type of the long one that is nearest: their box tells no more."""
    sizes = [line[0].size for line in lines if len(line) >= _LONG]
    return [_resized(line, sizes) if 0 < len(line) < _LONG else line for line in lines]


def _resized(line: list[Glyph], sizes: Sequence[float]) -> list[Glyph]:
    own = line[0].size
    usual = min(sizes, key=lambda size: abs(size - own), default=own)
    return [replace(glyph, size=usual) for glyph in line] if abs(usual - own) < _ABOUT * usual else line


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    # A score of 0 keeps the lines that were hardly read: they are marked, not dropped.
    threads = {"EngineConfig.onnxruntime.intra_op_num_threads": _THREADS}
    return RapidOCR(params={"Global.log_level": "error", "Global.text_score": 0.0, **threads})


def _lines(picture: Any) -> list[Sequence[Read]]:
    """Return the lines that were found, each as its characters; where these have no places, they share the line's."""
    # Its judge of lines that stand on their heads turns single figures around: 9 to 6.
    found = _engine()(picture, use_cls=False, return_word_box=True, return_single_char_box=True)
    if not found.txts:
        return []
    whole = [_spread(*line) for line in zip(found.txts, found.scores, found.boxes, strict=True)]
    placed = found.word_results or ()
    if list(map(_text, placed)) == list(map(_text, whole)):
        return list(placed)
    return whole


def _text(line: Sequence[Read]) -> str:
    return "".join(text for text, *_ in line)


def _spread(text: str, sureness: float, corners: Sequence[Point]) -> Sequence[Read]:
    """Return the characters of a line side by side in its box."""
    (left, top), (right, _), (_, bottom), _ = corners
    letters = text.replace(" ", "")
    step = (right - left) / len(letters)
    edges = [left + step * index for index in range(len(letters) + 1)]
    return [
        (letter, sureness, [(start, top), (end, top), (end, bottom), (start, bottom)])
        for letter, (start, end) in zip(letters, pairwise(edges), strict=True)
    ]


def _lean(lines: Sequence[Sequence[Read]]) -> float:
    """Return by which angle most of the long lines fall to the right."""
    angles = []
    for line in lines:
        (left, top), (right, end) = line[0][2][0], line[-1][2][1]
        if len(line) >= _LONG and right - left > end - top:
            angles.append(atan2(end - top, right - left))
    lean = median(angles or [0.0])
    return lean if abs(lean) > _STRAIGHT else 0.0


def _turned(picture: Any, lean: float) -> Any:
    if not lean:
        return picture
    import cv2

    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees(lean), 1.0)
    return cv2.warpAffine(picture, matrix, (width, height), borderValue=(255, 255, 255))


def _glyphs(line: Sequence[Read], lean: float, middle: Point, scale: float) -> Iterator[Glyph]:
    """Yield the characters of a line as of one height; OCR places them well across, but not up and down."""
    corners = [[_straight(point, lean, middle) for point in points] for _, _, points in line]
    left, right = min(x for points in corners for x, _ in points), max(x for points in corners for x, _ in points)
    top, bottom = min(y for points in corners for _, y in points), max(y for points in corners for _, y in points)
    upright = len(line) > 1 and bottom - top > right - left
    size = right - left if upright else _size(_text(line), right - left, bottom - top)
    y = (top + bottom) / 2
    for (text, sureness, _), points in zip(line, corners, strict=True):
        x0, x1 = min(x for x, _ in points), max(x for x, _ in points)
        y0, y1 = (min(y for _, y in points), max(y for _, y in points)) if upright else (y - size / 2, y + size / 2)
        yield Glyph(text, x0 * scale, y0 * scale, x1 * scale, y1 * scale, size * scale, float(sureness))


def _size(text: str, width: float, height: float) -> float:
    """Return the size of the type: by a line's width, and where it is short, or was read in part, by its height too."""
    by_width = min(width / sum(0.5 if letter.isascii() else 1.0 for letter in text), height)
    return by_width if len(text) >= _LONG else (by_width + _OF_HEIGHT * height) / 2


def _straight(point: Point, lean: float, middle: Point) -> Point:
    x, y = point[0] - middle[0], point[1] - middle[1]
    return x * cos(lean) + y * sin(lean) + middle[0], y * cos(lean) - x * sin(lean) + middle[1]


def _rules(picture: Any, scale: float) -> Iterator[Rule]:
    """Yield the straight lines of a picture: dark and longer than the strokes of characters."""
    import cv2
    import numpy as np

    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 51, 15)
    for across, least in _LEAST_RULE.items():
        long, thick = round(least / scale), 3
        thickened = cv2.dilate(dark, np.ones((thick, 1) if across else (1, thick), np.uint8))
        opened = cv2.morphologyEx(thickened, cv2.MORPH_OPEN, np.ones((1, long) if across else (long, 1), np.uint8))
        outlines, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for x, y, width, height in map(cv2.boundingRect, outlines):
            start, length, at, breadth = (x, width, y, height) if across else (y, height, x, width)
            if length > breadth:
                yield Rule(across, (at + breadth / 2) * scale, start * scale, (start + length) * scale)
