"""Whether a PDF file is whole: of a damaged part PDFium takes what comes before the damage, without a word."""

from __future__ import annotations

import re
import zlib
from base64 import a85decode
from collections.abc import Callable, Iterator
from io import BytesIO

from pypdfium2 import PdfDocument, raw

_MOST = 100_000_000  # bytes of a part once unpacked
_TAIL = 1024  # bytes, in which a whole picture ends
_PLACE = re.compile(rb"^(\d{10}) \d{5} n", re.MULTILINE)
_CONTENTS = re.compile(rb"/Contents ?\[?((?: *\d+ 0 R)+)")
_FILTERS = re.compile(rb"/Filter ?(\[[^\]]*|/\w+)")


def is_whole(document: PdfDocument, with_pictures: bool) -> bool:
    """Tell whether the parts of a file are where it says and whole; of its pictures only if so asked.

    Type counts as well: where the shapes of characters are damaged, PDFium leaves characters out.
    """
    if not raw.FPDF_DocumentHasValidCrossReferenceTable(document):
        return False
    there, wanted = set[bytes](), set[bytes]()
    for number, head, content in _objects(document):
        if not head.endswith(b">>\r\nendobj\r\n"):  # what stands on a page is a stream, or an array of streams
            there.add(number)
        wanted.update(each for found in _CONTENTS.findall(head) for each in found.split()[::3])
        is_asked = with_pictures or b"/Subtype/Image" not in head
        if is_asked and not _is_sound(head, content):
            return False
    return wanted <= there


def _objects(document: PdfDocument) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield number, head and content of each object as PDFium writes it, without encryption and former editions."""
    copy = BytesIO()
    document.save(copy, flags=raw.FPDF_REMOVE_SECURITY)
    data = copy.getvalue()
    table = data.rindex(b"\nxref") + 1
    places = sorted(int(place) for place in _PLACE.findall(data, table))
    for start, end in zip(places, [*places[1:], table], strict=True):
        head, _, content = data[start:end].partition(b">>stream\r\n")
        yield head[: head.find(b" ")], head, content.removesuffix(b"endobj\r\n").removesuffix(b"\r\nendstream\r\n")


def _is_sound(head: bytes, content: bytes) -> bool:
    found = _FILTERS.search(head)
    for name in re.findall(rb"\w+", found[1]) if found else ():
        unpack = _UNPACK.get(name)
        if unpack is None:
            return True
        try:
            content = unpack(content)
        except (ValueError, zlib.error):
            return False
    return True


def _inflated(content: bytes) -> bytes:
    """Return what Flate has packed; raise ValueError or zlib.error where it is cut off or differs from its sum."""
    if not content:
        return content
    part = zlib.decompressobj(-zlib.MAX_WBITS)
    data = part.decompress(content[2:], _MOST)
    if not part.eof and not part.unconsumed_tail:
        raise ValueError("cut off")
    # Some programs leave out the sum, or a part of it.
    if part.eof and len(part.unused_data) >= 4 and part.unused_data[:4] != zlib.adler32(data).to_bytes(4):
        raise ValueError("changed")
    return data


def _from_85(content: bytes) -> bytes:
    return a85decode(content[: content.index(b"~")])


def _from_hex(content: bytes) -> bytes:
    digits = b"".join(content[: content.index(b">")].split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


def _jpeg(content: bytes) -> bytes:
    content.rstrip(b"\0").rindex(b"\xff\xd9", -_TAIL)  # scanners fill up with zeros
    return content


_UNPACK: dict[bytes, Callable[[bytes], bytes]] = {
    b"FlateDecode": _inflated,
    b"ASCII85Decode": _from_85,
    b"ASCIIHexDecode": _from_hex,
    b"DCTDecode": _jpeg,
}
