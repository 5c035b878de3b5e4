"""The data dictionary: every table and column in plain words, as Markdown, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mingfu.publish.formats.description import Description
from mingfu.tables import TableSchema

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "dictionary": "Data dictionary",
        "end": "",
        "version": "Version",
        "licence": "Licence",
        "tables": "Tables",
        "head": "| column | title | type | may be empty | meaning |",
        "yes": "yes",
        "no": "no",
        "key": "Primary key",
        "refers": "Refers to",
        "order": "Rows are in the order of",
        "allowed": "One of",
        "pattern": "Pattern",
        "minimum": "At least",
        "maximum": "At most",
        "unit": "Unit",
        "unit_field": "Unit in column",
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "date": "date",
        "stop": ".",
        "colon": ": ",
    },
    "zh": {
        "dictionary": "数据字典",
        "end": "_zh",
        "version": "版本",
        "licence": "许可",
        "tables": "数据表",
        "head": "| 列名 | 名称 | 类型 | 可否为空 | 含义 |",
        "yes": "可",
        "no": "否",
        "key": "主键",
        "refers": "引用",
        "order": "行的次序",
        "allowed": "取值",
        "pattern": "格式",
        "minimum": "不小于",
        "maximum": "不大于",
        "unit": "单位",
        "unit_field": "单位见列",
        "string": "文本",
        "integer": "整数",
        "number": "数值",
        "boolean": "真假值",
        "date": "日期",
        "stop": "。",
        "colon": "：",
    },
}


def dictionary(description: Description, language: str) -> str:
    """Return the dictionary in `language`, zh or en."""
    words, dataset = WORDS[language], description.dataset
    lines = [
        f"# {words['dictionary']}{words['colon']}{dataset['title'][language]}",
        "",
        dataset["description"][language],
        "",
        f"{words['version']}{words['colon']}{description.version}",
        "",
        f"{words['licence']}{words['colon']}[{dataset['licence']['title']}]({dataset['licence']['path']})",
    ]
    for table in description.tables:
        lines += _table(table, words)
    return "\n".join(lines) + "\n"


def _table(table: TableSchema, words: Mapping[str, str]) -> Iterator[str]:
    end = words["end"]
    yield from ("", f"## {table['name']}{words['colon']}{table[f'title{end}']}", "", table[f"description{end}"], "")
    yield from (f"- {line}" for line in _keys(table, words))
    yield from ("", words["head"], "|---|---|---|---|---|")
    for field in table["fields"]:
        empty = words["no" if field.get("constraints", {}).get("required") else "yes"]
        cells = (f"`{field['name']}`", field[f"title{end}"], words[field["type"]], empty, _meaning(field, words))
        yield f"| {' | '.join(cells)} |"


def _keys(table: TableSchema, words: Mapping[str, str]) -> Iterator[str]:
    yield f"{words['key']}{words['colon']}{_names(table['primaryKey'])}"
    if table.get("orderedBy"):
        yield f"{words['order']}{words['colon']}{_names(table['orderedBy'])}"
    for key in table.get("foreignKeys", []):
        there = key["reference"]
        names = [f"{there['resource']}.{name}" for name in there["fields"]]
        yield f"{words['refers']}{words['colon']}{_names(key['fields'])} → {_names(names)}"


def _meaning(field: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """Return the description of a column and, behind it, what its values keep to."""
    rules = field.get("constraints", {})
    told = {
        "allowed": _names(rules.get("enum", ())),
        "pattern": f"`{rules['pattern']}`" if "pattern" in rules else "",
        "minimum": str(rules.get("minimum", "")),
        "maximum": str(rules.get("maximum", "")),
        "unit": field.get("unit", ""),
        "unit_field": f"`{field['unit_field']}`" if "unit_field" in field else "",
    }
    clauses = [f"{words[key]}{words['colon']}{text}{words['stop']}" for key, text in told.items() if text]
    gap = "" if words["end"] else " "
    return gap.join([field[f"description{words['end']}"], *clauses]).replace("|", "\\|")


def _names(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)
