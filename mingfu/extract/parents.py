"""Parents: which number a number is a part of (103宗，不受理12宗（其中转送10宗）)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from mingfu.extract.amounts import Amount
from mingfu.extract.cues import either, words
from mingfu.extract.layout import Layout
from mingfu.extract.scan import Mention

_AMONG = re.compile(r"^[^,。;0-9]{0,16}中,")
_BRACKETS = re.compile(r"\([^()]*\)")
_RATED = re.compile(r"^[^,。;]{1,8}的$")
_MARKED = re.compile(r"[:(]|分别|中[,“]")
_SHARED = re.compile(r"占[^,。;0-9]*")  # 占承办总数的5% names no new total
_SIGN = re.compile(r"[^、,;。]*[,;。]")
_REACH = 400
_LARGE, _MANY, _FAR = 100, 30, 1000
_ROLES = ("level", "change", "target")
_SETTLED = re.compile(r"^(?:均?已|现已)[^,。;]{0,8}$")

Quantity = tuple[Mention, Amount]


@cache
def _part() -> re.Pattern[str]:
    return re.compile(either("part"))


def parents_of(layout: Layout, quantities: Sequence[Quantity], roles: Sequence[str]) -> list[int | None]:
    """Return for each quantity the index of the quantity of which it is a part, or None."""
    found: list[int | None] = [None] * len(quantities)
    counted = [i for i, (_, amount) in enumerate(quantities) if amount.kind != "ratio" and roles[i] in _ROLES]
    for order, index in enumerate(counted):
        earlier = [i for i in counted[max(0, order - 12) : order] if roles[i] == roles[index]]
        found[index] = _stated(layout, quantities, index, earlier, found)
    _sums(layout, quantities, counted, found)
    return found


def _stated(
    layout: Layout, quantities: Sequence[Quantity], index: int, earlier: Sequence[int], found: Sequence[int | None]
) -> int | None:
    """A part that the text names as such: in brackets behind its total, behind 其中, among a total."""
    mention, amount = quantities[index]
    text = layout.text
    bracket = _open_bracket(text, mention.start, layout.sentence(mention.start)[0])
    for candidate in reversed(earlier):
        whole, total = quantities[candidate]
        if mention.start - whole.end > _REACH:
            return None
        if not _alike(amount, total) or not _fits(amount, total):
            continue
        between = _BRACKETS.sub("", text[whole.end : mention.start])
        if "\n" in between or between.count("。") > 1:
            return None
        last = candidate == earlier[-1]
        if bracket is None:
            named = _named_in_prose(between, last=last)
            if named == "其中" and ";" in between and not _has_room(quantities, candidate, amount, found):
                return None  # 受理9件，其中复议5件；结案8件: a new count begins behind the sign
            if named:
                return _first_of_equals(text, quantities, earlier, candidate) if named == "其中" else candidate
        elif whole.start > bracket:
            if last and between.lstrip(",;").startswith("其中"):
                return candidate
        else:
            behind = whole.end == bracket or _part().search(text, bracket, mention.start)
            return candidate if behind else None
    return None


def _named_in_prose(between: str, *, last: bool) -> str | None:
    """Return the words by which a number outside brackets is a part of one before it."""
    cut = _part().search(between)
    behind = between.lstrip(",、;")
    if cut and "。" not in between[cut.start() :]:
        named = "其中"
    elif _AMONG.match(between) and "。" not in between:
        named = "中"
    elif last and (_SETTLED.match(behind) or between == "," or _RATED.match(behind)):
        named = "的"
    else:
        return None
    own = _SHARED.sub("", between)
    return None if _closed(between) or any(word in own for word in words("new_total")) else named


def _has_room(quantities: Sequence[Quantity], whole: int, part: Amount, found: Sequence[int | None]) -> bool:
    """Return whether a total leaves room for one more part beside those it has."""
    taken = sum(quantities[index][1].low or 0 for index, parent in enumerate(found) if parent == whole)
    return taken + (part.low or 0) <= (quantities[whole][1].low or 0)


def _alike(part: Amount, total: Amount) -> bool:
    """Return whether both count the same things: 3862条次，其中网站818条. 人次 counts no persons."""
    return part.unit == total.unit or _thing(part.unit) == _thing(total.unit)


def _thing(unit: str | None) -> str:
    return unit if unit == "人次" else (unit or "").removesuffix("次")


def _fits(part: Amount, total: Amount) -> bool:
    return part.low is not None and total.low is not None and part.low <= total.low


def _open_bracket(text: str, position: int, floor: int) -> int | None:
    opened = text.rfind("(", floor, position)
    return opened if opened >= 0 and text.find(")", opened, position) < 0 else None


def _closed(between: str) -> bool:
    """Whether a bracket that opened after the candidate's own place has enclosed it: it closes before the part."""
    depth = 0
    for char in between:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0:
            return True
    return False


