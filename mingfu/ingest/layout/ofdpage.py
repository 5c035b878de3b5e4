"""The pages of an OFD file (GB/T 33190-2016, chapters 8 to 11): characters by their places, and rules.

Lengths in the file are millimetres from the top left corner.  Each object has a boundary on the page
and, where it is turned or scaled, a matrix (CTM) that lays it into that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, chain, islice, repeat
from math import atan2, hypot, pi
from unicodedata import east_asian_width

from mingfu.ingest.layout.outlines import Point, rules_of
from mingfu.ingest.layout.page import Glyph, Page, Rule
from mingfu.ingest.markup import Element, all_of, child_of, name_of, value_of
from mingfu.ingest.reading import MOST_CHARACTERS, File

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]

_POINTS = 72 / 25.4  # in a millimetre
_PAGE: Matrix = (_POINTS, 0, 0, _POINTS, 0, 0)
_A4: Box = (0, 0, 210, 297)
_SLANT = 0.17  # radians: text that leans more is a watermark
_ASCENT = 0.88  # of the type size: how far ideographs rise above the line they stand on
_DEPTH = 8  # of composite objects within one another
_MOST_OBJECTS = 200_000
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_STEP = re.compile(rf"[SMLQBAC]|{_NUMBER.pattern}")
_AROUND = re.compile(r"\A\s*[\r\n]\s*|\s*[\r\n]\s*\Z")  # the layout of the XML, not characters of the page
_ARGUMENTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


@dataclass(slots=True)
class Canvas:
    """What comes together on the pages of a file, with the composite objects that they use."""

    file: File
    composites: Mapping[str, Element]
    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: float = 0.0  # square points that pictures cover
    objects: int = 0
    characters: int = 0

    def page(self, number: int, box: Box, roots: Iterable[Element]) -> tuple[Page, float]:
        """Return a page with what its templates and itself put on it, and which part of it pictures cover."""
        self.glyphs, self.rules, self.pictures = [], [], 0.0
        origin = _after((1, 0, 0, 1, -box[0], -box[1]), _PAGE)
        for root in roots:
            for layer in all_of(child_of(root, "Content"), "Layer"):
                self._draw(layer, origin, 0)
        width, height = box[2] * _POINTS, box[3] * _POINTS
        return Page(number, width, height, tuple(self.glyphs), tuple(self.rules)), self.pictures / (width * height)

    def _draw(self, holder: Element, around: Matrix, depth: int) -> None:
        for item in holder:
            self.objects += 1
            if self.objects > _MOST_OBJECTS or self.characters > MOST_CHARACTERS:
                raise self.file.error("E_TOO_LARGE", "more stands on its pages than on those of a report")
            name = name_of(item)
            if value_of(item, "Visible") == "false" or value_of(item, "Alpha") == "0":
                continue
            if name == "PageBlock":
                self._draw(item, around, depth)
            elif name in ("TextObject", "PathObject", "ImageObject", "CompositeObject"):
                self._place(name, item, _after(_matrix(item), around), depth)

    def _place(self, name: str, item: Element, matrix: Matrix, depth: int) -> None:
        if name == "TextObject":
            texts = list(_glyphs(item, matrix))
            self.characters += len(texts)
            self.glyphs += texts
        elif name == "PathObject":
            stroked, filled = value_of(item, "Stroke") != "false", value_of(item, "Fill") == "true"
            for outline in _outlines(child_of(item, "AbbreviatedData"), matrix):
                self.rules += rules_of(outline, stroked, filled)
        elif name == "ImageObject":
            self.pictures += abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])
        elif depth < _DEPTH:
            unit = self.composites.get(value_of(item, "ResourceID") or "")
            for content in () if unit is None else all_of(unit, "Content"):
                self._draw(content, matrix, depth + 1)


def box_of(area: Element | None, otherwise: Box = _A4) -> Box:
    """Return the physical box of a page's area, in millimetres."""
    box = child_of(area, "PhysicalBox")
    numbers = _numbers("" if box is None else box.text)
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 and min(numbers[2:]) > 0 else otherwise


