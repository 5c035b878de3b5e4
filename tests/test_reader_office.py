"""Old office files: read by way of LibreOffice, or refused with what is to be done."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mingfu.errors import InputError
from mingfu.ingest.blocks import Block, Paragraph, Table, assemble
from mingfu.ingest.grid import TableCell
from mingfu.ingest.pool import Contents, read_files
from mingfu.ingest.readers.office import read
from mingfu.ingest.reading import File
from tests.writers import docx, ole

BLOCKS: list[Block] = [
    Paragraph("某市2023年法治政府建设年度报告"),
    Paragraph("一、总体情况"),
    Paragraph("（一）全市共办理行政复议案件1234件，同比增长5.6%。"),
    Table(tuple(TableCell(text, row // 2, row % 2) for row, text in enumerate(["类别", "件数", "行政许可", "550"]))),
    Paragraph("二、存在的不足"),
]
RTF = r"{\rtf1\ansi\ansicpg936 \u21150?\u29702?\u26696?\u20214?12\u20214?\u12290?\par}"


def contents_of(path: Path) -> Contents:
    (contents,) = read_files([(path, path.name)])
    assert isinstance(contents, Contents), contents
    return contents


def error_of(path: Path) -> InputError:
    (error,) = read_files([(path, path.name)])
    assert isinstance(error, InputError)
    return error


@pytest.mark.office
@pytest.mark.parametrize("suffix", ["doc", "wps"])
def test_old_files_say_what_the_word_document_says(suffix: str, tmp_path: Path) -> None:
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "doc", "--outdir", str(tmp_path), str(docx.write(BLOCKS, tmp_path / "a.docx"))]
    subprocess.run(command, check=True, capture_output=True)
    path = (tmp_path / "a.doc").rename(tmp_path / f"a.{suffix}")
    contents = contents_of(path)
    assert contents.reading.text == assemble(BLOCKS)[0]
    assert contents.format.name == "doc"
    assert sum(1 for place in contents.reading.places if place.cell) == 4


@pytest.mark.office
def test_rich_text_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_text(RTF, encoding="ascii")
    assert contents_of(path).reading.text == "办理案件12件。\n"


def test_without_libreoffice_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InputError, match="needs LibreOffice: install it") as caught:
        read(File(RTF.encode(), "a.rtf"))
    assert caught.value.code == "E_NO_READER"


def word(flags: int, characters: int) -> bytes:
    head = bytearray(0x50)
    head[2], head[0x0B] = 0xC1, flags
    head[0x4C:0x50] = characters.to_bytes(4, "little")
    return bytes(head)


@pytest.mark.parametrize(
    ("streams", "code"),
    [
        ({"EncryptedPackage": b"", "EncryptionInfo": b""}, "E_ENCRYPTED"),
        ({"WordDocument": word(flags=1, characters=100)}, "E_ENCRYPTED"),
        ({"Workbook": b""}, "E_FORMAT"),
    ],
)
def test_locked_files_and_workbooks_are_refused(streams: dict[str, bytes], code: str, tmp_path: Path) -> None:
    assert error_of(ole.write(streams, tmp_path / "a.doc")).code == code


@pytest.mark.office
def test_a_file_that_holds_less_than_it_says_is_refused(tmp_path: Path) -> None:
    path = ole.write({"WordDocument": word(flags=0, characters=5000), "1Table": b""}, tmp_path / "a.doc")
    assert error_of(path).code in ("E_NO_TEXT", "E_DAMAGED")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (RTF.encode()[:-9], "a.rtf"),
        (RTF.replace("12", "\0" * 8).encode(), "a.rtf"),
        (RTF.replace("12", "{1").encode(), "a.rtf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc"),
    ],
)
def test_files_cut_off_are_refused(data: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    assert error_of(tmp_path / name).code == "E_DAMAGED"
