"""Into data/raw/: documents added by file or address, and fetched by the list, with their origin beside them."""

import itertools
import json
import os
import re
import shutil
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from mingfu import intake
from mingfu.cli import app
from mingfu.errors import InputError, SchemaError
from mingfu.ingest import fetching, shelf
from mingfu.ingest.areas import load_areas
from mingfu.ingest.entries import add_entry
from mingfu.ingest.fetching import Outcome
from mingfu.ingest.inbox import find_reports, read_reports
from mingfu.ingest.memory import Memory
from mingfu.ingest.origin import Origin
from mingfu.ingest.shelf import Shelved, proper_name
from mingfu.model import Document
from mingfu.project import Project
from tests.webserver import NAME, Request, Server, audit, reply, serving

ROOT = Path(__file__).parent.parent
TEXT = "佛山市高明区人民政府关于2020年度法治政府建设的报告\n共办结8件。\n"
NOWHERE = "关于2020年度法治政府建设的报告\n共办结8件。\n"
PLACED = "440608/2020"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def home(tmp_path: Path) -> Project:
    """A project whose data/raw/ is empty."""
    home = Project(tmp_path / "home")
    (home.root / "schemas").mkdir(parents=True)
    for name in ("dataset.yaml", "areas.csv"):
        shutil.copy(ROOT / "schemas" / name, home.schemas / name)
    home.raw.mkdir(parents=True)
    return home


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def add(home: Project, source: str | Path, server: Server | None = None) -> Shelved:
    guard, clock = (server.guard(), server.clock) if server else (None, None)
    ((_, found),) = intake.add(home, [str(source)], guard, clock)
    if isinstance(found, InputError):
        raise found
    return found


def entry(path: Path) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load(path.with_name("source.yaml").read_text("utf-8"))["files"][path.name]
    return found


def files(home: Project) -> dict[str, bytes]:
    """All that lies below data/raw/, hidden files included."""
    return {path.relative_to(home.raw).as_posix(): path.read_bytes() for path in home.raw.rglob("*") if path.is_file()}


def test_a_file_is_put_where_it_says_that_it_belongs(home: Project, tmp_path: Path) -> None:
    shelved = add(home, write(tmp_path / "报告 1.txt", TEXT))
    assert shelved == Shelved(home.raw / PLACED / "报告 1.txt", True)
    assert shelved.path.read_text("utf-8") == TEXT
    assert entry(shelved.path)["media_type"] == "text/plain"
    assert sorted(files(home)) == [f"{PLACED}/source.yaml", f"{PLACED}/报告 1.txt"]


def test_a_document_from_the_web_has_its_origin_beside_it(home: Project, server: Server) -> None:
    server.pages["/a/report.txt"] = reply(TEXT.encode(), Content_Type="text/plain")
    shelved = add(home, server.url("/a/report.txt#page"), server)
    assert shelved.path == home.raw / PLACED / "report.txt"
    about = entry(shelved.path)
    assert about["url"] == server.url("/a/report.txt")
    assert str(about["accessed"]) == "2026-04-01 08:00:00+00:00"
    assert re.fullmatch("[0-9a-f]{64}", str(about["sha256"]))
    assert about["media_type"] == "text/plain"
    assert len(files(home)) == 2


def test_what_is_added_is_read_with_its_origin(home: Project, server: Server) -> None:
    server.pages["/r.txt"] = reply(TEXT.encode())
    add(home, server.url("/r.txt"), server)
    (document,) = read_reports(find_reports(home.raw), home.name_of, load_areas(home.schemas / "areas.csv"))
    assert isinstance(document, Document)
    assert (document.source.url, document.source.accessed) == (server.url("/r.txt"), date(2026, 4, 1))


def test_a_file_that_was_changed_after_it_was_added_is_refused(home: Project, tmp_path: Path) -> None:
    path = add(home, write(tmp_path / "r.txt", TEXT)).path
    write(path, TEXT.replace("8", "9"))
    (error,) = read_reports([path], home.name_of, load_areas(home.schemas / "areas.csv"))
    assert isinstance(error, InputError)
    assert (error.code, "sha256" in error.reason) == ("E_SOURCE", True)


def test_a_document_that_does_not_say_where_it_belongs_is_kept_apart(home: Project, tmp_path: Path) -> None:
    shelved = add(home, write(tmp_path / "r.txt", NOWHERE))
    assert shelved.path == home.raw / "unplaced" / "r.txt"
    assert intake.advice(shelved).startswith("its text does not say issuer and ref_area: state it in source.yaml")


