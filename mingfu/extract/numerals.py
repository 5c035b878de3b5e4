"""Numerals: from the way Chinese texts write a number to its value.

All input is folded text (mingfu.script).  Values are int, or Decimal where there is a decimal part.
"""

from __future__ import annotations

from decimal import Decimal

from mingfu.model import Value

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
DIGITS |= {char: value for value, char in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}
TENS = {"廿": 20, "卅": 30}
SMALL_SCALES = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
LARGE_SCALES = {"万": 10**4, "亿": 10**8}
CHINESE = "".join([*DIGITS, *TENS, *SMALL_SCALES, *LARGE_SCALES])

Bounds = tuple[Value, Value]


def scale_of(text: str) -> int:
    """Return the product of the scale characters in `text`: 千万 -> 10 000 000, empty -> 1."""
    product = 1
    for char in text:
        product *= SMALL_SCALES.get(char) or LARGE_SCALES[char]
    return product


def tidy(value: Value) -> Value:
    """Return an int where the value is whole, else the Decimal without trailing zeros."""
    if isinstance(value, int):
        return value
    return int(value) if value == value.to_integral_value() else value.normalize()


def parse_arabic(text: str) -> Value:
    """Return the value of ASCII digits with optional thousands commas, spaces and decimal point."""
    digits = "".join(text.split()).replace(",", "")
    return Decimal(digits) if "." in digits else int(digits)


def parse_chinese(text: str) -> Bounds | None:
    """Return the least and the greatest value of a Chinese numeral, or None where it is not one.

    They differ for a pair of neighbours: 两三 -> (2, 3), 十五六 -> (15, 16), 二三十 -> (20, 30).
    """
    whole, point, fraction = text.partition("点")
    if point:
        base = parse_chinese(whole)
        digits = "".join(str(DIGITS[char]) for char in fraction if char in DIGITS)
        if base is None or base[0] != base[1] or len(digits) != len(fraction) or not digits:
            return None
        value = tidy(Decimal(f"{base[0]}.{digits}"))
        return value, value
    if not whole:
        return None
    if all(char in DIGITS for char in whole):
        return _positional(whole)
    low = _structured(whole, first=True)
    high = _structured(whole, first=False)
    return None if low is None or high is None else (low, high)


def _positional(text: str) -> Bounds | None:
    """Digits without scales: one digit, a pair of neighbours (a range), or read off one by one."""
    values = [DIGITS[char] for char in text]
    if len(values) == 2 and values[0] and (values[1] - values[0] == 1 or values == [3, 5]):
        return values[0], values[1]
    if len(values) > 1 and values[0] == 0:
        return None
    value = int("".join(map(str, values)))
    return value, value


def _structured(text: str, *, first: bool) -> int | None:
    """Value of a numeral with scales; of a pair of neighbours the first or the second is taken."""
    for scale in "亿万":
        head, found, tail = text.rpartition(scale)
        if found:
            left = 1 if not head else _structured(head, first=first)
            right = _tail(tail, LARGE_SCALES[scale], first=first)
            if left is None or right is None or right >= LARGE_SCALES[scale]:
                return None
            return left * LARGE_SCALES[scale] + right
    return _below_myriad(text, first=first)


def _tail(text: str, scale: int, *, first: bool) -> int | None:
    if not text:
        return 0
    if len(text) == 1 and text in DIGITS:  # 三万五 is 35 000
        return DIGITS[text] * scale // 10
    return _structured(text.lstrip("零〇○"), first=first) if text.strip("零〇○") else None


def _below_myriad(text: str, *, first: bool) -> int | None:
    total, digits, last = 0, "", 10**4
    for char in text:
        if char in DIGITS:
            digits += char
            continue
        scale = SMALL_SCALES.get(char, 10)
        if char in TENS:
            if digits.strip("零〇○"):
                return None
            digits, leading = "", TENS[char] // 10
        else:
            value = _choose(digits, first=first, empty=1)
            if value is None:
                return None
            digits, leading = "", value
        if scale >= last or (leading == 0):
            return None
        total, last = total + leading * scale, scale
    if not digits:
        return total
    rest = _choose(digits, first=first, empty=0)
    if rest is None:
        return None
    if last > 10 and last < 10**4 and digits[0] not in "零〇○":  # 两百三 is 230
        return total + rest * last // 10 if len(digits) == 1 else None
    return total + rest


def _choose(digits: str, *, first: bool, empty: int) -> int | None:
    """Value of the digits before a scale: none, one (a zero before it is read over), or neighbours."""
    core = digits.lstrip("零〇○")
    if not core:
        return empty if not digits else (0 if empty == 0 else None)
    if len(core) == 1:
        return DIGITS[core]
    bounds = _positional(core) if len(core) == 2 else None
    if bounds is None or bounds[0] == bounds[1]:
        return None
    return int(bounds[0] if first else bounds[1])
