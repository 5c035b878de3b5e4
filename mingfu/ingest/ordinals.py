"""Ordinals: how a number is written that a word processor or a browser puts before a paragraph."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "零一二三四五六七八九"
_LEGAL = {"simplified": "零壹贰叁肆伍陆柒捌玖", "traditional": "零壹貳參肆伍陸柒捌玖"}
_UNITS = ("", "十", "百", "千", "万")
_LEGAL_UNITS = ("", "拾", "佰", "仟", "万")
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
_ROMAN_ONES = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_MOST = 9999


def written(number: int, style: str) -> str:
    """Return a number in one of the styles of Word's numFmt (ECMA-376 part 1, 17.18.59).

    Beyond the range of a style, and in styles of other languages, numbers are decimal, as Word has it.

    >>> [written(12, style) for style in ("chineseCountingThousand", "decimalEnclosedParen", "upperRoman", "hex")]
    ['十二', '⑿', 'XII', 'C']
    """
    style_of = _STYLES.get(style, str)
    return (style_of(number) if 0 < number <= _MOST else "") or str(number)


def _counted(number: int, digits: str = _DIGITS, units: tuple[str, ...] = _UNITS) -> str:
    """Return 12 as 十二 and 105 as 一百零五; 10 to 19 go without the first 一 unless in legal numerals."""
    said = ""
    for place, digit in enumerate(reversed(str(number))):
        if digit != "0":
            said = digits[int(digit)] + units[place] + said
        elif said and not said.startswith(digits[0]):
            said = digits[0] + said
    return said.removeprefix("一") if digits == _DIGITS and 10 <= number < 20 else said


def _spelt(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))


def _roman(number: int) -> str:
    said = ""
    for value, letters in (*_ROMAN, *_ROMAN_ONES):
        times, number = divmod(number, value)
        said += letters * times
    return said


def _letters(number: int) -> str:
    """Return a, b, … z, aa, bb, … as Word goes on after z."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _signs(first: str, count: int) -> Callable[[int], str]:
    return lambda number: chr(ord(first) + number - 1) if number <= count else ""


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)]


def _circled(number: int) -> str:
    ranges = ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1))
    return next((chr(base + number - low) for low, high, base in ranges if low <= number <= high), "")


def _english(number: int) -> str:
    teens = number % 100 in (11, 12, 13)
    return str(number) + {1: "st", 2: "nd", 3: "rd"}.get(0 if teens else number % 10, "th")


def _full_width(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


def _legal(script: str) -> Callable[[int], str]:
    units = _LEGAL_UNITS if script == "simplified" else (*_LEGAL_UNITS[:-1], "萬")
    return lambda number: _counted(number, _LEGAL[script], units)


_STYLES: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02}",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "ordinal": _english,
    "hex": lambda number: f"{number:X}",
    "numberInDash": lambda number: f"- {number} -",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": _signs("⒈", 20),
    "decimalEnclosedParen": _signs("⑴", 20),
    "ideographEnclosedCircle": _signs("㊀", 10),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographZodiacTraditional": lambda number: _cycle(_STEMS)(number) + _cycle(_BRANCHES)(number),
    "ideographLegalTraditional": _legal("traditional"),
    "chineseLegalSimplified": _legal("simplified"),
    "japaneseLegal": _legal("traditional"),
    **dict.fromkeys(("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"), _spelt),
    **dict.fromkeys(("chineseCounting", "chineseCountingThousand", "taiwaneseCounting"), _counted),
    **dict.fromkeys(("taiwaneseCountingThousand", "japaneseCounting"), _counted),
}


def with_ordinal(ordinal: str, text: str) -> str:
    """Return a text behind its ordinal, with a blank between where the two would run into one.

    >>> [with_ordinal(*parts) for parts in (("一、", "依法行政"), ("1.", "5件"), ("第一章", "总则"), ("", "5件"))]
    ['一、依法行政', '1. 5件', '第一章 总则', '5件']
    """
    last = ordinal[-1:]
    runs_in = text[:1].isdigit() if last in (".", "．", "-") else last.isalnum() and not ordinal.endswith("是")
    return f"{ordinal} {text}" if ordinal and text and runs_in else ordinal + text
