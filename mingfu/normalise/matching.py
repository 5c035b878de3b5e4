"""The matcher: recognises an indicator from the words around a number.

An Aho-Corasick automaton finds the terms of the catalogue, and only where a number looks for them:
in its own phrase and, for what its phrase leaves unsaid, in its sentence, in the headings above it
and in the document's title.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

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
Hit = tuple[int, int, str]
Index = dict[str, list[tuple[Pattern, frozenset[str]]]]


@dataclass(frozen=True, slots=True)
class Match:
    """The indicator that fits a number best and the words of the text by which it was recognised."""

    indicator: str
    words: tuple[str, ...]


class Matcher:
    """The catalogue's patterns, ready to be looked up by unit, role and term."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.terms = sorted({term for pattern in patterns for term in _all_terms(pattern)})
        self.heads = tuple(term.removeprefix(BEHIND) for term in self.terms if term.startswith(BEHIND))
        self._automaton = ahocorasick_rs.AhoCorasick(self.terms)
        self._patterns = patterns
        self._by_unit: dict[tuple[str, str], Index] = {}

    def hits(self, text: str) -> list[tuple[int, int, int]]:
        """Return (term, start, end) of every term in folded text, by end."""
        return self._automaton.find_matches_as_indexes(text, overlapping=True)

    def candidates(self, unit: str, role: str, near: Weights) -> list[Pattern]:
        """Return the patterns that a number of this unit and role with these terms near it could match."""
        index = self._by_unit.get((unit, role))
        if index is None:
            index = self._by_unit[unit, role] = self._index(unit, role)
        entries = [entry for term in near if term in index for entry in index[term]]
        found = {id(pattern): pattern for pattern, refused in entries if near.keys().isdisjoint(refused)}
        return list(found.values())

    def _index(self, unit: str, role: str) -> Index:
        """Return the patterns by the terms of one of their groups: the one whose terms fewest patterns have."""
        patterns = [pattern for pattern in self._patterns if pattern.role == role and unit in pattern.units]
        spread = Counter(term for pattern in patterns for group in pattern.near for term in group)
        index: Index = defaultdict(list)
        for pattern in patterns:
            entry = pattern, frozenset(pattern.never)
            for term in min(pattern.near, key=lambda group: sum(spread[term] for term in group)):
                index[term].append(entry)
        return dict(index)


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
        self._heading_weights: dict[tuple[Span, ...], Weights] = {}
        self._sentence: Span | None = None
        self._said: list[Hit] = []
        self._said_ends: list[int] = []

    def match(self, number: Number) -> Match | None:
        """Return the best match, or None where none fits or two indicators fit equally well."""
        near = self._near(number)
        role = "change" if number.role == "change" else "level"
        in_cell = number.place is not None and number.place.cell is not None
        unit = number.unit or (BARE if in_cell else "")
        ranked = _ranked(self._matcher.candidates(_folded(unit), role, near), near)
        if not ranked:
            return None
        around = self._around(number, near)
        pattern = _best(ranked, near, around)
        return Match(pattern.indicator, _words(pattern, near, around)) if pattern else None

    def _near(self, number: Number) -> Weights:
        """Return the weights of the terms in the number's own phrase."""
        weights: Weights = {}
        last = len(number.near) - 1
        for place, span in enumerate(number.near):
            for start, end, term in self._find(span):
                weight = _NEAR - _FADE * (start - span[0] if place == last else span[1] - end)
                weight = len(term) * (weight if weight > _LEAST else _LEAST)
                if weight > weights.get(term, 0):
                    weights[term] = weight
        counted = _folded(number.unit or "") + self._text[number.end : number.end + 8]
        for head in self._matcher.heads:
            if counted.startswith(head):
                weights[BEHIND + head] = 1
        return weights

    def _find(self, span: Span) -> list[Hit]:
        """Return start, end and term of the terms that stand in a span and are not hidden, by end."""
        first, last = span
        terms, hidden = self._matcher.terms, self._hidden
        return [
            (first + start, first + end, terms[term])
            for term, start, end in self._matcher.hits(self._text[first:last])
            if first + start not in hidden
        ]

    def _around(self, number: Number, near: Weights) -> _Around:
        """Return what stands in and around the number's sentence."""
        if number.sentence != self._sentence:
            self._sentence = number.sentence
            self._said = self._find(number.sentence)
            self._said_ends = [end for _, end, _ in self._said]
        first = bisect_right(self._said_ends, number.start)
        behind = self._said[first : bisect_right(self._said_ends, self._clause_end(number))]
        return _Around(
            number,
            near,
            {term: end for _, end, term in self._said[:first]},
            {term: start for start, _, term in reversed(behind)},
            self._headed(tuple(self._headings.above(number.start))),
            self._title,
        )

    def _headed(self, spans: tuple[Span, ...]) -> Weights:
        """Return the weights of the terms in headings."""
        if spans not in self._heading_weights:
            self._heading_weights[spans] = _weights(term for span in spans for _, _, term in self._find(span))
        return self._heading_weights[spans]

    def _clause_end(self, number: Number) -> int:
        match = _BREAK.search(self._text, number.end, number.sentence[1])
        return match.start() if match else number.sentence[1]


