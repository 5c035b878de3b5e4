"""PDF files: lines become paragraphs, rules become tables, and nothing of the page's furniture is left."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdfium2 import PdfDocument
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas

from mingfu.errors import InputError
from mingfu.ingest.blocks import Block, Paragraph, Table, assemble
from mingfu.ingest.grid import TableCell
from mingfu.ingest.layout.damage import is_whole
from mingfu.ingest.layout.pdfium import character_of
from mingfu.ingest.pool import read_files
from mingfu.ingest.readers.pdf import read
from mingfu.ingest.reading import File, Reading
from tests.bombs import page_of
from tests.writers import pdf

LONG = "全市各级行政机关共办理行政处罚案件12345件，罚没金额6789.01万元，办理行政许可234567件，同比增长8.9%。"
STYLES = {
    "indented": pdf.BODY,
    "spaced": ParagraphStyle("spaced", parent=pdf.BODY, fontSize=12, leading=18, firstLineIndent=0, spaceAfter=12),
    "small": ParagraphStyle("small", parent=pdf.BODY, fontSize=10.5, leading=15, firstLineIndent=21),
}


def read_path(path: Path) -> Reading:
    return read(File(path.read_bytes(), path.name))


def paragraphs(*texts: str) -> list[Block]:
    return [Paragraph(text) for text in texts]


def table(*rows: Sequence[str]) -> Table:
    return Table(tuple(TableCell(text, r, c) for r, row in enumerate(rows) for c, text in enumerate(row)))


@pytest.mark.parametrize("style", STYLES)
def test_numbers_broken_by_lines_and_pages_are_one(style: str, tmp_path: Path) -> None:
    texts = ["一、总体情况", *("甲" * shift + LONG * 2 for shift in range(40)), "二、存在问题"]
    blocks = paragraphs(*texts)
    reading = read_path(pdf.write(blocks, tmp_path / "a.pdf", "某市年度报告", STYLES[style]))
    assert reading.text == assemble(blocks)[0]
    pages = [place.page or 0 for place in reading.places]
    assert pages == sorted(pages)
    assert pages[-1] > 1
    assert len(texts) <= len(pages) < len(texts) + pages[-1]  # those on two pages have two places


def test_headers_and_page_numbers_are_left_out_and_the_same_words_in_the_body_kept(tmp_path: Path) -> None:
    blocks = paragraphs(LONG, "某市年度报告", "— 1 —", *[LONG] * 20)
    text = read_path(pdf.write(blocks, tmp_path / "a.pdf", "某市年度报告")).text
    assert text == assemble(blocks)[0]


def test_a_table_goes_on_over_pages_with_its_merged_cells(tmp_path: Path) -> None:
    cells = [TableCell("办理结果", 0, 0, 1, 2), TableCell("件数", 0, 2), TableCell("予以公开", 1, 0, 45)]
    cells += [TableCell(f"第{row}类信息", row, 1) for row in range(1, 46)]
    cells += [TableCell(str(1000 + row), row, 2) for row in range(1, 46)]
    blocks = [Paragraph("一、收到申请情况"), Table(tuple(cells)), Paragraph("二、其他情况")]
    reading = read_path(pdf.write(blocks, tmp_path / "a.pdf"))
    assert reading.text == assemble(blocks)[0]
    last = next(place for place in reading.places if reading.text[place.start : place.end] == "1045")
    assert last.cell and last.page == 2
    assert [reading.text[start:end] for start, end in last.cell.beside] == ["予以公开", "第45类信息"]
    assert [reading.text[start:end] for start, end in last.cell.above] == ["件数"]


def test_a_merged_cell_with_a_row_on_each_page_is_one(tmp_path: Path) -> None:
    def upper(canvas: Canvas) -> None:
        draw_table(canvas, table(("办理结果", "事项", "件数"), ("不予公开", "国家秘密", "11")))

    def lower(canvas: Canvas) -> None:
        draw_table(canvas, table(("", "其他情形", "12"), ("", "", "13")))

    reading = read_path(pdf.draw(tmp_path / "a.pdf", upper, lower))
    assert beside_of(reading, "12") == ["不予公开", "其他情形"]
    assert beside_of(reading, "13") == []


def beside_of(reading: Reading, figure: str) -> list[str]:
    (cell,) = (place.cell for place in reading.places if reading.text[place.start : place.end] == figure)
    assert cell
    return [reading.text[start:end] for start, end in cell.beside]


def test_heads_printed_anew_on_each_page_are_read_once(tmp_path: Path) -> None:
    head = ("类别", "件数")
    one, other = (table(head, *((f"第{row}类", str(row)) for row in rows)) for rows in (range(9), range(9, 18)))
    path = pdf.draw(tmp_path / "a.pdf", *(lambda canvas, part=part: draw_table(canvas, part) for part in (one, other)))
    whole = table(head, *((f"第{row}类", str(row)) for row in range(18)))
    assert read_path(path).text == assemble([whole])[0]


def draw_table(canvas: Canvas, content: Table) -> None:
    rows = max(cell.row for cell in content.cells) + 1
    columns = max(cell.column for cell in content.cells) + 1
    canvas.grid([100 + 150 * column for column in range(columns + 1)], [700 - 24 * row for row in range(rows + 1)])
    for cell in content.cells:
        canvas.drawString(106 + 150 * cell.column, 683 - 24 * cell.row, cell.text)


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    left = [f"左栏第{line}行写满了一整行的文字而没有" for line in range(8)]
    right = [f"右栏第{line}行写满了一整行的文字而没有" for line in range(8)]

    def page(canvas: Canvas) -> None:
        canvas.setFontSize(12)
        canvas.drawString(60, 760, "某市报告的标题横跨两栏因此先读而且很长很长很长很长很长很长")
        for row, (one, other) in enumerate(zip(left, right, strict=True)):
            canvas.drawString(60, 720 - 20 * row, one)
            canvas.drawString(320, 713 - 20 * row, other)

    text = read_path(pdf.draw(tmp_path / "a.pdf", page)).text.replace("\n", "")
    assert text.endswith("".join(left + right))


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_pages_shown_turned_are_read_as_shown(rotation: int, tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        canvas.setPageRotation(rotation)
        width, height = canvas._pagesize
        canvas.rotate(rotation)
        canvas.translate(*{90: (0, -width), 180: (-width, -height), 270: (-height, 0)}[rotation])
        canvas.setFont(pdf.FONT, 12)
        draw_table(canvas, table(("项目", "件数"), ("许可", "12")))

    text = read_path(pdf.draw(tmp_path / "a.pdf", page)).text
    assert text == "项目\t件数\n许可\t12\n"


def test_watermarks_hidden_text_and_characters_set_twice_are_not_read(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        for shift in (0, 0.4):
            canvas.drawString(80 + shift, 600, "受理申请1100件。")
        hidden = canvas.beginText(80, 500)
        hidden.setTextRenderMode(3)
        hidden.textOut("不显示的999件")
        canvas.drawText(hidden)
        canvas.rotate(45)
        canvas.drawString(400, 200, "内部资料")

    assert read_path(pdf.draw(tmp_path / "a.pdf", page)).text == "受理申请1100件。\n"


def test_superscripts_are_no_digits_of_the_number_and_footnotes_part_no_paragraph(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        canvas.drawString(80, 760, "共办理案件12345件")
        canvas.setFontSize(8)
        canvas.drawString(80 + 16 * 6 + 5 * 8.5, 767, "1")
        canvas.setFontSize(16)
        canvas.drawString(80, 720, "其中一般程序案件占了很大的一部分，一共达到了67")
        canvas.setFontSize(9)
        canvas.drawString(80, 130, "1 不含简易程序。")

    def next_page(canvas: Canvas) -> None:
        canvas.drawString(80, 760, "89件。")

    text = read_path(pdf.draw(tmp_path / "a.pdf", page, next_page)).text
    assert text.splitlines() == [
        "共办理案件12345件¹",
        "其中一般程序案件占了很大的一部分，一共达到了6789件。",
        "1 不含简易程序。",
    ]


@pytest.mark.parametrize(("code", "character"), [(0x2F47, "日"), (0x2ED3, "长"), (0x02, "-"), (0x4E00, "一")])
def test_radicals_are_read_as_the_characters_they_look_like(code: int, character: str) -> None:
    assert character_of(code) == character


def test_type_that_is_not_embedded_is_read(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont

        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        canvas.setFont("STSong-Light", 16)
        canvas.drawString(80, 600, "办理复议案件1024件。")

    assert read_path(pdf.draw(tmp_path / "a.pdf", page)).text == "办理复议案件1024件。\n"


def test_a_character_without_a_meaning_is_seen_and_makes_its_clause_unsure(tmp_path: Path) -> None:
    texts = ["全年受理案件1\ue1232件，办结88件。", LONG]
    reading = read_path(pdf.write(paragraphs(*texts), tmp_path / "a.pdf"))
    assert reading.text.splitlines()[0] == "全年受理案件1\ufffd2件，办结88件。"
    assert [place.confidence for place in reading.places] == [0.0, None, None]


def test_a_text_that_pdfium_cuts_off_is_refused(tmp_path: Path) -> None:
    path = pdf.draw(tmp_path / "a.pdf", lambda canvas: canvas.drawString(80, 600, "办理案件45件。" * 4500))
    with pytest.raises(InputError, match="longer") as caught:
        read_path(path)
    assert caught.value.code == "E_DAMAGED"


def fourteen(path: Path, **options: Any) -> bytes:
    """Return a file of a page with fourteen lines, packed as its last stream."""

    def page(canvas: Canvas) -> None:
        for line in range(14):
            canvas.drawString(80, 700 - 20 * line, f"办理第{line}类案件{line * line + 45}件。")

    return pdf.draw(path, page, pageCompression=1, **options).read_bytes()


def content_of(data: bytes) -> slice:
    return slice(data.rindex(b">>\nstream\n") + 10, data.rindex(b"endstream"))


def damaged(data: bytes, place: int) -> bytes:
    return data[:place] + bytes(each ^ 1 for each in data[place : place + 10]) + data[place + 10 :]


def elsewhere(data: bytes, number: bytes) -> bytes:
    """Return a file whose page says that its content is another object."""
    return re.sub(rb"/Contents \d\d ", b"/Contents %b " % number, data)


DAMAGES: dict[str, Callable[[bytes, slice], bytes]] = {
    "changed early": lambda data, content: damaged(data, content.start + 10),
    "changed late": lambda data, content: damaged(data, content.stop - 40),
    "its end taken out": lambda data, content: data[: content.stop - 60] + data[content.stop :],
    "missing": lambda data, content: elsewhere(data, b"99"),
    "mistaken": lambda data, content: elsewhere(data, b"01"),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("way", ["plain", "in letters", "encrypted"])
def test_a_page_of_which_a_part_is_damaged_is_refused(
    way: str, damage: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("reportlab.rl_config.useA85", int(way == "in letters"))
    encryption = {"encrypt": StandardEncryption("", ownerPassword="secret", strength=128)} if way == "encrypted" else {}
    data = fourteen(tmp_path / "a.pdf", **encryption)
    assert read(File(data, "a.pdf")).text.count("件。") == 14
    with pytest.raises(InputError, match="damaged") as caught:
        read(File(DAMAGES[damage](data, content_of(data)), "a.pdf"))
    assert caught.value.code == "E_DAMAGED"


def test_a_page_whose_picture_is_cut_off_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("reportlab.rl_config.useA85", 0)
    Image.effect_noise((200, 300), 50).save(tmp_path / "a.jpg")
    data = pdf.draw(tmp_path / "a.pdf", lambda canvas: canvas.drawImage(tmp_path / "a.jpg", 0, 0)).read_bytes()
    end = data.index(b"\xff\xd9")
    for name, half in (("whole", data), ("cut off", data[: end - 5000] + bytes(5002) + data[end + 2 :])):
        (tmp_path / f"{name}.pdf").write_bytes(half)
    assert is_whole(PdfDocument(tmp_path / "whole.pdf"), with_pictures=True)
    assert is_whole(PdfDocument(tmp_path / "cut off.pdf"), with_pictures=False)
    assert not is_whole(PdfDocument(tmp_path / "cut off.pdf"), with_pictures=True)


def test_an_empty_part_is_whole_and_so_is_a_picture_filled_up_with_zeros() -> None:
    for content, name in ((b"", "FlateDecode"), (b"\xff\xd8\xff\xd9" + bytes(5000), "DCTDecode")):
        assert is_whole(PdfDocument(page_of(content, f"/Filter/{name}")), with_pictures=True)
        assert not is_whole(PdfDocument(page_of(content + b"x" * 2000, f"/Filter/{name}")), with_pictures=True)


def test_a_file_of_which_bytes_are_missing_is_refused(tmp_path: Path) -> None:
    data = pdf.write(paragraphs(LONG * 4), tmp_path / "a.pdf").read_bytes()
    with pytest.raises(InputError, match="damaged") as caught:
        read(File(data[:5000] + data[5300:], "a.pdf"))
    assert caught.value.code == "E_DAMAGED"


def error_of(data: bytes, path: Path) -> InputError:
    path.write_bytes(data)
    (error,) = read_files([(path, path.name)])
    assert isinstance(error, InputError)
    return error


def test_a_file_with_a_password_is_refused(tmp_path: Path) -> None:
    path = pdf.draw(tmp_path / "a.pdf", lambda canvas: None, encrypt=StandardEncryption("secret", strength=128))
    assert error_of(path.read_bytes(), path).code == "E_ENCRYPTED"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
def test_a_file_cut_off_is_refused(share: float, tmp_path: Path) -> None:
    path = pdf.write(paragraphs(LONG * 40), tmp_path / "a.pdf")
    data = path.read_bytes()
    assert error_of(data[: int(len(data) * share)], path).code == "E_DAMAGED"
