"""The guard: which addresses are asked, and that no connection goes anywhere else."""

import json
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from mingfu.errors import InputError
from mingfu.ingest.web.address import read_address, shown
from mingfu.ingest.web.download import Download
from mingfu.ingest.web.guard import Guard
from mingfu.ingest.web.networks import not_public
from mingfu.project import read_csv
from tests.webserver import HERE, NAME, Server, audit, reply, serving

ROOT = Path(__file__).parent.parent
HOSTILE = [json.loads(line) for line in (ROOT / "tests/cases/hostile-urls.jsonl").read_text("ascii").splitlines()]
NETWORKS = list(read_csv(ROOT / "mingfu/ingest/web/networks.csv"))
ANSWERS = {
    "private.reports.cn": ["192.168.1.1"],
    "loopback.reports.cn": ["127.0.0.1"],
    "metadata.reports.cn": ["169.254.169.254"],
    "mixed.reports.cn": ["93.184.216.34", "10.0.0.1"],
    "six.reports.cn": ["::1"],
    "mapped.reports.cn": ["::ffff:127.0.0.1"],
    "carrier.reports.cn": ["100.64.0.1"],
    "zero.reports.cn": ["0.0.0.0"],
    "teredo.reports.cn": ["2001:0:7f00:1::1"],
    "nat64.reports.cn": ["64:ff9b::7f00:1"],
    "127.0.0.1.reports.cn": ["127.0.0.1"],
    "ula.reports.cn": ["fd00::1"],
}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


def refusal(server: Server, url: str, folder: Path) -> InputError:
    """Return the error for an address that names must not resolve for, except those of ANSWERS."""
    guard = Guard(lambda host: [HERE] if host == NAME else ANSWERS[host], [(HERE, server.port)])
    with pytest.raises(InputError) as caught:
        server.visitor(guard).visit(read_address(url, guard.ports), Download(folder / "part"))
    assert list(folder.iterdir()) == []
    return caught.value


def test_there_are_enough_hostile_addresses() -> None:
    assert len({case["url"] for case in HOSTILE}) >= 200


def test_no_hostile_address_is_connected_to(server: Server, tmp_path: Path) -> None:
    with audit() as notes:
        errors = [refusal(server, case["url"], tmp_path) for case in HOSTILE]
    assert notes == []
    assert server.asked == []
    assert {error.code for error in errors} == {"E_URL"}
    assert not [error for error in errors if "geheim" in str(error) or not str(error).isprintable()]


def test_no_redirect_to_a_hostile_address_is_followed(server: Server, tmp_path: Path) -> None:
    """Only addresses with a scheme: others are paths on the same server, and a header holds no line break."""
    schemed = (case["url"] for case in HOSTILE if "://" in case["url"].split("/?")[0] and case["url"].isprintable())
    urls = [url for url in schemed if url == url.strip() and url.split("://")[0].isalpha() and url.isascii()]
    assert len(urls) >= 200
    with audit() as notes:
        for url in urls:
            server.pages["/go"] = reply(status="302 Found", Location=url)
            error = refusal(server, server.url("/go"), tmp_path)
            assert error.code == "E_URL", (url, error)
            assert "geheim" not in str(error)
    assert {target for event, target in notes if event == "socket.connect"} == {(HERE, server.port)}
    assert {target for event, target in notes if event != "socket.connect"} <= {HERE}
    assert set(server.paths()) == {"/go"}


@pytest.mark.parametrize("code", ["301 M", "302 F", "303 S", "307 T", "308 P"])
@pytest.mark.parametrize(
    "location", ["//127.0.0.1/", "//[::1]/x", "///127.0.0.1/", "http:127.0.0.1", "\\\\127.0.0.1\\"]
)
def test_a_redirect_that_leaves_by_a_trick_goes_nowhere_else(
    code: str, location: str, server: Server, tmp_path: Path
) -> None:
    server.pages["/go"] = reply(status=code, Location=location)
    with audit() as notes:
        refusal(server, server.url("/go"), tmp_path)
    assert {target for event, target in notes if event == "socket.connect"} == {(HERE, server.port)}


