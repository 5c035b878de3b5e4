"""Encodings: bytes to text, judged by what the text says rather than by the first codec that does not fail.

GB18030 decodes nearly every Big5 file into rare characters without a complaint.  So each legacy
codec is tried strictly, and the reading with the largest share of the characters that Chinese prose
is made of wins (common.txt: the most frequent ones, folded, which serves both scripts).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache
from importlib import resources

from mingfu.errors import InputError
from mingfu.script import fold

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_JUDGED = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SIGNS = frozenset(fold("，。、；：？！“”‘’《》〈〉（）【】〔〕…—·％％　０１２３４５６７８９"))
# Bytes above 0x7f say nothing about being binary: every legacy encoding uses them.
_HIGH = dict.fromkeys(range(0x80, 0x100), "?")
# Python's gb18030 is that of the year 2000, which had no code points yet for 19 characters and put them
# at private ones; GB 18030-2005 (ḿ) and -2022 (the others) assign them, and so does the WHATWG's Encoding
# Standard, which besides reads 0xA3A0 as the ideographic space that old word processors meant by it.
_CHARACTERS_SINCE = str.maketrans(
    "\ue5e5\ue7c7\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794"
    "\ue795\ue796\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
    "\u3000\u1e3f\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17"
    "\ufe18\ufe19\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
)
_ASSIGNED_SINCE = re.compile(f"[{''.join(map(chr, _CHARACTERS_SINCE))}]")
_SAMPLE = 20_000
_PLAUSIBLE = 0.5


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text of `data`, byte order mark left out, and the name of its encoding.

    Raise InputError for the file `name`: E_BINARY where the bytes hold control characters that no
    encoding explains, E_ENCODING where no encoding yields Chinese prose.
    """
    mark = next((mark for mark in _MARKS if data.startswith(mark)), b"")
    certain = _MARKS.get(mark, "utf-8")
    text = decode_strictly(data[len(mark) :], certain)
    if text is not None and (certain == "utf-8" or plausibility(text) >= _PLAUSIBLE):
        return text, certain
    if mark:
        raise InputError(name, "E_ENCODING", f"the byte order mark says {certain}, but the bytes after it do not hold")
    readings = {codec: text for codec in _JUDGED if (text := decode_strictly(data, codec)) is not None}
    best = max(readings, key=lambda codec: plausibility(readings[codec]), default="")
    if best and plausibility(readings[best]) >= _PLAUSIBLE:
        return readings[best], best
    if _CONTROL.search(data.decode("latin-1").translate(_HIGH)):
        raise InputError(name, "E_BINARY", "the file holds control characters, as programs and pictures do")
    raise InputError(name, "E_ENCODING", "read as UTF-8, GB18030, Big5 or UTF-16, it is no Chinese prose")


def decode_strictly(data: bytes, codec: str) -> str | None:
    """Return the text of `data` in `codec`, or None where a byte or a control character does not belong."""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    if codec == "gb18030":
        text = _ASSIGNED_SINCE.sub(lambda match: match[0].translate(_CHARACTERS_SINCE), text)
    return None if _CONTROL.search(text) else text


def plausibility(text: str) -> float:
    """Return how much `text` looks like Chinese prose: 1 for common characters only, 0 or less for garbage.

    Only characters outside ASCII count; those that no text is written in (private use, unassigned) count
    against it.
    """
    sample = [char for char in fold(text[:_SAMPLE]) if char > "\x7f"]
    if not sample:
        return 1.0
    common = sum(char in _common() for char in sample)
    broken = sum(unicodedata.category(char) in ("Co", "Cn", "Cs") for char in sample)
    return (common - 3 * broken) / len(sample)


@cache
def _common() -> frozenset[str]:
    text = (resources.files("mingfu.ingest") / "common.txt").read_text(encoding="utf-8")
    return frozenset(fold(text)) - {"\n"} | _SIGNS
