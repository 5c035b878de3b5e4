"""Blocks to text: lines, cells, and which cells head which."""

from __future__ import annotations

import pytest

from mingfu.ingest.blocks import Paragraph, Table, assemble
from mingfu.ingest.grid import TableCell


def table_of(*rows: str) -> Table:
    """Return a table from lines with cells parted by bars; `>n` and `vn` behind a cell are its columns and rows."""
    cells, taken = [], set()
    for row, line in enumerate(rows):
        column = 0
        for written in line.split("|"):
            while (row, column) in taken:
                column += 1
            text, columns, height = written.strip(), 1, 1
            while text[-2:-1] in (">", "v"):
                columns, height = (int(text[-1]), height) if text[-2] == ">" else (columns, int(text[-1]))
                text = text[:-2]
            taken |= {(row + down, column + right) for down in range(height) for right in range(columns)}
            cells.append(TableCell(text, row, column, height, columns))
            column += columns
    return Table(tuple(cells))


def heads(*rows: str) -> dict[str, str]:
    """Return the heads of each headed cell of a table, by the cell's text."""
    text, places = assemble([table_of(*rows)])
    return {
        text[place.start : place.end]: "/".join(text[slice(*head)] for head in (*place.cell.beside, *place.cell.above))
        for place in places
        if place.cell and (place.cell.beside or place.cell.above)
    }


def test_paragraphs_are_lines() -> None:
    text, places = assemble(
        [Paragraph(" 一、甲\n乙 ", page=1), Paragraph(" "), Paragraph("丙", 2, 0.5), Paragraph("丁")]
    )
    assert text == "一、甲 乙\n丙\n丁\n"
    assert [(text[p.start : p.end], p.page, p.confidence) for p in places] == [("一、甲 乙", 1, None), ("丙", 2, 0.5)]


def test_rows_are_lines_with_cells_parted_by_tabs() -> None:
    text, places = assemble([Paragraph("表"), table_of("项目|件数", "许可|12", "处罚|"), Paragraph("注")])
    assert text == "表\n项目\t件数\n许可\t12\n处罚\t\n注\n"
    cells = [(text[p.start : p.end], p.cell.table, p.cell.row, p.cell.column) for p in places if p.cell]
    assert cells == [("项目", 1, 1, 1), ("件数", 1, 1, 2), ("许可", 1, 2, 1), ("12", 1, 2, 2), ("处罚", 1, 3, 1)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("项目|件数|人数", "许可|12|34", "处罚|5|"), {"12": "许可/件数", "34": "许可/人数", "5": "处罚/件数"}),
        (("行政复议>2|诉讼v2", "维持|撤销", "1|2|3"), {"1": "行政复议/维持", "2": "行政复议/撤销", "3": "诉讼"}),
        (("结果|件数", "不予公开v2|国家秘密|1", "个人隐私|2"), {"1": "不予公开/国家秘密", "2": "不予公开/个人隐私"}),
        (("处理v2|3.其他|7", "4、退回|8"), {"7": "处理/3.其他", "8": "处理/4、退回"}),
        (("年度|2019年|2020年", "受理|7|8"), {"7": "受理/2019年", "8": "受理/2020年"}),
        (("项目|完成率", "建议|98.5%", "提案|１００％"), {"98.5%": "建议/完成率", "１００％": "提案/完成率"}),
        (("|件数|人数", "许可|1|2"), {"1": "许可/件数", "2": "许可/人数"}),
    ],
)
def test_words_beside_and_above_a_figure_head_it(rows: tuple[str, ...], expected: dict[str, str]) -> None:
    assert heads(*rows) == expected


def test_tables_beneath_each_other_have_their_own_heads() -> None:
    found = heads(
        "第二十条第（一）项>3", "内容|制发|废止", "规章|3|4", "第二十条第（五）项>3", "内容|决定>2", "许可|56>2"
    )
    assert found["3"] == "规章/第二十条第（一）项/制发"
    assert found["56"] == "许可/第二十条第（五）项/决定"


def test_a_cell_that_reaches_far_costs_no_more_than_the_widest_table() -> None:
    wide = Table((TableCell("甲", 0, 0, columns=10**9), TableCell("乙", 0, 10**9), TableCell("1", 1, 0)))
    text, places = assemble([wide])
    assert places[-1].cell and [text[slice(*head)] for head in places[-1].cell.above] == ["甲"]