def _first_of_equals(text: str, quantities: Sequence[Quantity], earlier: Sequence[int], candidate: int) -> int:
    """受理651件，办结651件。其中…: the parts are of the first number of the same value."""
    mention, total = quantities[candidate]
    for index in earlier:
        other, value = quantities[index]
        between = text[other.end : mention.start]
        if value.low == total.low and len(between) < 12 and not _part().search(between):
            return index
    return candidate


def _sums(layout: Layout, quantities: Sequence[Quantity], counted: Sequence[int], found: list[int | None]) -> None:
    """Parts that the text does not name but that add up: 103宗，不受理12宗…，受理91宗."""
    for order, index in enumerate(counted):
        total = quantities[index][1]
        if total.qualifier == "exact" and isinstance(total.low, int) and total.low > 1:
            for part in _adding_up(layout, quantities, index, counted[order + 1 : order + 25], found):
                found[part] = index


def _adding_up(
    layout: Layout, quantities: Sequence[Quantity], index: int, later: Sequence[int], found: Sequence[int | None]
) -> list[int]:
    """Return the numbers behind a total that add up to it, unless that may be an accident."""
    mention, total = quantities[index]
    left = whole = int(total.low or 0)
    parts: list[int] = []
    for other in later:
        part_mention, part = quantities[other]
        if part_mention.start >= mention.end + _REACH or "\n" in layout.text[mention.end : part_mention.start]:
            break
        if not _alike(part, total) or not isinstance(part.low, int) or not _free(quantities, found, other, index):
            continue
        if part.low > whole:
            continue
        left -= part.low
        parts.append(other)
        if left <= 0:
            break
    return parts if not left and _sure(layout, quantities, index, parts) else []


def _sure(layout: Layout, quantities: Sequence[Quantity], index: int, parts: Sequence[int]) -> bool:
    """Return whether numbers that add up are meant as a breakdown.

    The text marks it (a colon, brackets, 分别, 其余), or it is hardly by chance: of small numbers
    or round ones many a pair adds up to another.
    """
    values = [value for value in (int(quantities[part][1].low or 0) for part in parts) if value]
    if len(values) < 2:
        return False
    text, start, end = layout.text, quantities[index][0].end, quantities[parts[-1]][0].end
    between = _BRACKETS.sub("", text[start : quantities[parts[0]][0].start])
    if _MARKED.search(between) or _part().search(between):
        return True
    if not _SIGN.match(between):  # 8枚金牌、5枚银牌、3枚铜牌
        return False
    if any(text.find(word, start, layout.part_end(end, len(text))) >= 0 for word in words("rest")):
        return True
    within = end <= layout.sentence(start)[1]
    return sum(values) >= _round(values) * ((_LARGE if len(values) == 2 else _MANY) if within else _FAR)


def _round(values: Sequence[int]) -> int:
    """Return the largest power of ten of which all values are multiples."""
    power = 1
    while all(value % (power * 10) == 0 for value in values):
        power *= 10
    return power


def _free(quantities: Sequence[Quantity], found: Sequence[int | None], other: int, index: int) -> bool:
    """Whether a number can be a part of the total at `index`: no part of another, or only of a larger one behind it."""
    parent = found[other]
    if parent is None:
        return True
    return parent > index and int(quantities[parent][1].low or 0) > int(quantities[index][1].low or 0)
