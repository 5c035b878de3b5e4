"""The matcher: recognises an indicator from the words around a number.

An Aho-Corasick automaton finds the terms of the catalogue, and only where a number looks for them:
in its own phrase and, for what its phrase leaves unsaid, in its sentence, in the headings above it
and in the document's title.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import repeat
from operator import itemgetter, or_
from typing import TypeVar

import ahocorasick_rs

from mingfu.model import Document, Masthead, Number, Section, Span
from mingfu.normalise.catalogue import BEHIND, Group, Pattern
from mingfu.script import fold

# A term counts by its length times the weight of the place where it stands: the number's own phrase
# or its sentence (less with every character between them), and the headings and title above.
_NEAR, _OWN, _SENTENCE, _AROUND = 400, 300, 150, 60
_FADE, _LEAST = 6, 200
_SENTENCE_FADE, _SENTENCE_LEAST = 1, 80
# The measure word of a pattern for the figures of tables that stand without one.
BARE = "无"
_NEGATION = re.compile("[不未没无非](?:(?<=[不未])予|(?<=不)[再得]|(?<=没)有|(?<=未)被)?")
_BREAK = re.compile(r"[,;。]")
# Words that name no subject: of the genre in a title, and of what a figure is compared with (是同期诉讼案件的3倍).
_GENRE = re.compile("法治政府(?:部门)?(?:建设)?|法治[^、,]{0,4}建设|依法行政")
_COMPARED = re.compile("(?<!年)同期[^,。;0-9]{1,16}的(?=[0-9])")

Weights = dict[str, int]
Hit = tuple[str, int, int]  # a term, where it starts and where it ends
Ranked = tuple[int, int, Pattern]  # what a pattern can reach at most, what it has by the number's own phrase
_Key = TypeVar("_Key")
_END = itemgetter(2)
_NOTHING = repeat(0)


@dataclass(frozen=True, slots=True)
class Match:
    """The indicator that fits a number best and the words of the text by which it was recognised."""

    indicator: str
    words: tuple[str, ...]


class Matcher:
    """The catalogue's patterns, ready to be looked up by unit, role and term.

    A set of patterns is an integer with a bit for each of them.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.terms = sorted({term for pattern in patterns for term in _all_terms(pattern)})
        self.heads = tuple(term.removeprefix(BEHIND) for term in self.terms if term.startswith(BEHIND))
        self._automaton = ahocorasick_rs.AhoCorasick(self.terms)
        self._patterns = patterns
        spread = Counter(term for pattern in patterns for group in pattern.near for term in group)
        wanted = _sets(min(pattern.near, key=lambda group: sum(map(spread.__getitem__, group))) for pattern in patterns)
        refused = _sets(pattern.never for pattern in patterns)
        self._by_term = {term: (wanted.get(term, 0), refused.get(term, 0)) for term in self.terms}
        self._untitled = _sets(pattern.untitled for pattern in patterns)
        self._by_unit = _sets([(unit, pattern.role) for unit in pattern.units] for pattern in patterns)

    def hits(self, text: str) -> list[tuple[int, int, int]]:
        """Return (term, start, end) of every term in folded text, by end."""
        return self._automaton.find_matches_as_indexes(text, overlapping=True)

    def refused(self, title: Iterable[str]) -> int:
        """Return the set of the patterns that refuse one of the terms of a title."""
        return reduce(or_, [self._untitled.get(term, 0) for term in title], 0)

    def candidates(self, unit: str, role: str, near: Weights, refusing: int) -> Iterator[Pattern]:
        """Yield the patterns but those `refusing` that a number of this unit and role with these terms could match."""
        wanting = 0
        for wanted, refused in map(self._by_term.__getitem__, near):
            wanting |= wanted
            refusing |= refused
        left = self._by_unit.get((unit, role), 0) & wanting & ~refusing
        while left:
            place = left.bit_length() - 1
            yield self._patterns[place]
            left ^= 1 << place


