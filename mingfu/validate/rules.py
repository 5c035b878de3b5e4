"""The consistency rules of schemas/checks.yaml, read strictly."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from mingfu.errors import SchemaError
from mingfu.project import read_yaml

SEVERITIES = ("warning", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every rule states; `severity` is that of a contradiction."""

    id: str
    title_zh: str
    title_en: str
    severity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio(Rule):
    """A rate in per cent is a part of a whole."""

    rate: str
    part: str
    whole: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Rule):
    """One value does not exceed another."""

    smaller: str
    larger: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum(Rule):
    """A total is the sum of its parts."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance(Rule):
    """What came in is what went out and what is left: the sums of two lists are equal."""

    parts: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals(Rule):
    """The totals of a table, known by the words that their heads end with, are the sums of their parts."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds(Rule):
    """The values of a unit, or of an indicator, lie between bounds."""

    unit: str | None = None
    indicator: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SameUnit(Rule):
    """A value has the unit of its indicator."""


KINDS: dict[str, type[Rule]] = {
    "ratio": Ratio,
    "order": Order,
    "sum": Sum,
    "balance": Balance,
    "totals": Totals,
    "bounds": Bounds,
    "unit": SameUnit,
}
KIND_OF = {cls: kind for kind, cls in KINDS.items()}
_REFERENCES = ("rate", "part", "whole", "smaller", "larger", "total", "parts", "others", "indicator")
_LISTS = {"parts", "others", "words"}


def load_rules(path: Path, indicators: Collection[str] | None = None) -> tuple[Rule, ...]:
    """Return the rules of a file; with `indicators`, their ids are the only ones that rules may name.

    Raise SchemaError with every fault of the file, each with the rule's id.
    """
    content = read_yaml(path)
    if not isinstance(content, dict) or content.keys() != {"rules"} or not isinstance(content["rules"], list):
        raise SchemaError([f"{path}: needs one key, 'rules', with a list of rules"])
    entries = content["rules"]
    faults = [fault for place, entry in _placed(path, entries) for fault in _faults(place, entry, indicators)]
    if not faults:
        faults = list(_repeated(path, entries))
    if faults:
        raise SchemaError(faults)
    return tuple(_rule(entry) for entry in entries)


def _placed(path: Path, entries: list[Any]) -> Iterator[tuple[str, Any]]:
    for place, entry in enumerate(entries, 1):
        name = entry.get("id") if isinstance(entry, dict) else None
        yield f"{path}: rule {name or f'no. {place}'}", entry


def _faults(place: str, entry: Any, indicators: Collection[str] | None) -> Iterator[str]:
    """Yield what is wrong with one rule."""
    if not isinstance(entry, dict):
        yield f"{place}: not a mapping"
        return
    cls = KINDS.get(str(entry.get("kind")))
    if cls is None:
        yield f"{place}: 'kind' must be one of {', '.join(KINDS)}"
        return
    required, allowed = _keys(cls)
    yield from (f"{place}: key {key!r} is missing" for key in sorted(required - entry.keys()))
    yield from (f"{place}: unknown key {key!r}" for key in sorted(map(str, entry.keys() - allowed)))
    for key in sorted(allowed & entry.keys()):
        yield from (f"{place}: {fault}" for fault in _value_faults(key, entry[key], indicators))
    if cls is Bounds:
        yield from (f"{place}: {fault}" for fault in _bounds_faults(entry))


def _keys(cls: type[Rule]) -> tuple[set[str], set[str]]:
    """Return the keys that a rule of this kind must have, and those that it may have."""
    own = [item for item in fields(cls) if item.name not in ("title_zh", "title_en")]
    required = {item.name for item in own if item.default is MISSING} | {"kind", "title"}
    return required, required | {item.name for item in own}


def _value_faults(key: str, value: Any, indicators: Collection[str] | None) -> Iterator[str]:
    if not _well_typed(key, value):
        yield f"{key!r} cannot be {value!r}"
    elif key == "severity" and value not in SEVERITIES:
        yield f"'severity' must be one of {', '.join(SEVERITIES)}, not {value!r}"
    elif key in _REFERENCES and indicators is not None:
        named = value if isinstance(value, list) else [value]
        yield from (f"{key!r} names the unknown indicator {name!r}" for name in named if name not in indicators)


def _well_typed(key: str, value: Any) -> bool:
    if key == "title":
        return isinstance(value, dict) and value.keys() == {"zh", "en"} and all(map(_is_text, value.values()))
    if key in _LISTS:
        return isinstance(value, list) and len(value) > 1 and all(map(_is_text, value))
    if key in ("minimum", "maximum"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return _is_text(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _bounds_faults(entry: Mapping[str, Any]) -> Iterator[str]:
    if ("unit" in entry) == ("indicator" in entry):
        yield "needs either 'unit' or 'indicator'"
    if not {"minimum", "maximum"} & entry.keys():
        yield "needs 'minimum', 'maximum' or both"


def _repeated(path: Path, entries: list[Any]) -> Iterator[str]:
    names = [entry["id"] for entry in entries]
    yield from (f"{path}: rule {name}: the id stands twice" for name in sorted(set(names)) if names.count(name) > 1)


def _rule(entry: Mapping[str, Any]) -> Rule:
    """Build the rule of an entry without faults."""
    values = {key: value for key, value in entry.items() if key not in ("kind", "title")}
    for key in values.keys() & {"minimum", "maximum"}:
        values[key] = Decimal(str(values[key]))
    for key in values.keys() & _LISTS:
        values[key] = tuple(values[key])
    titles = {"title_zh": entry["title"]["zh"], "title_en": entry["title"]["en"]}
    return KINDS[entry["kind"]](**values, **titles)
