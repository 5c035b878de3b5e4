"""The article of a page: what is left without menus, lists of links and the lines around every article.

The prose of a page (sentences, and tables of words and figures) tells where its article is: in the
innermost element that holds nearly all of it.  Within that element, nothing is dropped but lines that
are links and lines of a wording that webpage.yaml knows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from mingfu.ingest.blocks import Table
from mingfu.ingest.markup import Element
from mingfu.ingest.webtext import Line
from mingfu.ingest.webwording import webpage
from mingfu.script import fold

_IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
_SENTENCE = re.compile("[。；！？]")
_SHORTEST = 15  # characters of a sentence
_SMALLEST = 12  # ideographs of a table
_NEARLY_ALL = 0.98
_LINKED = 0.5
_LONGEST_FURNITURE = 90
_FIRST_LINES = 8
_FEW = 60  # ideographs
_LONGEST_TITLE = 100


def article_of(lines: Sequence[Line], title: str | None) -> list[Line]:
    """Return the lines of the article, its title before them where the page has it elsewhere."""
    kept = [line for line in lines if not _is_furniture(line)]
    prose = [line for line in kept if _is_prose(line)]
    if not prose:
        return kept
    root = prose[0].holder.getroottree().getroot()
    elements = set(_home(root, kept, prose).iter())
    inside = [line for line in kept if line.holder in elements]
    first = kept.index(inside[0])
    return [*_title_lines(kept[:first], inside, title), *inside]


def ideographs_in(lines: Iterable[Line]) -> int:
    """Return how many ideographs lines have outside of links."""
    return sum(len(_IDEOGRAPH.findall(line.text)) for line in lines if line.links < line.length * _LINKED)


def _is_prose(line: Line) -> bool:
    if line.links >= line.length * _LINKED:
        return False
    if isinstance(line.block, Table):
        return len(_IDEOGRAPH.findall(line.text)) >= _SMALLEST
    return line.length >= _SHORTEST and _SENTENCE.search(line.text) is not None


def _is_furniture(line: Line) -> bool:
    if line.links >= line.length * (1 if _SENTENCE.search(line.text) else _LINKED):
        return True
    if isinstance(line.block, Table) or line.length > _LONGEST_FURNITURE:
        return False
    return webpage().furniture.search(fold(line.text).strip()) is not None


def _home(root: Element, lines: Sequence[Line], prose: Sequence[Line]) -> Element:
    """Return the innermost element that holds nearly all of the prose, or one around it that adds but a few words."""
    weights = _sums(root, ((line, line.length) for line in prose))
    enough = _NEARLY_ALL * weights[root]
    home = next(element for element in reversed(list(root.iter())) if weights[element] >= enough)
    words = _sums(root, ((line, ideographs_in([line])) for line in lines))
    around = home
    for wider in home.iterancestors():
        if wider.tag in ("body", "html") or words[wider] > words[home] + _FEW:
            break
        around = wider
    return around


def _sums(root: Element, measures: Iterable[tuple[Line, int]]) -> Counter[Element]:
    """Return for each element the sum of what the lines within it measure."""
    sums: Counter[Element] = Counter()
    for line, measure in measures:
        sums[line.holder] += measure
    for element in reversed(list(root.iter())):  # children before their parents
        if element is not root and sums[element]:
            sums[element.getparent()] += sums[element]
    return sums


def _title_lines(before: Sequence[Line], inside: Sequence[Line], title: str | None) -> list[Line]:
    """Return the line before an article that is its title, unless the article says it itself."""
    wanted = _plain(title or "")
    said = _plain("".join(line.text for line in inside[:_FIRST_LINES]))
    if not wanted or wanted in said:
        return []
    titled = [line for line in before if _plain(line.text) == wanted and len(line.text) <= _LONGEST_TITLE]
    return titled[-1:]


def _plain(text: str) -> str:
    return "".join(fold(text).split())
