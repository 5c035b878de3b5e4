"""Personal data: contacts' names, telephone numbers, e-mail addresses, identity and bank cards.

These spans never leave the raw text: numbers inside them are excluded; labels, quotes and findings mask
them.  The words beside which such data stand are in `personal.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources

from mingfu.model import Finding, Span
from mingfu.project import read_csv
from mingfu.script import fold

MASK = "▇"
# Between two texts that are searched as one: part of no name and of no number.
BREAK = "\0"
# Digits, however they are spaced; what has fewer is nobody's number.
_FEWEST = 7
_RUN = re.compile(r"[0-9@](?:(?<=@)|[0-9() .-]{6,})")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64} ?@ ?[A-Za-z0-9-]{1,64}(?:\.[A-Za-z0-9-]{1,64}){1,4}")
# Digits of a hash or of an address on the web are no telephone number, nor is a sum of money.
_LEFT = r"(?<![0-9a-f_=.¥$])(?<![a-z]/)"
_RIGHT = r"(?![0-9a-f]|\.[0-9a-z]| ?(?:[万亿元%吨件宗年月个条份户次]|美元|人次|人民币))"
_AREA = r"(?:\(0[0-9]{2,3}\)|0[0-9]{2,3})[- ]{0,2}"
_LOCAL = r"[2-9][0-9]{2,3}[- ]?[0-9]{4}"
_EXTENSION = r"(?:(?: ?转 ?|-)[0-9]{1,5})?"
# What ends in four noughts is a sum (13800000000, 4000000000) unless a word such as 电话 tells otherwise.
_MOBILE = (
    r"1[3-9][0-9](?:(?![0-9]{4}0000)[0-9]{8}|[-.][0-9]{4}[-.][0-9]{4}|-[0-9]{8}|[0-9]{4}-[0-9]{4}"
    r"|[0-9]-[0-9]{3}-[0-9]{4})"
)
_COUNTRY = r"(?:\(?(?:\+|00)?86\)?[- ]{0,2})?"
_SERVICE = (
    r"[48]00(?:-[0-9]{3}-?[0-9]{4}|-[0-9]{4}-[0-9]{3}|[0-9]-[0-9]{3}-[0-9]{3}"
    r"|(?<=[^0-9 \0]...)(?![0-9]{3}0000)[0-9]{7})"
)
# Figures in the columns of a table stand apart like the parts of a number.
_SPACED = r"(?:1[3-9][0-9] {1,2}[0-9]{4} {1,2}[0-9]{4}|[48]00 [0-9]{3} [0-9]{4})(?! ?[0-9])"
_UNTOLD = f"{_COUNTRY}{_MOBILE}|{_AREA}{_LOCAL}{_EXTENSION}|{_SERVICE}"
_PHONE = re.compile(f"{_LEFT}(?:{_UNTOLD}|(?<! ){_SPACED}){_RIGHT}")
_NAMED = re.compile(f"{_LEFT}(?:{_UNTOLD}|{_SPACED}){_RIGHT}")
# What a word such as 电话 stands before.
_CALLED = re.compile(
    rf"(?<![0-9])(?:{_AREA}{_LOCAL}{_EXTENSION}|{_COUNTRY}1(?:[- .]{{0,2}}[0-9]){{10}}|[48]00(?:[- ]?[0-9]){{7}}"
    rf"|{_LOCAL}{_EXTENSION}){_RIGHT}"
)
_DIGITS = re.compile("[0-9]+[Xx]?")
# How many digits each of their groups has.
_CARD_SHAPE = re.compile(" 1[5-9]| 4 4 4 4(?: [1-4])?| 6 (?:8 4|12|4 4 4|6 3|9|10 2|11 1|13)| 14 4| 6 4 2 2 [34]")
_MOST_GROUPS = 5
_BIRTHDAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])[0-9]{4}"
_IDENTITY = re.compile(
    f"{_PROVINCE}(?:(?:18|19|20)[0-9]{{2}}{_BIRTHDAY}[0-9]{{3}}[0-9X]|[0-9]{{2}}{_BIRTHDAY}[0-9]{{3}})"
)
_BANK_CARD = re.compile("(?:6[0-9]|9[0-9]|35)[0-9]{14,17}|(?:4[0-9]|5[1-5]|2[2-7])[0-9]{14}|4[0-9]{18}")
# What a card's number does not follow, and what makes it a sum.
_NO_CARD = tuple("0123456789abcdef_=.¥$")
_AMOUNT = re.compile(r"[0-9a-zX]|\.[0-9]| ?[万亿元]")
_CJK = "[\u4e00-\u9fff]"
# With these the name of a body ends, not of a person.
_BODIES = "局办区市县镇街科室院处队站委府厅部司村社校厂公"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def masked(text: str, spans: Sequence[Span]) -> str:
    """Return `text` with every character of sorted, disjoint spans masked, of the same length."""
    pieces, last = [], 0
    for start, end in spans:
        pieces += [text[last:start], MASK * (end - start)]
        last = end
    return "".join([*pieces, text[last:]])


@lru_cache(maxsize=16)  # the ledger leaves them out, the observations mask them
def personal_spans(text: str) -> tuple[Span, ...]:
    """Return the spans of personal data in folded text, in order."""
    spans = [*_names(text), *_numbers(text)]
    return tuple(merged(sorted(spans)))


def discreet(finding: Finding) -> Finding:
    """Return a finding as logs and tables may show it."""
    message, expected, actual = (
        text and masked(text, personal_spans(fold(text)))
        for text in (finding.message, finding.expected, finding.actual)
    )
    return replace(finding, message=message or "", expected=expected, actual=actual)


def merged(spans: list[Span]) -> list[Span]:
    """Return sorted spans with those that overlap made one."""
    disjoint: list[Span] = []
    for start, end in spans:
        if disjoint and start < disjoint[-1][1]:
            disjoint[-1] = (disjoint[-1][0], max(end, disjoint[-1][1]))
        else:
            disjoint.append((start, end))
    return disjoint


def _numbers(text: str) -> Iterator[Span]:
    """Yield the numbers and addresses of persons, and the names that stand beside a telephone number."""
    words = _words()
    for run in _RUN.finditer(text):
        start, end = run.span()
        if text[start] == "@":
            yield from (found.span() for found in _EMAIL.finditer(text, max(0, start - 70), end + 140))
            continue
        if sum(map(str.isdigit, run[0])) < _FEWEST:
            continue
        before = text[max(0, start - 64) : start]
        phones = _CALLED if words.phone.search(before) else _NAMED if words.ahead.search(before) else _PHONE
        for found in phones.finditer(text, max(0, start - 6), min(len(text), end + 16)):
            yield found.span()
            yield from _beside(text, *found.span())
        if end - start > 13:
            yield from _cards(text, start, end, told=words.card.search(before) is not None)


def _cards(text: str, start: int, end: int, *, told: bool) -> Iterator[Span]:
    """Yield the card numbers of a run of digits, whole groups of it; where a word tells of one, any of that length."""
    groups = list(_DIGITS.finditer(text, start, end + 1))
    for first, group in enumerate(groups):
        if text[group.start() - 1 : group.start()] in _NO_CARD:
            continue
        found = [
            last
            for last in _ends(text, groups[first : first + _MOST_GROUPS])
            if told or is_card(_digits(text[group.start() : last]))
        ]
        if found:
            yield group.start(), found[-1]


def _ends(text: str, groups: Sequence[re.Match[str]]) -> Iterator[int]:
    """Yield where a card number could end that starts with the first of some groups of digits."""
    shape, last = "", groups[0].start()
    for group in groups:
        shape += f" {len(group[0])}"
        if text[last : group.start()] not in ("", " ", "-"):
            return
        last = group.end()
        if _CARD_SHAPE.fullmatch(shape) and not _AMOUNT.match(text, last):
            yield last


def _digits(written: str) -> str:
    return re.sub("[- ]", "", written).upper()


def is_card(digits: str) -> bool:
    """Return whether digits are the number of an identity card (GB 11643, 15 or 18) or a bank card (ISO/IEC 7812)."""
    if _IDENTITY.fullmatch(digits) and (len(digits) == 15 or _check_digit(digits) == digits[17]):
        return True
    return _BANK_CARD.fullmatch(digits) is not None and _luhn(digits) % 10 == 0


def _check_digit(digits: str) -> str:
    """Return the last character that the first 17 of an identity number ask for (ISO 7064, MOD 11-2)."""
    return "10X98765432"[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits[:17], strict=True)) % 11]


def _luhn(digits: str) -> int:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return sum(map(int, digits[-1::-2])) + sum(doubled)


def _names(text: str) -> Iterator[Span]:
    """Yield the names that stand behind a word such as 联系人, those that follow them in a list included."""
    words = _words()
    for ending in words.endings:
        for last in ending.finditer(text):
            cue = words.cue.search(text, max(0, last.end() - 12), last.end())
            if cue:
                yield from _named(text, cue)


def _named(text: str, cue: re.Match[str]) -> Iterator[Span]:
    words = _words()
    start, end = cue.span()
    if text[start - 1 : start] == "(" and text[end : end + 1] == ")":
        yield from _spans(words.before, text, max(0, start - 40), start - 1)
    tail = words.tail.match(text, end)
    assert tail, "it can be empty"
    name = None
    if tail["colon"] or text[tail.end() - 1] in " \n":
        name = (words.stated if tail["colon"] and cue["contact"] else words.named).match(text, tail.end())
    name = name or words.called.match(text, tail.end())
    while name:
        yield name.span("data")
        name = words.further.match(text, name.end())


def _beside(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the names on either side of a telephone number."""
    words = _words()
    yield from _spans(words.ahead, text, max(0, start - 40), start)
    yield from _spans(words.behind, text, end, min(len(text), end + 32))