@pytest.mark.parametrize("other_name", ["r.txt", "again.txt"])
def test_the_same_document_again_changes_nothing(home: Project, tmp_path: Path, other_name: str) -> None:
    first = add(home, write(tmp_path / "r.txt", TEXT))
    before = files(home)
    assert add(home, write(tmp_path / other_name, TEXT)) == Shelved(first.path, False)
    assert add(home, first.path) == Shelved(first.path, False)
    assert files(home) == before


def test_another_document_of_the_same_name_is_never_overwritten(home: Project, tmp_path: Path) -> None:
    paths = [add(home, write(tmp_path / "r.txt", TEXT + extra)).path for extra in ("", "另有1件。\n", "另有2件。\n")]
    assert len(set(paths)) == 3
    assert [path.read_text("utf-8") for path in paths] == [TEXT, TEXT + "另有1件。\n", TEXT + "另有2件。\n"]
    assert all(entry(path) for path in paths)


def test_the_origin_of_a_file_that_lay_there_already_is_written_down(home: Project, server: Server) -> None:
    (home.raw / "elsewhere").mkdir()
    path = write(home.raw / "elsewhere" / "old.txt", TEXT)
    server.pages["/r.txt"] = reply(TEXT.encode())
    assert add(home, server.url("/r.txt"), server) == Shelved(path, False)
    assert entry(path)["url"] == server.url("/r.txt")


