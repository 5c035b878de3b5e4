"""Word documents: what Word shows is read in its order, what it generates included, and bombs are refused."""

from __future__ import annotations

import random
import struct
import zipfile
from pathlib import Path

import pytest

from mingfu.errors import InputError
from mingfu.ingest.blocks import Block, Paragraph, Table, assemble
from mingfu.ingest.grid import TableCell
from mingfu.ingest.ordinals import written
from mingfu.ingest.pool import Contents, read_files
from mingfu.ingest.readers import docx
from mingfu.ingest.reading import File
from tests.writers.docx import NAMESPACES, levels, numbered, paragraph, write, write_body

BLOCKS: list[Block] = [
    Paragraph("高明区2020年法治政府建设情况报告"),
    Paragraph("一、主要做法"),
    Paragraph("（一）依法行政。共办理行政复议案件1,286件，增长3.5%。"),
    Paragraph("1.5万元以上的12宗。"),
    Paragraph("（二）<执法> & “监督”"),
    Table(
        (
            TableCell("信息内容", 0, 0, 2),
            TableCell("本年", 0, 1, 1, 2),
            TableCell("制作数", 1, 1),
            TableCell("废止数", 1, 2),
            TableCell("规章", 2, 0),
            TableCell("3", 2, 1),
            TableCell("1", 2, 2),
        )
    ),
    Paragraph("2. 3件未办结"),
    Paragraph("二、存在问题"),
    Paragraph("十一、下一步"),
]
RUN = "<w:r><w:t>{}</w:t></w:r>"
BOX = "<w:txbxContent>" + paragraph("某某区人民政府文件") + "</w:txbxContent>"
ALTERNATIVES = (
    f'<mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>{BOX}</wps:txbx></mc:Choice>'
    f"<mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
)
DELETED_MARK = "<w:rPr><w:del/></w:rPr>"


def text_of(path: Path) -> str:
    return docx.read(File(path.read_bytes(), path.name)).text


def lines_of(folder: Path, body: str, **parts: str) -> list[str]:
    return text_of(write_body(body, folder / "a.docx", parts)).splitlines()


def refusal(path: Path) -> InputError:
    """Return how the worker refuses a file."""
    (answer,) = read_files([(path, path.name)])
    assert isinstance(answer, InputError), answer
    return answer


def test_a_document_comes_back_with_the_ordinals_that_word_generates(tmp_path: Path) -> None:
    path = write(BLOCKS, tmp_path / "a.docx")
    assert "一、" not in zipfile.ZipFile(path).read("word/document.xml").decode()
    (answer,) = read_files([(path, path.name)])
    assert isinstance(answer, Contents)
    assert (answer.reading.text, answer.reading.places) == assemble(BLOCKS)