def _sets(keys: Iterable[Iterable[_Key]]) -> dict[_Key, int]:
    """Return for each key the set of the patterns that have it, from the keys of each."""
    sets: Counter[_Key] = Counter()
    for place, own in enumerate(keys):
        for key in own:
            sets[key] |= 1 << place
    return sets


class Reading:
    """One document's terms, and the best indicator for each of its numbers."""

    def __init__(self, matcher: Matcher, document: Document) -> None:
        self._matcher = matcher
        self._text = fold(document.text)
        self._hidden = {match.end() for match in _NEGATION.finditer(self._text)}
        for match in _COMPARED.finditer(self._text):
            self._hidden.update(range(*match.span()))
        self._headings = Headings(document)
        self._title = _weights(_titled(matcher, document.masthead))
        self._refused = matcher.refused(self._title)
        self._heading_weights: dict[int, Weights] = {}
        self._sentence: Span = (0, 0)
        self._said: list[Hit] = []

    def match(self, number: Number) -> Match | None:
        """Return the best match, or None where none fits or two indicators fit equally well."""
        if number.sentence != self._sentence:
            self._sentence, self._said = number.sentence, self._search(number.sentence)
        near = self._near(number)
        role = "change" if number.role == "change" else "level"
        in_cell = number.place is not None and number.place.cell is not None
        unit = number.unit or (BARE if in_cell else "")
        ranked = _ranked(self._matcher.candidates(_folded(unit), role, near, self._refused), near)
        if not ranked:
            return None
        said = self._around(number, near, ranked)
        around = {**self._title, **said}
        pattern = _best(ranked, said, around)
        return Match(pattern.indicator, _words(pattern, near, around)) if pattern else None

    def _near(self, number: Number) -> Weights:
        """Return the weights of the terms in the number's own phrase."""
        weights: Weights = {}
        last = len(number.near) - 1
        for place, span in enumerate(number.near):
            for term, start, end in self._find(span):
                weight = _NEAR - _FADE * (start - span[0] if place == last else span[1] - end)
                weight = len(term) * (weight if weight > _LEAST else _LEAST)
                if term not in weights or weight > weights[term]:
                    weights[term] = weight
        counted = _folded(number.unit or "") + self._text[number.end : number.end + 8]
        if counted.startswith(self._matcher.heads):
            weights |= {BEHIND + head: 1 for head in self._matcher.heads if counted.startswith(head)}
        return weights

    def _find(self, span: Span) -> list[Hit]:
        """Return the terms that stand in a span and are not hidden, by end."""
        first, last = span
        if first < self._sentence[0] or last > self._sentence[1]:
            return self._search(span)
        ending = self._said[bisect_right(self._said, first, key=_END) : bisect_right(self._said, last, key=_END)]
        return [hit for hit in ending if hit[1] >= first]

    def _search(self, span: Span) -> list[Hit]:
        first, last = span
        terms, hidden = self._matcher.terms, self._hidden
        return [
            (terms[term], first + start, first + end)
            for term, start, end in self._matcher.hits(self._text[first:last])
            if first + start not in hidden
        ]

    def _around(self, number: Number, near: Weights, ranked: Iterable[Ranked]) -> Weights:
        """Return the weights of what patterns ask for: in the number's phrase, its sentence, the headings above."""
        asked = set[str]().union(*[group for _, _, pattern in ranked for group in (*pattern.about, pattern.unless)])
        weights = self._headed(self._headings.at(number.start)).copy()
        for term, start, end in self._find((number.sentence[0], self._clause_end(number))):
            if term in asked:
                distance = number.start - end if end <= number.start else start - number.end
                weight = _SENTENCE - _SENTENCE_FADE * distance
                weight = len(term) * (weight if weight > _SENTENCE_LEAST else _SENTENCE_LEAST)
                if term not in weights or weight > weights[term]:
                    weights[term] = weight
        for term in near.keys() & asked:
            weights[term] = len(term) * _OWN
        return weights

    def _headed(self, section: int | None) -> Weights:
        """Return the weights of the terms in the headings of a section and of those above it."""
        if section is None:
            return {}
        if section not in self._heading_weights:
            own = _weights(term for term, _, _ in self._search(self._headings.spans[section]))
            self._heading_weights[section] = self._headed(self._headings.above[section]) | own
        return self._heading_weights[section]

    def _clause_end(self, number: Number) -> int:
        match = _BREAK.search(self._text, number.end, number.sentence[1])
        return match.start() if match else number.sentence[1]


