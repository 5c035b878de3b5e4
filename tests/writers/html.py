"""Writes web pages as governments' sites have them: an article amid menus, lists of links and lines around it."""

from __future__ import annotations

from base64 import encodebytes
from collections.abc import Iterable
from html import escape
from pathlib import Path

from mingfu.ingest.blocks import Block, Table

_MENU = "".join(
    f'<li><a href="/{name}/">{name}</a></li>' for name in ("首页", "政务公开", "政务服务", "互动交流", "走进高明")
)
_NEWS = "".join(
    f'<li><a href="/n{number}.html">我市召开第{number}次全体会议部署重点工作。</a><span>2021-03-{number:02}</span></li>'
    for number in range(1, 10)
)
_PAGE = """<!DOCTYPE html>
<html><head><meta charset="{charset}">
<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="2021-01-20 10:32">
<meta name="ContentSource" content="区司法局"><meta name="Url" content="http://www.example.gov.cn/a/1.html">
<title>{title}_某某区人民政府门户网站</title>
<style>.c {{ color: red }}</style><script>var visits = 98765; document.write("共123件");</script></head>
<body><div class="top"><a href="/">某某区人民政府</a><span>今天是星期三</span></div><ul class="menu">{menu}</ul>
<div class="main">
<div class="crumbs">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 年度报告</div>
<h1>{title}</h1>
<div class="info">发布时间：2021-01-20 10:32　来源：区司法局
　字号：[<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>]
浏览次数：<span>1234</span></div>
<div class="content"><div class="TRS_Editor">{content}</div></div>
<div class="share">分享到：</div><div class="tools">打印本页 关闭窗口</div>
<p>上一篇：<a href="/n0.html">关于第3季度情况的通报</a></p>
</div>
<div class="side"><h3>相关链接</h3><ul>{news}</ul></div>
<div class="foot">主办：某某区人民政府办公室　网站标识码：4406080001　粤ICP备05006080号　电话：0757-88282828</div>
</body></html>
"""


TITLE = "某某区2020年法治政府建设情况"


def write(
    blocks: Iterable[Block], path: Path, encoding: str = "utf-8", declared: str | None = None, title: str = TITLE
) -> Path:
    """Write a page whose article is the blocks, in an encoding that it declares, or declares otherwise."""
    path.write_bytes(page(blocks, declared or encoding, title).encode(encoding))
    return path


def write_archive(blocks: Iterable[Block], path: Path, encoding: str = "gb18030") -> Path:
    """Write a web archive of a page and a picture."""
    parts = (("text/html", page(blocks, encoding).encode(encoding)), ("image/png", b"\x89PNG" + bytes(300)))
    path.write_bytes(
        b"From: <Saved by a browser>\r\nSubject: =?utf-8?B?5oql5ZGK?=\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----b"\r\n\r\n'
        + b"".join(
            b"------b\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\n"
            b"Content-Location: http://www.example.gov.cn/a/2.html\r\n\r\n%s\r\n" % (kind.encode(), encodebytes(data))
            for kind, data in parts
        )
        + b"------b--\r\n"
    )
    return path


def page(blocks: Iterable[Block], charset: str, title: str = TITLE) -> str:
    """Return the source of a page."""
    content = "\n".join(_table(block) if isinstance(block, Table) else _line(block.text) for block in blocks)
    return _PAGE.format(charset=charset, title=title, menu=_MENU, news=_NEWS, content=content)


def _line(text: str) -> str:
    return f'<p style="text-indent: 2em">\n  　　{escape(text)}</p>'


def _table(table: Table) -> str:
    rows: dict[int, str] = {}
    for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
        reach = f'rowspan="{cell.rows}" colspan="{cell.columns}"'
        rows[cell.row] = rows.get(cell.row, "") + f"<td {reach}><p>{escape(cell.text)}</p></td>"
    height = max(cell.row + cell.rows for cell in table.cells)
    return (
        "<table border=1><tbody>"
        + "".join(f"<tr>{rows.get(row, '')}</tr>" for row in range(height))
        + "</tbody></table>"
    )
