"""Roles: whether a number states a level, a change, a target or an earlier period's value."""

from __future__ import annotations

import re

from mingfu.extract.amounts import Amount
from mingfu.model import Span

_MOVE = (
    "增长|增加|上升|提高|提升|下降|减少|降低|压缩|压减|缩短|缩减|削减|精简|下浮|上浮|上涨|回落|扩大|翻|"
    "增幅|降幅|减幅|升幅|涨幅|压缩率|同比|环比|减支|减收|增收|少收|多收|净增|净减|"
    "(?<![新净])增|降|(?<!核)减|少|多|升|跌|快|慢"
)
_CHANGE = re.compile(
    rf"(?:{_MOVE})(?:了|率|幅度|幅|比例|比|比率|时限|数量|均|分别|各|达|达到|高达|整体|平均|约|又|再|也)*$"
    r"|(?:[增降减升涨]幅|同比|环比|压缩率)(?:均|约|分别)*为$"
)
_MOVING = re.compile("[增升高降减缩精下上扩翻涨回支收少多跌快慢比]")
_CUT = re.compile(r"(?:压减|压缩|缩减|削减|精简|减少|缩短|下降|减轻(?!行政处罚|处罚))(?!至|到|为)[^,。;、]{1,24}$")
_REACHED = ("至", "到", "为", "达", "达到", "有")
_AHEAD = tuple(f"超{word}{plan}" for word in ("", "出", "过") for plan in ("计划", "目标", "任务", "预期"))
_PRIOR = re.compile(
    r"(?:(?:去年|上年|上一年度?|前年|往年|同期)(?!度?(?:结转|转入|遗留|结存))(?:同期|全年|度)?|原来的?|原先|此前|以前|过去(?!的?.{0,2}年))"
    r"[^,。;、0-9增降减升多少高低长]{0,12}$|(?:较|比|与|同)(?:19|20)[0-9]{2}年(?:同期|全年|年?底|年?末)?的?$"
)
_CARRIED = re.compile(r"(?:结转|转结|转入|遗留)[^,。;]{0,6}$")
_EARLIER = re.compile("[去上前往同原此以过较比与]")
_FROM = re.compile(r"(?:从|由)(?:[^,。;、]{0,14})$")
_TO = re.compile(r"^(?:\([^()]*\))?[^,。;、0-9]{0,10}(?:到|至|为|成)[^,。;、0-9]{0,6}[0-9一二三四五六七八九十百千两]")
_GOAL_BEFORE = re.compile(r"(?<!符合)(?:规定|要求|目标)(?:的|为)$|(?<![有超权期时无年上下局界])限于?$")
_GOAL_ENDS = ("的", "为", "限", "限于")
_GOAL_BEHIND = re.compile(r"^(?:左右)?的(?:目标|要求|标准|任务)")
_EACH = re.compile(r"每(?:年|季度?|月|周|个|名|位|半年|家|次|天|日|人)")
_GRANTED = re.compile(r"给予|处以?|并处|幅度|标准|奖励")
_REQUIRED = ("不低于", "不少于", "不得低于", "不得少于", "不得超过", "不得高于", "不超过", "不高于")
_LIMITS = {"area", "length", "time", "money", "mass", "energy", "volume"}
_LIMITED = re.compile(r"的?(?:企业|单位|项目|会议|活动|场所|工程|案件|群体|机构|学校|用户|部门)")
_ENDING = ("以上", "以下")
_EXCESS = ("超限", "超速", "超载")
_AGES = ("岁", "周岁")


def role_of(
    text: str, amount: Amount, near: tuple[Span, ...], clause: Span, *, planned: bool, inherited: str | None
) -> str:
    """Return level, change, target or prior.

    `near` is the number's own phrase, `planned` says that it stands among plans or requirements,
    `inherited` is the role of the number to which it is joined by nothing but a list sign.
    """
    before = text[slice(*near[-2])].rstrip()
    if is_threshold(text, amount) or _is_goal(text, amount, before, clause):
        return "target"
    if inherited:
        return inherited
    if planned:
        return "target"
    if _is_change(before, amount):
        return "change"
    if _is_prior(text, before, amount):
        return "prior"
    return "target" if text[amount.start : amount.end].startswith(_REQUIRED) else "level"


def is_threshold(text: str, amount: Amount) -> bool:
    """Return whether the amount only delimits a class of things: 200平方米以上餐饮单位, 60岁以上老人."""
    words = text[amount.start : amount.end]
    behind = text[amount.end : amount.end + 4]
    if amount.unit in _AGES and amount.qualifier != "exact":
        return True
    if words.endswith("以内") and amount.kind in {"length", "area"} and behind.startswith("的"):
        return True
    if not words.endswith(_ENDING) or not behind:
        return False
    if amount.kind == "time" and behind[0].isdigit():  # 20年以上32起
        return True
    if not "\u4e00" <= behind[0] <= "\u9fff":
        return False
    return amount.kind in _LIMITS or bool(_LIMITED.match(behind)) or text.endswith(_EXCESS, 0, amount.start)


def _is_goal(text: str, amount: Amount, before: str, clause: Span) -> bool:
    """Return whether the words say that the amount is required: 的目标, 规定的, 每年…3至5次, 处2万元至10万元."""
    if (before.endswith(_GOAL_ENDS) and _GOAL_BEFORE.search(before)) or _GOAL_BEHIND.match(
        text[amount.end : amount.end + 8]
    ):
        return True
    lead = text[clause[0] : amount.start]
    if amount.qualifier in {"range", "at_least"} and _EACH.search(lead):
        return True
    return amount.qualifier == "range" and amount.kind == "money" and bool(_GRANTED.search(lead))


def _is_change(before: str, amount: Amount) -> bool:
    moving = _MOVING.search(before) is not None
    if (moving and _CHANGE.search(before)) or before.endswith(_AHEAD):
        return True
    if before.endswith(_REACHED):
        return False
    if amount.unit in {"百分点", "个百分点", "番"}:
        return True
    return moving and _CUT.search(before) is not None


def _is_prior(text: str, before: str, amount: Amount) -> bool:
    if _CARRIED.search(before):
        return False
    if amount.unit != "倍" and _EARLIER.search(before) and _PRIOR.search(before):
        return True
    near = before[-16:]
    return bool(("从" in near or "由" in near) and _FROM.search(near) and _TO.match(text[amount.end : amount.end + 30]))
