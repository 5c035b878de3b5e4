"""The matcher: recognises an indicator from the words around a number.

One Aho-Corasick pass finds every term of the catalogue in the folded text; a number then looks
only at the terms in its own phrase and, for what its phrase leaves unsaid, at those in its
sentence, in the sentences before it in the paragraph, and in the headings above it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import ahocorasick_rs

from mingfu.model import Document, Number, Section, Span
from mingfu.normalise.catalogue import Group, Pattern
from mingfu.script import fold

# A term counts by its length times the weight of the place where it stands: the number's own phrase
# (less with every character between them), its sentence, and what surrounds that.
_NEAR, _OWN, _SENTENCE, _AROUND = 400, 300, 150, 60
_FADE, _LEAST = 6, 200
_REACH = 160
_NEGATIONS = ("不", "未", "无", "没", "非", "免予")
_NEGATED = ("不予", "未予", "不再", "没有", "未被", "不得")

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
        self._hits = matcher.hits(self._text)
        self._starts = [start for start, _, _ in self._hits]
        self._headings = _heading_terms(matcher, document.sections)

    def match(self, number: Number) -> Match | None:
        """Return the best match, or None where none fits or two indicators fit equally well."""
        unit, role = fold(number.unit or ""), "change" if number.role == "change" else "level"
        near = self._near(number)
        if not near:
            return None
        around: Weights | None = None
        best: dict[str, tuple[int, tuple[str, ...]]] = {}
        for pattern in self._matcher.candidates(near):
            if pattern.role != role or unit not in pattern.units or any(term in near for term in pattern.never):
                continue
            if pattern.about and around is None:
                around = self._around(number, near)
            scored = _score(pattern, near, around or {})
            if scored and scored[0] > best.get(pattern.indicator, (0, ()))[0]:
                best[pattern.indicator] = scored
        return _winner(best)

    def _near(self, number: Number) -> dict[str, int]:
        weights: dict[str, int] = {}
        for index, span in enumerate(number.near):
            behind = index == len(number.near) - 1
            for start, end, term in self._within(span):
                if self._negated(start, term):
                    continue
                distance = start - span[0] if behind else span[1] - end
                weight = len(term) * max(_NEAR - _FADE * distance, _LEAST)
                weights[term] = max(weights.get(term, 0), weight)
        return weights

    def _around(self, number: Number, near: Weights) -> Weights:
        weights = {term: len(term) * _AROUND for term in self._headings_at(number.start)}
        sentence = number.sentence
        earlier = self._text.rfind("\n", max(0, sentence[0] - _REACH), sentence[0])
        for _, _, term in self._within((max(earlier, sentence[0] - _REACH, 0), sentence[0])):
            weights[term] = len(term) * _AROUND
        for start, _, term in self._within((sentence[0], self._clause_end(number))):
            if not self._negated(start, term):
                weights[term] = len(term) * _SENTENCE
        for term in near:
            weights[term] = len(term) * _OWN
        return weights

    def _clause_end(self, number: Number) -> int:
        match = _BREAK.search(self._text, number.end, number.sentence[1])
        return match.start() if match else number.sentence[1]

    def _within(self, span: Span) -> Iterator[tuple[int, int, str]]:
        for index in range(bisect_left(self._starts, span[0]), len(self._hits)):
            hit = self._hits[index]
            if hit[0] >= span[1]:
                return
            if hit[1] <= span[1]:
                yield hit

    def _negated(self, start: int, term: str) -> bool:
        return not term.startswith(_NEGATIONS) and (
            self._text.endswith(_NEGATIONS, 0, start) or self._text.endswith(_NEGATED, 0, start)
        )

    def _headings_at(self, position: int) -> Iterable[str]:
        for start, end, terms in self._headings:
            if start <= position < end:
                yield from terms


def _heading_terms(matcher: Matcher, sections: Sequence[Section]) -> list[tuple[int, int, frozenset[str]]]:
    found = []
    for section in sections:
        terms = frozenset(term for _, _, term in matcher.hits(fold(section.heading)))
        if terms:
            found.append((section.start, section.end, terms))
    return found


def _all_terms(pattern: Pattern) -> Iterator[str]:
    for group in (*pattern.near, *pattern.about, pattern.never):
        yield from group


def _score(pattern: Pattern, near: Weights, around: Weights) -> tuple[int, tuple[str, ...]] | None:
    total, words = 0, []
    for groups, weights in ((pattern.near, near), (pattern.about, around)):
        for group in groups:
            term = _heaviest(group, weights)
            if term is None:
                return None
            total += weights[term]
            words.append(term)
    return total, tuple(words)


def _heaviest(group: Group, weights: Weights) -> str | None:
    return max((term for term in group if term in weights), key=lambda term: weights[term], default=None)


def _winner(best: Mapping[str, tuple[int, tuple[str, ...]]]) -> Match | None:
    ranked = sorted(best.items(), key=lambda item: -item[1][0])
    if not ranked or (len(ranked) > 1 and ranked[0][1][0] == ranked[1][1][0]):
        return None
    return Match(ranked[0][0], ranked[0][1][1])
