"""Roles: whether a number states a level, a change, a target or an earlier period's value."""

from __future__ import annotations

import re

from mingfu.extract.amounts import Amount
from mingfu.model import Span

_MOVE = (
    "增长|增加|上升|提高|提升|下降|减少|降低|压缩|压减|缩短|缩减|削减|精简|下浮|上浮|上涨|回落|扩大|翻|"
    "增幅|降幅|减幅|升幅|涨幅|压缩率|同比|环比|(?<!新)增|降|(?<!核)减|少|多|升|跌"
)
_CHANGE = re.compile(
    rf"(?:{_MOVE})(?:了|率|幅度|幅|比例|比率|时限|数量|均|分别|各|达|达到|高达|整体|平均|约为|又|再|也)*(?:为)?$"
)
_CUT = re.compile(r"(?:压减|压缩|缩减|削减|精简|减少|缩短|下降|减轻)(?!至|到|为)[^,。;、]{1,24}$")
_REACHED = re.compile(r"(?:至|到|为|达到?|有)$")
_AHEAD = re.compile(r"超(?:出|过)?(?:计划|目标|任务|预期)$")
_PRIOR = re.compile(r"(?:去年|上年|上一年度?|前年|往年|同期)(?:同期|全年|度)?[^,。;、0-9增降减升多少高低长]{0,12}$")
_FROM = re.compile(r"(?:从|由)(?:[^,。;、]{0,14})$")
_TO = re.compile(r"^[^,。;、0-9]{0,10}(?:到|至|为|成)[^,。;、0-9]{0,6}[0-9一二三四五六七八九十百千两]")
_PLAN_CLAUSE = re.compile(
    r"力争|争取|(?<!规划)(?<!超)计划(?!生育|类|单列|书|内|外|经济|项目|总)|拟于|拟将|目标是|要达到|应当|应达"
    r"|不得|必须|须在|要求[^,。]{0,12}(?:达到?|不)"
)
_PLAN_HEADING = re.compile(
    r"下一步|下一阶段|下阶段|下步|今后|努力方向|展望|明年|(?:工作|年度?|任务)(?:的)?(?:计划|打算|安排|思路|要点|设想)(?!类|情况|完成|落实)"
)
_PLAN_SENTENCE = re.compile(r"\((?:牵头|责任|配合)(?:单位|部门)")
_REQUIRED = ("不低于", "不少于", "不得低于", "不得少于", "不得超过", "不得高于", "不超过", "不高于")
_LIMITS = {"area", "length", "time", "money", "mass", "energy", "volume"}
_LIMITED = re.compile(r"的?(?:企业|单位|项目|会议|活动|场所|工程|案件|群体|机构|学校|用户|部门)")
_ENDING = ("以上", "以下")


def role_of(
    text: str, amount: Amount, near: tuple[Span, ...], clause: Span, *, planned: bool, inherited: str | None
) -> str:
    """Return level, change, target or prior.

    `near` is the number's own phrase, `planned` says that its section or sentence speaks of plans,
    `inherited` is the role of the number to which it is joined by nothing but a list sign.
    """
    before = "".join(text[start:end] for start, end in near[:-1])
    if _is_threshold(text, amount):
        return "target"
    if inherited:
        return inherited
    if _is_change(before, amount):
        return "change"
    if _is_prior(text, before, amount, clause):
        return "prior"
    words = text[amount.start : amount.end]
    if planned or words.startswith(_REQUIRED) or _PLAN_CLAUSE.search(text, clause[0], amount.start):
        return "target"
    return "level"


def is_threshold(text: str, amount: Amount) -> bool:
    """Return whether the amount only delimits a class of things: 200平方米以上餐饮单位."""
    return _is_threshold(text, amount)


def speaks_of_plans(sentence: str) -> bool:
    """Return whether a sentence assigns tasks to come."""
    return bool(_PLAN_SENTENCE.search(sentence))


def heads_plans(heading: str) -> bool:
    """Return whether a section's heading announces what is yet to be done."""
    return bool(_PLAN_HEADING.search(heading[:30]))


def _is_threshold(text: str, amount: Amount) -> bool:
    words = text[amount.start : amount.end]
    behind = text[amount.end : amount.end + 4]
    if not words.endswith(_ENDING) or not behind or not "\u4e00" <= behind[0] <= "\u9fff":
        return False
    return amount.kind in _LIMITS or bool(_LIMITED.match(behind))


def _is_change(before: str, amount: Amount) -> bool:
    if _CHANGE.search(before) or _AHEAD.search(before):
        return True
    if _REACHED.search(before):
        return False
    if amount.unit in {"百分点", "个百分点", "番"}:
        return True
    return bool(_CUT.search(before))


def _is_prior(text: str, before: str, amount: Amount, clause: Span) -> bool:
    if _PRIOR.search(before):
        return True
    return bool(_FROM.search(before) and _TO.match(text[amount.end : clause[1]]))
