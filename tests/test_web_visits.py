"""Visits: robots.txt, pauses, patience, conditions, going on where it broke off, and the limits."""

import gzip
import ssl
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from mingfu.errors import InputError
from mingfu.ingest.web import download, exchange
from mingfu.ingest.web.address import read_address
from mingfu.ingest.web.clock import Stopped
from mingfu.ingest.web.download import Download, Received, Version
from mingfu.ingest.web.politeness import ATTEMPTS, SECONDS
from tests.webserver import NAME, Request, Server, reply, serving

BODY = "2019年办理案件5件。\n".encode() * 100
DAY = "Wed, 01 Apr 2026 08:00:30 GMT"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "part"


def get(
    server: Server,
    part: Path,
    path: str = "/r.txt",
    known: Version | None = None,
    scheme: str = "http",
    host: str = NAME,
) -> Received | None:
    url = f"{scheme}://{host}:{server.port}{path}"
    return server.visitor().visit(read_address(url, server.guard().ports), Download(part, known))


def refusal(server: Server, part: Path, path: str = "/r.txt") -> InputError:
    with pytest.raises(InputError) as caught:
        get(server, part, path)
    return caught.value


def pages(server: Server, *answers: bytes, path: str = "/r.txt") -> None:
    """Give the answers one after the other, and the last one from then on."""
    left = list(answers)
    server.pages[path] = lambda _: left.pop(0) if len(left) > 1 else left[0]


def test_a_document_is_received_with_its_name_and_version(server: Server, part: Path) -> None:
    pages(server, reply(BODY, ETag='"a"', Last_Modified=DAY))
    assert get(server, part) == Received("r.txt", Version('"a"', DAY))
    assert part.read_bytes() == BODY
    assert list(part.parent.iterdir()) == [part]


def test_the_visitor_says_who_it_is_and_keeps_no_cookies(server: Server, part: Path) -> None:
    pages(server, reply(status="302 F", Location="/s.txt", Set_Cookie="a=b"))
    pages(server, reply(BODY), path="/s.txt")
    assert get(server, part)
    for request in server.asked:
        assert request.headers["user-agent"].startswith("mingfu/")
        assert request.headers["user-agent"].endswith(" (+mailto:office@example.org)")
        assert request.headers["accept-encoding"] == "identity"
        assert not {"cookie", "referer", "authorization"} & request.headers.keys()


ROBOTS = {
    "nothing said": (reply(b""), True),
    "all forbidden": (reply(b"User-agent: *\nDisallow: /"), False),
    "we are forbidden": (reply(b"User-agent: mingfu\nDisallow: /\n\nUser-agent: *\nAllow: /"), False),
    "others are forbidden": (reply(b"User-agent: other\nDisallow: /"), True),
    "an exception for the page": (reply(b"User-agent: *\nDisallow: /\nAllow: /r"), True),
    "with a byte order mark": (reply(b"\xef\xbb\xbfUser-agent: *\nDisallow: /"), False),
    "a page instead": (reply(b"<html><body>404</body></html>"), True),
    "not there": (reply(status="404 Not Found"), True),
    "not for us": (reply(status="403 Forbidden"), True),
    "the server is ill": (reply(status="503 Ill"), False),
    "it redirects in circles": (reply(status="301 Moved", Location="/robots.txt"), True),
    "very long": (reply(b"User-agent: *\nDisallow: /r\n" + b"# x\n" * 400_000), False),
    "pressed": (reply(gzip.compress(b"User-agent: *\nDisallow: /"), Content_Encoding="gzip"), False),
}


@pytest.mark.parametrize("case", ROBOTS)
def test_what_robots_txt_asks_is_done(case: str, server: Server, part: Path) -> None:
    robots, allowed = ROBOTS[case]
    pages(server, reply(BODY))
    pages(server, robots, path="/robots.txt")
    if allowed:
        assert get(server, part)
    else:
        assert refusal(server, part).code == "E_FETCH"
        assert server.paths() == []


def test_robots_txt_of_the_host_that_is_redirected_to_counts_too(server: Server, part: Path) -> None:
    pages(server, reply(status="302 F", Location=server.url("/r.txt", "other.gov.cn")), path="/go")
    forbidding = reply(b"User-agent: *\nDisallow: /r.txt")
    server.pages["/robots.txt"] = lambda asked: forbidding if "other" in asked.headers["host"] else reply()
    error = refusal(server, part, "/go")
    assert (error.path, error.code) == (server.url("/go"), "E_FETCH")
    assert "other.gov.cn" in error.reason
    assert server.paths() == ["/go"]