def _spans(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Span]:
    found = pattern.search(text, start, end)
    if found:
        yield found.span("data")


@dataclass(frozen=True, slots=True)
class _Words:
    """The patterns that the words of personal.csv make.

    `endings` are the last characters of what may be a `cue`, which stands before a name; `tail` is what may
    stand between the two.  `stated` is a name behind cue and colon, whatever its first character;
    `named`, `called` and `further` names by their surname: before a stop, before a telephone number, in a
    list; `ahead` and `behind` names beside a number; `before` one in front of （联系人）.  `phone` and `card`
    end where a number of that kind begins.
    """

    endings: tuple[re.Pattern[str], ...]
    cue: re.Pattern[str]
    tail: re.Pattern[str]
    stated: re.Pattern[str]
    named: re.Pattern[str]
    called: re.Pattern[str]
    further: re.Pattern[str]
    before: re.Pattern[str]
    ahead: re.Pattern[str]
    behind: re.Pattern[str]
    phone: re.Pattern[str]
    card: re.Pattern[str]


@cache
def _words() -> _Words:
    with resources.as_file(resources.files("mingfu") / "personal.csv") as path:
        listed = {row["kind"]: row["words"].split() for row in read_csv(path)}
    manner, phone, card, title = (_any(listed[kind]) for kind in ("manner", "phone", "card", "title"))
    surname = f"(?:{_any(listed['surnames'])}|[{listed['surname'][0]}])"
    own = rf"{surname}(?: {{0,2}}{_CJK}){{1,2}}"
    dotted = rf"{_CJK}{{1,8}}(?:[·•・‧]{_CJK}{{1,8}}){{1,3}}"
    whole = rf"(?:{dotted}|[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){{0,2}})"
    other = rf"(?:{dotted}|{own}(?<![{_BODIES}]))"
    stop = rf"(?=[\s<>(),;:。、)/|\"'\]}}\0+0-9]|{phone}|办公|{title}|$)"
    titled = rf"(?:{title})?"
    phoned = rf"(?=[\s,;:、/(]{{0,2}}(?:{phone}|[0-9+](?:[-() ]{{0,2}}[0-9]){{6}}))"
    return _Words(
        endings=tuple(_endings([*listed["contact"], *listed["role"]])),
        cue=re.compile(f"(?:(?P<contact>{_spaced(listed['contact'])})|{_spaced(listed['role'])})$"),
        tail=re.compile(
            rf"员?(?:姓名)?(?:[(][^()\n]{{0,8}}[)])?(?:[及与和、/]?(?:其|{manner})){{0,2}}"
            rf"(?:\s{{0,3}}(?P<colon>:)\s{{0,3}}|[ \n]{{0,3}})"
        ),
        stated=re.compile(rf"(?P<data>(?:{whole}|{_CJK}{{2,4}}|{own}){titled}){stop}"),
        named=re.compile(rf"(?P<data>(?:{whole}|{own}){titled}){stop}"),
        called=re.compile(rf"(?P<data>{own}{titled}){phoned}"),
        further=re.compile(rf"\s?[、,/;和及与 ]\s?(?P<data>(?:{whole}|{own}){titled}){stop}"),
        before=re.compile(rf"(?P<data>{other}{titled})$"),
        ahead=re.compile(rf"(?:^|[\s,;:。、(\0])(?P<data>{other}{titled})[\s,;:、/(-]{{0,2}}(?:{phone}){{0,2}}:? ?$"),
        behind=re.compile(rf" ?[( ] ?(?P<data>{other}{titled})(?=[),;。、\s\0]|$)"),
        phone=re.compile(
            rf"(?:{phone})[^0-9。\n\0]{{0,8}}(?:[0-9][-0-9 ()]{{5,20}}[0-9] ?[、,/;或和及] ?){{0,3}}[(+]{{0,2}}$"
        ),
        card=re.compile(rf"(?:{card})[^0-9。\n\0]{{0,6}}$"),
    )


def _any(words: Sequence[str]) -> str:
    return "|".join(words)


def _spaced(words: Sequence[str]) -> str:
    """Return a pattern of words whose characters may stand apart, as they do to fill a line."""
    return _any([" ?".join(word) for word in words])


def _endings(words: Sequence[str]) -> Iterator[re.Pattern[str]]:
    """Yield for each last character of some words a pattern of it behind their last but one.

    To begin with one character is what makes a pattern fast.
    """
    for last in sorted({word[-1] for word in words}):
        before = "".join(sorted({word[-2] for word in words if word[-1] == last}))
        yield re.compile(f"{last}(?:(?<=[{before}]{last})|(?<=[{before}] {last}))")
