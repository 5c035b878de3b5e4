"""catalogue.json: the core metadata of the catalogue of government information resources (政务信息资源目录).

The names of the fields are those of 政务信息资源目录编制指南（试行） of 2017; the provider's code is that of GB 32100.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mingfu.publish.formats.description import Description
from mingfu.publish.formats.jsontext import json_text
from mingfu.tables import TableSchema

TYPES = {"string": "字符型C", "integer": "整型I", "number": "双精度型B", "boolean": "逻辑型L", "date": "日期型D"}
FREQUENCIES = {
    "annual": "每年",
    "semiannual": "每半年",
    "quarterly": "每季度",
    "monthly": "每月",
    "irregular": "不定期",
}
SHARING = {"unconditional": "无条件共享", "conditional": "有条件共享", "none": "不予共享"}
OPENING = {"open": "向社会开放", "conditional": "有条件开放", "closed": "不予开放"}


def catalogue(description: Description) -> str:
    """Return the dataset's entry in the catalogue of information resources."""
    dataset, entry = description.dataset, description.dataset["catalogue"]
    content = {
        "信息资源名称": dataset["title"]["zh"],
        "信息资源代码": entry["code"],
        "信息资源提供方": dataset["publisher"]["title"]["zh"],
        "信息资源提供方代码": dataset["publisher"]["code"],
        "信息资源摘要": dataset["description"]["zh"],
        "信息资源格式": {"分类": "电子表格", "类型": sorted({file.kind for file in description.files})},
        "信息项": [_item(table, field) for table in description.tables for field in table["fields"]],
        "共享属性": {
            "共享类型": SHARING[entry["sharing"]],
            "共享条件": entry.get("sharing_condition"),
            "共享方式": f"文件下载：{dataset['download']}",
        },
        "开放属性": {"是否开放": OPENING[entry["opening"]], "开放条件": entry.get("opening_condition")},
        "更新周期": FREQUENCIES[dataset["update_frequency"]],
        "发布日期": dataset["issued"],
    }
    return json_text(content)


def _item(table: TableSchema, field: Mapping[str, Any]) -> dict[str, str]:
    return {
        "数据表": table["title_zh"],
        "信息项名称": field["title_zh"],
        "字段名": f"{table['name']}.{field['name']}",
        "数据类型": TYPES[field["type"]],
    }
