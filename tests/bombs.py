"""Files made to break a reader, each with what is to become of it."""

from __future__ import annotations

import codecs
import io
import random
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

from mingfu.ingest.blocks import Block, Paragraph
from tests.writers import docx, ofd

BLOCKS: list[Block] = [
    Paragraph("某市2020年法治政府建设情况报告"),
    *(
        Paragraph(f"（{ordinal}）全年共办理行政复议案件1,286件，同比增长3.5%，审结1,271件。")
        for ordinal in "一二三四五"
    ),
]
TEXT = "某市二〇二〇年法治政府建设情况报告：共办理行政复议案件十件。"
NOISE = random.Random(1)
ENTITIES = f"<!DOCTYPE a [<!ENTITY a0 '{TEXT}'>{{}}]>".format(
    "".join(f"<!ENTITY a{depth} '{f'&a{depth - 1};' * 10}'>" for depth in range(1, 10))
)
MAIL = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"


def word(body: str, path: Path, parts: dict[str, str] | None = None) -> bytes:
    return docx.write_body(body, path, parts).read_bytes()


def packed(entries: Iterable[tuple[str, str | bytes]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return stream.getvalue()


def replaced(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """Return an archive with one of its entries changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {item: archive.read(item).decode() for item in archive.namelist()}
    return packed((entries | {name: change(entries[name])}).items())


def nested(depth: int) -> bytes:
    data = bytes(1_000_000)
    for _ in range(depth):
        data = packed((f"{number}.zip", data) for number in range(8))
    return data


def overlapping() -> bytes:
    """Return an archive whose list names the same bytes a thousand times."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<a/>")
        archive.writestr("word/document.xml", "0" * 1_000_000)
        for number in range(1000):
            copy = zipfile.ZipInfo(f"word/{number}.xml")
            for key in ("compress_type", "CRC", "compress_size", "file_size", "header_offset", "external_attr"):
                setattr(copy, key, getattr(archive.getinfo("word/document.xml"), key))
            archive.filelist.append(copy)
    return stream.getvalue()


def pdf_of(*objects: bytes | str) -> bytes:
    """Return a PDF file of objects, the first of them its catalogue."""
    data, places = bytearray(b"%PDF-1.7\n"), []
    for number, item in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, item.encode() if isinstance(item, str) else item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        *(len(places) + 1, table, len(places) + 1, len(data)),
    )
    return bytes(data)


def page_of(content: bytes, filters: str = "", kids: str = "3 0 R") -> bytes:
    """Return a PDF file whose page has a content, packed by `filters`."""
    return pdf_of(
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(kids.split()) // 3}>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<<%b/Length %d>>stream\n%b\nendstream" % (filters.encode(), len(content), content),
    )


def twice_deflated(size: int) -> bytes:
    """Return blanks, packed, and packed once more."""
    packer = zlib.compressobj(1)
    million = packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    return zlib.compress(million[:2] + million[2:] * (size // 1_000_000))


def composite(objects: str) -> dict[str, str]:
    unit = f'<ofd:CompositeGraphicUnit ID="7"><ofd:Content>{objects}</ofd:Content></ofd:CompositeGraphicUnit>'
    return {"Doc_0/R.xml": f"<ofd:Res {ofd.NAMESPACE}>{unit}</ofd:Res>"}


def page(body: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body><p>{TEXT}</p>{body}</body></html>".encode()


def part(encoding: str, content: str) -> bytes:
    head = f"--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return f"{MAIL}{head}{content}\r\n--b--\r\n".encode()


ITSELF = '<ofd:CompositeObject ID="1" ResourceID="7" Boundary="0 0 1 1"/>'
NOTE = f'<w:footnote w:id="1"><w:p><w:r><w:t>{TEXT}</w:t><w:footnoteReference w:id="1"/></w:r></w:p></w:footnote>'
STYLES = "".join(f'<w:style w:styleId="{a}"><w:basedOn w:val="{b}"/></w:style>' for a, b in ("ab", "ba"))
SPANS = "<tr><td colspan=999999999 rowspan=999999999>甲</td><td rowspan=65534 colspan=1000>8</td></tr>"
DAMAGED, LARGE, NO_TEXT, READ = "E_DAMAGED", "E_TOO_LARGE", "E_NO_TEXT", "read"
# What makes the file, given a path that it may use, and its outcome.
BOMBS: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "entries that overlap.docx": (lambda _: overlapping(), DAMAGED),
    "archives in archives.docx": (lambda _: nested(5), "E_FORMAT"),
    "300 MB of empty paragraphs.docx": (lambda path: word("<w:p/>" * 50_000_000, path), LARGE),
    "two million elements.docx": (
        lambda path: word("".join(f"<w:p w:x='{NOISE.getrandbits(20):x}'/>" for _ in range(1_100_000)), path),
        LARGE,
    ),
    "entities.docx": (lambda path: replaced(word("", path), "word/document.xml", lambda xml: ENTITIES + xml), DAMAGED),
    "entities.ofd": (lambda path: ofd.write_pages([], path, {"OFD.xml": f"{ENTITIES}<a>&a9;</a>"}).read_bytes(), LARGE),
    "a file as entity.docx": (
        lambda path: replaced(
            word("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", path),
            "word/document.xml",
            lambda xml: "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + xml,
        ),
        DAMAGED,
    ),
    "depth.docx": (lambda path: word("<w:p>" * 200_000 + "</w:p>" * 200_000, path), LARGE),
    "a cell as wide as can be.docx": (
        lambda path: word(
            f"<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='999999999'/></w:tcPr>{docx.paragraph(TEXT)}</w:tc>"
            f"<w:tc>{docx.paragraph('8')}</w:tc></w:tr></w:tbl>",
            path,
        ),
        LARGE,
    ),
    "a note in itself.docx": (
        lambda path: word('<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>', path, {"footnotes": NOTE}),
        READ,
    ),
    "styles in a circle.docx": (
        lambda path: word(docx.paragraph(TEXT, '<w:pStyle w:val="a"/>'), path, {"styles": STYLES}),
        READ,
    ),
    "a part is missing.docx": (lambda _: packed([("[Content_Types].xml", "<a/>"), ("word/a.xml", "<a/>")]), DAMAGED),
    "a path that leads out.docx": (
        lambda _: packed([("[Content_Types].xml", "<a/>"), ("word/document.xml", "<a/>"), ("../../a", "")]),
        DAMAGED,
    ),
    "a unit of itself.ofd": (
        lambda path: ofd.write_pages(
            [ITSELF], path, composite(ITSELF * 30), "<ofd:PublicRes>R.xml</ofd:PublicRes>"
        ).read_bytes(),
        LARGE,
    ),
    "a page is missing.ofd": (
        lambda path: replaced(
            ofd.write(BLOCKS, path).read_bytes(), "Doc_0/Document.xml", lambda xml: xml.replace("Page_0", "Page_9")
        ),
        DAMAGED,
    ),
    "steps without end.ofd": (
        lambda path: replaced(
            ofd.write(BLOCKS, path).read_bytes(),
            "Doc_0/Pages/Page_0/Content.xml",
            lambda xml: xml.replace('DeltaX="', 'DeltaX="g 999999999999 1e300 '),
        ),
        NO_TEXT,
    ),
    "deflated twice.pdf": (
        lambda _: page_of(twice_deflated(2_000_000_000), "/Filter[/FlateDecode/FlateDecode]"),
        LARGE,
    ),
    "pages in a circle.pdf": (lambda _: page_of(b"", kids="2 0 R 3 0 R"), DAMAGED),
    "pages without end.pdf": (lambda _: page_of(b"", kids="3 0 R " * 100_000), LARGE),
    "no pages.pdf": (lambda _: pdf_of("<</Type/Catalog>>"), DAMAGED),
    "brackets.pdf": (lambda _: pdf_of("<</Type/Catalog/Pages 2 0 R>>", "[" * 500_000), DAMAGED),
    "200,000 divisions.html": (lambda _: page("<div>" * 200_000 + "</div>" * 200_000), LARGE),
    "tables in tables.html": (lambda _: page("<table><tr><td>" * 5000), LARGE),
    "reach.html": (lambda _: page(f"<table>{SPANS * 500}</table>"), LARGE),
    "columns.html": (lambda _: page("<table>" + f"<tr>{'<td>甲</td><td>8</td>' * 1000}</tr>" * 20), LARGE),
    "comments.html": (lambda _: b"<!---->" * 580 + page(""), READ),
    "comments without a page.html": (lambda _: b"<!---->" * 580 + b"x", NO_TEXT),
    "blanks.html": (lambda _: page(" \n" * 3_000_000), READ),
    "a long attribute.html": (lambda _: page(f"<i title='{'x' * 20_000_000}'>8</i>"), READ),
    "declarations.html": (lambda _: page("", "<meta " * 500_000), READ),
    "quoted.mht": (lambda _: part("quoted-printable", "=\r\n" * 1_000_000), NO_TEXT),
    "parts in parts.mht": (
        lambda _: (
            MAIL
            + "".join(f"--b{'c' * d}\r\nContent-Type: multipart/a; boundary=b{'c' * d}c\r\n\r\n" for d in range(1200))
        ).encode(),
        LARGE,
    ),
    "a line of 70 MB.txt": (lambda _: (TEXT * 800_000).encode(), LARGE),
    "more than 100 MB.txt": (lambda _: b" " * 100_000_000 + TEXT.encode(), LARGE),
    "NULs.txt": (lambda _: bytes(50_000_000), "E_EMPTY"),
    "a NUL.txt": (lambda _: f"{TEXT}\0".encode(), "E_BINARY"),
    "tabs.txt": (lambda _: ("甲\t1\t" * 2000 + "\n").encode() * 28, LARGE),
    "breaks.txt": (lambda _: b"\r" * 1_900_000 + TEXT.encode(), READ),
    "UTF-16 of noise.txt": (lambda _: codecs.BOM_UTF16_LE + NOISE.randbytes(100_000), "E_ENCODING"),
    "a tiny picture said to be large.png": (
        lambda _: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01\x86\xa0\0\x01\x86\xa0\x08\x02\0\0\0",
        DAMAGED,
    ),
}
