"""Web pages: the article and nothing but it, in every encoding; tables in their grid; bombs refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mingfu.errors import InputError
from mingfu.ingest.blocks import Block, Paragraph, Table, assemble
from mingfu.ingest.grid import TableCell
from mingfu.ingest.pool import Contents, read_files
from mingfu.ingest.readers import html
from mingfu.ingest.reading import File, Hints, Reading
from tests.writers.html import page, write, write_archive

BLOCKS: list[Block] = [
    Paragraph("某某区人民政府关于2020年度法治政府建设情况的报告"),
    Paragraph("一、主要做法"),
    Paragraph("（一）依法行政。共办理行政复议案件1,286件，增长3.5%；其中<撤销>12件。"),
    Paragraph("（二）加强监督。全年开展执法检查35次，发现问题47个，全部整改。"),
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
    Paragraph("执法力量不足，基层执法人员共50余名，需要加强。"),
    Paragraph("某某区人民政府"),
    Paragraph("2021年1月15日"),
]
ARCHIVE = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n"
TEXT, PLACES = assemble(BLOCKS)
PROSE = "今年以来，全区共受理行政复议案件286件，审结271件，依法行政水平不断提高。"


def reading_of(source: str | bytes, name: str = "a.html") -> Reading:
    return html.read(File(source.encode() if isinstance(source, str) else source, name))


def lines_of(body: str) -> list[str]:
    return reading_of(f"<html><body><div>{body}<p>{PROSE}</p></div></body></html>").text.splitlines()[:-1]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", None),
        ("utf-8-sig", "gb2312"),
        ("utf-8", "gb2312"),
        ("utf-8", "iso-8859-1"),
        ("gb18030", "gb2312"),
        ("gb18030", "utf-8"),
        ("gb18030", "big5"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-8"),
    ],
)
def test_the_article_comes_back_without_the_page(encoding: str, declared: str | None, tmp_path: Path) -> None:
    path = write(BLOCKS, tmp_path / "a.html", encoding, declared)
    (answer,) = read_files([(path, path.name)])
    assert isinstance(answer, Contents), answer
    title, _, text = answer.reading.text.partition("\n")
    assert (title, text) == ("某某区2020年法治政府建设情况", TEXT)
    assert len(answer.reading.places) == len(PLACES)
    assert answer.reading.hints == Hints(
        "某某区2020年法治政府建设情况", "区司法局", date(2021, 1, 20), "http://www.example.gov.cn/a/1.html"
    )


def test_a_web_archive_is_read_as_its_page(tmp_path: Path) -> None:
    path = write_archive(BLOCKS, tmp_path / "a.mht")
    (answer,) = read_files([(path, path.name)])
    assert isinstance(answer, Contents), answer
    assert answer.reading.text.endswith(TEXT)
    assert (answer.reading.encoding, answer.reading.hints.url) == ("gb18030", "http://www.example.gov.cn/a/2.html")


def test_big5_is_told_from_gb18030() -> None:
    source = "<html><body><p>今年以來，全區共受理行政複議案件286件，審結271件。</p></body></html>"
    assert reading_of(source.encode("big5")).encoding == "big5hkscs"


def test_a_broken_character_matters_only_in_the_article() -> None:
    source = page([Paragraph(PROSE * 30)], "gb2312").encode("gb18030")
    inside, outside = PROSE[:5].encode("gb18030"), "区司法局".encode("gb18030")
    assert reading_of(source.replace(outside, outside[:-1] + b'\xff"', 1)).text.count(PROSE) == 30
    with pytest.raises(InputError) as caught:
        reading_of(source.replace(inside, b"\xff" + inside, 1))
    assert caught.value.code == "E_ENCODING"


CASES = {
    "lines": ("甲<br>乙<p>丙</p>丁<div>戊</div>己", ["甲", "乙", "丙", "丁", "戊", "己"]),
    "folded lines": ("<p>行政\n   处罚\n 12 件\n增长</p>", ["行政处罚 12 件 增长".replace("件 增长", "件增长")]),
    "inline": ("<p>共<b>12</b><span>86</span>件</p>", ["共1286件"]),
    "raised": ("<p>10<sup>4</sup>米<sup>[1]</sup></p>", ["10⁴米[1]"]),
    "invisible": ("<p>1<span style='display: none'>9</span>2\u200b3件<script>4</script></p>", ["123件"]),
    "pre": ("<pre>甲\n乙</pre>", ["甲", "乙"]),
    "numbered": ("<ol><li>甲</li><li>二、乙</li><li><p>5件</p></li></ol>", ["1.甲", "二、乙", "3. 5件"]),
    "chinese numbers": ("<ol style='list-style-type: cjk-ideographic' start=11><li>甲</ol>", ["十一、甲"]),
    "no numbers": ("<ol style='list-style: none'><li>甲</ol><ul><li>乙</ul>", ["甲", "乙"]),
    "unclosed": ("<p>甲<p>乙<table><tr><td>丙<td>1<tr><td>丁<td>2</table>", ["甲", "乙", "丙\t1", "丁\t2"]),
    "layout": ("<table><tr><td>左边</td><td><p>甲</p><p>乙</p></td></tr></table>", ["左边", "甲", "乙"]),
    "layout around a table": (
        "<table><tr><td><table><tr><td>甲<td>1<tr><td>乙<td>2</table></td></tr></table>",
        ["甲\t1", "乙\t2"],
    ),
    "head of a table": (
        "<table><caption>表一</caption><thead><tr><th>甲<th>乙<tbody><tr><td>1<td>2</table>",
        ["表一", "甲\t乙", "1\t2"],
    ),
    "broken words in cells": ("<table><tr><td>行政<br>处罚<td>1<tr><td>乙<td>2</table>", ["行政处罚\t1", "乙\t2"]),
    "anchors are no links": ("<p><a name=x>一、主要做法</a></p>", ["一、主要做法"]),
    "a link in a sentence": (
        "<p>按照<a href=x>《法治政府建设实施纲要》</a>的要求。</p>",
        ["按照《法治政府建设实施纲要》的要求。"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_lines_of_a_page(name: str) -> None:
    body, expected = CASES[name]
    assert lines_of(body) == expected


def test_spans_reach_over_rows_and_columns() -> None:
    head = "<table><tr><td rowspan=2>甲<td colspan=2>乙<td colspan=0>丁"
    body = head + "<tr><td rowspan=0>1<td>2<td>3<tr><td>丙<td>3<td>4</table>"
    places = reading_of(f"<div>{body}<p>{PROSE}</p></div>").places
    cells = [(place.cell.row, place.cell.column) for place in places if place.cell]
    assert cells == [(1, 1), (1, 2), (1, 4), (2, 2), (2, 3), (2, 4), (3, 1), (3, 3), (3, 4)]


@pytest.mark.parametrize(
    ("head", "title"),
    {
        "<title>关于法治建设的报告 - 某某区人民政府网站</title><h1>某某区</h1>": "关于法治建设的报告",
        "<title>关于法治-建设的报告_某某区</title><h1>关于法治-建设的报告</h1>": "关于法治-建设的报告",
        "<h1>关于法治建设的报告</h1>": "关于法治建设的报告",
        "<meta property='og:title' content='报告'><title>某某区</title>": "报告",
        "<title></title>": None,
    }.items(),
)
def test_the_title_of_a_page_is_without_that_of_the_site(head: str, title: str | None) -> None:
    assert reading_of(f"{head}<p>{PROSE}</p>").hints.title == title


FURNITURE = (
    "当前位置：首页 > 政务公开",
    "时间：2019-09-18 06:23 来源： 山西日报",
    "打印 字体： 放大 正常 缩小 分享",
    "【字号：大 中 小】",
    "浏览次数：12,345",
    "阅读量 886次",
    "扫一扫在手机打开当前页面",
    "发布日期：2021年1月5日",
    "責任編輯：某某",
    "网站标识码：4400000001",
)
TEXTS = ("时间：2021年1月5日", "来源于群众的12条建议", "大中小企业", "网站浏览次数比上年增长3%", "一、打印")


def test_the_lines_around_an_article_are_known() -> None:
    body = "".join(f"<p>{line}</p>" for line in (*FURNITURE, *TEXTS))
    assert lines_of(body) == list(TEXTS)


def test_a_signature_beside_the_paragraphs_is_of_the_article() -> None:
    source = (
        f"<body><div><div class=a><div class=b>{PROSE * 5}</div><p>某某区人民政府</p></div>"
        "<div>2021年1月5日</div></div><div><p>欢迎关注本网</p></div></body>"
    )
    assert reading_of(source).text.splitlines()[1:] == ["某某区人民政府", "2021年1月5日"]


REFUSED = {
    "a table of endless columns": (
        "<html><body><table>" + "<tr><td rowspan=9999>字<td colspan=1000>字" * 5000 + "</table></body></html>",
        "E_TOO_LARGE",
    ),
    "cut off": (page(BLOCKS, "utf-8")[:-200], "E_DAMAGED"),
    "swallowed by a comment": (page([Paragraph(PROSE)] * 30, "utf-8").replace(PROSE, "<!-- " + PROSE, 1), "E_NO_TEXT"),
    "one page of three": (page(BLOCKS, "utf-8") + "<script>createPageHTML(3, 0, 't1', 'shtml');</script>", "E_DAMAGED"),
    "a web archive that is cut off": (ARCHIVE + f"<html><body>{PROSE}</body></html>", "E_DAMAGED"),
    "200,000 nested elements": ("<html><body>" + "<div>" * 200_000 + PROSE, "E_TOO_LARGE"),
    "nested tables": ("<html><body>" + "<table><tr><td>" * 50_000 + PROSE, "E_TOO_LARGE"),
    "a line of 70 MB": ("<html><body><p>" + "x" * 70_000_000, "E_TOO_LARGE"),
    "three million characters": ("<html><body><p>" + PROSE * 90_000 + "</body>", "E_TOO_LARGE"),
    "400,000 elements": ("<html><body><p>" + "<p>。" * 400_000, "E_TOO_LARGE"),
    "NULs": ("<html><body><p>" + PROSE + "\x00" * 99 + "</body>", "E_BINARY"),
    "shown by a script": ("<html><body><div id=app></div><script>load()</script></body></html>", "E_NO_TEXT"),
    "an attachment": ("<html><body><p>报告见附件。</p><a href='/a/P02021.pdf'>附件</a></body></html>", "E_NO_TEXT"),
    "frames": ("<html><frameset><frame src=a.html></frameset></html>", "E_NO_TEXT"),
    "a list of links": (
        f"<html><body>{'<p><a href=x>关于某某区法治政府建设情况的通报</a> 2021-01-01</p>' * 50}</body></html>",
        "E_NO_TEXT",
    ),
    "nothing": ("<html></html>", "E_NO_TEXT"),
    "an empty archive": ("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b--\n", "E_DAMAGED"),
    "entities": ("<!DOCTYPE html [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><html><body>&b;&b;</body>", "E_NO_TEXT"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_report_is_refused(name: str, tmp_path: Path) -> None:
    source, code = REFUSED[name]
    path = tmp_path / "a.html"
    path.write_bytes(source.encode())
    (answer,) = read_files([(path, path.name)])
    assert isinstance(answer, InputError), answer
    assert answer.code == code, answer


def test_what_a_page_without_text_points_to_is_named() -> None:
    with pytest.raises(InputError, match=r"links to P02021\.pdf"):
        reading_of(REFUSED["an attachment"][0])
