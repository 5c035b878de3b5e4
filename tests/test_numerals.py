"""Chinese numerals: written out and read back, and the forms that are not a single number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mingfu.extract.numerals import CHINESE, parse_chinese, scale_of

ONES = "零一二三四五六七八九"


def below_myriad(number: int) -> str:
    words, pending = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, scale)
        if digit:
            words += ("零" if pending and words else "") + ONES[digit] + name
        pending = not digit
    return words


def written(number: int) -> str:
    """Write a number out as the standard does: 10 005 is 一万零五."""
    for scale, name in ((10**8, "亿"), (10**4, "万")):
        if number >= scale:
            head, tail = divmod(number, scale)
            gap = "零" if 0 < tail < scale // 10 else ""
            return written(head) + name + gap + (written(tail) if tail else "")
    return below_myriad(number) or "零"


@given(st.integers(0, 10**16))
@example(10**16)
@example(10_005)
@example(100_000_001)
def test_numerals_round_trip(number: int) -> None:
    assert parse_chinese(written(number)) == (number, number)


@given(st.text(alphabet=CHINESE + "点", min_size=1, max_size=12))
def test_any_run_has_an_ordered_value_or_none(text: str) -> None:
    value = parse_chinese(text)
    assert value is None or value[0] <= value[1]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("廿五", 25, 25),
        ("两千", 2000, 2000),
        ("三万五", 35000, 35000),
        ("两百三", 230, 230),
        ("一百零五", 105, 105),
        ("两三", 2, 3),
        ("十五六", 15, 16),
        ("二三十", 20, 30),
        ("三十点五", Decimal("30.5"), Decimal("30.5")),
        ("叁万伍仟", 35000, 35000),
        ("一二〇", 120, 120),
        ("百", 100, 100),
    ],
)
def test_forms(text: str, low: object, high: object) -> None:
    assert parse_chinese(text) == (low, high)


@pytest.mark.parametrize("text", ["点五", "十点", "百十千", "零五", "二十一百"])
def test_what_is_no_numeral(text: str) -> None:
    assert parse_chinese(text) is None


def test_scales_multiply() -> None:
    assert [scale_of(text) for text in ("", "万", "千万", "万亿")] == [1, 10**4, 10**7, 10**12]