REFUSED = {
    "empty.txt": (b"", "E_EMPTY"),
    "binary.txt": (bytes(range(256)) * 8, "E_BINARY"),
    "report.xyz": (TEXT.encode(), "E_FORMAT"),
    "report.zip": (b"PK\x03\x04" + b"x" * 99, "E_DAMAGED"),
    "folder": (None, "E_FOLDER"),
    "missing.txt": (None, "E_MISSING"),
    "pipe.txt": (None, "E_ACCESS"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_and_leaves_nothing(name: str, home: Project, tmp_path: Path) -> None:
    content, code = REFUSED[name]
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    elif name == "folder":
        path.mkdir()
    elif name == "pipe.txt":
        os.mkfifo(path)
    with pytest.raises(InputError) as caught:
        add(home, path)
    assert (caught.value.path, caught.value.code) == (str(path), code)
    assert list(home.raw.iterdir()) == []


def test_what_is_unreadable_on_the_web_is_refused_and_leaves_nothing(home: Project, server: Server) -> None:
    server.pages["/r.txt"] = reply(b"\x00\x01\x02" * 99)
    with pytest.raises(InputError) as caught:
        add(home, server.url("/r.txt"), server)
    assert (caught.value.path, caught.value.code) == (server.url("/r.txt"), "E_BINARY")
    assert list(home.raw.iterdir()) == []


def test_a_failure_while_the_origin_is_written_leaves_nothing(
    home: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(document: Path, origin: Origin) -> None:
        if ".adding" not in str(document):
            raise OSError(28, "No space left on device")
        add_entry(document, origin)

    monkeypatch.setattr(shelf, "add_entry", fail)
    with pytest.raises(InputError, match=r"No space left on device \(E_ACCESS\)"):
        add(home, write(tmp_path / "r.txt", TEXT))
    assert list(home.raw.iterdir()) == []


SOURCE = """\
# Received by post.   Comments stay.
files:
    old.txt: {title: 旧, url: null}   # as printed
    # the end
"""


def test_entries_and_comments_of_a_source_yaml_stay(home: Project, tmp_path: Path) -> None:
    folder = home.raw / PLACED
    folder.mkdir(parents=True)
    write(folder / "old.txt", TEXT + "旧\n")
    write(folder / "source.yaml", SOURCE)
    path = add(home, write(tmp_path / "2020: yes.txt", TEXT)).path
    assert path.with_name("source.yaml").read_text("utf-8").startswith(SOURCE + "    2020_ yes.txt:\n      accessed: ")
    assert entry(path)
    assert entry(folder / "old.txt") == {"title": "旧", "url": None}


MALFORMED = (
    *(b"files: {}", b"files: {old.txt: }\n", b"files:\n", b"other: 1\n", b"files: [", b"\xff"),
    b"files:\n  old.txt: |+\n    x\n---\n",
)


@pytest.mark.parametrize("content", MALFORMED)
def test_a_source_yaml_that_leaves_no_room_stops_the_document_and_stays(
    content: bytes, home: Project, tmp_path: Path
) -> None:
    folder = home.raw / PLACED
    folder.mkdir(parents=True)
    write(folder / "source.yaml", content)
    with pytest.raises(InputError) as caught:
        add(home, write(tmp_path / "r.txt", TEXT))
    assert caught.value.code == "E_SOURCE"
    assert files(home) == {f"{PLACED}/source.yaml": content}


NAMES = {
    "r.txt": "r.txt",
    ".hidden.txt": "hidden.txt",
    "../../etc/passwd": "_.._etc_passwd",
    "a\\b:c*.txt": "a_b_c_.txt",
    "source.yaml": "report-source.yaml",
    "sources.csv": "report-sources.csv",
    "": "report",
    "...": "report",
    "a\u202etxt.exe": "a_txt.exe",
    "e\u0301.txt": "é.txt",
    "年" * 100 + ".txt": "年" * 65 + ".txt",
    "a\n\x00.txt": "a__.txt",
}


@pytest.mark.parametrize("name", NAMES)
def test_names_are_made_proper(name: str) -> None:
    assert proper_name(name) == NAMES[name]


def listed(home: Project, *lines: str) -> None:
    write(home.raw / "sources.csv", "\n".join(("url,title,publisher,ref_area,report_year,note", *lines)) + "\n")


def fetch(home: Project, server: Server) -> list[Outcome]:
    return intake.fetch(home, server.guard(), server.clock).run(lambda _: None)


def states(outcomes: list[Outcome]) -> list[str]:
    return [outcome.status for outcome in outcomes]


def test_the_list_is_fetched_and_says_what_the_text_does_not(home: Project, server: Server) -> None:
    server.pages["/a.txt"] = reply(TEXT.encode())
    server.pages["/b.txt"] = reply(NOWHERE.encode())
    stated = f"{server.url('/b.txt')},,佛山市禅城区人民政府,440604,2018,by telephone"
    listed(home, f"{server.url('/a.txt')},,,,,", stated, f"{server.url('/c.txt')},,,,,")
    outcomes = fetch(home, server)
    assert states(outcomes) == ["added", "added", "failed"]
    assert outcomes[0].path == home.raw / PLACED / "a.txt"
    assert outcomes[1].path == home.raw / "440604/2020/b.txt", "the text decides on the year"
    about = entry(outcomes[1].path)
    assert (about["publisher"], about["ref_area"], about["report_year"]) == ("佛山市禅城区人民政府", "440604", 2018)
    assert "note" not in about
    assert "404" in outcomes[2].message


def test_what_has_not_changed_is_not_fetched_again(home: Project, server: Server) -> None:
    def page(request: Request) -> bytes:
        return reply(status="304 Same") if request.headers.get("if-none-match") else reply(TEXT.encode(), ETag='"1"')

    server.pages["/a.txt"] = page
    listed(home, f"{server.url('/a.txt')},,,,,")
    assert [states(fetch(home, server)) for _ in range(3)] == [["added"], ["unchanged"], ["unchanged"]]
    server.pages["/a.txt"] = reply(TEXT.encode())
    assert states(fetch(home, server)) == ["known"]
    server.pages["/a.txt"] = reply((TEXT + "更正。\n").encode())
    (outcome,) = fetch(home, server)
    assert outcome.status == "added"
    assert outcome.path
    assert outcome.path.name.startswith("a-")
    assert (home.raw / PLACED / "a.txt").read_text("utf-8") == TEXT


def test_a_document_that_was_moved_is_known_and_one_that_was_removed_is_fetched_again(
    home: Project, server: Server
) -> None:
    asked: list[str | None] = []
    server.pages["/a.txt"] = lambda request: (
        asked.append(request.headers.get("if-none-match")) or reply(TEXT.encode(), ETag='"1"')
    )
    listed(home, f"{server.url('/a.txt')},,,,,")
    fetch(home, server)
    shutil.move(home.raw / PLACED, home.raw / "moved")
    assert states(fetch(home, server)) == ["known"]
    shutil.rmtree(home.raw / "moved")
    assert states(fetch(home, server)) == ["added"]
    assert asked == [None, '"1"', None]


def test_an_interrupted_run_goes_on_with_what_is_left(home: Project, server: Server) -> None:
    paths = [f"/{number}.txt" for number in range(4)]
    for path in paths:
        server.pages[path] = reply((TEXT + path).encode())
    listed(home, *(f"{server.url(path)},,,,," for path in paths))

    def stop_after_two(outcome: Outcome) -> None:
        if outcome.url.endswith("/1.txt"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        intake.fetch(home, server.guard(), server.clock).run(stop_after_two)
    assert server.paths() == paths[:2]
    plan = [step.split(":")[0] for _, step in intake.fetch(home, server.guard()).plan()]
    assert plan == ["skip", "skip", "fetch", "fetch"]
    assert server.paths() == paths[:2], "a dry run asks nobody"
    server.clock = type(server.clock)()
    assert states(fetch(home, server)) == ["earlier", "earlier", "added", "added"]
    assert server.paths() == paths
    assert states(fetch(home, server)) == ["known"] * 4, "a new run asks for all"


def test_several_hosts_are_asked_at_once_and_each_for_one_thing_at_a_time(home: Project, server: Server) -> None:
    """Documents of two hosts wait for one another; a second one of the same host would wait for ever."""
    meeting = threading.Barrier(2, timeout=30)
    busy: dict[str, int] = {}
    most: list[int] = []

    def page(request: Request) -> bytes:
        host = request.headers["host"]
        busy[host] = busy.get(host, 0) + 1
        most.append(busy[host])
        meeting.wait()
        busy[host] -= 1
        return reply((TEXT + host + request.path).encode())

    hosts, paths = ("a.gov.cn", "b.gov.cn"), ("/1.txt", "/2.txt", "/3.txt")
    for path in paths:
        server.pages[path] = page
    listed(home, *(f"{server.url(path, host)},,,,," for host, path in itertools.product(hosts, paths)))
    assert states(fetch(home, server)) == ["added"] * 6
    assert set(most) == {1}


def test_one_that_fails_stops_no_other(home: Project, server: Server) -> None:
    server.pages["/empty.txt"] = reply(b"")
    server.pages["/go"] = reply(status="302 F", Location="http://192.168.1.1/")
    server.pages["/film"] = reply(b"x", Content_Type="video/mp4")
    server.pages["/good.txt"] = reply(TEXT.encode())
    listed(home, *(f"{server.url(path)},,,,," for path in ("/empty.txt", "/go", "/film", "/gone", "/good.txt")))
    outcomes = fetch(home, server)
    assert states(outcomes) == [*["failed"] * 4, "added"]
    codes = [code for outcome in outcomes for code in re.findall(r"\((E_\w+)\)", outcome.message)]
    assert codes == ["E_EMPTY", "E_URL", "E_FORMAT", "E_FETCH"]
    left = {name for name in files(home) if not name.startswith((".sources", "sources"))}
    assert left == {f"{PLACED}/good.txt", f"{PLACED}/source.yaml"}
    assert not (home.raw / ".fetching").exists()


def test_a_full_disk_is_a_failure_of_that_document(
    home: Project, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    server.pages["/a.txt"] = reply(TEXT.encode())
    listed(home, f"{server.url('/a.txt')},,,,,")
    monkeypatch.setattr(fetching, "proper_name", fail)
    (outcome,) = fetch(home, server)
    assert outcome.status == "failed"
    assert "No space left on device (E_ACCESS)" in outcome.message


def test_two_runs_at_once_do_not_get_into_each_others_way(home: Project, server: Server) -> None:
    server.pages["/a.txt"] = reply(TEXT.encode())
    listed(home, f"{server.url('/a.txt')},,,,,")
    errors: list[InputError] = []

    def second(_: Outcome) -> None:
        with pytest.raises(InputError) as caught:
            fetch(home, server)
        errors.append(caught.value)

    intake.fetch(home, server.guard(), server.clock).run(second)
    assert "another mingfu fetch" in errors[0].reason


def test_a_line_of_the_memory_that_broke_off_is_forgotten(home: Project, server: Server) -> None:
    server.pages["/a.txt"] = reply(TEXT.encode(), ETag='"1"')
    listed(home, f"{server.url('/a.txt')},,,,,")
    fetch(home, server)
    with (home.raw / ".sources.jsonl").open("ab") as file:
        file.write(b'{"url": "http://x.cn')
    assert Memory(home.raw).of(server.url("/a.txt"))
    assert states(fetch(home, server)) == ["known"]


def test_a_memory_that_is_malformed_says_so(home: Project) -> None:
    write(home.raw / ".sources.jsonl", b'{"url": 1}\n')
    with pytest.raises(InputError, match="remove the file"):
        Memory(home.raw)


LISTS = {
    "url\nhttp://a.cn/\nhttp://user:geheim@a.cn/\n": ["3: http://…@a.cn/: it holds a user name"],
    "url,ref_area\nhttp://a.cn/,999999\nhttp://b.cn/,佛山\n": ["2: ref_area '999999'", "3: ref_area '佛山'"],
    "url,report_year\nhttp://a.cn/,20\nhttp://b.cn/,２０２０\n": ["2: report_year '20'", "3: report_year '２０２０'"],
    "url\nhttp://a.cn/\nhttp://A.cn\n": ["3: the address of line 2 again"],
    "url,title\nhttp://a.cn/\n": ["2: 1 cells, not 2"],
    "title\nx\n": ["1: the columns must be url"],
    "url,url\nx,x\n": ["1: the columns must be url"],
    "url,colour\nx,x\n": ["1: the columns must be url"],
    "": ["1: the columns must be url"],
    'url\n"http://a.cn/\n': ["unexpected end of data"],
    "url\nfile:///etc/passwd\n \nhttp://a.cn:22/\n": [
        "2: file:///etc/passwd: it does not",
        "4: http://a.cn:22/: it names",
    ],
    b"url\n\xb8\xdf\n": ["not in UTF-8"],
}


@pytest.mark.parametrize("content", LISTS)
def test_faults_of_the_list_are_named_with_their_lines(content: str | bytes, home: Project) -> None:
    write(home.raw / "sources.csv", content)
    with pytest.raises(SchemaError) as caught:
        intake.fetch(home)
    assert len(caught.value.faults) == len(LISTS[content])
    for fault, wanted in zip(caught.value.faults, LISTS[content], strict=True):
        assert wanted in fault
        assert "geheim" not in fault


def test_a_list_from_a_spreadsheet_is_read(home: Project) -> None:
    text = '\ufeffurl,note\r\nhttp://www.gov.cn/年报.pdf,"two\r\nlines"\r\n,\r\n http://www.gov.cn/2 ,\r\n'
    write(home.raw / "sources.csv", text)
    wanted = [str(wanted.address) for wanted in intake.fetch(home).wanted]
    assert wanted == ["http://www.gov.cn/%E5%B9%B4%E6%8A%A5.pdf", "http://www.gov.cn/2"]


def test_hosts_must_be_able_to_reach_the_publisher(home: Project) -> None:
    path = home.schemas / "dataset.yaml"
    write(path, path.read_text("utf-8").replace("  path: https://publisher.example.org/\n", "", 1))
    with pytest.raises(SchemaError, match=r"publisher\.path"):
        intake.visitor_of(home)


def mingfu(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_command_add_says_what_it_did(home: Project, tmp_path: Path) -> None:
    good, bad = write(tmp_path / "r.txt", TEXT), write(tmp_path / "empty.txt", b"")
    result = mingfu("add", "--project", home.root, bad, "http://user:geheim@a.cn/", "http://[::1]/", good, good)
    assert result.exit_code == 1
    path = f"data/raw/{PLACED}/r.txt"
    assert result.stdout == f"added  {path}\nthere already  {path}: {good} is the same document\n"
    codes = re.findall(r"^(.*?): .*\((E_\w+)\)", result.stderr, re.M)
    assert codes == [(str(bad), "E_EMPTY"), ("http://…@a.cn/", "E_URL"), ("http://[::1]/", "E_URL")]
    assert "geheim" not in result.output


def test_the_command_fetch_says_what_became_of_each(home: Project) -> None:
    listed(home, "http://127.0.0.1/a.txt,,,,,", "http://10.0.0.1/b.txt,,,,,")
    with audit() as notes:
        dry = mingfu("fetch", "--project", home.root, "--dry-run")
        result = mingfu("fetch", "--project", home.root)
    assert notes == []
    assert (dry.exit_code, dry.stdout) == (0, "http://127.0.0.1/a.txt  fetch\nhttp://10.0.0.1/b.txt  fetch\n")
    assert result.exit_code == 1
    assert result.stdout.startswith("failed    http://127.0.0.1/a.txt\n")
    assert result.stdout.endswith("\n2 failed\n")


def test_the_command_fetch_without_a_list_says_what_to_do(home: Project) -> None:
    result = mingfu("fetch", "--project", home.root)
    assert (result.exit_code, "sources.csv: no such file; list" in result.stderr) == (1, True)


def test_the_memory_holds_no_more_than_it_says(home: Project, server: Server) -> None:
    server.pages["/a.txt"] = reply(TEXT.encode(), ETag='"1"', Last_Modified="x\u00e9")
    listed(home, f"{server.url('/a.txt')},,,,,")
    fetch(home, server)
    lines = [json.loads(line) for line in (home.raw / ".sources.jsonl").read_text("utf-8").splitlines()]
    assert [sorted(line) for line in lines] == [
        ["bytes", "etag", "last_modified", "round", "sha256", "url"],
        ["complete"],
    ]
    assert (lines[0]["etag"], lines[0]["last_modified"], NAME in lines[0]["url"]) == ('"1"', None, True)
