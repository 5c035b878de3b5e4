"""Files to documents: the report in data/raw/, what is refused and why, and source.yaml."""

from __future__ import annotations

import codecs
from datetime import date
from hashlib import sha256
from pathlib import Path

import opencc
import pytest

from mingfu.errors import InputError
from mingfu.ingest.areas import Areas, load_areas
from mingfu.ingest.dates import DATE, read_date
from mingfu.ingest.inbox import find_reports, read_reports
from mingfu.model import Document, Masthead
from mingfu.script import fold

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "data/raw/440608/2019/佛山市高明區2019年度法治政府建設工作報告.txt"
TEXT = "佛山市高明区人民政府关于2020年度法治政府建设的报告\n共办结8件。\n"
MASTHEAD = Masthead(
    title="佛山市高明區人民政府關于2019年度法治政府建設工作的報告",
    issuer="佛山市高明區人民政府",
    issuer_kind="government",
    addressee="區人大常委會",
    document_number="明府〔2019〕44號",
    disclosure_class="主動公開",
    genre="rule-of-law",
    report_year=2019,
    report_date=date(2019, 12, 5),
    ref_area="440608",
)


@pytest.fixture(scope="module")
def areas() -> Areas:
    return load_areas(ROOT / "schemas/areas.csv")


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read_report(path: Path, name: str, areas: Areas) -> Document:
    (document,) = read_reports([path], lambda _: name, areas)
    if isinstance(document, InputError):
        raise document
    return document


def refusal(path: Path, areas: Areas) -> InputError:
    with pytest.raises(InputError) as caught:
        read_report(path, path.name, areas)
    return caught.value


def test_the_report_of_gaoming(areas: Areas) -> None:
    document = read_report(REPORT, "data/raw/report.txt", areas)
    data = REPORT.read_bytes()
    assert document.masthead == MASTHEAD
    assert document.text == data.decode()
    assert (document.source.path, document.source.bytes) == ("data/raw/report.txt", len(data))
    assert document.source.sha256 == sha256(data).hexdigest()
    assert (document.source.media_type, document.source.reader, document.source.encoding) == (
        "text/plain",
        "text",
        "utf-8",
    )
    assert (document.source.publisher, document.source.url) == ("佛山市高明區人民政府", None)


def test_the_sections_of_the_report_of_gaoming(areas: Areas) -> None:
    document = read_report(REPORT, REPORT.name, areas)
    sections = {section.path: section for section in document.sections}
    deep = sections["一/(四)/1/一是"]
    assert deep.heading == "辦好人大代表建議和政協提案"
    assert document.text[deep.start : deep.end].endswith("辦理滿意率達100%。")
    assert sections["一/(二)/2"].heading == "加強規范性文件制定和監督管理"
    assert sections["一/(二)/2"].end == sections["一/(二)/3"].start
    assert sections["一"].end == sections["二"].start
    assert document.text[sections["二"].end :].startswith("特此報告。")
    assert len(document.sections) == 52


@pytest.mark.parametrize(
    ("script", "encoding"),
    [
        *(("as printed", encoding) for encoding in ("utf-8-sig", "utf-16", "gb18030", "big5hkscs")),
        *(("t2s", encoding) for encoding in ("utf-8-sig", "utf-16", "gb18030")),  # Big5 has no simplified characters
    ],
)
def test_script_and_encoding_change_nothing(script: str, encoding: str, tmp_path: Path, areas: Areas) -> None:
    printed = read_report(REPORT, REPORT.name, areas)
    text = opencc.OpenCC(script).convert(printed.text) if script != "as printed" else printed.text
    path = write(tmp_path, "report.txt", text.encode(encoding))
    document = read_report(path, path.name, areas)
    assert document.text == text
    assert [(s.path, s.start, s.end) for s in document.sections] == [(s.path, s.start, s.end) for s in printed.sections]
    assert fold(str(document.masthead)) == fold(str(MASTHEAD))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.txt", b"", "E_EMPTY"),
        ("mark.txt", codecs.BOM_UTF8, "E_EMPTY"),
        ("blank.txt", "　\r\n \n", "E_EMPTY"),
        ("report.pdf", b"%PDF-1.7", "E_DAMAGED"),
        ("report.pdf", b"\xe4\x00\x01", "E_DAMAGED"),
        ("report.DOCX", b"PK\x03\x04", "E_DAMAGED"),
        ("report.rar", b"Rar!\x1a\x07", "E_FORMAT"),
        ("report.csv", b"a,b", "E_FORMAT"),
        ("binary.txt", b"\x00\x01\x02\x03", "E_BINARY"),
        ("latin.txt", "l'été à la préfecture".encode("latin-1"), "E_ENCODING"),
    ],
)
def test_a_file_that_cannot_be_read(name: str, content: bytes, code: str, tmp_path: Path, areas: Areas) -> None:
    error = refusal(write(tmp_path, name, content), areas)
    assert (error.path, error.code) == (name, code)


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path, areas: Areas) -> None:
    assert refusal(tmp_path / "none.txt", areas).code == "E_MISSING"
    (tmp_path / "folder").mkdir()
    assert refusal(tmp_path / "folder", areas).code == "E_FOLDER"
    (tmp_path / "2019.reports").mkdir()
    assert refusal(tmp_path / "2019.reports", areas).code == "E_FOLDER"


