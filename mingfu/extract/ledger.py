"""The ledger: every numeric expression of a document, in order, with what the text says about it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mingfu.extract.amounts import Amount
from mingfu.extract.cells import Figure, Figures, figures_of
from mingfu.extract.dating import LAST_YEAR, Calendar, Period
from mingfu.extract.labels import Scopes, label_of
from mingfu.extract.layout import Layout, linked, phrases
from mingfu.extract.parents import parents_of
from mingfu.extract.periods import Periods
from mingfu.extract.plans import Plans
from mingfu.extract.roles import is_threshold, role_of
from mingfu.extract.scan import Mention, Quotes, scan
from mingfu.model import Document, Number, Place, Span, sections_of
from mingfu.personal import masked, personal_spans
from mingfu.script import fold


def extract_numbers(document: Document) -> tuple[Number, ...]:
    """Return the ledger of a document: quantities (`uncoded` so far) and excluded numerals, in text order."""
    text = fold(document.text)
    figures = figures_of(document, text)
    quotes = Quotes(text)
    mentions = list(scan(text, quotes, {start: figure.mention for start, figure in figures.items()}))
    sections = sections_of(document.sections, (mention.start for mention in mentions))
    paths = [section.path if section else None for section in sections]
    personal = personal_spans(text)
    numbers = tuple(_numbers(document, Layout(text), mentions, paths, quotes, figures, masked(document.text, personal)))
    if personal:
        numbers = tuple(_guarded(number, personal) for number in numbers)
    return _placed(numbers, document.places) if document.places else numbers


def _numbers(
    document: Document,
    layout: Layout,
    mentions: Sequence[Mention],
    paths: Sequence[str | None],
    quotes: Quotes,
    figures: Mapping[int, Figure],
    shown: str,
) -> Iterator[Number]:
    masthead = document.masthead
    known = Calendar(masthead.report_year, masthead.report_date, spoken=masthead.genre == "work")
    periods = Periods(layout, known, mentions, quotes)
    cells = {figure.mention.start: figure for figure in figures.values()}
    stated = [(mention, path) for mention, path in zip(mentions, paths, strict=True) if mention.start not in cells]
    prose = _Reader(document, layout, stated, periods, known, shown).numbers()
    tables = Figures(document, layout.text, shown, periods)
    for mention, path in zip(mentions, paths, strict=True):
        if not mention.amount:
            yield _excluded(document, mention, path)
        elif mention.start in cells:
            yield tables.number(cells[mention.start], mention.amount, path)
        else:
            yield next(prose)


def _placed(numbers: Iterable[Number], places: Sequence[Place]) -> tuple[Number, ...]:
    """Return the numbers with the places of the file in which they stand."""
    starts = [place.start for place in places]
    found = []
    for number in numbers:
        index = bisect_right(starts, number.start) - 1
        held = index >= 0 and number.start < places[index].end
        found.append(number._replace(place=places[index]) if held else number)
    return tuple(found)


def _excluded(document: Document, mention: Mention, section: str | None) -> Number:
    start, end, _, reason = mention
    return Number(start, end, document.text[start:end], disposition="excluded", reason=reason, section=section)


def _guarded(number: Number, personal: Sequence[Span]) -> Number:
    """Exclude a number that lies in one of the sorted, disjoint spans of personal data."""
    last = bisect_left(personal, (number.end, 0)) - 1
    if last < 0 or personal[last][1] <= number.start:
        return number
    reason = "phone" if number.reason == "phone" else "personal"
    return Number(number.start, number.end, number.text, disposition="excluded", reason=reason, section=number.section)


class _Reader:
    """Puts together what each quantity's surroundings say of it."""

    def __init__(
        self,
        document: Document,
        layout: Layout,
        stated: Sequence[tuple[Mention, str | None]],
        periods: Periods,
        known: Calendar,
        shown: str,
    ) -> None:
        self._document, self._layout, self._shown = document, layout, shown
        self._periods, self._known = periods, known
        self._quantities = [(mention, mention.amount) for mention, _ in stated if mention.amount]
        self._paths = [path for mention, path in stated if mention.amount]
        self._sentences = [layout.passage(mention.start) for mention, _ in self._quantities]
        self._near = phrases(layout, [mention for mention, _ in self._quantities])
        self._scopes = Scopes(layout)
        self._plans = Plans(layout, document.sections, known.year)
        self._roles: list[str] = []
        for index in range(len(self._quantities)):
            self._roles.append(self._role(index))
        self._parents = parents_of(layout, self._quantities, self._roles)

    def numbers(self) -> Iterator[Number]:
        """Yield one Number a quantity."""
        number: Number | None = None
        for index in range(len(self._quantities)):
            number = self._number(index, number)
            yield number

    def _joined(self, index: int) -> bool:
        """Return whether nothing but a list sign stands between a quantity and the one before it."""
        quantities = self._quantities
        return index > 0 and linked(self._layout.text, quantities[index - 1][0], quantities[index][0])

    def _role(self, index: int) -> str:
        mention, amount = self._quantities[index]
        earlier = self._roles[-1] if self._joined(index) else None
        clause = self._layout.clause(mention.start)
        role = role_of(
            self._layout.text,
            amount,
            self._near[index],
            clause,
            planned=self._plans.hold(mention.start, self._sentences[index]) or self._plans.bind(mention.start, clause),
            inherited=earlier if earlier in ("change", "prior", "target") else None,
        )
        last_year = self._known.spoken and LAST_YEAR in self._layout.text[slice(*self._near[index][-2])]
        return "level" if role == "prior" and last_year else role

    def _number(self, index: int, previous: Number | None) -> Number:
        mention, amount = self._quantities[index]
        text, layout, near = self._document.text, self._layout, self._near[index]
        sentence = self._sentences[index]
        start, end = self._period(index)
        scope = self._scopes.of(near, mention.start, sentence[0])
        parent = self._parents[index]
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
            label=label_of(layout, self._shown, near, previous.label if previous and self._joined(index) else None),
            scope=self._shown[slice(*scope)] if scope else None,
            parent=None if parent is None else self._quantities[parent][0].start,
            section=self._paths[index],
            near=near,
            sentence=sentence,
        )

    def _period(self, index: int) -> Period:
        mention, amount = self._quantities[index]
        text, role, sentence = self._layout.text, self._roles[index], self._sentences[index]
        if role == "target":
            lasting = is_threshold(text, amount) or not self._plans.hold(mention.start, sentence)
            return (None, None) if lasting else self._periods.planned(mention.start, sentence)
        streak = amount.kind == "time" and text.endswith(("连续", "连续 "), 0, mention.start)
        if streak and amount.unit and isinstance(amount.low, int) and amount.unit.endswith(("年", "季度", "月")):
            return self._periods.streak(amount.low, amount.unit)
        return self._periods.of(mention, role, self._near[index][0][0], sentence)


def _as_written(text: str, folded: str, mention: Mention, amount: Amount) -> str | None:
    """Return the unit in the script of the text; a share written as 百分之 has the sign as its unit."""
    if amount.unit is None:
        return None
    place = folded.rfind(amount.unit, mention.start, mention.end)
    return text[place : place + len(amount.unit)] if place >= 0 else amount.unit
