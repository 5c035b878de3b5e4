"""The code table as data, and the area that a name names."""

from __future__ import annotations

from pathlib import Path

import pytest

from mingfu.errors import SchemaError
from mingfu.ingest.areas import COLUMNS, Areas, find_area, load_areas

ROOT = Path(__file__).parents[1]
NAMES = [
    ("佛山市高明區人民政府", 2019, "440608"),
    ("高明区", 2019, "440608"),
    ("佛山高明区人民政府", 2019, "440608"),
    ("广东省人民政府", 2019, "440000"),
    ("内蒙古呼伦贝尔市海拉尔区人民政府", 2014, "150702"),
    ("吉林省吉林市昌邑区", 2020, "220202"),
    ("青岛市市北区人民政府", 2020, "370203"),
    ("北京市朝阳区人民政府", 2020, "110105"),
    ("朝阳区人民政府", 2020, None),
    ("江苏省鼓楼区", 2020, None),
    ("深圳市龙华区", 2020, "440309"),
    ("深圳市龙华区", 2014, None),
    ("深圳市光明区", 2018, "440311"),
    ("攀枝花市东区人民政府", 2020, "510402"),
    ("东区人民政府", 2020, None),
    ("上海市浦东新区人民政府", 2020, "310115"),
    ("乾安县", 2020, "220723"),
    ("昌江黎族自治县", 2020, "469026"),
    ("昌江县", 2020, "469026"),
    ("国务院", 2020, None),
    ("新疆生产建设兵团", 2020, None),
    ("广州南沙经济技术开发区管理委员会", 2020, None),
    ("佛山市乡村振兴局", 2022, "440600"),
    ("临平区人民政府", 2020, "330113"),
    ("高明市人民政府", 1998, "440684"),
    ("高明市人民政府", 1995, None),
    ("高明市人民政府", None, None),
]


@pytest.fixture(scope="module")
def areas() -> Areas:
    return load_areas(ROOT / "schemas/areas.csv")


@pytest.mark.parametrize(("name", "year", "code"), NAMES)
def test_the_code_of_a_name(name: str, year: int | None, code: str | None, areas: Areas) -> None:
    assert find_area(name, year, areas) == code
    assert find_area(name, year, tuple(areas)) == code


def test_a_hint_helps_only_where_the_name_leaves_it_open(areas: Areas) -> None:
    assert find_area("朝阳区人民政府", 2020, areas, "220104") == "220104"
    assert find_area("朝阳区人民政府", 2020, areas, "440608") is None
    assert find_area("区人民政府", 2020, areas, "440608") == "440608"
    assert find_area("区人民政府", 2020, areas, "999999") is None
    assert find_area("佛山市", 2020, areas, "440608") == "440600"
    assert find_area("平潭综合实验区管理委员会", 2020, areas, "350128") is None


def test_the_history_of_an_area(areas: Areas) -> None:
    spans = {code: (areas.by_code[code].valid_from, areas.by_code[code].valid_to) for code in HISTORY}
    assert spans == HISTORY


HISTORY = {"440624": (1983, 1994), "449023": (1994, 1995), "440684": (1995, 2002), "440608": (2002, None)}


def test_every_area_lies_in_one_that_was_in_force_with_it(areas: Areas) -> None:
    for area in areas:
        if area.parent is None:
            assert area.level == "province"
            continue
        above = areas.by_code[area.parent]
        assert area.ref_area.startswith(above.ref_area.rstrip("0")[:2])
        assert (above.valid_from or 0) <= (area.valid_to or 9999)
        assert (area.valid_from or 0) <= (above.valid_to or 9999)


def test_the_table_is_sorted_by_code(areas: Areas) -> None:
    assert [area.ref_area for area in areas] == sorted({area.ref_area for area in areas})


def test_today_there_are_34_provinces(areas: Areas) -> None:
    today = [area for area in areas if area.valid_to is None]
    assert sum(area.level == "province" for area in today) == 34
    assert sum(area.level == "prefecture" for area in today) == 333


def test_all_faults_of_a_table_come_together(tmp_path: Path) -> None:
    table = tmp_path / "areas.csv"
    table.write_text(
        ",".join(COLUMNS) + "\n44000,广东省,province,,1980,,\n440600,佛山市,city,440000,x,,\n1,2\n", "utf-8"
    )
    with pytest.raises(SchemaError) as caught:
        load_areas(table)
    assert [fault.partition("areas.csv:")[2][:2] for fault in caught.value.faults] == ["2:", "3:", "3:", "4:"]


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=r"areas\.csv: no such file"):
        load_areas(tmp_path / "areas.csv")
