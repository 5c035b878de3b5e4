"""The code table as data, and the area that a name names."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from mingfu.errors import SchemaError
from mingfu.ingest.areas import COLUMNS, Areas, load_areas
from mingfu.ingest.placing import fits_level, named_in, narrow, read_name

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
    ("高明县人民政府", 1983, "440624"),
    ("高明县人民政府", 1993, "440624"),
    ("高明市人民政府", 1994, "449023"),
    ("高明市人民政府", 1995, "440684"),
    ("高明市人民政府", 2001, "440684"),
    ("高明区人民政府", 2002, "440608"),
    ("高明市人民政府", None, None),
    ("韶关市浈江区", 2001, "440203"),
    ("韶关市浈江区", 2002, "440204"),
    ("白沙黎族自治县", 2006, "469030"),
    ("白沙黎族自治县", 2007, "469025"),
    ("襄樊市人民政府", 2008, "420600"),
    ("襄阳市人民政府", 2012, "420600"),
    ("襄阳市襄州区", 2012, "420607"),
    ("杭州市江干区", 2020, "330104"),
    ("杭州市上城区", 2021, "330102"),
    ("邢台市桥东区", 2019, "130502"),
    ("襄都区", 2021, "130502"),
    ("重庆市渝北区", 2024, "500112"),
    ("两江新区", 2025, "500157"),
    ("和康县", 2024, "653228"),
    ("杭州海关", 2020, None),
    ("宁夏政府", 2020, "640000"),
    ("延边自治州", 2020, "222400"),
]


@pytest.fixture(scope="module")
def areas() -> Areas:
    return load_areas(ROOT / "schemas/areas.csv")


@pytest.mark.parametrize(("name", "year", "code"), NAMES)
def test_the_code_of_a_name(name: str, year: int | None, code: str | None, areas: Areas) -> None:
    codes = read_name(name, year, areas).codes
    assert codes == {code} if code else len(codes) != 1


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("平潭综合实验区管理委员会", True),
        ("平潭综合实验区社会事业局", True),
        ("佛山市高明区荷城街道办事处", True),
        ("佳荣里街", True),
        ("鄂托克旗乌兰镇", True),
        ("佛山市乡村振兴局", False),
        ("佛山市园林局", False),
        ("上海市浦东新区人民政府", False),
    ],
)
def test_bodies_of_places_without_a_code(name: str, local: bool, areas: Areas) -> None:
    assert read_name(name, 2020, areas).local == local


def test_every_area_is_known_by_its_name_and_the_one_above(areas: Areas) -> None:
    for year in (1990, 2005, 2024):
        names = {area.ref_area: area.name for area in areas if (area.valid_from or 0) <= year < (area.valid_to or 9999)}
        for area in areas:
            if names.get(area.ref_area) == area.name:
                name = names.get(area.parent or "", "") + area.name
                assert read_name(f"{name}司法局", year, areas).codes == {area.ref_area}, (name, year)


def test_what_is_known_narrows_a_name_that_several_areas_bear(areas: Areas) -> None:
    codes = read_name("鼓楼区司法局", 2020, areas).codes
    assert codes == {"320106", "320302", "350102", "410204"}
    assert narrow(codes, [{"350102"}], areas) == "350102"
    assert narrow(codes, [set(), {"320000"}, {"320300"}], areas) == "320302"
    assert narrow(codes, [{"320100", "320300"}, {"440000"}], areas) is None


def test_the_areas_that_a_text_names(areas: Areas) -> None:
    text = "在市委、徐州市委领导下，代县长到南京市鼓楼区调研，广东佛山高明区、朝阳区参加。"
    assert named_in(text, 2020, areas) == {"320300", "320106", "440608"}


@pytest.mark.parametrize(("name", "fits"), [("区司法局", True), ("我区", True), ("市政府", False), ("司法局", True)])
def test_a_bare_level_fits_areas_of_its_kind(name: str, fits: bool, areas: Areas) -> None:
    assert fits_level(name, "440608", areas) == fits


def test_the_history_of_an_area(areas: Areas) -> None:
    spans = {code: [(a.name, a.valid_from, a.valid_to) for a in areas.by_code[code]] for code in HISTORY}
    assert spans == HISTORY


HISTORY = {
    "440624": [("高明县", 1983, 1994)],
    "449023": [("高明市", 1994, 1995)],
    "440684": [("高明市", 1995, 2002)],
    "440608": [("高明区", 2002, None)],
    "440203": [("浈江区", 1984, 2002), ("武江区", 2002, None)],
    "420600": [("襄樊市", 1980, 2010), ("襄阳市", 2010, None)],
    "130502": [("桥东区", 1983, 2020), ("襄都区", 2020, None)],
}


def test_every_area_lies_in_one_that_was_in_force_with_it(areas: Areas) -> None:
    for area in areas:
        if area.parent is None:
            assert area.level == "province"
            continue
        assert area.ref_area.startswith(area.parent.rstrip("0")[:2])
        assert any(
            (above.valid_from or 0) <= (area.valid_to or 9999) and (area.valid_from or 0) <= (above.valid_to or 9999)
            for above in areas.by_code[area.parent]
        ), area


def test_the_table_is_sorted_and_no_code_is_held_twice_at_once(areas: Areas) -> None:
    for one, other in pairwise(areas):
        assert (one.ref_area, one.valid_from or 0) < (other.ref_area, other.valid_from or 0)
        if one.ref_area == other.ref_area:
            assert one.name != other.name or (one.valid_to or 9999) < (other.valid_from or 0), one


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


def test_two_holders_of_a_code_at_once_are_a_fault(tmp_path: Path) -> None:
    table = tmp_path / "areas.csv"
    table.write_text(
        ",".join(COLUMNS) + "\n440000,广东省,province,,1980,2000,\n440000,粤省,province,,1990,,\n", "utf-8"
    )
    with pytest.raises(SchemaError, match="440000 is still 广东省 when it becomes 粤省"):
        load_areas(table)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=r"areas\.csv: no such file"):
        load_areas(tmp_path / "areas.csv")
