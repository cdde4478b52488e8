"""Numbers as people type them: understood, or refused with a sentence, but never changed.

German and English notation are both known: 1.234,5 and 1,234.5, also with spaces between the
thousands. Which one is meant is not told by the language of the page, for people copy numbers from
anywhere; what both read, and differently, is not guessed.
"""

import re
from decimal import Decimal

LONGEST = 1000  # characters; what is longer was not typed
_SPACES = " \u00a0\u2009\u202f"
_MINUS = ("-", "\u2212")


def _notation(groups: str, point: str) -> re.Pattern:
    """Whole part with or without separators for thousands, then decimals; a part may be missing."""
    whole = rf"[0-9]+|[1-9][0-9]{{0,2}}(?:{groups}[0-9]{{3}})+"
    return re.compile(rf"(?P<whole>{whole})?(?:{point}(?P<decimals>[0-9]+))?")


# The same separator all over, so "1.234 567" is no number.
_NOTATIONS = [
    _notation(groups, point)
    for groups, point in [(r"\.", ","), (",", r"\."), *((s, "[.,]") for s in _SPACES)]
]


class NotANumber(ValueError):
    """What was typed is no number in either notation, or not a whole one."""


class Ambiguous(NotANumber):
    """What was typed is two numbers: one with thousands, one with decimals."""

    def __init__(self, readings: set[Decimal]) -> None:
        super().__init__()
        self.small, self.large = sorted(readings, key=abs)


def read_decimal(text: str) -> Decimal:
    """Return the number, with as many decimals as were typed.

    Raises Ambiguous for one separator with three digits behind it ("1.234", "1,000"), NotANumber
    for everything that is none.
    """
    readings = _readings(text)
    if len(readings) > 1:
        raise Ambiguous(readings)
    return readings.pop()


def read_whole(text: str) -> int:
    """Return the whole number: "1.000" and "1,000" are a thousand, "2,0" is two.

    Where whole numbers are asked for, three digits behind a separator are thousands, for nobody
    types decimals there that say nothing. Raises NotANumber, for "2,5" too.
    """
    whole = [number for number in _readings(text) if number == int(number)]
    if not whole:
        raise NotANumber
    return int(max(whole, key=abs))


def digits_only(text: str, *, below: int = 2**63) -> int | None:
    """Return the number that a program wrote, an id in an address say; None for anything else.

    Ids and positions fit the databases' integers from 0 to ``below``, so that no query fails.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(below))):
        return None
    number = int(text)
    return number if number < below else None


def _readings(text: str) -> set[Decimal]:
    """Return every number that ``text`` is in some notation. Raises NotANumber if there is none."""
    text = text.strip()
    sign = "-" if text[:1] in _MINUS else ""
    digits = text[1:] if text[:1] in (*_MINUS, "+") else text
    found = [notation.fullmatch(digits) for notation in _NOTATIONS]
    if not digits or len(digits) > LONGEST or not any(found):
        raise NotANumber
    return {Decimal(sign + _plain(match)) for match in found if match}


def _plain(match: re.Match) -> str:
    whole = re.sub("[^0-9]", "", match["whole"] or "0")
    return f"{whole}.{match['decimals']}" if match["decimals"] else whole