def test_a_dead_host_is_tried_only_once_for_all_its_documents(server: Server, part: Path) -> None:
    pages(server, reply(status="503 Ill"), path="/robots.txt")
    visitor = server.visitor()
    for path in ("/a", "/b", "/c"):
        with pytest.raises(InputError, match=r"robots\.txt"):
            visitor.visit(read_address(server.url(path), server.guard().ports), Download(part))
    assert len(server.asked) == ATTEMPTS


@pytest.mark.parametrize(("robots", "pause"), [(b"", 1.0), (b"User-agent: *\nCrawl-delay: 7.5", 7.5)])
def test_there_is_a_pause_between_requests(robots: bytes, pause: float, server: Server, part: Path) -> None:
    pages(server, reply(BODY))
    pages(server, reply(robots), path="/robots.txt")
    visitor = server.visitor()
    address = read_address(server.url("/r.txt"), server.guard().ports)
    times: list[float] = []
    server.pages["/r.txt"] = lambda _: times.append(server.clock.now()) or reply(BODY)
    for _ in range(3):
        visitor.visit(address, Download(part))
    assert [later - earlier for earlier, later in pairwise(times)] == [pause, pause]
    assert times[0] >= 1


def test_a_host_that_asks_for_hours_between_requests_is_left_alone(server: Server, part: Path) -> None:
    pages(server, reply(b"User-agent: *\nCrawl-delay: 36000"), path="/robots.txt")
    assert "36000 seconds" in refusal(server, part).reason


@pytest.mark.parametrize("status", ["429 Slow", "500 Ill", "502 Bad", "503 Ill", "504 Late", "408 Late"])
def test_what_may_go_better_later_is_tried_again_with_growing_pauses(status: str, server: Server, part: Path) -> None:
    pages(server, reply(status=status), reply(status=status), reply(BODY))
    assert get(server, part)
    waits = [seconds for seconds in server.clock.slept if seconds > 1]
    assert waits == [2.0, 4.0]


@pytest.mark.parametrize(("said", "waited"), [("120", 120.0), (DAY, 29.0), ("soon", 2.0), ("-5", 2.0), ("", 2.0)])
def test_retry_after_is_obeyed(said: str, waited: float, server: Server, part: Path) -> None:
    pages(server, reply(status="429 Slow", Retry_After=said), reply(BODY))
    assert get(server, part)
    assert round(max(server.clock.slept)) in (waited, waited + 1)


def test_a_server_that_wants_to_be_left_alone_for_long_is(server: Server, part: Path) -> None:
    pages(server, reply(status="503 Ill", Retry_After="86400"))
    assert refusal(server, part).code == "E_FETCH"
    assert server.paths() == ["/r.txt"]


def test_it_is_enough_after_some_attempts(server: Server, part: Path) -> None:
    pages(server, reply(status="500 Ill"))
    assert "500" in refusal(server, part).reason
    assert len(server.paths()) == ATTEMPTS


@pytest.mark.parametrize("status", ["400 Bad", "401 Who", "403 No", "404 Gone", "410 Gone", "204 Empty", "304 Same"])
def test_what_will_not_change_is_not_tried_again(status: str, server: Server, part: Path) -> None:
    pages(server, reply(status=status))
    assert (refusal(server, part).code, len(server.paths())) == ("E_FETCH", 1)


ILL = {
    "silent": b"",
    "no HTTP": b"SSH-2.0-OpenSSH\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "a negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nabc",
    "too short": reply(BODY, length=len(BODY) + 1),
    "a chunk without end": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc",
    "a malformed chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
    "headers without end": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
    "pressed, damaged": reply(b"\x1f\x8b\x08" + b"x" * 50, Content_Encoding="gzip"),
    "pressed, cut": reply(gzip.compress(BODY)[:-9], Content_Encoding="gzip"),
    "pressed unlike others": reply(BODY, Content_Encoding="br"),
    "pressed twice": reply(gzip.compress(gzip.compress(BODY)), Content_Encoding="gzip, gzip"),
    "a part that nobody asked for": reply(BODY, status="206 Part", Content_Range="bytes 5-9/10"),
    "a redirect to nowhere": reply(status="302 F"),
    "a redirect in circles": reply(status="302 F", Location="/r.txt"),
    "informed without end": b"HTTP/1.1 103 Early\r\n\r\n" * 1000,
}


@pytest.mark.parametrize("case", ILL)
def test_an_ill_server_is_an_error_and_leaves_nothing(case: str, server: Server, part: Path) -> None:
    pages(server, ILL[case])
    assert refusal(server, part).code == "E_FETCH"
    assert list(part.parent.iterdir()) == []


