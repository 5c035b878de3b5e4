"""The cue words of lexicon/cues.csv: what tells roles, plans, periods, labels, scopes and parents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from mingfu.extract.lexicon import rows, split

KINDS = frozenset(
    (
        *("move", "rate", "measured", "cut", "aim", "earlier", "carried", "sifted", "goal", "goal_behind", "each"),
        *("granted", "required", "class", "excess"),
        *("plan_heading", "plan_noun", "plan", "bound", "not_plan", "task"),
        *("now", "this_year", "last_year", "event", "until", "past", "basis"),
        *("lead", "tail", "assembly", "issued", "grade", "served", "service", "body", "act"),
        *("predicate", "part", "new_total", "rest"),
        *("serial_head", "year_head"),
    )
)
_NEARBY = "[^,。;0-9]{0,10}"


def _source(word: str) -> str:
    """Return the pattern of a word in a condition: `*` before it, within ten characters; `#`, any digit."""
    plain = re.escape(word.removeprefix("*")).replace(r"\#", "[0-9]")
    return _NEARBY + plain if word.startswith("*") else plain


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue word and what must or must not stand around it."""

    word: str
    only_before: tuple[str, ...]
    not_after: tuple[str, ...]
    not_before: tuple[str, ...]

    @property
    def pattern(self) -> str:
        """The source of a pattern that finds the word."""
        # Each pattern begins with the word itself, so that `re` can skip where its first character is not.
        word = re.escape(self.word)
        after = "".join(f"(?<!{re.escape(other)}{word})" for other in self.not_after)
        return f"{word}{after}{_ahead('?=', self.only_before)}{_ahead('?!', self.not_before)}"


def _ahead(sign: str, words: tuple[str, ...]) -> str:
    return f"({sign}{'|'.join(map(_source, words))})" if words else ""


@cache
def _cues() -> dict[str, list[Cue]]:
    cues: dict[str, list[Cue]] = {kind: [] for kind in sorted(KINDS)}
    for row in rows("cues.csv", ["kind", "word"], kind=KINDS, word=None):
        context = (tuple(split(row[name])) for name in ("only_before", "not_after", "not_before"))
        cues[row["kind"]].append(Cue(row["word"], *context))
    return {kind: sorted(found, key=lambda cue: -len(cue.word)) for kind, found in cues.items()}


@cache
def words(kind: str) -> tuple[str, ...]:
    """Return the words of a kind without regard to what stands around them, the longest first."""
    return tuple(cue.word for cue in _cues()[kind])


@cache
def either(kind: str) -> str:
    """Return the source of a pattern that finds any word of a kind, the longest first."""
    return f"(?:{'|'.join(cue.pattern for cue in _cues()[kind])})"