class Headings:
    """The headings of a document's sections: where they stand, and the section above each."""

    def __init__(self, document: Document) -> None:
        self._sections = document.sections
        self._starts = [section.start for section in document.sections]
        self.spans = [_heading_span(document.text, section) for section in document.sections]
        self.above: list[int | None] = []
        for index, section in enumerate(document.sections):
            self.above.append(self._holding(index - 1, section.start))

    def at(self, position: int) -> int | None:
        """Return the deepest section that holds `position`."""
        return self._holding(bisect_right(self._starts, position) - 1, position)

    def _holding(self, index: int | None, position: int) -> int | None:
        while index is not None and index >= 0 and self._sections[index].end <= position:
            index = self.above[index]
        return index if index is not None and index >= 0 else None


def _heading_span(text: str, section: Section) -> Span:
    start = text.find(section.heading, section.start, section.start + len(section.heading) + 16)
    return (start, start + len(section.heading)) if start >= 0 else (section.start, section.start)


def _titled(matcher: Matcher, masthead: Masthead) -> Iterator[str]:
    """Yield the terms of the title; of the issuer's name only its end: what 行政审批局 closes need be no 审批."""
    title, issuer = _GENRE.sub("\n", fold(masthead.title or "")), fold(masthead.issuer or "\n")
    first = title.find(issuer)
    last = first + len(issuer)
    for term, start, end in matcher.hits(title):
        if not (first <= start and end < last):
            yield matcher.terms[term]


@lru_cache(maxsize=1024)
def _folded(unit: str) -> str:
    return fold(unit)


def _weights(terms: Iterable[str]) -> Weights:
    """Return the weights of terms in the title or headings."""
    return {term: len(term) * _AROUND for term in terms}


def _all_terms(pattern: Pattern) -> Iterator[str]:
    for group in (*pattern.near, *pattern.about, pattern.never, pattern.unless, pattern.untitled):
        yield from group


def _ranked(patterns: Iterable[Pattern], near: Weights) -> list[Ranked]:
    """Return the patterns that the number's own phrase fits, by what they could reach at most."""
    ranked = []
    for pattern in patterns:
        own = _sum(pattern.near, near)
        if own:
            ranked.append((own + pattern.about_length * _OWN, own, pattern))
    if len(ranked) > 1:
        ranked.sort(key=lambda entry: -entry[0])
    return ranked


def _best(ranked: Iterable[Ranked], said: Weights, around: Weights) -> Pattern | None:
    """Return the pattern with the highest score, or None where another indicator's comes to the same."""
    winner: Pattern | None = None
    highest = 0
    tied = False
    for bound, own, pattern in ranked:
        if bound < highest:
            break
        about = _sum(pattern.about, around)
        score = own + about if about or not pattern.about else 0
        if score < highest or not said.keys().isdisjoint(pattern.unless):
            continue
        if score > highest:
            winner, highest, tied = pattern, score, False
        elif winner and score == highest and pattern.indicator != winner.indicator:
            tied = True
    return None if tied else winner


def _words(pattern: Pattern, near: Weights, around: Weights) -> tuple[str, ...]:
    """Return the heaviest word of each group of a pattern."""
    own = [max(group, key=lambda term: near.get(term, 0)) for group in pattern.near]
    return (*own, *[max(group, key=lambda term: around.get(term, 0)) for group in pattern.about])


def _sum(groups: Sequence[Group], weights: Weights) -> int:
    """Return the sum of the weights of each group's heaviest term; 0 where a group has none."""
    total = 0
    for group in groups:
        weight = max(map(weights.get, group, _NOTHING))
        if not weight:
            return 0
        total += weight
    return total