PRESSED = {"gzip": gzip.compress(BODY), "deflate": zlib.compress(BODY), "twice": gzip.compress(BODY[:99]) * 2}


@pytest.mark.parametrize("pressed", PRESSED.values(), ids=PRESSED)
def test_a_body_that_is_pressed_all_the_same_is_unpacked(pressed: bytes, server: Server, part: Path) -> None:
    coding = "gzip" if pressed[:1] == b"\x1f" else "deflate"
    pages(server, reply(pressed, Content_Encoding=coding))
    assert get(server, part)
    assert part.read_bytes() in (BODY, BODY[:99] * 2)


TOO_LARGE = {
    "says so": reply(b"x", length=10**12),
    "does not say so": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000,
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"10000\r\n" + b"x" * 65536 + b"\r\n10000\r\n"
    b"" + b"x" * 65536 + b"\r\n0\r\n\r\n",
    "bomb": reply(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip"),
}


@pytest.mark.parametrize("case", TOO_LARGE)
def test_what_is_too_large_is_given_up_while_it_comes(
    case: str, server: Server, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MOST_BYTES", 100_000)
    received: list[int] = []
    unpack = exchange._inflate
    monkeypatch.setattr(exchange, "_inflate", lambda raw: (received.append(len(x)) or x for x in unpack(raw)))
    pages(server, TOO_LARGE[case])
    assert refusal(server, part).code == "E_TOO_LARGE"
    assert list(part.parent.iterdir()) == []
    assert sum(received) < 300_000


@pytest.mark.parametrize("start", [0, 100], ids=["headers", "body"])
def test_a_server_that_drips_is_given_up_after_a_time(start: int, server: Server, part: Path) -> None:
    data = reply(length=1_000_000)[:start]

    def drip() -> Iterator[bytes]:
        yield data
        while True:  # it never has an end that could be reached before the client looks at the clock
            server.clock.time += 9
            yield b"a"

    server.pages["/r.txt"] = lambda _: drip()
    assert f"longer than {SECONDS:g} seconds" in refusal(server, part).reason
    assert server.paths() == ["/r.txt"], "not again in this run"


def test_a_wish_to_stop_is_heard_in_the_midst_of_a_document(server: Server, part: Path) -> None:
    def answer() -> Iterator[bytes]:
        yield reply(BODY, length=len(BODY) * 3)
        server.clock.stop()
        yield BODY

    server.pages["/r.txt"] = lambda _: answer()
    with pytest.raises(Stopped):
        get(server, part)


def test_a_document_that_has_not_changed_is_not_sent_again(server: Server, part: Path) -> None:
    def answer(request: Request) -> bytes:
        same = request.headers.get("if-none-match") == '"a"' and request.headers.get("if-modified-since") == DAY
        return reply(status="304 Same") if same else reply(BODY)

    server.pages["/r.txt"] = answer
    assert get(server, part, known=Version('"a"', DAY)) is None
    assert not part.exists()
    assert get(server, part, known=Version('"b"', DAY))


class Breaking:
    """A page that breaks off at first, and then sends what is asked for."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.ranges: list[str | None] = []

    def __call__(self, request: Request) -> bytes:
        said = self.answers.pop(0)
        asked = request.headers.get("range")
        self.ranges.append(asked)
        etag = '"b"' if "changed" in said else 'W/"a"' if "weak" in said else '"a"'
        if asked and "ignores" not in said and "416" not in said and request.headers["if-range"] == etag:
            start = int(asked.removeprefix("bytes=").rstrip("-")) + ("shifted" in said)
            rest, span = BODY[start:], f"bytes {start}-{len(BODY) - 1}/{len(BODY)}"
            return reply(rest, status="206 Part", ETag='"c"' if "mixed" in said else etag, Content_Range=span)
        if "416" in said:
            return reply(status="416 No")
        body = BODY[::-1] if "changed" in said else BODY
        answer = reply(body, ETag=etag)
        return answer[:-1000] if "breaks" in said else answer


GOING_ON = {
    "the rest": (["breaks", "whole"], [None, "bytes=1700-"]),
    "the server ignores ranges": (["breaks", "ignores"], [None, "bytes=1700-"]),
    "the document changed meanwhile": (["breaks", "changed"], [None, "bytes=1700-"]),
    "the rest is shifted": (["breaks", "shifted", "whole"], [None, "bytes=1700-", None]),
    "the rest is of another version": (["breaks", "mixed", "whole"], [None, "bytes=1700-", None]),
    "the server knows no rest": (["breaks", "416", "whole"], [None, "bytes=1700-", None]),
    "versions are not told apart": (["breaks weak", "weak"], [None, None]),
}


@pytest.mark.parametrize("case", GOING_ON)
def test_a_download_goes_on_where_it_broke_off(case: str, server: Server, part: Path) -> None:
    answers, asked = GOING_ON[case]
    page = server.pages["/r.txt"] = Breaking(*answers)
    assert len(BODY) == 2700
    assert get(server, part)
    assert page.ranges == asked
    assert part.read_bytes() == (BODY[::-1] if "changed" in answers else BODY)
    assert not part.with_name("part.json").exists()


def test_a_later_run_goes_on_where_the_last_one_broke_off(server: Server, part: Path) -> None:
    server.pages["/r.txt"] = Breaking(*["breaks ignores"] * ATTEMPTS)
    refusal(server, part)
    page = server.pages["/r.txt"] = Breaking("whole")
    assert get(server, part)
    assert page.ranges == ["bytes=1700-"]
    assert part.read_bytes() == BODY


NAMES = {
    ("/a/report.pdf", "application/pdf", None): "report.pdf",
    ("/a/report.jsp?id=1", "text/html; charset=GBK", None): "report.jsp.html",
    ("/", "text/html", None): f"{NAME}.html",
    ("/%E5%B9%B4%E6%8A%A5.docx", "application/octet-stream", None): "年报.docx",
    ("/%C4%EA%B1%A8.doc", "application/msword", None): "年报.doc",
    ("/%FF%FF.doc", "application/msword", None): "%FF%FF.doc",
    ("/get", "application/octet-stream", 'attachment; filename="a b.doc"'): "a b.doc",
    ("/get", "application/pdf", "attachment; filename*=UTF-8''%E5%B9%B4%E6%8A%A5.pdf"): "年报.pdf",
    ("/get", "application/pdf", 'attachment; filename="年报.pdf"'): "年报.pdf",
    ("/get", "application/pdf", 'attachment; filename="%E5%B9%B4%E6%8A%A5.pdf"'): "年报.pdf",
    ("/get", "text/plain", "attachment; filename="): "get.txt",
    ("/get", "", None): "get",
}


@pytest.mark.parametrize(("path", "media_type", "attached"), NAMES)
def test_the_name_of_a_document(path: str, media_type: str, attached: str | None, server: Server, part: Path) -> None:
    headers = {"Content_Type": media_type} if media_type else {}
    pages(server, reply(BODY, **headers, **({"Content_Disposition": attached} if attached else {})), path=path)
    received = get(server, part, path)
    assert received
    assert received.name == NAMES[path, media_type, attached]


def test_a_name_in_gbk_is_read(server: Server, part: Path) -> None:
    attached = b'attachment; filename="\xc4\xea\xb1\xa8.doc"'.decode("utf-8", "surrogateescape")
    pages(server, reply(BODY, Content_Disposition=attached))
    assert getattr(get(server, part), "name", None) == "年报.doc"


@pytest.mark.parametrize("media_type", ["video/mp4", "application/json", "text/css", "application/zip", "x", "a/\x01b"])
def test_what_is_no_report_by_its_media_type_is_not_received(media_type: str, server: Server, part: Path) -> None:
    pages(server, reply(BODY, Content_Type=media_type))
    assert refusal(server, part).code in ("E_FORMAT", "E_FETCH")
    assert list(part.parent.iterdir()) == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for NAME, which no authority signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = Encoding.PEM
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    private = key.private_bytes(pem, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + built.public_bytes(pem))
    return path


@pytest.fixture
def safe(certificate: Path) -> Iterator[tuple[Server, list[str | None]]]:
    """A server with TLS, and the names by which it was asked for before anything was sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names: list[str | None] = []
    context.sni_callback = lambda _, name, __: names.append(name)
    with serving(context) as server:
        pages(server, reply(BODY))
        yield server, names


def test_a_server_that_cannot_prove_its_name_is_not_asked(safe: tuple[Server, list[str | None]], part: Path) -> None:
    server, _ = safe
    with pytest.raises(InputError, match=f"cannot prove to be {NAME}"):
        get(server, part, scheme="https")
    assert server.asked == []
    assert max(server.clock.slept) <= 1, "it is not tried again"


@pytest.mark.parametrize("host", [NAME, "other.gov.cn"])
def test_the_name_is_proved_not_the_address(
    host: str,
    safe: tuple[Server, list[str | None]],
    part: Path,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server, names = safe
    monkeypatch.setattr(exchange, "_certificates", lambda: ssl.create_default_context(cafile=certificate))
    if host == NAME:
        assert get(server, part, scheme="https")
    else:
        with pytest.raises(InputError, match="cannot prove"):
            get(server, part, scheme="https", host=host)
    assert set(names) == {host}