def test_a_name_that_leads_elsewhere_the_next_time_is_not_followed_there(server: Server, tmp_path: Path) -> None:
    server.pages["/report.txt"] = reply("2019年办理案件5件。".encode())
    answers = [[HERE], ["127.0.0.2"], ["10.0.0.1"]]
    guard = Guard(lambda _: answers.pop(0), [(HERE, server.port)])
    with audit() as notes, pytest.raises(InputError, match="not a public address"):
        server.visitor(guard).visit(read_address(server.url("/report.txt"), guard.ports), Download(tmp_path / "part"))
    assert [target for event, target in notes if event == "socket.connect"] == [(HERE, server.port)]
    assert len(answers) == 1, "robots.txt was asked for, and the second answer refused"


def test_a_connection_goes_to_the_address_that_was_checked_under_the_name_that_was_asked(
    server: Server, tmp_path: Path
) -> None:
    server.pages["/report.txt"] = reply("2019年办理案件5件。".encode())
    asked: list[str] = []
    guard = Guard(lambda host: asked.append(host) or [HERE], [(HERE, server.port)])
    with audit() as notes:
        server.visitor(guard).visit(read_address(server.url("/report.txt"), guard.ports), Download(tmp_path / "part"))
    assert asked == [NAME, NAME], "once for robots.txt and once for the report"
    assert {target for _, target in notes} <= {(HERE, server.port), HERE}
    assert {request.headers["host"] for request in server.asked} == {f"{NAME}:{server.port}"}


def test_proxies_of_the_environment_are_not_asked(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.9:3128")
    server.pages["/report.txt"] = reply("2019年".encode())
    with audit() as notes:
        server.visitor().visit(read_address(server.url("/report.txt"), server.guard().ports), Download(tmp_path / "p"))
    assert {target for event, target in notes if event == "socket.connect"} == {(HERE, server.port)}


@pytest.mark.parametrize("row", NETWORKS, ids=lambda row: row["network"])
def test_the_ends_of_every_special_network_are_not_public(row: dict[str, str]) -> None:
    network = ip_network(row["network"])
    assert not_public(str(network[0])) == row["what"]
    assert not_public(str(network[-1])) == row["what"]


PUBLIC = (
    *("8.8.8.8", "11.0.0.0", "100.128.0.1", "172.32.0.1", "192.0.1.1", "223.5.5.5", "114.114.114.114"),
    *("2400:3200::1", "2001:4860:4860::8888", "2003::1", "::ffff:223.5.5.5", "64:ff9b::223.5.5.5"),
)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address: str) -> None:
    assert not_public(address) is None


GOOD = {
    "http://www.gaoming.gov.cn": "http://www.gaoming.gov.cn/",
    "HTTPS://WWW.GaoMing.gov.CN/Report.PDF": "https://www.gaoming.gov.cn/Report.PDF",
    "https://www.gov.cn:443/a?b=c&d=%E5%B9%B4#part": "https://www.gov.cn/a?b=c&d=%E5%B9%B4",
    "http://www.gov.cn:443/": "http://www.gov.cn:443/",
    "http://www.gov.cn/年度报告.docx": "http://www.gov.cn/%E5%B9%B4%E5%BA%A6%E6%8A%A5%E5%91%8A.docx",
    "http://www.gov.cn?id=1": "http://www.gov.cn/?id=1",
    "http://www.gov.cn/@user/a:b": "http://www.gov.cn/@user/a:b",
    "http://中国政府网.政务/": "http://xn--fiqs8sirgfmhq98a.xn--zfr164b/",
    "http://223.5.5.5/": "http://223.5.5.5/",
    "http://[2400:3200:0::1]/": "http://[2400:3200::1]/",
    "http://163.cn/": "http://163.cn/",
    "http://0x.cn/": "http://0x.cn/",
}


@pytest.mark.parametrize("text", GOOD)
def test_proper_addresses_are_read(text: str) -> None:
    assert str(read_address(text)) == GOOD[text]
    assert str(read_address(GOOD[text])) == GOOD[text]


@pytest.mark.parametrize(
    "text",
    ["http://u:geheim@h/", "u:geheim@h", "http:\\\\u:geheim@h", "http://h/geheim@x/@", "//geheim\n@h", "geheim@"],
)
def test_messages_show_no_credentials(text: str) -> None:
    assert "geheim" not in shown(text)


def test_messages_cannot_write_to_the_terminal() -> None:
    assert shown("http://h/\x1b[2J\r\n\u202e") == "http://h/\\u001b[2J\\u000d\\u000a\\u202e"
