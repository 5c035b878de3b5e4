"""The matcher: recognises an indicator from the words around a number.

One Aho-Corasick pass finds every term of the catalogue in the folded text; a number then looks
only at the terms in its own phrase and, for what its phrase leaves unsaid, at those in its
sentence, in the sentences before it in the paragraph, and in the headings above it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick_rs

from mingfu.model import Document, Number, Section, Span
from mingfu.normalise.catalogue import Pattern
from mingfu.script import fold

# A term counts by its length times the weight of the place where it stands: the number's own phrase
# or its sentence (less with every character between them), and what surrounds that.
_NEAR, _OWN, _SENTENCE, _AROUND = 400, 300, 150, 60
_FADE, _LEAST = 6, 200
_SENTENCE_FADE, _SENTENCE_LEAST = 1, 80
_REACH = 160
_NEGATION = re.compile("不予|未予|不再|没有|未被|不得|[不未无没非]")
_NEGATIONS = ("不", "未", "无", "没", "非")

_BREAK = re.compile(r"[,;。]")

Weights = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Match:
    """The indicator that fits a number best and the words of the text by which it was recognised."""

    indicator: str
    words: tuple[str, ...]


class Matcher:
    """The catalogue's patterns, ready to be looked up by term."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._terms = sorted({term for pattern in patterns for term in _all_terms(pattern)})
        self._automaton = ahocorasick_rs.AhoCorasick(self._terms)
        self._by_term: dict[str, list[Pattern]] = defaultdict(list)
        for pattern in patterns:
            for term in min(pattern.near, key=len):
                self._by_term[term].append(pattern)

    def hits(self, text: str) -> list[tuple[int, int, str]]:
        """Return (start, end, term) of every term in folded text, by start."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return sorted((start, end, self._terms[index]) for index, start, end in found)

    def candidates(self, near: Weights) -> Iterator[Pattern]:
        """Yield the patterns that a phrase with these terms could match."""
        seen: set[int] = set()
        for term in near:
            for pattern in self._by_term.get(term, ()):
                if id(pattern) not in seen:
                    seen.add(id(pattern))
                    yield pattern


class Reading:
    """One document's terms, and the best indicator for each of its numbers."""

    def __init__(self, matcher: Matcher, document: Document) -> None:
        self._matcher = matcher
        self._text = fold(document.text)
        negated = {match.end() for match in _NEGATION.finditer(self._text)}
        self._hits = [hit for hit in matcher.hits(self._text) if hit[0] not in negated or hit[2].startswith(_NEGATIONS)]
        self._starts = [start for start, _, _ in self._hits]
        self._headings = Headings(document)

    def match(self, number: Number) -> Match | None:
        """Return the best match, or None where none fits or two indicators fit equally well."""
        near = self._near(number)
        if not near:
            return None
        unit, role = _folded(number.unit or ""), "change" if number.role == "change" else "level"
        around = _Around(self, number, near)
        best: dict[str, tuple[int, tuple[str, ...]]] = {}
        for pattern in self._matcher.candidates(near):
            if pattern.role != role or unit not in pattern.units or not near.keys().isdisjoint(pattern.never):
                continue
            scored = _score(pattern, near, around)
            if scored and scored[0] > best.get(pattern.indicator, (0, ()))[0]:
                best[pattern.indicator] = scored
        return _winner(best)

    def _near(self, number: Number) -> dict[str, int]:
        weights: dict[str, int] = {}
        for index, span in enumerate(number.near):
            behind = index == len(number.near) - 1
            for start, end, term in self.within(span):
                distance = start - span[0] if behind else span[1] - end
                weight = len(term) * max(_NEAR - _FADE * distance, _LEAST)
                if weight > weights.get(term, 0):
                    weights[term] = weight
        return weights

    def within(self, span: Span) -> Iterator[tuple[int, int, str]]:
        """Yield start, end and term of the terms that stand in a span."""
        for index in range(bisect_left(self._starts, span[0]), bisect_left(self._starts, span[1])):
            hit = self._hits[index]
            if hit[1] <= span[1]:
                yield hit

    def surroundings(self, number: Number) -> tuple[Span, list[Span]]:
        """Return the span of the number's sentence up to the end of its clause, and what surrounds that."""
        start, end = number.sentence
        match = _BREAK.search(self._text, number.end, end)
        line = self._text.rfind("\n", max(0, start - _REACH), start)
        before = (max(line, start - _REACH, 0), start)
        return (start, match.start() if match else end), [before, *self._headings.above(number.start)]


