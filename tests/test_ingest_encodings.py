"""Encodings are judged by what the text says: round trips in both scripts, and files that are no text."""

from __future__ import annotations

import codecs
import random

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingfu.errors import InputError
from mingfu.ingest.encodings import decode

TEXTS = {
    "a line": "今年以来，全区共受理行政复议案件286件，审结271件。",
    "a heading": "一、主要做法及成效（一）坚持依法行政",
    "a short line": "区人民政府工作报告",
    "lines with CRLF": "关于2020年度法治政府建设的报告\r\n市人大常委会：\r\n　　现将“放管服”改革情况报告如下。\r\n",
    "mostly digits and ASCII": "2019: 1,234 (98.9%); 2020: 1,300 (99.1%) 件\nhttps://example.org/r?id=1 网站\n",
    "names and rare characters": "龢埗村、鄠邑区、浉河区、硚口区共调解纠纷三百余宗，成功率达到九成以上。",
    "a list": "其中：劳动争议41宗；相邻关系22宗；婚姻家庭103宗。\n",
}
ENCODINGS = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
MARKS = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
NO_TEXTS = {
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08\x06\x00\x00\x00",
    "zip": b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00[Content_Types].xml \xa2\x04\x02",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n",
    "noise": random.Random(1).randbytes(3000),
    "noise without control characters": bytes(random.Random(2).randrange(0x80, 0xFF) for _ in range(999)),
    "latin-1": "Le préfet a présenté le résumé à l'été".encode("latin-1"),
    "utf-8 with a NUL": "今年共受理案件\0".encode(),
    "noise with a byte order mark": codecs.BOM_UTF16_LE
    + bytes(random.Random(3).randrange(0x20, 0xD0) for _ in range(998)),
    "cut utf-8": ("今年共受理行政复议案件。" * 20).encode()[:-1],
}


def can_write(encoding: str, text: str) -> bool:
    """Big5 has no simplified characters."""
    try:
        return bool(text.encode(encoding))
    except UnicodeEncodeError:
        return False


WRITTEN = {
    f"{name} {script} {encoding}": (text, encoding)
    for name, plain in TEXTS.items()
    for script in ("t2s", "s2t")
    for text in [opencc.OpenCC(script).convert(plain)]
    for encoding in ENCODINGS
    if can_write(encoding, text)
}


@pytest.mark.parametrize(("text", "encoding"), WRITTEN.values(), ids=WRITTEN.keys())
def test_a_text_comes_back_from_its_bytes(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "report.txt") == (text, encoding)


OLDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs"}


@pytest.mark.parametrize(
    ("text", "older"),
    [(text, older) for text, _ in dict.fromkeys(WRITTEN.values()) for older in OLDER if can_write(older, text)],
)
def test_older_encodings_are_read_as_those_that_grew_from_them(text: str, older: str) -> None:
    assert decode(text.encode(older), "report.txt") == (text, OLDER[older])


# By the tables of GB 18030-2022 and the WHATWG's Encoding Standard.
ASSIGNED = {
    "a3a0": 0x3000,
    "a8bc": 0x1E3F,
    "a6d9": 0xFE10,
    "a6da": 0xFE12,
    "a6db": 0xFE11,
    "a6dc": 0xFE13,
    "a6dd": 0xFE14,
    "a6de": 0xFE15,
    "a6df": 0xFE16,
    "a6ec": 0xFE17,
    "a6ed": 0xFE18,
    "a6f3": 0xFE19,
    "fe59": 0x9FB4,
    "fe61": 0x9FB5,
    "fe66": 0x9FB6,
    "fe67": 0x9FB7,
    "fe6d": 0x9FB8,
    "fe7e": 0x9FB9,
    "fe90": 0x9FBA,
    "fea0": 0x9FBB,
}


@pytest.mark.parametrize("code", ASSIGNED)
def test_gb18030_is_read_as_its_newest_edition_has_it(code: str) -> None:
    text = TEXTS["a heading"]
    data = text.encode("gb18030") + bytes.fromhex(code) + text.encode("gb18030")
    assert decode(data, "report.txt") == (f"{text}{chr(ASSIGNED[code])}{text}", "gb18030")


@pytest.mark.parametrize("encoding", MARKS)
def test_the_byte_order_mark_is_not_part_of_the_text(encoding: str) -> None:
    assert decode(MARKS[encoding] + "報告\r\n".encode(encoding), "report.txt") == ("報告\r\n", encoding)


@pytest.mark.parametrize("data", NO_TEXTS.values(), ids=NO_TEXTS.keys())
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        decode(data, "report.txt")
    assert caught.value.code in ("E_BINARY", "E_ENCODING")
    assert str(caught.value).startswith("report.txt: ")


@pytest.mark.parametrize(("name", "code"), [("png", "E_BINARY"), ("zip", "E_BINARY"), ("latin-1", "E_ENCODING")])
def test_the_error_says_what_is_wrong(name: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        decode(NO_TEXTS[name], "report.txt")
    assert caught.value.code == code


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        text, encoding = decode(data, "report.txt")
    except InputError:
        return
    assert encoding == "gb18030" or data.endswith(text.encode(encoding))
