"""Pages read from their pictures: characters by RapidOCR, with how surely each was read, and rules by OpenCV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from math import atan2, ceil, cos, degrees, hypot, radians, sin
from statistics import median
from typing import Any

from mingfu.ingest.layout.lines import is_numeral
from mingfu.ingest.layout.page import Glyph, Page, Rule
from mingfu.ingest.reading import File
from mingfu.script import fold

DOTS = 200  # an inch: enough for OCR, and no more than it makes use of
_MOST_PAGES = 200  # some ten seconds each
_MEMORY = 3_000_000_000  # bytes of address space, of which it fills a third
_SECONDS = 120  # a page
_THREADS = 2
_STRAIGHT = radians(0.15)  # a page that leans less is straight
_LONG = 8  # characters: of shorter lines neither the lean nor the width tells much
_TELLING = 12.0  # ideographs: of shorter lines the size of the type is not certain
_ABOUT = 0.4  # of the type size
_OF_HEIGHT = 0.82  # of the height of the box that OCR finds is the type size
_LEAST_RULE = {True: 24.0, False: 16.0}  # points, across and down: longer than the strokes of characters
_LEAST_TABLE = 120.0  # points across: large letters and seals are narrower
_THICK, _JOINT = 3, 7  # dots: what makes thin lines whole, and lines that should touch one figure
_DRAWN = 1.4  # times as wide: so that of two like figures side by side both are seen
_DOUBTED = 0.5  # the most that a numeral is sure which two readings tell differently
_RED = 60  # by which the red of a dot exceeds its green and blue: ink of seals and letterheads
_PALER = 1.2  # times: so is red ink in red light as light as paper
_PARTED = 9  # dots: text that crosses the ring of a seal parts it by no more
_SEAL = 70.0  # points: letters of a letterhead are smaller
_ROUND = 1.5  # times: a seal is no longer than wide, as the line below a letterhead is

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
    picture = _without_seals(picture, scale)
    lines = _lines(picture)
    lean = _lean(lines)
    turned = _turned(picture, lean)
    set_lines = _of_usual_size([list(_glyphs(line, lean, (width / 2, height / 2), scale)) for line in lines])
    glyphs = tuple(glyph for line in set_lines for glyph in line)
    return Page(number, width * scale, height * scale, glyphs, tuple(_rules(turned, scale)))


def _of_usual_size(lines: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """Return lines, the short ones with the size of type of the long line that is nearest and not quite unlike."""
    long = [line[0] for line in lines if _width([glyph.text for glyph in line]) >= _TELLING]
    return [line if line[0] in long else _resized(line, long) for line in lines]


def _resized(line: list[Glyph], long: Sequence[Glyph]) -> list[Glyph]:
    own = line[0]
    alike = [other for other in long if abs(other.size - own.size) < _ABOUT * other.size]
    usual = min(alike, key=lambda other: abs(other.top + other.bottom - own.top - own.bottom), default=own)
    return [replace(glyph, size=usual.size) for glyph in line]


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    # A score of 0 keeps the lines that were hardly read: they are marked, not dropped.
    threads = {"EngineConfig.onnxruntime.intra_op_num_threads": _THREADS}
    return RapidOCR(params={"Global.log_level": "error", "Global.text_score": 0.0, **threads})


def _lines(picture: Any) -> list[Sequence[Read]]:
    """Return the lines that were found, each as its characters; where these have no places, they share the line's."""
    # Its judge of lines that stand on their heads turns single figures around: 9 to 6.
    found = _engine()(picture, use_det=True, use_cls=False, return_word_box=True, return_single_char_box=True)
    if not found.txts:
        return []
    lines = [_spread(*line) for line in zip(found.txts, found.scores, found.boxes, strict=True)]
    placed = found.word_results or ()
    if list(map(_text, placed)) == list(map(_text, lines)):
        lines = list(placed)
    return [
        _compared(line, *_read_again(picture, corners)) if any(map(str.isnumeric, _text(line))) else line
        for line, corners in zip(lines, found.boxes, strict=True)
    ]