class _Around:
    """The weights of the terms in and around a number's sentence."""

    def __init__(
        self,
        number: Number,
        near: Weights,
        before: dict[str, int],
        behind: dict[str, int],
        headed: Weights,
        title: Weights,
    ) -> None:
        """`before` holds where terms end that stand before the number, `behind` where those behind it start."""
        self._start, self._end = number.start, number.end
        self._near, self._before, self._behind = near, before, behind
        self._headed, self._title = headed, title

    def weight(self, term: str) -> int:
        """Return the weight of a term by the nearest place where it stands, 0 where it does not."""
        if term in self._near:
            return len(term) * _OWN
        distance = _SENTENCE
        if term in self._before:
            distance = self._start - self._before[term]
        if term in self._behind:
            distance = min(distance, self._behind[term] - self._end)
        elif term not in self._before:
            return self._headed.get(term) or self._title.get(term, 0)
        return len(term) * max(_SENTENCE - _SENTENCE_FADE * distance, _SENTENCE_LEAST)

    def refuses(self, pattern: Pattern) -> bool:
        """Return whether the sentence, a heading or the title has a term that the pattern refuses there."""
        places = (self._near, self._before, self._behind, self._headed)
        refused = any(not said.keys().isdisjoint(pattern.unless) for said in places)
        return refused or not self._title.keys().isdisjoint(pattern.untitled)


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


def _ranked(patterns: Iterable[Pattern], near: Weights) -> list[tuple[int, int, Pattern]]:
    """Return the patterns that the number's own phrase fits, by what they could reach at most."""
    ranked = []
    for pattern in patterns:
        own = _sum(pattern.near, near.get)
        if own:
            ranked.append((own + pattern.about_length * _OWN, own, pattern))
    if len(ranked) > 1:
        ranked.sort(key=lambda entry: -entry[0])
    return ranked


def _best(ranked: Iterable[tuple[int, int, Pattern]], near: Weights, around: _Around) -> Pattern | None:
    """Return the pattern with the highest score, or None where another indicator's comes to the same."""
    winner: Pattern | None = None
    highest = 0
    tied = False
    for bound, own, pattern in ranked:
        if bound < highest:
            break
        about = _sum(pattern.about, around.weight)
        score = own + about if about or not pattern.about else 0
        if score < highest or around.refuses(pattern):
            continue
        if score > highest:
            winner, highest, tied = pattern, score, False
        elif winner and score == highest and pattern.indicator != winner.indicator:
            tied = True
    return None if tied else winner


def _words(pattern: Pattern, near: Weights, around: _Around) -> tuple[str, ...]:
    """Return the heaviest word of each group of a pattern."""
    own = [max([term for term in group if term in near], key=near.__getitem__) for group in pattern.near]
    return (*own, *[max(group, key=around.weight) for group in pattern.about])


def _sum(groups: Sequence[Group], weight_of: Callable[[str], int | None]) -> int:
    """Return the sum of the weights of each group's heaviest term; 0 where a group has none."""
    total = 0
    for group in groups:
        weight = max([weight_of(term) or 0 for term in group])
        if not weight:
            return 0
        total += weight
    return total
