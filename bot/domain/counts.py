"""Numbers as words, and hours as Ukrainian names them, in the forms in which they are said."""

from __future__ import annotations

from collections.abc import Sequence

_ONES = """
    one|a|an|один|одна|одну two|два|дві three|три four|чотири five|п'ять six|шість seven|сім eight|вісім nine|дев'ять
    ten|десять eleven|одинадцять twelve|дванадцять thirteen|тринадцять fourteen|чотирнадцять fifteen|п'ятнадцять
    sixteen|шістнадцять seventeen|сімнадцять eighteen|вісімнадцять nineteen|дев'ятнадцять
""".split()  # noqa: SIM905 - sixty strings are no easier to read
_TENS = {20: "twenty|двадцять", 30: "thirty|тридцять", 40: "forty|сорок", 50: "fifty|п'ятдесят"}


def _counts() -> dict[str, int]:
    found = {name: n for n, names in enumerate(_ONES, 1) for name in names.split("|")}
    for ten, tens in _TENS.items():
        for name in tens.split("|"):
            found[name] = ten
            for one, ones in enumerate(_ONES[:9], 1):
                pairs = [each for each in ones.split("|") if each not in ("a", "an")]
                found |= {f"{name}{gap}{each}": ten + one for each in pairs for gap in (" ", "-")}
    return found


#: Numbers below sixty by their words.
COUNTS = _counts()

_STEMS = """
    перш друг трет четверт п'ят шост сьом восьм дев'ят десят одинадцят дванадцят тринадцят чотирнадцят п'ятнадцят
    шістнадцят сімнадцят вісімнадцят дев'ятнадцят двадцят
""".split()  # noqa: SIM905
_ENDINGS = ("а", "у", "ій", "ої")


def _hours() -> dict[str, int]:
    found = {names.split("|")[0]: n for n, names in enumerate(_ONES[:12], 1)}
    for n, stem in enumerate(_STEMS, 1):
        endings = ("я", "ю", "ій", "ьої") if stem == "трет" else _ENDINGS
        found |= {stem + ending: n for ending in endings}
        if n < 4:
            found |= {f"двадцять {stem}{ending}": 20 + n for ending in endings}
    found |= {f"двадцять четверт{ending}": 24 for ending in _ENDINGS}
    return found


#: Hours by their names, as in `о сьомій`.
HOURS = _hours()


def count_of(tokens: Sequence[str]) -> tuple[int, int]:
    """Return the number at the beginning of `tokens`, and how many of them it takes; 0, 0: there is none.

    Digits may stand together with a unit, which is for the caller to part.
    """
    if tokens and tokens[0].isdigit():
        return int(tokens[0]), 1
    for used in (2, 1):
        if (count := COUNTS.get(" ".join(tokens[:used]))) and len(tokens) >= used:
            return count, used
    return 0, 0
