import gc
import json
import random
import shutil
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from mingfu.publish.metadata import METADATA
from mingfu.tables import TABLES
from mingfu.validate.verify import verify
from tests import samples

FILES = [
    "CHANGELOG.md",
    "SHA256SUMS",
    "datapackage.json",
    "manifest.json",
    "rule-of-law-reports.xlsx",
    "dcat.ttl",
    *(f"{name}.{kind}" for name in (*TABLES, "wide") for kind in ("csv", "parquet")),
]


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Path:
    return samples.published(tmp_path_factory.mktemp("project"))


@pytest.fixture
def folder(original, tmp_path) -> Path:
    return shutil.copytree(original, tmp_path / "published")


def _rules(folder):
    return [(finding.rule, finding.path) for finding in verify(folder)]


def test_what_was_published_is_sound(original):
    assert verify(original) == []
    assert {path.name for path in original.iterdir()} == {*FILES, *METADATA}


@pytest.mark.parametrize("name", FILES)
def test_a_changed_byte_anywhere_is_a_fault_of_its_file(folder, name):
    content = (folder / name).read_bytes()
    for place in {0, len(content) - 1, random.Random(name).randrange(len(content))}:
        (folder / name).write_bytes(content[:place] + bytes([content[place] ^ 0x20]) + content[place + 1 :])
        _expect_named(folder, name)


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_more_or_less_in_it_is_a_fault(folder, name):
    content = (folder / name).read_bytes()
    for changed in (content + b"\n", content[:-1], b""):
        (folder / name).write_bytes(changed)
        _expect_named(folder, name)


def _expect_named(folder, name):
    findings = verify(folder)
    assert findings
    assert all(finding.severity == "error" for finding in findings)
    assert any(name in finding.message for finding in findings)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    assert _rules(folder) == [("verify.missing", name)]


@pytest.mark.parametrize("name", ["extra.csv", ".hidden", "observations.csv.bak"])
def test_a_file_too_many_is_named(folder, name):
    (folder / name).write_bytes(b"")
    assert _rules(folder) == [("verify.extra", name)]


def test_folders_and_links_do_not_belong(folder):
    (folder / "more").mkdir()
    (folder / "link.csv").symlink_to(folder / "areas.csv")
    assert _rules(folder) == [("verify.extra", "link.csv"), ("verify.extra", "more")]


def test_a_folder_that_is_none_or_holds_nothing(tmp_path):
    assert _rules(tmp_path / "nowhere") == [("verify.missing", str(tmp_path / "nowhere"))]
    assert _rules(tmp_path) == [
        ("verify.missing", name) for name in ("SHA256SUMS", "manifest.json", "datapackage.json")
    ]


def test_a_file_that_may_not_be_read(folder, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("mingfu.validate.verify.sha256", refuse)
    assert _rules(folder) == [("verify.unreadable", "CHANGELOG.md")]


def test_one_changed_byte_is_one_fault(folder):
    path = folder / "observations.csv"
    path.write_bytes(path.read_bytes().replace(b"1934", b"1935", 1))
    assert _rules(folder) == [("verify.hash", "observations.csv")]
    path.write_bytes(path.read_bytes() + b"x")
    assert _rules(folder) == [("verify.hash", "observations.csv")]


# What the hashes cannot tell, since whoever made the package made them too.
CSV_FAULTS = [
    ("observations", ",1934,1934,1934,", ",1935,1934,1934,", "verify.cell"),
    ("observations", ",1934,1934,1934,", ",many,1934,1934,", "verify.type"),
    ("observations", ",2019-01-01,", ",2019-01-32,", "verify.type"),
    ("observations", ",exact,", ",more or less,", "verify.constraint"),
    ("observations", "440608-2019-rule-of-law.10,", "440608-2019-rule-of-law.11,", "verify.key"),
    ("observations", "observation_id,", "id,", "verify.schema"),
    ("areas", "440608,高明区", "440608,高明縣", "verify.cell"),
    ("areas", "440600,佛山市,prefecture,440000,,,\r\n", "", "verify.key"),
    ("units", "yuan,yuan,yuan,件 宗\r\n", "yuan,yuan,yuan,件 宗\r\nhour,hour,hour,件\r\n", "verify.rows"),
    ("wide", "1934", "", "verify.cell"),
]


@pytest.mark.parametrize(("table", "old", "new", "rule"), CSV_FAULTS)
def test_a_sealed_fault_in_a_csv_is_found(folder, table, old, new, rule):
    path = folder / f"{table}.csv"
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())
    samples.reseal(folder)
    assert rule in {found for found, _path in _rules(folder)}


def test_a_sealed_fault_in_a_parquet_is_found(folder):
    path = folder / "areas.parquet"
    table = parquet.read_table(path)
    changed = {
        "verify.rows": table.slice(0, 2),
        "verify.schema": table.set_column(0, "ref_area", pa.array([440000, 440600, 440608])),
    }
    for rule, content in changed.items():
        parquet.write_table(content, path)
        samples.reseal(folder)
        assert _rules(folder) == [(rule, "areas.parquet")]
    parquet.write_table(table.take([1, 0, 2]), path)
    samples.reseal(folder)
    assert set(_rules(folder)) == {("verify.cell", "areas.parquet")}
    path.write_bytes(b"PAR1 not quite PAR1")
    samples.reseal(folder)
    assert _rules(folder) == [("verify.malformed", "areas.parquet")]


def _broken(descriptor):
    """Yield the descriptor with one value anywhere in its first resources replaced by something else."""
    for place in _places(descriptor):
        for value in (None, 7, "x", [], {}, [1], {"a": 1}):
            changed = json.loads(json.dumps(descriptor))
            target = changed
            for step in place[:-1]:
                target = target[step]
            target[place[-1]] = value
            yield changed


def _places(value, place=()):
    if place:
        yield place
    items = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for key, item in items:
        yield from _places(item, (*place, key))


# frictionless leaves a file open where it trips over a descriptor.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.slow
def test_a_sealed_but_broken_descriptor_is_never_an_exception(folder):
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    variants = list(_broken(descriptor))
    for variant in random.Random(0).sample(variants, 10):
        path.write_text(json.dumps(variant), encoding="utf-8")
        samples.reseal_manifest(folder)
        assert all(finding.rule.startswith("verify.") for finding in verify(folder))
    gc.collect()


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 100_000, b'{"$schema": 1}'])
def test_a_sealed_descriptor_that_is_none(folder, content):
    (folder / "datapackage.json").write_bytes(content)
    samples.reseal_manifest(folder)
    assert _rules(folder) == [("verify.malformed", "datapackage.json")]
