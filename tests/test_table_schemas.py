import json
import shutil

import pytest

from mingfu.errors import SchemaError
from mingfu.tables import TABLES, TEXTS, load_schemas
from tests.samples import ROOT

FOLDER = ROOT / "schemas" / "tables"
SCHEMAS = load_schemas(FOLDER)


def test_every_schema_is_a_published_table():
    assert {path.name for path in FOLDER.glob("*.json")} == {f"{name}.schema.json" for name in TABLES}


@pytest.mark.parametrize("name", TABLES)
def test_keys_order_and_units_name_columns_that_exist(name):
    schema = SCHEMAS[name]
    columns = {field["name"] for field in schema["fields"]}
    used = [*schema["primaryKey"], *schema.get("orderedBy", [])]
    used += [field["unit_field"] for field in schema["fields"] if "unit_field" in field]
    assert columns.issuperset(used)
    for key in schema.get("foreignKeys", []):
        assert columns.issuperset(key["fields"])
        there = {field["name"] for field in SCHEMAS[key["reference"]["resource"]]["fields"]}
        assert there.issuperset(key["reference"]["fields"])


@pytest.mark.parametrize("name", TABLES)
def test_every_column_speaks_chinese_and_english(name):
    for part in (SCHEMAS[name], *SCHEMAS[name]["fields"]):
        for text in ("title_zh", "description_zh"):
            assert any("一" <= char <= "鿿" for char in part[text]), (name, part["name"])
        for text in ("title", "description"):
            assert part[text][0].isascii()


@pytest.mark.parametrize("text", TEXTS)
def test_a_column_without_a_text_is_named(tmp_path, text):
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "units.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    del schema["fields"][0][text]
    path.write_text(json.dumps(schema), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        load_schemas(tmp_path)
    assert caught.value.faults == (f"{path}: unit: state {text!r}",)
