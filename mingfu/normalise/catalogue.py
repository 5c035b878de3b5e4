"""The indicator catalogue: schemas/indicators/*.yaml and schemas/units.csv, read strictly.

docs/catalogue.md explains the pattern language.  All faults of all files are reported together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mingfu.errors import NotFound, SchemaError
from mingfu.model import Indicator, Unit
from mingfu.project import read_csv, read_yaml
from mingfu.script import fold

KINDS = ("flow", "stock", "ratio")
ROLES = ("level", "change")
_ENTRY_KEYS = {"title", "definition", "unit", "kind", "role", "match", "examples"}
_REQUIRED = _ENTRY_KEYS - {"role"}
_PATTERN_KEYS = {"near", "about", "not", "unless", "untitled", "units"}
# What a pattern refuses, and where; all of it may stand at the head of a file for all patterns of a subject.
_REFUSALS = ("not", "unless", "untitled")
# What makes of a refused word (a measure word and what it counts) one that is refused only where the number has them.
BEHIND = "~"
_UNIT_COLUMNS = {"unit", "title_zh", "title_en", "measure_words"}
_ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")

Group = tuple[str, ...]
Reserved = dict[str, Group]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to recognise an indicator: each group needs one of its terms.

    `near` terms stand in the number's own phrase, `about` terms there or in what surrounds it,
    `never` terms nowhere in its own phrase (or, with `~` before, not as the number's measure word and what
    follows it), `unless` terms nowhere in its sentence nor in a heading above, `untitled` terms not in the
    report's title; `units` are the measure words that fit.  `about_length` is the length of the longest term of
    each `about` group, added up.
    """

    indicator: str
    near: tuple[Group, ...]
    about: tuple[Group, ...]
    never: Group
    unless: Group
    untitled: Group
    units: frozenset[str]
    role: str
    about_length: int

    def __str__(self) -> str:
        refused = {"not": (self.never,), "unless": (self.unless,), "untitled": (self.untitled,)}
        parts = {"near": self.near, "about": self.about, **refused}
        return "; ".join(
            f"{key}: {' '.join('|'.join(group) for group in groups)}" for key, groups in parts.items() if any(groups)
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """An indicator with its patterns and the sentences that prove them, and where it is written."""

    indicator: Indicator
    patterns: tuple[Pattern, ...]
    examples: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """All entries by indicator, the units, and the plain words that may stand beside any number.

    Compared by identity, so that a matcher is made for it once.
    """

    entries: dict[str, Entry]
    units: tuple[Unit, ...]
    plain: Group

    def entry(self, indicator: str) -> Entry:
        """Return an entry; raise NotFound for an unknown identifier."""
        if indicator not in self.entries:
            near = [name for name in self.entries if indicator.rpartition(".")[2] in name][:5]
            raise NotFound(f"{indicator}: not in the catalogue" + (f"; do you mean {', '.join(near)}?" if near else ""))
        return self.entries[indicator]

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators, by identifier."""
        return tuple(self.entries[name].indicator for name in sorted(self.entries))

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """All patterns of all entries."""
        return tuple(pattern for entry in self.entries.values() for pattern in entry.patterns)


def load_catalogue(schemas: Path) -> Catalogue:
    """Return the catalogue below `schemas`; raise SchemaError with every fault of every file."""
    units = load_units(schemas / "units.csv")
    words = {unit.unit: frozenset(unit.measure_words) for unit in units}
    reserved, plain = _load_reserved(schemas / "reserved.yaml"), _load_plain(schemas / "plain.yaml")
    faults: list[str] = []
    entries: dict[str, Entry] = {}
    for path in sorted((schemas / "indicators").glob("*.yaml")):
        for entry in _read_file(path, words, reserved, faults):
            name = entry.indicator.indicator
            if name in entries:
                faults.append(f"{entry.place}: {name} is already defined at {entries[name].place}")
            entries[name] = entry
    faults += _shared_titles(entries)
    if not entries and not faults:
        faults.append(f"{schemas / 'indicators'}: no indicator is defined there")
    if faults:
        raise SchemaError(faults)
    return Catalogue(entries, units, plain)


def _shared_titles(entries: dict[str, Entry]) -> Iterator[str]:
    """Yield a fault for each title that two indicators have: a title names one column."""
    titles: dict[str, Entry] = {}
    for entry in entries.values():
        for title in (entry.indicator.title_zh, entry.indicator.title_en):
            other = titles.setdefault(title, entry)
            if other is not entry:
                yield f"{entry.place}: the title {title} is that of {other.indicator.indicator} at {other.place}"


def load_units(path: Path) -> tuple[Unit, ...]:
    """Return the units of units.csv; raise SchemaError with the fault of each row."""
    units: dict[str, Unit] = {}
    faults: list[str] = []
    for line, row in enumerate(read_csv(path), 2):
        if set(row) != _UNIT_COLUMNS or not all(row.values()):
            faults.append(f"{path}:{line}: a row needs {', '.join(sorted(_UNIT_COLUMNS))}, none of them empty")
        elif row["unit"] in units:
            faults.append(f"{path}:{line}: {row['unit']} is already defined")
        else:
            words = tuple(row["measure_words"].split())
            units[row["unit"]] = Unit(row["unit"], row["title_zh"], row["title_en"], words)
    if faults:
        raise SchemaError(faults)
    return tuple(units.values())


def _load_reserved(path: Path) -> Reserved:
    """Return by kind the words that its levels refuse unless they name them; raise SchemaError for a malformed file."""
    content = read_yaml(path)
    lists: dict[str, Any] = {"words": None}
    if isinstance(content, dict) and content.keys() == {"words", "stocks"}:
        lists = content
    if not all(isinstance(words, list) and all(_is_folded(word) for word in words) for words in lists.values()):
        raise SchemaError([f"{path}: expected the keys words and stocks with lists of words in simplified script"])
    words, stocks = tuple(lists["words"]), tuple(lists["stocks"])
    return {"flow": words, "stock": words + stocks, "ratio": ()}


def _is_folded(word: Any) -> bool:
    return isinstance(word, str) and word == fold(word)


def _load_plain(path: Path) -> Group:
    """Return the plain words of all groups; raise SchemaError for a malformed file."""
    content = read_yaml(path)
    texts = content.values() if isinstance(content, dict) else ()
    words = tuple(word for text in texts for word in str(text).split())
    if not words or any(not isinstance(text, str) or text != fold(text) for text in texts):
        raise SchemaError([f"{path}: expected groups of words in simplified script, parted by blanks"])
    return words


def _read_file(path: Path, units: dict[str, frozenset[str]], reserved: Reserved, faults: list[str]) -> Iterator[Entry]:
    try:
        content = read_yaml(path)
    except SchemaError as error:
        faults.extend(error.faults)
        return
    if not isinstance(content, dict) or content.keys() - {"refused"} != {"topic", "indicators"} or not content["topic"]:
        faults.append(f"{path}: expected the keys topic and indicators, and refused at most")
        return
    if not isinstance(content["indicators"], dict):
        faults.append(f"{path}: indicators: expected a mapping")
        return
    refused = content.get("refused", {})
    wrong = [f"{path}: refused: {fault}" for fault in _faults_of_refused(refused, content["indicators"])]
    if wrong:
        faults.extend(wrong)
        return
    lines = _lines_of(path)
    for name, raw in content["indicators"].items():
        place = f"{path}:{lines.get(name, 1)}"
        wrong = list(_faults_of(name, raw, units))
        faults.extend(f"{place}: {name}: {fault}" for fault in wrong)
        if not wrong:
            shared = refused.get(_subject(name), {})
            yield _entry(name, raw, content["topic"], units, reserved, shared, place)


def _lines_of(path: Path) -> dict[str, int]:
    """Return the line on which each entry starts."""
    text = path.read_text(encoding="utf-8").splitlines()
    return {line.strip().rstrip(":"): number for number, line in enumerate(text, 1) if re.match(r"  \S", line)}


def _subject(name: Any) -> str:
    return str(name).partition(".")[0]


def _faults_of_refused(refused: Any, indicators: dict[str, Any]) -> Iterator[str]:
    if not isinstance(refused, dict):
        yield "expected a mapping"
        return
    for subject in sorted(refused.keys() - {_subject(name) for name in indicators}, key=str):
        yield f"{subject} is the subject of no indicator here"
    for subject, words in refused.items():
        if not isinstance(words, dict) or not words or words.keys() - set(_REFUSALS):
            yield f"{subject} needs words for {', '.join(_REFUSALS[:-1])} or {_REFUSALS[-1]}"
            continue
        for key, value in words.items():
            if not _is_worded(key, value) or any(not term or fold(term) != term for term in _terms(value)):
                yield f"{subject}: {key} is a text, words in simplified script parted by bars, or a list of such"


def _faults_of(name: str, raw: Any, units: dict[str, frozenset[str]]) -> Iterator[str]:
    if not _ID.fullmatch(str(name)):
        yield "an identifier is subject.measure in lower case"
    if not isinstance(raw, dict):
        yield "expected a mapping"
        return
    for key in sorted(_REQUIRED - raw.keys()):
        yield f"{key} is missing"
    for key in sorted(raw.keys() - _ENTRY_KEYS, key=str):
        yield f"{key} is not a key of an indicator"
    for key in ("title", "definition"):
        if key in raw and not _bilingual(raw[key]):
            yield f"{key} needs a text for zh and one for en"
    if "unit" in raw and str(raw["unit"]) not in units:
        yield f"unit {raw['unit']!r} is not in units.csv"
    if "kind" in raw and raw["kind"] not in KINDS:
        yield f"kind {raw['kind']!r} is none of {', '.join(KINDS)}"
    if raw.get("role", "level") not in ROLES:
        yield f"role {raw['role']!r} is none of {', '.join(ROLES)}"
    yield from _pattern_faults(raw.get("match"))
    yield from _example_faults(raw.get("examples"))


def _bilingual(texts: Any) -> bool:
    return isinstance(texts, dict) and set(texts) == {"zh", "en"} and all(texts.values())


def _pattern_faults(patterns: Any) -> Iterator[str]:
    if not isinstance(patterns, list) or not patterns:
        yield "match needs at least one pattern"
        return
    for number, pattern in enumerate(patterns, 1):
        yield from (f"pattern {number}{fault}" for fault in _faults_of_pattern(pattern))


def _faults_of_pattern(pattern: Any) -> Iterator[str]:
    if not isinstance(pattern, dict) or not pattern.get("near"):
        yield " has no `near`"
        return
    for key in sorted(pattern.keys() - _PATTERN_KEYS, key=str):
        yield f": {key} is none of {', '.join(sorted(_PATTERN_KEYS))}"
    for key in sorted(key for key, value in pattern.items() if not _is_worded(key, value)):
        yield f": {key} is a text, words parted by blanks and bars{' or a list of such' * (key in _REFUSALS)}"
    terms = [term for value in pattern.values() for term in _terms(value)]
    if not all(terms):
        yield ": a bar stands beside nothing"
    yield from (
        f" can never match: {term} is {fold(term)} in simplified script" for term in terms if fold(term) != term
    )
    refused = [term for key in _REFUSALS for term in _terms(pattern.get(key)) if term]
    for group in _groups(pattern["near"]):
        if all(any(word in term for word in refused) for term in group):
            yield f" can never match: {'|'.join(group)} is both wanted and refused"


def _is_worded(key: str, value: Any) -> bool:
    texts = value if key in _REFUSALS and isinstance(value, list) else [value]
    return all(text is None or isinstance(text, str) for text in texts)


def _example_faults(examples: Any) -> Iterator[str]:
    if not isinstance(examples, list) or not examples:
        yield "examples needs at least one sentence"
        return
    for example in examples:
        if not re.search(r"【[^】]+】", str(example)):
            yield f"the example {example!r} marks no number with 【 】"


def _entry(
    name: str,
    raw: dict[str, Any],
    topic: str,
    units: dict[str, frozenset[str]],
    reserved: Reserved,
    shared: dict[str, Any],
    place: str,
) -> Entry:
    indicator = Indicator(
        indicator=name,
        title_zh=raw["title"]["zh"],
        title_en=raw["title"]["en"],
        definition_zh=raw["definition"]["zh"],
        definition_en=raw["definition"]["en"],
        unit=raw["unit"],
        kind=raw["kind"],
        topic=topic,
    )
    role = raw.get("role", "level")
    others = reserved[indicator.kind] if role == "level" else ()
    patterns = tuple(
        Pattern(
            indicator=name,
            near=_groups(pattern["near"]),
            about=_groups(pattern.get("about", "")),
            never=_terms(pattern.get("not"))
            + _unnamed(_terms(shared.get("not")), pattern)
            + _unnamed(others, pattern, indicator.title_zh + indicator.definition_zh),
            unless=_terms(pattern.get("unless")) + _unnamed(_terms(shared.get("unless")), pattern),
            untitled=_terms(pattern.get("untitled")) + _unnamed(_terms(shared.get("untitled")), pattern),
            units=frozenset(_terms(pattern.get("units"))) or units[raw["unit"]],
            role=role,
            about_length=sum(max(map(len, group)) for group in _groups(pattern.get("about", ""))),
        )
        for pattern in raw["match"]
    )
    return Entry(indicator, patterns, tuple(raw["examples"]), place)


def _unnamed(refused: Group, pattern: dict[str, Any], defined: str = "") -> Group:
    """Return the refused words that stand in no word of the pattern, nor in the words that define its entry."""
    named = "\n".join([defined, *(term for key in ("near", "about") for term in _terms(pattern.get(key)))])
    return tuple(word for word in refused if _thing(word) not in named)


def _thing(word: str) -> str:
    """Return a refused word without the measure word of one that is refused behind the number."""
    return word[2:] if word.startswith(BEHIND) else word


def _groups(value: Any) -> tuple[Group, ...]:
    return tuple(tuple(group.split("|")) for group in str(value or "").split())


def _terms(value: Any) -> Group:
    texts = value if isinstance(value, list) else [value]
    return tuple(term for text in texts for group in _groups(text) for term in group)
