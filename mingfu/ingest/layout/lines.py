"""Lines: characters that stand beside one another, with a blank where there is room for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import fmean, median

from mingfu.ingest.layout.page import Glyph

_SAME_ROW = 0.5  # of the lower glyph's height
_SAME_GLYPH = 0.3  # of the type size: bold type is often the same character set twice, which OCR reads once
_WORD_GAP = 0.25  # of the type size, between letters or digits
_GAP = 1.0  # of the type size, elsewhere: less is what sets digits off from Chinese characters, or justifies
_SMALL = 0.75  # of the line's type size: superscripts are
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MARKS = frozenset("，。；：、")
_UNITS = "%％万萬亿億"
_POINTS = ".,．，"
_WIDE_GAP = 2.0  # of the type size: what parts columns


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its box, or a piece of one up to a wide gap; `pieces` counts those it was joined from."""

    glyphs: tuple[Glyph, ...]
    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    pieces: int = 1


def rows_of(glyphs: Iterable[Glyph]) -> list[list[Line]]:
    """Return the rows of a page from top to bottom, each as its pieces from left to right."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.top + glyph.bottom, glyph.left)):
        for row in reversed(rows[-3:]):
            if _beside(row[0], glyph):
                row.append(glyph)
                if glyph.bottom - glyph.top > row[0].bottom - row[0].top:
                    row[0], row[-1] = row[-1], row[0]
                break
        else:
            rows.append([glyph])
    return [pieces for row in rows if (pieces := _pieces(row))]


def line_of(glyphs: Sequence[Glyph], pieces: int = 1) -> Line:
    """Return the line of glyphs that stand from left to right."""
    shown = [glyph for glyph in glyphs if not glyph.text.isspace()] or glyphs
    size = median(glyph.size for glyph in shown)
    top, bottom = min(glyph.top for glyph in shown), max(glyph.bottom for glyph in shown)
    raised = [_raised(glyph, size, (top + bottom) / 2) for glyph in glyphs]
    return Line(tuple(raised), _text(raised), shown[0].left, top, max(g.right for g in shown), bottom, size, pieces)


def _raised(glyph: Glyph, size: float, middle: float) -> Glyph:
    """Return a small digit above the middle of its line as a superscript, so that 10⁴ is not read as 104."""
    is_raised = glyph.size < _SMALL * size and (glyph.top + glyph.bottom) / 2 < middle
    return replace(glyph, text=glyph.text.translate(_SUPERSCRIPTS)) if is_raised else glyph


def _beside(one: Glyph, other: Glyph) -> bool:
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    return overlap >= _SAME_ROW * min(one.bottom - one.top, other.bottom - other.top)


def _pieces(row: list[Glyph]) -> list[Line]:
    pieces: list[list[Glyph]] = []
    for glyph in sorted(row, key=lambda glyph: glyph.left):
        last = pieces[-1][-1] if pieces else None
        if last is None or glyph.left - last.right > _WIDE_GAP * glyph.size:
            pieces.append([glyph])
        elif glyph.text != last.text or glyph.left - last.left > _SAME_GLYPH * glyph.size or glyph.confidence:
            pieces[-1].append(glyph)
    return [line_of(piece) for piece in pieces if not all(glyph.text.isspace() for glyph in piece)]


def _text(glyphs: Sequence[Glyph]) -> str:
    parts = [glyphs[0].text]
    for last, glyph in pairwise(glyphs):
        in_word = is_latin(last.text) and is_latin(glyph.text)
        gap = (_WORD_GAP if in_word else _GAP) * glyph.size
        blank = glyph.left - last.right > gap and not (last.text.isspace() or glyph.text.isspace())
        parts.append(" " + glyph.text if blank else glyph.text)
    return "".join(parts)


def is_latin(text: str) -> bool:
    """Tell whether a character is a letter or digit of ASCII."""
    return text.isascii() and text.isalnum()


def is_numeral(text: str) -> bool:
    """Tell whether a character can be part of a number."""
    return text.isnumeric() or text in ".," + _UNITS


def clauses(line: Line) -> list[tuple[str, float | None]]:
    """Return the parts of a line up to each mark, and how surely each was read; a line that is all sure is one."""
    glyphs = line.glyphs
    if all(glyph.confidence is None for glyph in glyphs):
        return [(line.text, None)]
    ends = [
        index
        for index in range(1, len(glyphs))
        if glyphs[index - 1].text in _MARKS
        and not (index > 1 and glyphs[index - 2].text.isnumeric() and glyphs[index].text.isnumeric())
    ]
    parts = [glyphs[start:end] for start, end in pairwise([0, *ends, len(glyphs)])]
    return [(_text(part), sureness(part)) for part in parts]


def sureness(glyphs: Sequence[Glyph]) -> float | None:
    """Return how surely characters were read: on average, or the least sure of the numerals if that is less.

    Signs count among the numerals only within a number: OCR is seldom sure which comma it sees.
    """
    read = [(glyph.confidence, glyph.text) for glyph in glyphs if glyph.confidence is not None]
    if not read:
        return None
    texts = ["", *(text for _, text in read), ""]
    numerals = [
        sure
        for before, (sure, text), behind in zip(texts, read, texts[2:], strict=False)
        if text.isnumeric() or (before.isnumeric() and (text in _UNITS or (text in _POINTS and behind.isnumeric())))
    ]
    return round(min([fmean(sure for sure, _ in read), *numerals]), 3)
