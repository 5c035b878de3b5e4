"""What a page says of itself: title, publisher, day and address, from the elements that no one sees."""

from __future__ import annotations

import re
from datetime import date

from mingfu.ingest.markup import Element
from mingfu.ingest.reading import Hints
from mingfu.ingest.webwording import webpage

_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)|(\d\d)(\d\d)(?!\d))")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://\S{1,2000}?)\s*-->")
_SITE = re.compile(r"[-_—|｜–]+[^-_—|｜–]{2,40}$")
_SITE_AFTER = re.compile(r"\s*[-_—|｜–].*|")
_HEAD = 4096
_LONGEST = 300  # characters of a title


def hints_of(root: Element, html: str, url: str | None) -> Hints:
    """Return the metadata of a page; its address is `url` where the archive around it tells."""
    values = _values(root)
    saved = _SAVED_FROM.search(html[:_HEAD])
    canonical = (link.get("href") for link in root.iter("link") if link.get("rel") == "canonical")
    addresses = (url, saved and saved[1], values.get("url"), *canonical)
    return Hints(
        title=values.get("title") or _heading(root),
        publisher=values.get("publisher"),
        published=_day(values.get("published") or ""),
        url=next((str(address) for address in addresses if address and address.startswith("http")), None),
    )


def _values(root: Element) -> dict[str, str]:
    stated: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").lower()
        content = " ".join((meta.get("content") or "").split())
        if content:
            stated.setdefault(name, content)
    known = webpage().metadata.items()
    found = {kind: next((stated[name] for name in names if name in stated), None) for kind, names in known}
    return {kind: value for kind, value in found.items() if value}


def _heading(root: Element) -> str | None:
    """Return the title of the window without the site's name, which a heading of the first level may tell apart."""
    window = next((_text(title) for title in root.iter("title")), "")
    headings = [text for heading in root.iter("h1") if (text := _text(heading))]
    named = [text for text in headings if not window or _SITE_AFTER.fullmatch(window.removeprefix(text))]
    return (named[0] if len(named) == 1 else _SITE.sub("", window).strip()) or None


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())[:_LONGEST]


def _day(text: str) -> date | None:
    match = _DAY.search(text)
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None
