"""The scanner: walks once through folded text and says of every numeral what it is.

A Mention is either a quantity (an Amount) or excluded with one of the reasons that the schema of
the table `numbers` lists.  Mentions are in order and disjoint, and every digit and every Chinese
numeral of the text lies in one of them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mingfu.extract import arabic, chinese
from mingfu.extract.amounts import Amount
from mingfu.extract.numerals import CHINESE

_NUMERAL = re.compile(rf"[0-9{CHINESE}\u2460-\u2473\u2474-\u249b\u2160-\u216b\u3251-\u325f]")
_QUOTE = re.compile(r"“[^“”\n]{1,24}”|‘[^‘’\n]{1,24}’|「[^「」\n]{1,24}」|《[^《》\n]{1,80}》|\"[^\"\n,。;]{1,12}\"")


class Mention(NamedTuple):
    """A numeral of the text: its span, and the amount it states or the reason it states none."""

    start: int
    end: int
    amount: Amount | None = None
    reason: str | None = None


_NONE: Mapping[int, Mention] = {}


def scan(text: str, quotes: Quotes, known: Mapping[int, Mention] = _NONE) -> Iterator[Mention]:
    """Yield the mentions of folded text; `quotes` are its own, `known` those of tables, by their first numeral."""
    floor = 0
    plain_word = chinese.plain_word()
    while match := _NUMERAL.search(text, floor):
        start = match.start()
        if start in known:
            floor = known[start].end
            yield known[start]
            continue
        plain = plain_word.match(text, start)
        if plain:
            floor = plain.end()
            yield Mention(start, floor, None, "name" if quotes.around(start) else "word")
            continue
        mention = _read(text, start, floor, quotes)
        yield mention
        floor = mention.end


def _read(text: str, start: int, floor: int, quotes: Quotes) -> Mention:
    quoted = quotes.around(start)
    if text[start] in "0123456789":
        result = arabic.read(text, start, floor, quoted)
    elif text[start] in CHINESE:
        result = chinese.read(text, start, floor, quoted)
    else:  # ① ⑴ Ⅱ
        marked = "\u4e00" <= text[start - 1 : start] <= "\u9fff" and text[start + 1 : start + 2] in ",。;、)\n"
        return Mention(start, start + 1, reason="reference" if marked else "ordinal")
    if isinstance(result, Amount):
        return Mention(result.start, result.end, amount=result)
    reason, span = result
    return Mention(span[0], span[1], reason=reason)


class Quotes:
    """The short quotations and the titles of a text; a numeral inside one is part of a name."""

    def __init__(self, text: str) -> None:
        self.spans = [match.span() for match in _QUOTE.finditer(text)]
        self._starts = [start for start, _ in self.spans]

    def around(self, position: int) -> tuple[int, int] | None:
        """Return the span of the quotation around `position`."""
        index = bisect_right(self._starts, position) - 1
        return self.spans[index] if index >= 0 and position < self.spans[index][1] else None
