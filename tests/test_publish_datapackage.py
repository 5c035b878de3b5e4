import json
from importlib import resources

import frictionless
import jsonschema
import pytest
import yaml

from mingfu.errors import SchemaError
from mingfu.publish.dataset import REQUIRED, load_dataset
from tests import samples

EXAMPLE = samples.ROOT / "schemas" / "dataset.yaml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return samples.published(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def descriptor(folder):
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def _judge(profile, instance):
    schema = json.loads((resources.files("dplib") / "profiles" / "2.0" / f"{profile}.json").read_text())
    checker = jsonschema.FormatChecker()
    return [error.message for error in jsonschema.Draft7Validator(schema, format_checker=checker).iter_errors(instance)]


def test_it_satisfies_the_profiles_at_every_level(descriptor):
    faults = _judge("datapackage", descriptor)
    for resource in descriptor["resources"]:
        faults += _judge("dataresource", resource) + _judge("tableschema", resource["schema"])
        faults += _judge("tabledialect", resource["dialect"]) if "dialect" in resource else []
    assert faults == []


def test_it_names_its_profile_at_every_level(descriptor):
    def profile(name):
        return f"https://datapackage.org/profiles/2.0/{name}.json"

    assert descriptor["$schema"] == profile("datapackage")
    for resource in descriptor["resources"]:
        assert resource["$schema"] == profile("dataresource")
        assert resource["schema"]["$schema"] == profile("tableschema")
        assert resource["format"] == "parquet" or resource["dialect"]["$schema"] == profile("tabledialect")


def test_it_describes_every_table_that_is_published(folder, descriptor):
    tables = {path.name for path in folder.iterdir() if path.suffix in (".csv", ".parquet")}
    assert tables == {resource["path"] for resource in descriptor["resources"]}


def test_keys_stay_within_one_format(descriptor):
    formats = {resource["name"]: resource["format"] for resource in descriptor["resources"]}
    for resource in descriptor["resources"]:
        assert resource["schema"]["primaryKey"]
        for key in resource["schema"].get("foreignKeys", []):
            assert formats[key["reference"].get("resource", resource["name"])] == resource["format"]


def test_frictionless_finds_nothing_wrong_with_the_tables(folder):
    package = frictionless.Package(str(folder / "datapackage.json"))
    for name in [resource.name for resource in package.resources if resource.format == "csv"]:
        report = package.get_resource(name).validate()
        assert report.valid, report.flatten(["message"])


def test_it_tells_sources_publisher_and_licence(descriptor):
    assert [source["path"] for source in descriptor["sources"]] == [
        "data/raw/440600/2019/報告.txt",
        "data/raw/440608/2019/報告.txt",
    ]
    assert descriptor["contributors"][0]["roles"] == ["publisher"]
    assert descriptor["licenses"][0]["name"] == "LicenseRef-Example"
    assert "created" not in descriptor  # it would be the clock's, and two runs would differ


def test_the_example_says_that_it_is_one():
    text = EXAMPLE.read_text(encoding="utf-8")
    assert "THIS FILE IS AN EXAMPLE" in text
    dataset = load_dataset(EXAMPLE)
    for texts in (dataset["title"], dataset["publisher"]["title"], dataset["contact"]["title"]):
        assert "示例" in texts["zh"]
        assert "example" in texts["en"].lower()
    assert "example" in dataset["licence"]["title"].lower()


@pytest.mark.parametrize("key", REQUIRED)
@pytest.mark.parametrize("blank", ["absent", None, " "])
def test_a_missing_key_is_named_with_the_reason(tmp_path, key, blank):
    content = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    *above, last = key.split(".")
    place = content
    for step in above:
        place = place[step]
    if blank == "absent":
        del place[last]
    else:
        place[last] = blank
    assert _faults(tmp_path, content) == [f"{tmp_path / 'dataset.yaml'}: fill in {key!r}: {REQUIRED[key]}"]


PUBLISHER, CATALOGUE = (yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))[key] for key in ("publisher", "catalogue"))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"version": 0.1}, "'version' must be text; put 0.1 in quotes"),
        ({"version": "1.0"}, "'version' must be three numbers"),
        ({"issued": "2026-02-30"}, "'issued' must be a day"),
        ({"issued": "20260330"}, "'issued' must be a day"),
        ({"identifier": "https://x.example/"}, "'identifier' must not end in"),
        ({"identifier": "urn:x"}, "'identifier' must be a web address"),
        ({"download": "https://x.example/latest"}, "'download' must end in '/'"),
        ({"themes": ["LAW"]}, "'themes' must be a list of AGRI"),
        ({"publisher": PUBLISHER | {"code": "11000000EXAMPLE00A"}}, "'publisher.code' must be a unified"),
        ({"publisher": PUBLISHER | {"code": "11000000example00w"}}, "'publisher.code' must be a unified"),
        ({"catalogue": CATALOGUE | {"opening": "yes"}}, "'catalogue.opening' must be one of open"),
        ({"catalogue": CATALOGUE | {"sharing": "conditional"}}, "fill in 'catalogue.sharing_condition'"),
        ({"name": "Reports 2019"}, "'name' must be made of"),
        ({"update_frequency": "now and then"}, "'update_frequency' must be one of annual"),
        ({"homepage": "example.org"}, "'homepage' must be a web address"),
        ({"licence": {"name": "CC BY", "title": "t", "path": "https://x"}}, "'licence.name' must be an identifier"),
        ({"keywords": "law"}, "'keywords' must be a list of words"),
        ({"contributors": [{"name": "x"}]}, "'contributors' must be a list of entries with title"),
        ({"contributors": [{"title": "x", "roles": "author"}]}, "'contributors' must be a list of entries"),
        ({"licences": "MIT"}, "unknown key 'licences'"),
    ],
)
def test_a_malformed_key_is_named(tmp_path, changes, fault):
    faults = _faults(tmp_path, yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")) | changes)
    assert len(faults) == 1
    assert fault in faults[0]


@pytest.mark.parametrize("code", ["91350100M000100Y43", "11000000EXAMPLE00W"])
def test_a_unified_social_credit_code_checks_itself(tmp_path, code):
    content = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    for given, is_right in ((code, True), (code[:5] + "X" + code[6:], False), (code[:-1], False)):
        content["publisher"]["code"] = given
        path = tmp_path / "dataset.yaml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        if is_right:
            assert load_dataset(path)["publisher"]["code"] == given
        else:
            assert len(_faults(tmp_path, content)) == 1


def test_all_faults_are_told_together(tmp_path):
    assert len(_faults(tmp_path, {"title": "x"})) == len(REQUIRED)
    assert len(_faults(tmp_path, None)) == 1


def _faults(folder, content):
    path = folder / "dataset.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        load_dataset(path)
    return list(caught.value.faults)
