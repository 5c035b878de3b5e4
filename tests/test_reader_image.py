"""Pictures of pages: read by OCR, with how surely each line was read, or refused with what is to be installed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from mingfu.errors import InputError
from mingfu.ingest import pool
from mingfu.ingest.blocks import Block, Paragraph, Table, assemble
from mingfu.ingest.grid import TableCell
from mingfu.ingest.layout import ocr
from mingfu.ingest.pool import Contents, read_files
from mingfu.ingest.readers import image
from mingfu.ingest.reading import File
from mingfu.script import fold
from tests.writers import pdf, scan

pytestmark = pytest.mark.slow
LONG = "全市各级行政机关共办理行政处罚案件12345件，罚没金额6789.01万元，办理行政许可234567件，同比增长8.9%。"
CELLS = ["类别", "件数", "金额（万元）", "行政许可", "550", "0", "行政处罚", "4119", "77.28"]
BLOCKS: list[Block] = [
    Paragraph("一、总体情况"),
    Paragraph(LONG),
    Table(tuple(TableCell(text, index // 3, index % 3) for index, text in enumerate(CELLS))),
    Paragraph(f"甲乙丙{LONG}"),
]


def contents_of(path: Path) -> Contents:
    (contents,) = read_files([(path, path.name)])
    assert isinstance(contents, Contents), contents
    return contents


def test_a_leaning_scan_says_what_was_set_and_how_sure_that_is(tmp_path: Path) -> None:
    reading = contents_of(scan.write(BLOCKS, tmp_path / "a.png", lean=0.8)).reading
    assert fold(reading.text) == fold(assemble(BLOCKS)[0])
    assert all(place.confidence and place.page == 1 for place in reading.places)
    (cell,) = (place.cell for place in reading.places if reading.text[place.start : place.end] == "4119")
    assert cell
    assert [reading.text[start:end] for start, end in (*cell.beside, *cell.above)] == ["行政处罚", "件数"]


def mixed(path: Path) -> Path:
    """Write a page of text and a page that is a picture."""
    (picture,) = scan.pictures(pdf.write([Paragraph("第二页办理案件67件。")], path.with_suffix(".set.pdf")))

    def scanned(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture), 0, 0, *canvas._pagesize)

    return pdf.draw(path, lambda canvas: canvas.drawString(80, 600, "第一页办理案件45件。"), scanned)


def test_pages_of_text_and_pictures_are_read_in_their_order_and_more_text_after_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_JOBS", 1)  # so that what follows is read within the memory that the models leave
    scanned, text = mixed(tmp_path / "a.pdf"), pdf.write(BLOCKS, tmp_path / "b.pdf")
    read, *others = read_files([(path, path.name) for path in (scanned, text, text)])
    assert isinstance(read, Contents), read
    assert read.reading.text == "第一页办理案件45件。\n第二页办理案件67件。\n"
    assert [(place.page, place.confidence is None) for place in read.reading.places] == [(1, True), (2, False)]
    assert all(isinstance(answer, Contents) for answer in others), others


def test_a_page_that_shows_less_than_it_holds_is_refused(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.new("RGB", (50, 50), "white")), 0, 0, *canvas._pagesize)
        hidden = canvas.beginText(80, 500)
        hidden.setTextRenderMode(3)
        hidden.textOut(LONG)
        canvas.drawText(hidden)

    path = pdf.draw(tmp_path / "a.pdf", lambda canvas: canvas.drawString(80, 600, "第一页办理案件45件。"), page)
    (error,) = read_files([(path, path.name)])
    assert isinstance(error, InputError)
    assert error.code == "E_NO_TEXT" and "page 2" in error.reason


def test_without_the_extra_the_message_names_it_and_the_pages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr("mingfu.ingest.layout.ocr.find_spec", lambda name: None if name == "rapidocr" else found(name))
    from mingfu.ingest.readers.pdf import read

    path = mixed(tmp_path / "a.pdf")
    with pytest.raises(InputError, match=r"page 2 .*pip install 'mingfu\[ocr\]'") as caught:
        read(File(path.read_bytes(), path.name))
    assert caught.value.code == "E_NO_READER"


def test_pictures_cut_off_or_too_large_are_refused(tmp_path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(tmp_path / "large.png")
    Image.new("L", (500, 500)).save(tmp_path / "whole.png")
    whole = (tmp_path / "whole.png").read_bytes()
    for data, code in (((tmp_path / "large.png").read_bytes(), "E_TOO_LARGE"), (whole[:100], "E_DAMAGED")):
        with pytest.raises(InputError) as caught:
            image.read(File(data, "a.png"))
        assert caught.value.code == code


def test_a_fax_that_is_damaged_within_is_refused(tmp_path: Path) -> None:
    (picture,) = scan.pictures(pdf.write(BLOCKS, tmp_path / "a.pdf"), 100)
    picture.convert("1").save(tmp_path / "a.tiff", compression="group4")
    data = bytearray((tmp_path / "a.tiff").read_bytes())
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(InputError, match="code word") as caught:
        image.read(File(bytes(data), "a.tiff"))
    assert caught.value.code == "E_DAMAGED"


@pytest.mark.parametrize("suffix", ["png", "jpg", "tiff", "bmp"])
def test_an_empty_page_is_no_report(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.new("RGB", (600, 800), "white").save(path)
    (error,) = read_files([(path, path.name)])
    assert isinstance(error, InputError)
    assert error.code == "E_NO_TEXT"


def test_a_letterhead_and_a_seal_leave_the_text_whole(tmp_path: Path) -> None:
    (picture,) = scan.pictures(pdf.write([Paragraph("　"), *BLOCKS], tmp_path / "a.pdf"))
    for red in (True, False):
        path = stamped(picture, tmp_path / f"{red}.png", "red" if red else "grey")
        text = fold(contents_of(path).reading.text)
        assert fold(assemble(BLOCKS)[0]) in text
        assert fold("某某市人民政府文件") in text


def stamped(picture: Image.Image, path: Path, colour: str) -> Path:
    """Write a page with large letters above its text and a seal on it, which lets black through."""
    ink = Image.new("RGB", picture.size, "white")
    draw = ImageDraw.Draw(ink)
    font = ImageFont.truetype(str(pdf.FONT_FILE), 100)
    draw.text((picture.width / 2, 150), "某某市人民政府文件", colour, font, anchor="mm")
    draw.ellipse((1150, 1480, 1480, 1810), outline=colour, width=9)
    ImageChops.multiply(picture, ink).save(path)
    return path


def test_like_figures_side_by_side_are_all_read(tmp_path: Path) -> None:
    rows = ["1477", "11", "3,377", "100", "222", "7700"]
    cells = [TableCell(text, row, column) for row, text in enumerate(rows) for column in range(3)]
    reading = contents_of(scan.write([Table(tuple(cells)), Paragraph(LONG)], tmp_path / "a.png")).reading
    assert reading.text.splitlines()[:-1] == ["\t".join([text] * 3) for text in rows]


def test_numerals_that_two_readings_tell_differently_are_in_doubt() -> None:
    places = [[(0.0, 0.0)] * 4] * 5
    line = [(text, 1.0, place) for text, place in zip("共147件", places, strict=True)]
    again = "共1477件"
    sure = [sure for _, sure, _ in ocr._compared(line, again, [1.0] * len(again))]
    assert sure[0] == 1.0 > 0.9 > sure[3]