class _Around:
    """The weights of the terms in and around a number's sentence, found when they are first asked for."""

    def __init__(self, reading: Reading, number: Number, near: Weights) -> None:
        self._reading, self._number, self._near = reading, number, near
        self._sentence: dict[str, int] | None = None
        self._around: frozenset[str] = frozenset()

    def weight(self, term: str) -> int:
        """Return the weight of a term by the nearest place where it stands, 0 where it does not."""
        if term in self._near:
            return len(term) * _OWN
        if self._sentence is None:
            self._look()
        if self._sentence and term in self._sentence:
            return len(term) * self._sentence[term]
        return len(term) * _AROUND if term in self._around else 0

    def _look(self) -> None:
        sentence, around = self._reading.surroundings(self._number)
        start, end = self._number.start, self._number.end
        self._sentence = {}
        for first, last, term in self._reading.within(sentence):
            distance = start - last if last <= start else first - end
            weight = max(_SENTENCE - _SENTENCE_FADE * distance, _SENTENCE_LEAST)
            self._sentence[term] = max(weight, self._sentence.get(term, 0))
        self._around = frozenset(term for span in around for _, _, term in self._reading.within(span))


class Headings:
    """The headings above each place of a document."""

    def __init__(self, document: Document) -> None:
        self._sections = document.sections
        self._spans = [_heading_span(document.text, section) for section in document.sections]
        self._starts = [section.start for section in document.sections]
        self._above: list[int] = []
        for index, section in enumerate(document.sections):
            above = index - 1
            while above >= 0 and document.sections[above].end <= section.start:
                above = self._above[above]
            self._above.append(above)

    def above(self, position: int) -> list[Span]:
        """Return the spans of the headings of all sections that hold `position`, the deepest first."""
        index = bisect_right(self._starts, position) - 1
        spans = []
        while index >= 0:
            if position < self._sections[index].end:
                spans.append(self._spans[index])
            index = self._above[index]
        return spans


def _heading_span(text: str, section: Section) -> Span:
    start = text.find(section.heading, section.start, section.start + len(section.heading) + 16)
    return (start, start + len(section.heading)) if start >= 0 else (section.start, section.start)


@lru_cache(maxsize=1024)
def _folded(unit: str) -> str:
    return fold(unit)


def _all_terms(pattern: Pattern) -> Iterator[str]:
    for group in (*pattern.near, *pattern.about, pattern.never):
        yield from group


def _score(pattern: Pattern, near: Weights, around: _Around) -> tuple[int, tuple[str, ...]] | None:
    total, words = 0, []
    for group in pattern.near:
        weight, term = max((near.get(term, 0), term) for term in group)
        if not weight:
            return None
        total += weight
        words.append(term)
    for group in pattern.about:
        weight, term = max((around.weight(term), term) for term in group)
        if not weight:
            return None
        total += weight
        words.append(term)
    return total, tuple(words)


def _winner(best: Mapping[str, tuple[int, tuple[str, ...]]]) -> Match | None:
    ranked = sorted(best.items(), key=lambda item: -item[1][0])
    if not ranked or (len(ranked) > 1 and ranked[0][1][0] == ranked[1][1][0]):
        return None
    return Match(ranked[0][0], ranked[0][1][1])
