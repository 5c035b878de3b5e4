"""The matcher: recognises an indicator from the words around a number.

One Aho-Corasick pass finds every term of the catalogue in the folded text; a number then looks
only at the terms in its own phrase and, for what its phrase leaves unsaid, at those in its
sentence, in the sentences before it in the paragraph, and in the headings above it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
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

Weights = dict[str, int]
Hit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Match:
    """The indicator that fits a number best and the words of the text by which it was recognised."""

    indicator: str
    words: tuple[str, ...]


class Matcher:
    """The catalogue's patterns, ready to be looked up by unit, role and term."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.terms = sorted({term for pattern in patterns for term in _all_terms(pattern)})
        self._automaton = ahocorasick_rs.AhoCorasick(self.terms)
        self._patterns = patterns
        self._by_unit: dict[tuple[str, str], dict[str, list[Pattern]]] = {}

    def hits(self, text: str) -> list[tuple[int, int, int]]:
        """Return (term, start, end) of every term in folded text, by end."""
        return self._automaton.find_matches_as_indexes(text, overlapping=True)

    def candidates(self, unit: str, role: str, near: Weights) -> list[Pattern]:
        """Return the patterns that a number of this unit and role with these terms near it could match."""
        index = self._by_unit.get((unit, role))
        if index is None:
            index = self._by_unit[unit, role] = self._index(unit, role)
        if not index:
            return []
        found = {id(pattern): pattern for term in near for pattern in index.get(term, ())}
        return [pattern for pattern in found.values() if near.keys().isdisjoint(pattern.never)]

    def _index(self, unit: str, role: str) -> dict[str, list[Pattern]]:
        index: dict[str, list[Pattern]] = defaultdict(list)
        for pattern in self._patterns:
            if pattern.role == role and unit in pattern.units:
                for term in min(pattern.near, key=len):
                    index[term].append(pattern)
        return index


class Reading:
    """One document's terms, and the best indicator for each of its numbers."""

    def __init__(self, matcher: Matcher, document: Document) -> None:
        self._matcher = matcher
        self._text = fold(document.text)
        self._hits = matcher.hits(self._text)
        self._ends = [end for _, _, end in self._hits]
        self._negated = {match.end() for match in _NEGATION.finditer(self._text)}
        self._headings = Headings(document)
        self._sentence: Span | None = None
        self._surroundings: tuple[list[Hit], Weights] = ([], {})

    def match(self, number: Number) -> Match | None:
        """Return the best match, or None where none fits or two indicators fit equally well."""
        near = self._near(number)
        role = "change" if number.role == "change" else "level"
        patterns = self._matcher.candidates(_folded(number.unit or ""), role, near)
        if not patterns:
            return None
        around = _Around(self, number, near)
        best: dict[str, int] = {}
        for pattern in patterns:
            score = _score(pattern, near, around)
            if score > best.get(pattern.indicator, 0):
                best[pattern.indicator] = score
        winner = _winner(best)
        return Match(winner, self._words(winner, patterns, near, around)) if winner else None

    def _words(self, indicator: str, patterns: Sequence[Pattern], near: Weights, around: _Around) -> tuple[str, ...]:
        """Return the words by which an indicator was recognised, those of its best pattern."""
        own = [pattern for pattern in patterns if pattern.indicator == indicator]
        pattern = max(own, key=lambda pattern: _score(pattern, near, around))
        words = [max(group, key=lambda term: near.get(term, 0)) for group in pattern.near]
        return (*words, *(max(group, key=around.weight) for group in pattern.about))

    def _near(self, number: Number) -> Weights:
        weights: Weights = {}
        behind = number.near[-1]
        for span in number.near:
            for start, end, term in self.within(span):
                distance = start - span[0] if span is behind else span[1] - end
                weight = len(term) * max(_NEAR - _FADE * distance, _LEAST)
                if weight > weights.get(term, 0):
                    weights[term] = weight
        return weights

    def within(self, span: Span) -> list[Hit]:
        """Return start, end and term of the terms that stand in a span and are not negated."""
        first, last = span
        terms, negated = self._matcher.terms, self._negated
        return [
            (start, end, terms[term])
            for term, start, end in self._hits[bisect_right(self._ends, first) : bisect_right(self._ends, last)]
            if start >= first and (start not in negated or terms[term].startswith(_NEGATIONS))
        ]

    def sentence_of(self, number: Number) -> tuple[list[Hit], Weights]:
        """Return the terms of the number's sentence and the weights of those around it; numbers in a row share both."""
        if number.sentence != self._sentence:
            start = number.sentence[0]
            line = self._text.rfind("\n", max(0, start - _REACH), start)
            spans = [(max(line, start - _REACH, 0), start), *self._headings.above(number.start)]
            around = {term: len(term) * _AROUND for span in spans for _, _, term in self.within(span)}
            self._sentence, self._surroundings = number.sentence, (self.within(number.sentence), around)
        return self._surroundings

    def clause_end(self, number: Number) -> int:
        """Return where the number's clause ends."""
        match = _BREAK.search(self._text, number.end, number.sentence[1])
        return match.start() if match else number.sentence[1]


class _Around:
    """The weights of the terms in and around a number's sentence, found when they are first asked for."""

    def __init__(self, reading: Reading, number: Number, near: Weights) -> None:
        self._reading, self._number = reading, number
        self._near = near
        self._weights: Weights | None = None

    def weight(self, term: str) -> int:
        """Return the weight of a term by the nearest place where it stands, 0 where it does not."""
        if self._weights is None:
            self._weights = self._look()
        return self._weights.get(term, 0)

    def _look(self) -> Weights:
        hits, around = self._reading.sentence_of(self._number)
        start, end, limit = self._number.start, self._number.end, self._reading.clause_end(self._number)
        weights = dict(around)
        for first, last, term in hits:
            if last > limit:
                continue
            distance = start - last if last <= start else first - end
            weight = len(term) * max(_SENTENCE - _SENTENCE_FADE * distance, _SENTENCE_LEAST)
            if weight > weights.get(term, 0):
                weights[term] = weight
        for term in self._near:
            weights[term] = len(term) * _OWN
        return weights


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


def _score(pattern: Pattern, near: Weights, around: _Around) -> int:
    """Return the sum of the weights of each group's heaviest term; 0 where a group has none."""
    total = 0
    for group in pattern.near:
        weight = max([near.get(term, 0) for term in group])
        if not weight:
            return 0
        total += weight
    for group in pattern.about:
        weight = max([around.weight(term) for term in group])
        if not weight:
            return 0
        total += weight
    return total


def _winner(best: dict[str, int]) -> str | None:
    """Return the indicator with the highest score, None where two have it."""
    highest = max(best.values(), default=0)
    winners = [indicator for indicator, score in best.items() if score == highest]
    return winners[0] if len(winners) == 1 else None