def test_an_unknown_format_names_the_known_ones(tmp_path: Path, areas: Areas) -> None:
    assert ".md, .mht" in str(refusal(write(tmp_path, "report.csv", b"a,b"), areas))


@pytest.mark.parametrize("name", ["report", "report.TXT", "report.md"])
def test_names_of_texts(name: str, tmp_path: Path, areas: Areas) -> None:
    assert read_report(write(tmp_path, name, TEXT), name, areas).masthead.ref_area == "440608"


def test_reports_are_found_in_order(tmp_path: Path) -> None:
    names = ["b/2020/x.txt", "a/2019/y.pdf", "a/2018/z.txt"]
    others = [".hidden", "a/.git/config", "a/2019/source.yaml", "sources.csv"]
    for name in names + others:
        write(tmp_path, name, "x")
    assert [path.relative_to(tmp_path).as_posix() for path in find_reports(tmp_path)] == sorted(names)
    with pytest.raises(InputError, match="no such folder"):
        find_reports(tmp_path / "none")


def test_the_folder_decides_between_areas_of_one_name(tmp_path: Path, areas: Areas) -> None:
    path = write(tmp_path, "350102/2019/report.txt", "鼓楼区人民政府2019年法治政府建设工作报告\n共3件。\n")
    assert read_report(path, path.name, areas).masthead.ref_area == "350102"


def test_source_yaml_tells_the_origin(tmp_path: Path, areas: Areas) -> None:
    path = write(tmp_path, "report.txt", TEXT)
    write(tmp_path, "source.yaml", 'files:\n  report.txt: {url: "https://example.org", accessed: 2021-03-04}\n')
    source = read_report(path, path.name, areas).source
    assert (source.url, source.accessed, source.publisher) == ("https://example.org", date(2021, 3, 4), None)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("files:\n  report.txt: {titel: x}", "report.txt: unknown key 'titel', not one of title"),
        ("files:\n  report.txt: {ref_area: 440608}", "ref_area is 440608, not a text: put it in quotes"),
        ("files:\n  report.txt: {ref_area: '440699'}", "ref_area '440699' is no code of areas.csv"),
        ("files:\n  report.txt: {report_year: '2019'}", "report_year is '2019', not a year"),
        ("files:\n  report.txt: {report_year: true}", "report_year is True, not a year"),
        ("files:\n  report.txt: {accessed: yesterday}", "accessed is 'yesterday', not a date"),
        ("files:\n  report.txt: {genre: novel}", "genre is 'novel', not one of disclosure"),
        ("files:\n  report.txt: [title]", "report.txt: the entry is not a mapping"),
        ("files:\n  other.txt: {}", "there is no file other.txt beside it"),
        ("report.txt: {}", "it must hold one key, files"),
        ("files: [", "source.yaml is malformed"),
        ("", "it must hold one key, files"),
    ],
)
def test_faults_of_source_yaml(content: str, fault: str, tmp_path: Path, areas: Areas) -> None:
    path = write(tmp_path, "report.txt", TEXT)
    write(tmp_path, "source.yaml", content)
    error = refusal(path, areas)
    assert (error.path, error.code) == ("report.txt", "E_SOURCE")
    assert fault in error.reason


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019年12月5日", date(2019, 12, 5)),
        ("2019 年 1 月 31 日", date(2019, 1, 31)),
        ("二〇一九年十二月五日", date(2019, 12, 5)),
        ("二○二○年十月三十一日", date(2020, 10, 31)),
        ("二零二一年二月二十日", date(2021, 2, 20)),
        ("2023-03-31", date(2023, 3, 31)),
        ("2019年13月5日", None),
    ],
)
def test_dates(text: str, day: date | None) -> None:
    match = DATE.search(fold(text))
    assert match is not None
    assert read_date(match) == day
