"""OFD files: text by the places of its characters, tables by their rules; pictures and bombs are refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from mingfu.errors import InputError
from mingfu.ingest.blocks import Block, Paragraph, Table, assemble
from mingfu.ingest.grid import TableCell
from mingfu.ingest.pool import Contents, read_files
from mingfu.ingest.readers import ofd
from mingfu.ingest.reading import File, Reading
from tests.writers.ofd import NAMESPACE, page, rule, text, write, write_pages

PROSE = (
    "（{}）依法行政。全年共办理行政复议案件1,286件，同比增长3.5%，审结1,271件，"
    "其中撤销12件、确认违法5件，纠错率为1.3%，行政机关负责人出庭应诉率达到100%。"
)
BLOCKS: list[Block] = [
    Paragraph("一、主要做法"),
    *(Paragraph(PROSE.format(ordinal)) for ordinal in "一二三四五六七八九"),
    Table(
        (
            TableCell("信息内容", 0, 0, 2),
            TableCell("本年", 0, 1, 1, 2),
            TableCell("制作数", 1, 1),
            TableCell("废止数", 1, 2),
            TableCell("行政规范性文件", 2, 0),
            TableCell("3", 2, 1),
            TableCell("1", 2, 2),
        )
    ),
    Paragraph("二、存在问题"),
    Paragraph("执法力量不足，基层执法人员共50余名。"),
]
LINE = text("共办理案件12件。", 30, 40, 5)
WATERMARK = text("内部资料", 60, 100, 20, 'CTM="0.7 -0.7 0.7 0.7 0 0"')
PICTURE = '<ofd:ImageObject ID="5" ResourceID="6" Boundary="0 0 210 297" CTM="210 0 0 297 0 0"/>'


def reading_of(path: Path) -> Reading:
    return ofd.read(File(path.read_bytes(), path.name))


def lines_of(folder: Path, *pages: str, extra: dict[str, str] | None = None, common: str = "") -> list[str]:
    return reading_of(write_pages(pages, folder / "a.ofd", extra, common)).text.splitlines()


def test_a_file_comes_back_with_the_pages_of_its_paragraphs(tmp_path: Path) -> None:
    path = write(BLOCKS, tmp_path / "a.ofd")
    (answer,) = read_files([(path, path.name)])
    assert isinstance(answer, Contents), answer
    text, places = assemble(BLOCKS)
    assert answer.reading.text == text
    assert {place.page for place in answer.reading.places} == {1, 2}
    assert [place.cell for place in answer.reading.places if place.cell] == [
        place.cell for place in places if place.cell
    ]
    assert answer.reading.hints.title == "报告"


OBJECTS = {
    "one by one": ("".join(text(char, 30 + 5 * n, 40, 5) for n, char in enumerate("办结件")), ["办结件"]),
    "out of order": (text("共办理案件12件。", 30, 47, 5) + text("甲。", 30, 40, 5), ["甲。", "共办理案件12件。"]),
    "no distances": (
        '<ofd:TextObject Boundary="30 40 90 5" Size="5"><ofd:TextCode X="0" Y="4">办结12件</ofd:TextCode>'
        "</ofd:TextObject>",
        ["办结12件"],
    ),
    "repeated distances": (
        '<ofd:TextObject Boundary="30 40 90 5" Size="5"><ofd:TextCode X="0" Y="4" DeltaX="g 2 5 2.5 g 1 2.5">办结12件'
        "</ofd:TextCode></ofd:TextObject>",
        ["办结12件"],
    ),
    "several parts": (
        '<ofd:TextObject Boundary="30 40 90 5" Size="5"><ofd:TextCode X="10" Y="4">12</ofd:TextCode>'
        '<ofd:TextCode X="0">办结</ofd:TextCode></ofd:TextObject>',
        ["办结12"],
    ),
    "scaled": (text("办结12件", 30, 40, 1, 'CTM="5 0 0 5 0 0"'), ["办结12件"]),
    "a watermark": (LINE + WATERMARK, ["共办理案件12件。"]),
    "invisible": (
        LINE + text("机密", 30, 60, 5, 'Visible="false"') + text("机密", 30, 60, 5, 'Alpha="0"'),
        ["共办理案件12件。"],
    ),
    "blocks of objects": (
        f"<ofd:PageBlock><ofd:PageBlock>{LINE}</ofd:PageBlock></ofd:PageBlock>",
        ["共办理案件12件。"],
    ),
    "escapes": ("<!-- 12 -->" + LINE.replace("共办理案件", "<![CDATA[<甲>&乙]]>"), ["<甲>&乙12件。"]),
}


@pytest.mark.parametrize("name", OBJECTS)
def test_what_stands_on_a_page_is_read(name: str, tmp_path: Path) -> None:
    objects, expected = OBJECTS[name]
    assert lines_of(tmp_path, objects) == expected


def test_templates_and_composite_objects_are_read(tmp_path: Path) -> None:
    common = (
        '<ofd:DocumentRes>/Doc_0/Res.xml</ofd:DocumentRes><ofd:TemplatePage ID="7" BaseLoc="Tpls/T.xml"/>'
        '<ofd:TemplatePage ID="8" BaseLoc="Tpls/T.xml"/>'
    )
    extra = {
        "Doc_0/Tpls/T.xml": page(text("某某区人民政府文件", 50, 20, 8)),
        "Doc_0/Res.xml": f'<ofd:Res {NAMESPACE}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="9">'
        f"<ofd:Content>{LINE}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>",
        "Doc_0/Pages/Page_0/Content.xml": page(
            '<ofd:CompositeObject ID="3" ResourceID="9" Boundary="0 20 210 200"/>', '<ofd:Template TemplateID="7"/>'
        ),
    }
    assert lines_of(tmp_path, "", extra=extra, common=common) == ["某某区人民政府文件", "共办理案件12件。"]


def recursive(times: int) -> dict[str, str]:
    unit = '<ofd:CompositeObject ID="3" ResourceID="9" Boundary="0 0 9 9"/>' * times
    return {
        "Doc_0/Res.xml": f'<ofd:Res {NAMESPACE}><ofd:CompositeGraphicUnit ID="9"><ofd:Content>{unit}</ofd:Content>'
        "</ofd:CompositeGraphicUnit></ofd:Res>",
    }


RESOURCE = "<ofd:DocumentRes>Res.xml</ofd:DocumentRes>"
COMPOSITE = '<ofd:CompositeObject ID="3" ResourceID="9" Boundary="0 0 9 9"/>'
REFUSED = {
    "a picture": (PICTURE + LINE, {}, "", "E_NO_TEXT"),
    "outlines": (rule(10, 10, 90, 0) * 120, {}, "", "E_NO_TEXT"),
    "no meaning": (text("\ue001\ue002\ue003\ue004", 30, 40, 5), {}, "", "E_NO_TEXT"),
    "nothing": ("", {}, "", "E_NO_TEXT"),
    "encrypted": (LINE, {"Encryptions.xml": "<a/>"}, "", "E_ENCRYPTED"),
    "composites within themselves": (COMPOSITE, recursive(20), RESOURCE, "E_TOO_LARGE"),
    "a missing template": (LINE, {}, '<ofd:TemplatePage ID="7" BaseLoc="no.xml"/>', "E_DAMAGED"),
    "a DTD": (LINE, {"OFD.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, "", "E_DAMAGED"),
    "depth": ("<ofd:PageBlock>" * 300 + "</ofd:PageBlock>" * 300, {}, "", "E_TOO_LARGE"),
    "ten million characters": (
        '<ofd:TextObject Boundary="30 40 90 5" Size="5">'
        + '<ofd:TextCode X="0" Y="4" DeltaX="g 99999999 1">{}</ofd:TextCode>'.format("办" * 5000) * 2000
        + "</ofd:TextObject>",
        {},
        "",
        "E_TOO_LARGE",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_report_is_refused(name: str, tmp_path: Path) -> None:
    objects, extra, common, code = REFUSED[name]
    path = write_pages([objects], tmp_path / "a.ofd", extra, common)
    (answer,) = read_files([(path, path.name)])
    assert isinstance(answer, InputError), answer
    assert answer.code == code, answer


def test_a_missing_page_is_no_short_report(tmp_path: Path) -> None:
    path = write_pages([LINE, LINE], tmp_path / "a.ofd")
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if "Page_1" not in name}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in kept.items():
            archive.writestr(name, content)
    with pytest.raises(InputError) as caught:
        reading_of(path)
    assert caught.value.code == "E_DAMAGED"
