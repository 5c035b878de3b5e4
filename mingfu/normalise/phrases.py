"""What stands between an indicator's words and the number: plain words, or words that make it another thing.

网站共收到网友留言11条 has every word of 网站收到申请 but the last, and counts messages.  A number is coded
only where its phrase, from the last recognised word on, says nothing that the catalogue does not know.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mingfu.model import Number
from mingfu.normalise.catalogue import Catalogue, Entry
from mingfu.script import fold

_STRANGE = 2  # characters that nothing explains
_LONGEST = 12  # characters of a word
# Titles and brackets, and further rates of which the same is said: 办结率和群众满意率均为100%.
_ASIDE = re.compile(r"《[^》]*》|\([^)]*\)|(?:、|以?及|和|与)[\u4e00-\u9fff]{1,8}[率度]")
_HAN = re.compile("[\u4e00-\u9fff]")


class Phrases:
    """The plain words, and for each indicator the words by which its entry speaks of it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._entries = catalogue.entries
        self._plain = frozenset(catalogue.plain)
        self._known: dict[str, tuple[frozenset[str], str]] = {}

    def fit(self, text: str, number: Number) -> bool:
        """Return whether a coded number's phrase in folded text says nothing strange beside the words recognised."""
        assert number.indicator and number.matched, "only a coded number has words that were recognised"
        parts = [_behind(text[slice(*span)], number.matched) for span in number.near[-2:-1]]
        parts.append(_before(text[slice(*number.near[-1])], number.matched))
        return all(self._strange(part, number.indicator) < _STRANGE for part in parts)

    def _strange(self, phrase: str, indicator: str) -> int:
        """Return how many characters of a phrase neither the plain words nor the entry explain."""
        if not _HAN.search(phrase):
            return 0
        if indicator not in self._known:
            self._known[indicator] = self._knowledge(self._entries[indicator])
        known, told = self._known[indicator]
        phrase = _ASIDE.sub("", phrase)
        strange = position = 0
        while position < len(phrase):
            end = _listed(phrase, position, known) or _told(phrase, position, told)
            strange += end == position and bool(_HAN.match(phrase, position))
            position = max(end, position + 1)
        return strange

    def _knowledge(self, entry: Entry) -> tuple[frozenset[str], str]:
        """Return the words that explain a phrase, and the text of which any part does."""
        own = {term for pattern in entry.patterns for group in (*pattern.near, *pattern.about) for term in group}
        indicator = entry.indicator
        return self._plain | own, fold(" ".join([indicator.title_zh, indicator.definition_zh, *entry.examples]))


def _listed(phrase: str, position: int, words: frozenset[str]) -> int | None:
    """Return the end of the longest of some words that starts at a position."""
    ends = range(min(len(phrase), position + _LONGEST), position, -1)
    return next((end for end in ends if phrase[position:end] in words), None)


def _behind(phrase: str, words: Sequence[str]) -> str:
    """Return what stands behind the last of the words, nothing where none stands there."""
    last = max((phrase.rfind(word) + len(word) for word in words if word in phrase), default=len(phrase))
    return phrase[last:]


def _before(phrase: str, words: Sequence[str]) -> str:
    """Return what stands before the first of the words, nothing where none stands there."""
    return phrase[: min((phrase.find(word) for word in words if word in phrase), default=0)]


def _told(phrase: str, position: int, told: str) -> int:
    """Return the end of the longest run of two characters and more that the entry's own texts have as well."""
    end = position + 2
    if end > len(phrase) or phrase[position:end] not in told:
        return position
    while end < len(phrase) and phrase[position : end + 1] in told:
        end += 1
    return end