CASES = {
    "runs of a number": (f"<w:p>{RUN}{RUN}</w:p>", ["1286件"], ("12", "86件")),
    "insertion and deletion": (
        "<w:p>" + RUN.format("受理") + "<w:ins>" + RUN.format("12") + "</w:ins>"
        "<w:del><w:r><w:delText>11</w:delText></w:r></w:del>" + RUN.format("件") + "</w:p>",
        ["受理12件"],
    ),
    "moved": (f"<w:moveFrom>{paragraph('旧')}</w:moveFrom><w:moveTo>{paragraph('新')}</w:moveTo>", ["新"]),
    "deleted end of a paragraph": (paragraph("办结12", DELETED_MARK) + paragraph("86件"), ["办结1286件"]),
    "deleted end of the last paragraph": (paragraph("办结12件", DELETED_MARK), ["办结12件"]),
    "hidden": ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>9</w:t></w:r>" + RUN.format("8件") + "</w:p>", ["8件"]),
    "raised": (
        "<w:p><w:r><w:t>10</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>4</w:t></w:r></w:p>",
        ["10⁴"],
    ),
    "fraction": (
        "<w:p><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></w:p>",
        ["1/2"],
    ),
    "breaks and tabs": (
        "<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t><w:br w:type='page'/>"
        "<w:t>丁</w:t></w:r></w:p>",
        ["甲", "乙 丙丁"],
    ),
    "field": (
        "<w:p><w:r><w:instrText>PAGE 7</w:instrText></w:r><w:fldSimple>" + RUN.format("8件") + "</w:fldSimple></w:p>",
        ["8件"],
    ),
    "content control": ("<w:sdt><w:sdtContent>" + paragraph("甲") + "</w:sdtContent></w:sdt>", ["甲"]),
    "hyperlink": ("<w:p><w:hyperlink>" + RUN.format("甲") + "</w:hyperlink></w:p>", ["甲"]),
    "ruby": (
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>gāo</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>高</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>",
        ["高"],
    ),
    "symbols": (
        "<w:p><w:r><w:t>温度</w:t><w:sym w:font='Symbol' w:char='F0B3'/><w:sym w:font='Symbol' w:char='F033'/>"
        "<w:sym w:font='宋体' w:char='2103'/></w:r></w:p>",
        ["温度≥3℃"],
    ),
    "text box before": (
        f"<w:p><w:r>{ALTERNATIVES}</w:r>{RUN.format('关于情况的报告')}</w:p>",
        ["某某区人民政府文件", "关于情况的报告"],
    ),
    "text box behind": (
        f"<w:p>{RUN.format('关于情况的报告')}<w:r>{ALTERNATIVES}</w:r></w:p>",
        ["关于情况的报告", "某某区人民政府文件"],
    ),
    "word art": (
        "<w:p><w:r><w:pict><v:shape><v:textpath string='文件'/></v:shape></w:pict></w:r></w:p>" + paragraph("甲"),
        ["文件", "甲"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_word_shows_is_read(name: str, tmp_path: Path) -> None:
    body, expected, *filled = CASES[name]
    assert lines_of(tmp_path, body.format(*filled[0]) if filled else body) == expected


def test_lists_are_counted_as_word_counts_them(tmp_path: Path) -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="5">'
        + levels([("chineseCountingThousand", "%1、"), ("decimal", "%1.%2"), ("bullet", "")])
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="5"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
    )
    styles = (
        '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="I"><w:basedOn w:val="H"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>'
    )
    body = (
        paragraph("目录……3", '<w:pStyle w:val="T"/>')
        + paragraph("甲", '<w:pStyle w:val="I"/>')
        + numbered("乙", 1)
        + numbered("丙", 1, 1)
        + numbered("5件", 1, 1)
        + numbered("点", 1, 2)
        + paragraph("无", '<w:pStyle w:val="H"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        + numbered("丁", 1)
        + numbered("戊", 1, 1)
        + numbered("己", 2)
        + numbered("庚", 2)
    )
    expected = ["一、甲", "二、乙", "二.1 丙", "二.2 5件", "点", "无", "三、丁", "三.1 戊", "一、己", "二、庚"]
    assert lines_of(tmp_path, body, numbering=numbering, styles=styles) == expected


@pytest.mark.parametrize(
    ("style", "numbers"),
    {
        "chineseCountingThousand": {
            1: "一",
            10: "十",
            11: "十一",
            20: "二十",
            21: "二十一",
            105: "一百零五",
            110: "一百一十",
        },
        "ideographTraditional": {1: "甲", 11: "甲"},
        "decimalEnclosedCircleChinese": {1: "①", 20: "⑳", 21: "㉑", 99: "99"},
        "lowerLetter": {1: "a", 27: "aa"},
        "upperRoman": {4: "IV", 1999: "MCMXCIX"},
        "chineseLegalSimplified": {11: "壹拾壹"},
        "ideographDigital": {10: "一〇"},
        "thaiCounting": {3: "3"},
    }.items(),
)
def test_ordinals_are_written_in_the_style_of_the_list(style: str, numbers: dict[int, str]) -> None:
    assert {number: written(number, style) for number in numbers} == numbers


def test_notes_stand_behind_their_paragraph_or_table(tmp_path: Path) -> None:
    note = '<w:footnote w:id="{0}">' + paragraph("注{0}") + "</w:footnote>"
    reference = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    cells = [paragraph("甲"), f"<w:p>{RUN.format('5')}{reference.format(3)}</w:p>"]
    body = (
        f"<w:p>{RUN.format('共3件')}{reference.format(2)}{RUN.format('。')}</w:p>"
        + "<w:tbl><w:tr>"
        + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells)
        + "</w:tr></w:tbl>"
        + paragraph("完")
    )
    notes = "".join(note.format(number) for number in (1, 2, 3))
    assert lines_of(tmp_path, body, footnotes=notes) == ["共3件。", "注2", "甲\t5", "注3", "完"]


def test_tables_within_tables_are_tables_and_frames_are_none(tmp_path: Path) -> None:
    def table(*rows: list[str]) -> str:
        return (
            "<w:tbl>"
            + "".join(f"<w:tr>{''.join(f'<w:tc>{c}</w:tc>' for c in row)}</w:tr>" for row in rows)
            + "</w:tbl>"
        )

    inner = table([paragraph("子"), paragraph("3")])
    body = table([paragraph("行政") + paragraph("处罚"), paragraph("12") + inner]) + table(
        [paragraph("甲") + paragraph("乙")]
    )
    assert lines_of(tmp_path, body) == ["行政处罚\t12", "子\t3", "甲", "乙"]


def zipped(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def overlapping(path: Path) -> Path:
    """Write an archive of many names that share the bytes of one entry."""
    data = zipped(path, {"word/document.xml": b"<a/>" + b" " * 3_000_000}).read_bytes()
    directory = data.index(b"PK\x01\x02")
    entry = data[directory : data.index(b"PK\x05\x06")]
    others = b"".join(entry.replace(b"document.xml", b"document.%03d" % number) for number in range(500))
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 501, 501, len(entry + others), directory, 0)
    path.write_bytes(data[:directory] + entry + others + end)
    return path


def bomb(content: bytes) -> dict[str, bytes]:
    return {"[Content_Types].xml": b"", "word/document.xml": content}


ROOT = f"<w:document {NAMESPACES}><w:body>".encode()
ENTITIES = b"".join(b'<!ENTITY x%d "%s">' % (level, b"&x%d;" % (level - 1) * 10) for level in range(1, 10))
BOMBS = {
    "300 MB of empty paragraphs": (lambda: bomb(ROOT + b"<w:p/>" * 50_000_000), "E_TOO_LARGE"),
    "two million paragraphs": (lambda: bomb(ROOT + b"<w:p/>" * 2_000_000 + b"</w:body></w:document>"), "E_TOO_LARGE"),
    "depth": (lambda: bomb(ROOT + b"<w:ins>" * 200_000), "E_TOO_LARGE"),
    "entities": (lambda: bomb(b'<!DOCTYPE a [<!ENTITY x0 "ha">' + ENTITIES + b"]><a>&x9;</a>"), "E_TOO_LARGE"),
    "external entity": (lambda: bomb(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'), "E_DAMAGED"),
    "no text": (lambda: bomb(ROOT + b"<w:p/></w:body></w:document>"), "E_NO_TEXT"),
    "a picture": (
        lambda: bomb(
            ROOT + b"<w:p><w:r><w:drawing><a:blip xmlns:a='a'/></w:drawing></w:r></w:p></w:body></w:document>"
        ),
        "E_NO_TEXT",
    ),
    "nested": (lambda: {"a.zip": b"PK\x03\x04" * 99}, "E_FORMAT"),
    "outside": (lambda: {**bomb(ROOT), "../../x": b""}, "E_DAMAGED"),
    "many entries": (lambda: {**bomb(ROOT), **{f"{number}": b"" for number in range(11_000)}}, "E_TOO_LARGE"),
    "not XML": (lambda: bomb(b"\x00" * 999), "E_DAMAGED"),
    "columns": (
        lambda: bomb(
            ROOT
            + b"<w:tbl><w:tr>"
            + b'<w:tc><w:tcPr><w:gridSpan w:val="999"/></w:tcPr><w:p/></w:tc>' * 999
            + b"</w:tr></w:tbl></w:body></w:document>"
        ),
        "E_TOO_LARGE",
    ),
    "embedded": (lambda: bomb(ROOT + b"<w:altChunk/></w:body></w:document>"), "E_DAMAGED"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused(name: str, tmp_path: Path) -> None:
    make, code = BOMBS[name]
    assert refusal(zipped(tmp_path / "a.docx", make())).code == code


def test_the_main_part_may_have_another_name(tmp_path: Path) -> None:
    whole = write(BLOCKS, tmp_path / "a.docx")
    with zipfile.ZipFile(whole) as archive:
        parts = {
            name.replace("document.xml", "document2.xml"): archive.read(name).replace(b"document.xml", b"document2.xml")
            for name in archive.namelist()
        }
    (answer,) = read_files([(zipped(tmp_path / "b.docx", parts), "b.docx")])
    assert isinstance(answer, Contents), answer
    assert answer.reading.text == text_of(whole)


def test_overlapping_entries_are_refused(tmp_path: Path) -> None:
    assert (refused := refusal(overlapping(tmp_path / "a.docx"))).code == "E_DAMAGED"
    assert "overlap" in refused.reason


def test_cut_and_broken_files_are_refused_or_whole(tmp_path: Path) -> None:
    whole = write(BLOCKS, tmp_path / "a.docx")
    data, text = whole.read_bytes(), text_of(whole)
    random_of = random.Random(1)
    paths = []
    for number in range(60):
        broken = bytearray(data)
        for _ in range(3):
            broken[random_of.randrange(len(data))] = random_of.randrange(256)
        path = tmp_path / f"{number}.docx"
        path.write_bytes(data[: len(data) * number // 60] if number % 2 else bytes(broken))
        paths.append((path, path.name))
    for answer in read_files(paths):
        if isinstance(answer, Contents):
            assert answer.reading.text == text
        else:
            assert answer.code in ("E_DAMAGED", "E_EMPTY", "E_ENCRYPTED", "E_FORMAT", "E_TOO_LARGE"), answer
