"""Constraints of a field as masks: which of a column's values break them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pyarrow as pa
from pyarrow import compute

from mingfu.validate.columns.celltypes import CELL_TYPES, read_cells
from mingfu.validate.columns.faults import NotCompiled

Check = Callable[[pa.Array], pa.Array]
# Patterns made of these mean the same to RE2 and to Python, or match less.
_SHARED = re.compile(
    r"""\^?(?: [^\\()\[\].^${]          # a character, a quantifier, an alternative
        | \{ (?!,)                     # a count
        | \\ [dws.\-/+*?()|\[\]]
        | \( (?: \?: | (?!\?) ) | \)
        | \[ (?: [^\\\[\]^] | \\[dws.\-] )+ \]
        | \[\^ [^\\\[\]]+ \]
        )* \$?""",
    re.VERBOSE,
)
_ORDERED = ("integer", "number", "date", "year")
# What would have cells read in another way.
_READING = {"format", "groupChar", "decimalChar", "bareNumber"}
_ALLOWED = {
    "required": CELL_TYPES.keys(),
    "unique": CELL_TYPES.keys(),
    "enum": CELL_TYPES.keys(),
    "pattern": ("string",),
    "minLength": ("string",),
    "maxLength": ("string",),
    "minimum": _ORDERED,
    "maximum": _ORDERED,
    "exclusiveMinimum": _ORDERED,
    "exclusiveMaximum": _ORDERED,
}
_COMPARE = {
    "minimum": compute.greater_equal,
    "maximum": compute.less_equal,
    "exclusiveMinimum": compute.greater,
    "exclusiveMaximum": compute.less,
}


def compile_checks(field: Mapping[str, Any]) -> list[tuple[str, Check]]:
    """Return the constraints of a field with what finds the values that break them; null breaks `required` only.

    Raises NotCompiled for a constraint that the type does not have or a bound that is not of the type.
    """
    constraints = field.get("constraints", {})
    foreign = [name for name in _READING & field.keys() if field[name] != "default"]
    foreign += [name for name in constraints if field["type"] not in _ALLOWED.get(name, ())]
    if foreign or field["type"] not in CELL_TYPES:
        raise NotCompiled(f"{field['name']}: type {field['type']} with {', '.join(foreign)}")
    return list(_checks(field, constraints))


def _checks(field: Mapping[str, Any], constraints: Mapping[str, Any]) -> Iterator[tuple[str, Check]]:
    for name, bound in constraints.items():
        if name in _COMPARE:
            yield f"{name} {bound}", _outside(name, _values(field, [bound])[0])
        elif name == "required" and bound:
            yield name, compute.is_null
        elif name == "enum":
            yield f"{name} {bound}", _not_among(_values(field, bound))
        elif name == "pattern":
            yield f"{name} {bound}", _unlike(bound)
        elif name in ("minLength", "maxLength"):
            yield f"{name} {bound}", _length(name, bound)
    if "categories" in field:
        values = [item["value"] if isinstance(item, dict) else item for item in field["categories"]]
        yield f"categories {values}", _not_among(_values(field, values))


def _values(field: Mapping[str, Any], bounds: list[Any]) -> pa.Array:
    """Return what a schema gives as bounds, in the field's type."""
    if field["type"] in ("string", "any") and not all(isinstance(bound, str) for bound in bounds):
        raise NotCompiled(f"{field['name']}: {bounds} is not all text")
    values = read_cells(pa.array(map(str, bounds), pa.string()), field)
    if values.null_count:
        raise NotCompiled(f"{field['name']}: {bounds} is not of type {field['type']}")
    return values


def _outside(name: str, bound: pa.Scalar) -> Check:
    # The inverse, since no comparison with NaN holds.
    return lambda values: compute.invert(_COMPARE[name](values, bound))


def _not_among(allowed: pa.Array) -> Check:
    allowed = _unsigned_zero(allowed)
    return lambda values: compute.and_(
        compute.invert(compute.is_in(_unsigned_zero(values), value_set=allowed)), compute.is_valid(values)
    )


def _unsigned_zero(values: pa.Array) -> pa.Array:
    """Return floats with 0 for -0, which is equal to it but another member of a set."""
    return compute.add(values, 0.0) if pa.types.is_floating(values.type) else values


def _length(name: str, bound: int) -> Check:
    compare = compute.less if name == "minLength" else compute.greater
    return lambda values: compare(compute.utf8_length(values), bound)


def _unlike(pattern: str) -> Check:
    """Let RE2 find the values that match for sure, and Python judge the others."""
    try:
        judge = re.compile(f"^{pattern}$")
    except re.error as error:
        raise NotCompiled(f"{pattern}: {error}") from error
    quick = _quick(pattern)

    def unlike(values: pa.Array) -> pa.Array:
        other = compute.invert(compute.match_substring_regex(values, quick)) if quick else compute.is_valid(values)
        if not other.true_count:
            return other
        odd = [text for text in values.filter(other).unique().to_pylist() if not judge.match(text)]
        return compute.and_(compute.is_in(values, value_set=pa.array(odd, pa.string())), compute.is_valid(values))

    return unlike


def _quick(pattern: str) -> str | None:
    whole = f"^(?:{pattern})$"
    try:
        compute.match_substring_regex(pa.array([""]), whole)
    except pa.ArrowInvalid:
        return None
    return whole if _SHARED.fullmatch(pattern) else None
