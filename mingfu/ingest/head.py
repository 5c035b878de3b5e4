"""The head of a report: the lines above its body, and its title among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from mingfu.ingest.dates import DATE, YEAR_DIGITS
from mingfu.ingest.wording import wording
from mingfu.model import Span
from mingfu.script import fold

LONGEST_LINE = 60
_HEAD = 1500
_NUMBER = re.compile(
    rf"(?:^|[ :(|])(?P<number>[一-鿿]{{1,12}} ?[\[(<﹝](?:{YEAR_DIGITS})[\])>﹞] ?第? ?\d{{1,5}} ?号)"
    rf"|(?:^|[ :|])(?P<bare>[一-鿿]{{2,12}} ?\[(?:{YEAR_DIGITS})\] ?第? ?\d{{1,5}})(?=$|[ |])"
)
# What stands before the name in a title: brackets, 关于 and the year.
_BEFORE_NAME = re.compile(rf"[《<\s]*(?P<about>关于)?\s*(?:\(?(?:{YEAR_DIGITS}) ?年度?\)? ?)?")
_AFTER_NAME = re.compile(rf"关于|\(|》|\d{{4}}|(?:{YEAR_DIGITS}) ?年")


@dataclass(frozen=True, slots=True)
class Line:
    """A line as printed, and folded; `alone` is false for a word of a text without line breaks."""

    text: str
    folded: str
    alone: bool = True


def head_lines(text: str, limit: int) -> list[Line]:
    """Return the whole lines before the body; of a text without line breaks, the words before it."""
    limit = min(limit, _HEAD)
    stop = text.find("。", 0, limit)
    head = text[: stop if stop >= 0 else limit]
    if stop < 0 or "\n" not in text:
        return lines_of(head) if "\n" in text else [Line(word, fold(word), alone=False) for word in head.split()]
    return lines_of(head[: head.rfind("\n") + 1])


def lines_of(text: str) -> list[Line]:
    """Return the lines of a text that hold anything."""
    stripped = (line.strip() for line in text.splitlines())
    return [Line(line, fold(line)) for line in map(_closed_up, stripped) if line]


def _closed_up(line: str) -> str:
    """Return a line without the spaces that spread its letters: 政 府 工 作 报 告."""
    words = line.split()
    return "".join(words) if len(words) > 2 and all(len(word) == 1 for word in words) else line


def find_title(head: list[Line]) -> str | None:
    """Return the first title of a known genre in the head, or else the first of any, its lines joined.

    The last step of a page's path (首页 > 年报) is a title only where there is no other.
    """
    titles = []
    for place, line in sorted(enumerate(head), key=lambda item: ">" in item[1].folded):
        if not _is_title_end(line):
            continue
        title = _after_label(line.text)
        above = place - 1
        while above >= 0 and not wording().title_complete.search(fold(title)) and _is_title_part(head[above]):
            title = head[above].text + title
            above -= 1
        titles.append(title)
    plain = [title for title in titles if not fold(title).endswith("情况")]
    known = [title for title in (*plain, *titles) if genre_of(title)]
    return next(chain(known, plain), None)


def clean_title(name: str) -> str | None:
    """Return the title in the name of a page or file, without the site, date or number behind it; None without one."""
    bare = re.sub(r"(?:\.[0-9A-Za-z]{1,8})+$", "", name)
    parts = [part.strip() for part in re.split(r"[_|]+|\s+-+\s*|\s*-+\s+|(?<=[报告结])[-—]", bare) if part.strip()]
    titles = [part for part in parts if genre_of(part)]
    return next(chain(titles, (part for part in parts if wording().title_end.search(fold(part)))), None)


def _is_title_end(line: Line) -> bool:
    words = _after_label(line.folded)
    return len(words) <= LONGEST_LINE and wording().title_end.search(words) is not None


def _is_title_part(line: Line) -> bool:
    folded = line.folded
    plain = not (set(folded) & set(":;。>|") or _NUMBER.search(folded) or DATE.search(folded))
    return plain and len(folded) <= LONGEST_LINE and wording().title_goes_on.search(folded) is not None


def _after_label(line: str) -> str:
    """Return what follows the last label or step of a page's path: 标题：…, 首页 > …."""
    last = re.split(r"[:：>|＞]", line)[-1].strip()
    return last[1:-1] if last[:1] + last[-1:] == "《》" else last


def genre_of(title: str | None) -> str | None:
    """Return the genre of a title, or None."""
    folded = fold(title or "")
    return next((genre for genre, pattern in wording().genres if pattern.search(folded)), None)


def name_in(title: str) -> tuple[Span, bool]:
    """Return the span of the name that a title begins with, and whether 关于 stands before it.

    The name goes up to 关于, a bracket or the year, or to the topic where that leaves no body's name.
    """
    folded = fold(title)
    before = _BEFORE_NAME.match(folded)
    start = before.end() if before else 0
    stop = _AFTER_NAME.search(folded, start)
    end = stop.start() if stop else len(folded)
    if not re.search(rf"{wording().body}\s*$", folded[start:end]):
        topic = re.compile(wording().topic).search(folded, start, end)
        end = topic.start() if topic else end
    return (start, start + len(folded[start:end].rstrip())), bool(before and before["about"])


def document_number(head: list[Line]) -> str | None:
    """Return the document number in the head, as printed."""
    for line in head:
        match = _NUMBER.search(line.folded) if len(line.text) <= 2 * LONGEST_LINE else None
        if match:
            start, end = match.span("number" if match["number"] else "bare")
            label = re.match(rf"{wording().number_label} +", line.folded[start:end])
            return line.text[start + (label.end() if label else 0) : end]
    return None


def disclosure_class(lines: list[Line]) -> str | None:
    """Return the class of disclosure from a line that says just this, has its label, or the document number."""
    for line in lines:
        match = wording().disclosure.search(line.folded)
        said = match and line.alone and (match["word"] == line.folded.strip("()[] ") or _NUMBER.search(line.folded))
        if match and (match["label"] or said):
            return line.text[slice(*match.span("word"))]
    return None


def addressee(head: list[Line]) -> str | None:
    """Return the bodies that a report goes to."""
    for line in head:
        name = line.folded[:-1].strip()
        if line.folded.endswith(":") and len(name) <= LONGEST_LINE and wording().addressee.search(name):
            return line.text[:-1].strip()
    return None


def labelled_bodies(head: list[Line]) -> Iterator[str]:
    """Yield the bodies that stand alone on a line of the head or behind a label such as 发布机构."""
    body = re.compile(rf"[^\s:|,()]{{1,40}}?{wording().body}(?=$|[\s|)])")
    for line in head:
        label = wording().issuer_label.search(line.folded)
        match = body.match(line.folded, label.end()) if label else line.alone and body.fullmatch(line.folded)
        if match:
            yield line.text[slice(*match.span())]
