"""Roles: whether a number states a level, a change, a target or an earlier period's value."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from mingfu.extract.amounts import Amount
from mingfu.extract.cues import either, words
from mingfu.model import Span

_REACHED = ("至", "到", "为", "达", "达到", "有")
_FROM = re.compile(r"(?:从|由)(?:[^,。;、]{0,14})$")
_TO = re.compile(
    r"^(?:\([^()]*\))?(?:[^,。;、0-9]{0,4}[、和及与][0-9.]+[^,。;、0-9]{0,4}){0,5}"
    r"(?:[^,。;、0-9]{0,10}|[^,。;、0-9]{0,6},(?:精简|压缩|压减|减少|调整|整合|优化))(?:到|至|为|成)[^,。;、0-9]{0,6}[0-9一二三四五六七八九十百千两]"
)
_OF = re.compile(r"(?:把|将)[^,。;、]{0,10}$")
_MADE = re.compile(
    r"^[^,。;、0-9]{0,10}(?:精简|压缩|压减|缩减|缩短|减少|整合|合并|归并|优化)[^,。;、0-9]{0,4}(?:到|至|为|成)[^,。;、0-9]{0,6}"
    r"[0-9一二三四五六七八九十百千两]"
)
_GOAL_ENDS = ("的", "为", "限", "限于")
_LIMITS = {"area", "length", "time", "money", "mass", "energy", "volume"}
_ENDING = ("以上", "以下")
_AGES = ("岁", "周岁")


class _Patterns(NamedTuple):
    """How the cue words combine before and behind a figure."""

    moving: re.Pattern[str]
    change: re.Pattern[str]
    cut: re.Pattern[str]
    prior: re.Pattern[str]
    earlier: re.Pattern[str]
    carried: re.Pattern[str]
    goal: re.Pattern[str]
    goal_behind: re.Pattern[str]
    each: re.Pattern[str]
    granted: re.Pattern[str]
    limited: re.Pattern[str]
    ahead: tuple[str, ...]


@cache
def _patterns() -> _Patterns:
    change = (
        rf"{either('move')}(?:{either('measured')}|了|均|分别|各|达|达到|高达|整体|平均|约|又|再|也)*$"
        rf"|(?:{either('rate')}|{either('move')}{either('measured')})(?:均|约|分别)*为$"
        rf"|{either('cut')}[^,。;、0-9]{{1,16}}(?:比例|幅度)(?:均|约|分别|达到?|为)*$"
        r"|(?:(?:较|比)[^,。;、]{0,6}[年月期]|[同环]比)[多少][^,。;、0-9]{1,6}$"
    )
    prior = (
        rf"{either('earlier')}(?:同期|全年|度)?[^,。;、0-9增降减升多少高低长]{{0,12}}$"
        r"|(?:较|比|与|同)(?:19|20)[0-9]{2}年(?:同期|全年|年?底|年?末)?的?$"
    )
    return _Patterns(
        moving=re.compile(f"[{''.join(sorted({word[0] for word in (*words('move'), *words('cut'))}))}]"),
        change=re.compile(change),
        cut=re.compile(rf"{either('cut')}[^,。;、]{{1,24}}$"),
        prior=re.compile(prior),
        earlier=re.compile(f"[{''.join(sorted({word[0] for word in words('earlier')}))}较比与同]"),
        carried=re.compile(rf"{either('carried')}[^,。;]{{0,16}}$"),
        goal=re.compile(rf"{either('goal')}(?:的|为)$|(?<![有超权期时无年上下局界])限于?$"),
        goal_behind=re.compile(rf"^(?:左右)?的{either('goal_behind')}"),
        each=re.compile(either("each")),
        granted=re.compile(either("granted")),
        limited=re.compile(rf"的?{either('class')}"),
        ahead=tuple(f"超{word}{aim}" for word in ("", "出", "过") for aim in words("aim")),
    )


def role_of(
    text: str, amount: Amount, near: tuple[Span, ...], clause: Span, *, planned: bool, inherited: str | None
) -> str:
    """Return level, change, target or prior.

    `near` is the number's own phrase, `planned` says that it stands among plans or requirements,
    `inherited` is the role of the number to which it is joined by nothing but a list sign.
    """
    before = text[slice(*near[-2])].rstrip()
    if before.endswith(")"):  # 增长(均为同比)7.9%
        before = before[: before.rfind("(") + 1].rstrip("( ")
    if is_threshold(text, amount) or _is_goal(text, amount, before, clause):
        return "target"
    if inherited and not text.startswith("突破", amount.start):  # 净增98万户、突破1900万户
        return inherited
    if planned:
        return "target"
    if _is_change(before, amount):
        return "change"
    if _is_prior(text, before, amount):
        return "prior"
    return "target" if text[amount.start : amount.end].startswith(words("required")) else "level"


def is_threshold(text: str, amount: Amount) -> bool:
    """Return whether the amount only delimits a class of things: 200平方米以上餐饮单位, 60岁以上老人."""
    figure = text[amount.start : amount.end]
    behind = text[amount.end : amount.end + 4]
    if amount.unit in _AGES and amount.qualifier != "exact":
        return True
    if figure.endswith("以内") and amount.kind in {"length", "area"} and behind.startswith("的"):
        return True
    if not figure.endswith(_ENDING) or not behind:
        return False
    if amount.kind == "time" and behind[0].isdigit():  # 20年以上32起
        return True
    if not "\u4e00" <= behind[0] <= "\u9fff":
        return False
    return (
        amount.kind in _LIMITS
        or bool(_patterns().limited.match(behind))
        or text.endswith(words("excess"), 0, amount.start)
    )


def _is_goal(text: str, amount: Amount, before: str, clause: Span) -> bool:
    """Return whether the words say that the amount is required: 的目标, 规定的, 每年…3至5次, 处2万元至10万元."""
    known = _patterns()
    if before.endswith(_GOAL_ENDS) and known.goal.search(before):
        return True
    if known.goal_behind.match(text[amount.end : amount.end + 8]):
        return True
    lead = text[clause[0] : amount.start]
    if amount.qualifier in {"range", "at_least"} and known.each.search(lead):
        return True
    return amount.qualifier == "range" and amount.kind == "money" and bool(known.granted.search(lead))


def _is_change(before: str, amount: Amount) -> bool:
    known = _patterns()
    moving = known.moving.search(before) is not None
    if (moving and known.change.search(before)) or before.endswith(known.ahead):
        return True
    if before.endswith(_REACHED):
        return False
    if amount.unit in {"百分点", "个百分点", "番"}:
        return True
    return moving and known.cut.search(before) is not None


def _is_prior(text: str, before: str, amount: Amount) -> bool:
    known = _patterns()
    near = before[-16:]
    earlier = amount.unit != "倍" and known.earlier.search(before) and known.prior.search(before)
    pair = ("从" in near or "由" in near) and _FROM.search(near)
    made = ("把" in near or "将" in near) and _OF.search(near) and _MADE.match(text[amount.end : amount.end + 40])
    if earlier or made or (pair and _TO.match(text[amount.end : amount.end + 60])):
        return known.carried.search(before) is None
    return False