def _read_again(picture: Any, corners: Sequence[Point]) -> tuple[str, Sequence[float]]:
    """Return what a line says when it is drawn out, character by character with how surely each was read."""
    import cv2
    import numpy as np

    (left, top), (right, top_right), _, (bottom_left, bottom) = corners
    width, height = hypot(right - left, top_right - top), hypot(bottom_left - left, bottom - top)
    drawn = np.array([(0, 0), (_DRAWN * width, 0), (_DRAWN * width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(np.array(corners, np.float32), drawn)
    line = cv2.warpPerspective(picture, matrix, (ceil(_DRAWN * width), ceil(height)), borderMode=cv2.BORDER_REPLICATE)
    found = _engine()(line, use_det=False, use_cls=False, return_word_box=True)
    return found.txts[0], found.word_results[0].confs


def _compared(line: Sequence[Read], again: str, sureness: Sequence[float]) -> Sequence[Read]:
    """Return a line with how surely two readings tell it: numerals on which they differ are in doubt.

    A reading alone is sure of 147 where 1477 is printed.
    """
    first, second = fold(_text(line)), fold(again)
    compared = list(line)
    for kind, start, end, other, until in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind == "equal":
            for index in range(start, end):
                text, sure, place = line[index]
                also = sureness[other + index - start]
                # A wide comma takes from a narrow one: both readings err on neither being one.
                compared[index] = text, 1 - (1 - sure) * (1 - also) if text in ",，" else max(sure, also), place
        elif any(map(is_numeral, first[start:end] + second[other:until])):
            for index in range(max(start - 1, 0), min(end + 1, len(line))):
                text, sure, place = line[index]
                compared[index] = text, min(sure, _DOUBTED), place
    return compared


def _without_seals(picture: Any, scale: float) -> Any:
    """Return a picture in which the ink of red seals is as light as paper, so that the text below is read."""
    import cv2
    import numpy as np

    blue, green, red = (picture[:, :, channel].astype(np.int16) for channel in range(3))
    inked = (red - np.maximum(blue, green) > _RED).astype(np.uint8)
    joined = cv2.morphologyEx(inked, cv2.MORPH_CLOSE, np.ones((_PARTED, _PARTED), np.uint8))
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    cleaned = picture.copy()
    for x, y, width, height in map(cv2.boundingRect, outlines):
        if min(width, height) * scale > _SEAL and max(width, height) < _ROUND * min(width, height):
            inside = slice(y, y + height), slice(x, x + width)
            cleaned[inside] = np.minimum(red[inside] * _PALER, 255)[:, :, None]
    return cleaned


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
    by_width = min(width / _width(text), height)
    return by_width if len(text) >= _LONG else (by_width + _OF_HEIGHT * height) / 2


def _width(letters: Iterable[str]) -> float:
    """Return how many ideographs are as wide as some characters."""
    return sum(0.5 if letter.isascii() else 1.0 for letter in letters)


def _straight(point: Point, lean: float, middle: Point) -> Point:
    x, y = point[0] - middle[0], point[1] - middle[1]
    return x * cos(lean) + y * sin(lean) + middle[0], y * cos(lean) - x * sin(lean) + middle[1]


def _rules(picture: Any, scale: float) -> Iterator[Rule]:
    """Yield the straight lines of tables: dark, longer than the strokes of characters, and part of something wide."""
    import cv2
    import numpy as np

    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 51, 15)
    straight = {across: _opened(dark, across, round(least / scale)) for across, least in _LEAST_RULE.items()}
    joined = cv2.dilate(straight[True] | straight[False], np.ones((_JOINT, _JOINT), np.uint8))
    _, names, figures, _ = cv2.connectedComponentsWithStats(joined)
    for across, lines in straight.items():
        outlines, _ = cv2.findContours(lines, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for x, y, width, height in map(cv2.boundingRect, outlines):
            whole = figures[names[y + height // 2, x + width // 2], cv2.CC_STAT_WIDTH]
            start, length, at, breadth = (x, width, y, height) if across else (y, height, x, width)
            if length > breadth and whole * scale >= _LEAST_TABLE:
                yield Rule(across, (at + breadth / 2) * scale, start * scale, (start + length) * scale)


def _opened(dark: Any, across: bool, least: int) -> Any:
    """Return what of a picture is part of a straight line of so many dots at least."""
    import cv2
    import numpy as np

    thickened = cv2.dilate(dark, np.ones((_THICK, 1) if across else (1, _THICK), np.uint8))
    return cv2.morphologyEx(thickened, cv2.MORPH_OPEN, np.ones((1, least) if across else (least, 1), np.uint8))
