"""The ledger: every numeric expression of a document, in order, with what the text says about it."""

from __future__ import annotations

from collections.abc import Sequence

from mingfu.extract.amounts import Amount
from mingfu.extract.labels import label_of, scope_of
from mingfu.extract.layout import Layout, linked, phrases
from mingfu.extract.parents import Quantity, parents_of
from mingfu.extract.periods import Calendar, Period, Periods
from mingfu.extract.personal import personal_spans
from mingfu.extract.roles import heads_plans, is_threshold, looks_ahead, role_of, speaks_of_plans
from mingfu.extract.scan import Mention, Quotes, scan
from mingfu.model import Document, Number, Section, Span, section_at
from mingfu.script import fold


def extract_numbers(document: Document) -> tuple[Number, ...]:
    """Return the ledger of a document: quantities (`uncoded` so far) and excluded numerals, in text order."""
    text = fold(document.text)
    layout = Layout(text)
    quotes = Quotes(text)
    mentions = list(scan(text, quotes))
    quantities = [(mention, mention.amount) for mention in mentions if mention.amount]
    near = phrases(layout, [mention for mention, _ in quantities])
    roles = _roles(document, layout, quantities, near)
    masthead = document.masthead
    periods = Periods(layout, Calendar(masthead.report_year, masthead.report_date), mentions, quotes)
    read = _Reader(document, layout, quantities, near, roles, periods)
    stated = {mention.start: number for (mention, _), number in zip(quantities, read.numbers(), strict=True)}
    numbers = [stated.get(mention.start) or _excluded(document, mention) for mention in mentions]
    personal = personal_spans(text)
    return tuple(_guarded(number, personal) for number in numbers) if personal else tuple(numbers)


def _excluded(document: Document, mention: Mention) -> Number:
    section = section_at(document.sections, mention.start)
    return Number(
        mention.start,
        mention.end,
        document.text[mention.start : mention.end],
        disposition="excluded",
        reason=mention.reason,
        section=section.path if section else None,
    )


def _guarded(number: Number, personal: Sequence[Span]) -> Number:
    inside = any(start < number.end and number.start < end for start, end in personal)
    if not inside:
        return number
    reason = "phone" if number.reason == "phone" else "personal"
    return Number(number.start, number.end, number.text, disposition="excluded", reason=reason, section=number.section)


def _roles(
    document: Document, layout: Layout, quantities: Sequence[Quantity], near: Sequence[tuple[Span, ...]]
) -> list[str]:
    roles: list[str] = []
    for index, (mention, amount) in enumerate(quantities):
        inherited = None
        if index and linked(layout.text, quantities[index - 1][0], mention) and roles[-1] in ("change", "prior"):
            inherited = roles[-1]
        planned = _planned(document, layout, mention)
        clause = layout.clause(mention.start)
        roles.append(role_of(layout.text, amount, near[index], clause, planned=planned, inherited=inherited))
    return roles


def _planned(document: Document, layout: Layout, mention: Mention) -> bool:
    """Return whether the number's section or sentence speaks of what is yet to be done."""
    start, end = layout.sentence(mention.start)
    return (
        _in_plans(document.sections, mention.start)
        or speaks_of_plans(layout.text[start:end])
        or looks_ahead(layout.text[start : mention.start], document.masthead.report_year)
    )


def _in_plans(sections: Sequence[Section], position: int) -> bool:
    return any(section.start <= position < section.end and heads_plans(fold(section.heading)) for section in sections)


class _Reader:
    """Puts together what each quantity's surroundings say of it."""

    def __init__(
        self,
        document: Document,
        layout: Layout,
        quantities: Sequence[Quantity],
        near: Sequence[tuple[Span, ...]],
        roles: Sequence[str],
        periods: Periods,
    ) -> None:
        self._document, self._layout, self._quantities = document, layout, quantities
        self._near, self._roles, self._periods = near, roles, periods
        self._parents = parents_of(layout, quantities, roles)

    def numbers(self) -> list[Number]:
        """Return one Number a quantity."""
        numbers: list[Number] = []
        for index in range(len(self._quantities)):
            numbers.append(self._number(index, numbers[-1] if numbers else None))
        return numbers

    def _number(self, index: int, previous: Number | None) -> Number:
        mention, amount = self._quantities[index]
        text, layout, near = self._document.text, self._layout, self._near[index]
        sentence = layout.sentence(mention.start)
        start, end = self._period(mention, amount, self._roles[index], near[0][0])
        scope = scope_of(layout.text, sentence, near, mention.start)
        parent = self._parents[index]
        section = section_at(self._document.sections, mention.start)
        joined = previous is not None and linked(layout.text, self._quantities[index - 1][0], mention)
        return Number(
            mention.start,
            mention.end,
            text[mention.start : mention.end],
            low=amount.low,
            high=amount.high,
            qualifier=amount.qualifier,
            unit=_as_written(text, layout.text, mention, amount),
            role=self._roles[index],
            period_start=start,
            period_end=end,
            label=label_of(layout, text, near, previous.label if joined and previous else None),
            scope=text[slice(*scope)] if scope else None,
            parent=None if parent is None else self._quantities[parent][0].start,
            section=section.path if section else None,
            near=near,
            sentence=sentence,
        )

    def _is_planned(self, mention: Mention) -> bool:
        return _planned(self._document, self._layout, mention)

    def _period(self, mention: Mention, amount: Amount, role: str, own: int) -> Period:
        text = self._layout.text
        if role == "target":
            lasting = is_threshold(text, amount) or not self._is_planned(mention)
            return (None, None) if lasting else self._periods.planned(mention.start)
        streak = text.endswith("连续", 0, mention.start) and amount.kind == "time" and isinstance(amount.low, int)
        if streak and amount.unit and isinstance(amount.low, int) and amount.unit.endswith(("年", "季度", "月")):
            return self._periods.streak(amount.low, amount.unit)
        return self._periods.of(mention.start, mention.end, role, own)


def _as_written(text: str, folded: str, mention: Mention, amount: Amount) -> str | None:
    """Return the unit in the script of the text; a share written as 百分之 has the sign as its unit."""
    if amount.unit is None:
        return None
    place = folded.rfind(amount.unit, mention.start, mention.end)
    return text[place : place + len(amount.unit)] if place >= 0 else amount.unit
