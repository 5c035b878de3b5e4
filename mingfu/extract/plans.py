"""Plans: the sections and sentences that speak of what is yet to be done."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mingfu.extract.layout import Layout
from mingfu.model import Section
from mingfu.script import fold

_HEADING = re.compile(
    r"下一步|下一阶段|下阶段|下步|今后|努力方向|展望|明年|(?:工作|年度?|任务)(?:的)?(?:计划|打算|安排|思路|要点|设想)(?!类|情况|完成|落实)"
)
_TASK = re.compile(r"\((?:牵头|责任|配合)(?:单位|部门)")
_AHEAD = re.compile(
    r"力争|争取|(?:^|[,;:])计划|(?<![模虚])拟(?=于|将|组织|立项|新|出台|安排|开展)|明年|下一步|(?:预计|在)下一?年度|我们将|今后"
)
_YEAR = re.compile(r"(?:^|[,;:]|到)(20[0-9]{2})年")


class Plans:
    """Where a document reports of plans: by the heading of a section or by the words of a sentence."""

    def __init__(self, layout: Layout, sections: Sequence[Section], year: int | None) -> None:
        self._layout, self._year = layout, year
        self._spans = [
            (section.start, section.end) for section in sections if _HEADING.search(fold(section.heading)[:30])
        ]

    def hold(self, position: int) -> bool:
        """Return whether the number at `position` is in a section or sentence of plans."""
        start, end = self._layout.sentence(position)
        text = self._layout.text
        if any(first <= position < last for first, last in self._spans):
            return True
        if _TASK.search(text, position, end) or _AHEAD.search(text, start, position):
            return True
        year = self._year
        return year is not None and any(int(match[1]) > year for match in _YEAR.finditer(text, start, position))
