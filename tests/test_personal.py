"""Nothing personal is overlooked, and ordinary numbers are left alone: thousands of generated cases."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import opencc
import pytest

from mingfu.personal import MASK, is_card, masked, personal_spans
from mingfu.script import fold

ROOT = Path(__file__).parents[1]
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范石廖贾夏韦付方白邹孟熊秦"
    "邱江尹薛阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
COMPOUND = ("欧阳", "司徒", "上官", "诸葛", "司马", "皇甫")
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志文辉红梅晓东海燕春雪峰宇鑫浩然子轩梓涵雨欣嘉怡俊三四小一"
)
MINORITY = ("阿卜杜拉·买买提", "古丽娜尔·艾合买提", "扎西·多吉")
WIDE = str.maketrans("0123456789-:()@,", "０１２３４５６７８９－：（）＠，")
CONTACTS = (
    *("联系人", "联络人", "经办人", "承办人", "签发人", "核稿人", "拟稿人", "咨询人", "填表人", "联络员", "联系人姓名"),
    *(
        "联 系 人",
        "联系人及电话",
        "联系人及联系方式",
        "联系人、联系电话",
        "联系人/电话",
        "联系人(电话)",
        "经办人及电话",
    ),
)
TITLES = ("", "", "", "同志", "先生", "女士", "科长", "主任")
Case = tuple[str, str]


def name(pick: random.Random) -> str:
    if pick.random() < 0.05:
        return pick.choice(MINORITY)
    surname = pick.choice(SURNAMES) if pick.random() < 0.95 else pick.choice(COMPOUND)
    given = "".join(pick.choice(GIVEN) for _ in range(pick.choice((1, 2, 2))))
    return f"{surname}　{given}" if len(surname + given) == 2 and pick.random() < 0.15 else surname + given


def digits(pick: random.Random, count: int) -> str:
    return "".join(pick.choice("0123456789") for _ in range(count))


def mobile(pick: random.Random) -> str:
    number = pick.choice("3456789").join("1 ").strip() + digits(pick, 9)
    shape = pick.choice(("{}{}{}", "{}{}{}", "{}-{}-{}", "{} {} {}", "{}.{}.{}", "+86 {}{}{}", "86-{}{}{}", "{}-{}{}"))
    return shape.format(number[:3], number[3:7], number[7:])


def landline(pick: random.Random) -> str:
    area = "0" + pick.choice("123456789") + digits(pick, pick.choice((1, 2)))
    local = pick.choice("2345678") + digits(pick, pick.choice((6, 7)))
    spaced = f"{local[:-4]}{pick.choice(('', '', ' ', '-'))}{local[-4:]}"
    shape = pick.choice(("{}-{}", "{}{}", "({}){}", "{} {}", "({}) {}", "{}－{}", "{}—{}"))
    return shape.format(area, spaced) + pick.choice(("", "", "", "转123", "-8012"))


def service(pick: random.Random) -> str:
    number = pick.choice(("400", "800")) + digits(pick, 7)
    shape = pick.choice(("{}-{}-{}", "{} {} {}", "{}{}{}", "{}-{}{}"))
    return shape.format(number[:3], number[3:6], number[6:])


def identity(pick: random.Random) -> str:
    area = pick.choice(("440684", "110101", "310115", "510104", "620102", "650103")) + str(pick.randint(1940, 2010))
    body = f"{area}{pick.randint(1, 12):02}{pick.randint(1, 28):02}{digits(pick, 3)}"
    if pick.random() < 0.3:
        return body[:6] + body[8:]
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    whole = body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]
    return pick.choice((whole, whole, f"{whole[:6]} {whole[6:14]} {whole[14:]}", whole.lower()))


def bank_card(pick: random.Random) -> str:
    start = pick.choice(("622202", "621700", "623058", "622848", "955880", "601382", "4", "52", "35"))
    length = 16 if len(start) < 6 else pick.choice((16, 17, 18, 19))
    body = start + digits(pick, length - 1 - len(start))
    total = sum(sum(divmod(2 * int(digit), 10)) for digit in body[::-1][::2]) + sum(map(int, body[::-1][1::2]))
    whole = f"{body}{-total % 10}"
    groups = [whole[place : place + 4] for place in range(0, len(whole), 4)]
    return pick.choice((whole, " ".join(groups), "-".join(groups)))


def email(pick: random.Random) -> str:
    user = "".join(pick.choice("abcdefghijklmnopqrstuvwxyz0123456789._-") for _ in range(pick.randint(3, 12)))
    return f"{user.strip('._-') or 'wang'}@{pick.choice(('163.com', 'qq.com', 'gd.gov.cn', 'mail.example.org'))}"


def contact(pick: random.Random) -> Case:
    who = name(pick)
    cue, colon = pick.choice(CONTACTS), pick.choice((":", ":", "：", "： ", ":\n"))
    after = pick.choice(
        ("，电话", "。", "\n", "", "）", " 电话：", "；", "、联系电话：", f" {mobile(pick)}", mobile(pick))
    )
    return f"特此报告。{pick.choice(('', '（'))}{cue}{colon}{who}{pick.choice(TITLES)}{after}", who


def colonless(pick: random.Random) -> Case:
    who = name(pick)
    return f"附件\n{pick.choice(('联系人', '经办人', '签发人'))}{pick.choice((' ', '　', chr(9)))}{who}\n", who


def in_charge(pick: random.Random) -> Case:
    who = name(pick)
    cue, after = pick.choice(("负责人", "审核人", "单位负责人", "责任人")), pick.choice(("，", "　填表人：", "\n"))
    return f"{cue}：{who}{after}", who


def beside(pick: random.Random) -> Case:
    who = name(pick)
    number = pick.choice((mobile, landline))(pick)
    shapes = (
        "联系电话：{n}（{w}）。",
        "请联系\n{w} {n}\n",
        "（{w}，{n}）",
        "{w}：{n}。",
        "{w}（联系人）、{n}。",
        "\n{w}，联系电话：{n}。",
    )
    return pick.choice(shapes).format(w=who, n=number), who


def second(pick: random.Random) -> Case:
    one, two = name(pick), name(pick)
    return f"联系人：{one}{pick.choice('、，/；')}{two}，电话：{mobile(pick)}。", two


def telephone(pick: random.Random) -> Case:
    number = pick.choice((mobile, landline, service))(pick)
    before = pick.choice(
        ("联系电话：", "电话:", "（电话：", "手机 ", "咨询电话：0757-88261112、", "请拨打", "传真：", "Tel: ")
    )
    return f"特此报告。{before}{number}{pick.choice(('。', '）', chr(10), '', '，受理5件'))}", number


def bare(pick: random.Random) -> Case:
    number = pick.choice((mobile, landline))(pick)
    return (
        f"{pick.choice(('有事请与工作人员', '（', '群众来信', ''))}{number}{pick.choice(('联系。', '）', '', '反映'))}",
        number,
    )


def local(pick: random.Random) -> Case:
    number = pick.choice("2345678") + digits(pick, pick.choice((6, 7)))
    return f"{pick.choice(('电话：', '传真:', '联系方式：', '联系电话 '))}{number}。", number


def identified(pick: random.Random) -> Case:
    number = identity(pick)
    before = pick.choice(("身份证号码：", "（", "居民身份证", "申请人", ""))
    return f"{before}{number}{pick.choice(('。', '）', '', ' '))}", number


def banked(pick: random.Random) -> Case:
    number = bank_card(pick)
    return (
        f"{pick.choice(('卡号：', '开户银行账号：', '汇入', '（', ''))}{number}{pick.choice(('。', '）', '', '，'))}",
        number,
    )


def mailed(pick: random.Random) -> Case:
    address = email(pick)
    before = pick.choice(("邮箱：", "电子邮箱", "发送至 ", "（E-mail: ", ""))
    return f"{before}{address}{pick.choice(('。', '）', '', '，'))}", address


KINDS = (contact, colonless, in_charge, beside, second, telephone, bare, local, identified, banked, mailed)


def written(pick: random.Random, case: Case) -> Case:
    """Return a case in the script and width in which some texts write it."""
    text, datum = case
    if pick.random() < 0.3:
        text, datum = (TRADITIONAL.convert(part) for part in (text, datum))
    if pick.random() < 0.3:
        text, datum = (part.translate(WIDE) for part in (text, datum))
    return text, datum


TRADITIONAL = opencc.OpenCC("s2t")


def overlooked(case: Case) -> bool:
    """Say whether a character of the datum is left, separators and spaces aside."""
    text, datum = case
    spans = personal_spans(fold(text))
    shown, place = masked(text, spans), text.rindex(datum)
    return any(char not in f"{MASK} 　-－—()（）." and char.isalnum() for char in shown[place : place + len(datum)])


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_personal_is_overlooked(kind: Callable[[random.Random], Case]) -> None:
    pick = random.Random(kind.__name__)
    cases = [written(pick, kind(pick)) for _ in range(1000)]
    missed = [case for case in cases if overlooked(case)]
    assert len(missed) <= 1, missed[:20]


def sums(pick: random.Random) -> str:
    whole = pick.randint(1, 10 ** pick.randint(1, 12))
    unit = pick.choice(("元", "万元", "件", "宗", "人次", "平方米", "户", "亿元", "吨", " 元", "个", "份", "条"))
    figure = pick.choice((str(whole), f"{whole:,}", f"{whole}.{whole % 90 + 10}"))
    return f"{pick.choice(('累计', '总额达', '办理', '约', '投入'))}{figure}{unit}，"


def days(pick: random.Random) -> str:
    year, month, day = pick.randint(1990, 2030), pick.randint(1, 12), pick.randint(1, 28)
    shapes = ("{}-{:02}-{:02}", "{}{:02}{:02}", "{}.{}.{}", "{}年{}月{}日", "{}/{:02}/{:02}", "{}-{:02}-{:02} 10:09:00")
    ends = f"{year - 1}-{year}年", f"{year - 1}01-{year}12"
    return pick.choice((*(shape.format(year, month, day) for shape in shapes), *ends)) + pick.choice(
        ("，", "，办结5件。", "至")
    )


def references(pick: random.Random) -> str:
    year, number = pick.randint(2000, 2030), pick.randint(1, 9999)
    code = f"91{pick.choice(('440608', '110101'))}MA{digits(pick, 8)}X{digits(pick, 1)}"
    shapes = (
        f"明府〔{year}〕{number}号", f"粤府令第{number}号", f"({year})粤06行初{number}号", f"邮编：{digits(pick, 6)}",
        f"粤ICP备{digits(pick, 8)}号", f"统一社会信用代码：{code}", f"GB/T {number}-{year}", f"G{number % 99} ",
        f"https://www.example.gov.cn/{year}/content/post_{digits(pick, 7)}.html",
        f"/art/{year}/1/5/art_{digits(pick, 10)}.html",
        f"案号{year}{digits(pick, 4)}", f"440608-{year}-rule-of-law.{number}", f"第{number}条第{number % 9}款",
    )  # fmt: skip
    return f"依照{pick.choice(shapes)}，"


def hotlines(pick: random.Random) -> str:
    number = pick.choice(("12345", "12348", "12315", "12333", "110", "119", "96110", "12309", "95598", "12388"))
    shapes = (
        "{n}热线受理{m}件",
        "拨打{n}，",
        "咨询电话：{n}。",
        "“{n}”平台接听电话{m}个",
        "{n}政务服务便民热线{m}宗、{m}人次",
    )
    return pick.choice(shapes).format(n=number, m=pick.randint(10, 10 ** pick.randint(2, 8)))


def rows(pick: random.Random) -> str:
    cells = [str(pick.randint(0, 10 ** pick.randint(1, 5))) for _ in range(pick.randint(2, 7))]
    return f"\n{pick.choice(('行政处罚', '2019年', '合计', ''))}\t" + "\t".join(cells) + "\n"


def words(pick: random.Random) -> str:
    shapes = (
        "党政主要负责人履行法治建设第一责任人职责{n}次", "承办人员培训{n}场", "经办人应当在{n}日内办结",
        "联系人制度、{n}项",
        "落实单位负责人出庭应诉{n}件", "负责人：\n一、依法行政{n}项", "当事人、代理人{n}名", "联系群众{n}人次",
    )  # fmt: skip
    return pick.choice(shapes).format(n=pick.randint(2, 99999)) + "，"


ORDINARY = (sums, days, references, hotlines, rows, words)


def flagged(text: str) -> tuple[int, list[str]]:
    """Return how many numbers a text has, and those that are taken for personal data."""
    spans, found = personal_spans(fold(text)), [*re.finditer("[0-9]+", fold(text))]
    wrong = [match[0] for match in found if any(start < match.end() and match.start() < end for start, end in spans)]
    return len(found), wrong or [text[slice(*span)] for span in spans]


@pytest.mark.parametrize("kind", ORDINARY)
def test_ordinary_numbers_are_left_alone(kind: Callable[[random.Random], str]) -> None:
    pick = random.Random(kind.__name__)
    answers = [flagged(kind(pick)) for _ in range(1000)]
    wrong = [number for _, numbers in answers for number in numbers]
    assert len(wrong) * 200 <= sum(count for count, _ in answers), wrong[:20]


def sentences() -> Iterator[str]:
    """Yield the golden sentences and reports of the other tests, and the report in data/raw/."""
    for line in (ROOT / "tests" / "cases" / "quantities.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if not {"phone", "personal"} & {entry["reason"] for entry in case.get("excluded", ())}:
            yield case["text"]
    for folder in ("tests/cases/reports", "data/raw"):
        yield from (path.read_text(encoding="utf-8") for path in sorted((ROOT / folder).rglob("*.txt")))


def test_figures_of_real_sentences_are_left_alone() -> None:
    answers = [flagged(text) for text in sentences()]
    wrong = [number for _, numbers in answers for number in numbers]
    assert sum(count for count, _ in answers) > 1500
    assert len(wrong) < 3, wrong


@pytest.mark.parametrize(
    ("digits", "held"),
    [
        ("44068419900101123X", False),  # another check character than its digits ask for
        ("110101199003074514", True),
        ("110101199013074514", False),  # no such month
        ("990101199003074514", False),  # no such province
        ("110101900307451", True),
        ("4111111111111111", True),
        ("4111111111111112", False),
        ("20191203200412041", False),
    ],
)
def test_a_card_is_known_by_its_check_digit(digits: str, held: bool) -> None:
    assert is_card(digits) is held