def _matrix(item: Element) -> Matrix:
    """Return what lays an object on the page."""
    x, y = (*_numbers(value_of(item, "Boundary")), 0.0, 0.0)[:2]
    own = _numbers(value_of(item, "CTM"))
    a, b, c, d, e, f = own if len(own) == len(_PAGE) else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return a, b, c, d, e + x, f + y


def _after(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _to(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _glyphs(item: Element, matrix: Matrix) -> Iterator[Glyph]:
    """Yield the characters of a text object, slanted ones left out."""
    slant = atan2(matrix[1], matrix[0]) % (pi / 2)
    size = (*_numbers(value_of(item, "Size")), 0.0)[0]
    if min(slant, pi / 2 - slant) > _SLANT or size <= 0:
        return
    scale = (*_numbers(value_of(item, "HScale")), 1.0)[0]
    down = value_of(item, "ReadDirection") in ("90", "270")
    x = y = 0.0
    for code in all_of(item, "TextCode"):
        text = _AROUND.sub("", code.text or "")
        x, y = (_first(value_of(code, key), last) for key, last in (("X", x), ("Y", y)))
        widths = [size * scale * (1.0 if _is_wide(char) else 0.5) for char in text]
        across = _steps(value_of(code, "DeltaX"), repeat(0.0) if down else widths, len(text))
        below = _steps(value_of(code, "DeltaY"), repeat(size) if down else repeat(0.0), len(text))
        for char, width, dx, dy in zip(text, widths, across, below, strict=True):
            yield _glyph(char, (x + dx, y + dy, width, size), matrix)


def _glyph(char: str, place: Box, matrix: Matrix) -> Glyph:
    x, y, width, size = place
    corners = [_to(matrix, x + dx, y + dy) for dx in (0, width) for dy in (-_ASCENT * size, (1 - _ASCENT) * size)]
    across, down = [corner[0] for corner in corners], [corner[1] for corner in corners]
    return Glyph(char, min(across), min(down), max(across), max(down), size * hypot(matrix[2], matrix[3]))


def _steps(stated: str | None, otherwise: Iterable[float], count: int) -> list[float]:
    """Return how far each of `count` characters stands from the first: "4 g 3 5" is 4, 5, 5, 5."""
    deltas = _deltas(stated.split(), count) if stated else list(islice(otherwise, count))
    padded = chain([0.0], deltas, repeat(deltas[-1] if deltas else 0.0))
    return list(islice(accumulate(padded), count))


def _deltas(words: list[str], count: int) -> list[float]:
    deltas: list[float] = []
    rest = iter(words)
    for word in rest:
        if word == "g":
            times, value = next(rest, "0"), _first(next(rest, None), 0.0)
            deltas += [value] * min(int(times) if times.isdecimal() else 0, count)
        else:
            deltas.append(_first(word, 0.0))
    return deltas[:count]


def _outlines(data: Element | None, matrix: Matrix) -> Iterator[list[Point]]:
    """Yield the points of each part of a path; of curves, where they end."""
    points: list[Point] = []
    steps = iter(_STEP.findall("" if data is None else data.text or ""))
    for step in steps:
        numbers = [_first(number, 0.0) for number in islice(steps, _ARGUMENTS.get(step, 0))]
        if step in ("S", "M") and points:
            yield points
            points = []
        if step == "C" and points:
            points.append(points[0])
        elif len(numbers) > 1:
            points.append(_to(matrix, numbers[-2], numbers[-1]))
    if points:
        yield points


def _is_wide(char: str) -> bool:
    return east_asian_width(char) in "WFA"


def _numbers(text: str | None) -> list[float]:
    return [float(number) for number in _NUMBER.findall(text or "")]


def _first(text: str | None, otherwise: float) -> float:
    return (*_numbers(text), otherwise)[0]
