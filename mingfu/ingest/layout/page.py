"""The words of the layout: Glyph, Rule and Page.  Lengths are points of 1/72 inch, from the top left corner."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character with its box, the size of its type, and how surely it was read where that is known."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line across or down a page: where it runs, and from where to where."""

    across: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page, from 1, and what stands on it."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...] = ()
