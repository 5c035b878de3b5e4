"""Tables in plain text: told by their tabs, and headed only where that is certain."""

from __future__ import annotations

import pytest

from mingfu.ingest.tabbed import places_of

TABLE = "下表：\r\n类别\t收到（件）\t审结（件）\r\n 治安\t31 \t28\r\n合计\t97\t81\r\n以上。\t1\r\n"


def heads(text: str) -> dict[str, str]:
    """Return the heads of each cell that has any, joined."""
    return {
        text[place.start : place.end]: " ".join(text[slice(*span)] for span in place.cell.beside + place.cell.above)
        for place in places_of(text)
        if place.cell and place.cell.beside + place.cell.above
    }


def test_lines_with_as_many_tabs_are_a_table() -> None:
    assert heads(TABLE) == {
        "31": "治安 收到（件）",
        "28": "治安 审结（件）",
        "97": "合计 收到（件）",
        "81": "合计 审结（件）",
    }
    assert [(place.cell.row, place.cell.column) for place in places_of(TABLE) if place.cell] == [
        (row, column) for row in (1, 2, 3) for column in (1, 2, 3)
    ]


def test_where_heads_were_merged_no_cell_is_headed() -> None:
    text = "季度\t案件（件）\t\t罚没款（万元）\n\t立案\t结案\t\n第一季度\t325\t301\t612.4\n"
    assert heads(text) == {}
    assert len(list(places_of(text))) == 9


@pytest.mark.parametrize(
    "text",
    [
        "一、\t总体情况\n二、\t存在问题\n",
        "1.\t办理案件12件。\n2.\t审结8件。\n",
        "\t一、总体情况\n\t办理12件。\n",
        "单位\t2020\n",
        "无\n",
    ],
)
def test_other_tabs_make_no_table(text: str) -> None:
    assert list(places_of(text)) == []
