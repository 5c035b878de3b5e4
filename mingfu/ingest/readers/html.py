"""Web pages: saved, fetched, or in a web archive (.mht); the article of the page with its tables."""

from __future__ import annotations

import re

from mingfu.errors import InputError
from mingfu.ingest.article import article_of, ideographs_in
from mingfu.ingest.blocks import assemble
from mingfu.ingest.markup import Element
from mingfu.ingest.metadata import hints_of
from mingfu.ingest.reading import File, Reading
from mingfu.ingest.webarchive import Page, pages_of
from mingfu.ingest.webtext import lines_of, parse_page
from mingfu.ingest.webwording import webpage

_LEAST = 10  # ideographs of a report
_LEAST_SHARE = 0.3  # of the ideographs of the page outside of links
_STOP = "。"
_LEAST_SENTENCES = 0.5  # of those in the source
_FEW = 5
_UNSHOWN = re.compile(r"<(script|style|textarea)\b.*?</\1\s*>|<!--.*?-->", re.I | re.S)
_BEGUN = re.compile(r"<(?:body|html|frameset)\b", re.I)
_ENDED = re.compile(r"</\s*(?:body|html|frameset)\b", re.I)
_ATTACHED = re.compile(r"[^/]+\.(?:pdf|docx?|wps|ofd)$", re.I)


def read(file: File) -> Reading:
    """Return the article of a page.

    Raise InputError E_NO_TEXT where the page shows none, E_ENCODING where a character of it is broken,
    E_TOO_LARGE or E_DAMAGED.
    """
    refused: InputError | None = None
    for page in pages_of(file):
        try:
            return _read(file, page)
        except InputError as error:
            refused = refused or error
    assert refused
    raise refused


def _read(file: File, page: Page) -> Reading:
    root = parse_page(page.html, file)
    _refuse_parts(file, page.html)
    hints = hints_of(root, page.html, page.url)
    lines = lines_of(root, file)
    article = article_of(lines, hints.title)
    held, found = ideographs_in(lines), ideographs_in(article)
    if found < max(_LEAST, _LEAST_SHARE * held):
        raise file.error("E_NO_TEXT", f"only {found:,} of its {held:,} ideographs are an article{_elsewhere(root)}")
    text, places = assemble(line.block for line in article)
    _refuse_losses(file, page.html, text)
    if "\ufffd" in text:
        raise file.error("E_ENCODING", f"a character of its article cannot be read as {page.encoding}")
    return Reading(text, places, page.encoding, hints)


def _refuse_parts(file: File, html: str) -> None:
    """Raise InputError E_DAMAGED for a page whose beginning or end is missing, or the first of several."""
    begun, ended = _BEGUN.search(html), _ENDED.search(html)
    if bool(begun) != bool(ended):
        raise file.error("E_DAMAGED", f"it is a page that is cut off: its {'end' if begun else 'beginning'} is missing")
    most = max((int(match[1]) for match in webpage().paging.finditer(html)), default=1)
    if most > 1:
        raise file.error("E_DAMAGED", f"it is only one of the {most} pages of its article")


def _refuse_losses(file: File, html: str, text: str) -> None:
    """Raise InputError E_NO_TEXT where the source has many more sentences than were read: its tags are broken."""
    held, found = _UNSHOWN.sub("", html).count(_STOP), text.count(_STOP)
    if found < _LEAST_SENTENCES * held - _FEW:
        raise file.error("E_NO_TEXT", f"only {found:,} of the {held:,} sentences in its source are shown")


def _elsewhere(root: Element) -> str:
    """Return where the text of a page may be that has none of its own."""
    links = (str(link.get("href") or "").strip() for link in root.iter("a"))
    names = list(dict.fromkeys(match[0] for link in links if (match := _ATTACHED.search(link))))
    if names:
        return f"; it links to {', '.join(names[:3])}"
    if any(True for _ in root.iter("iframe", "frame", "embed", "object")):
        return "; its text is in a frame: save the page in the frame"
    return "; a script may show its text: save it from a browser as a complete page or web archive"
