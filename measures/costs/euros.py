"""Amounts of euro as people type them: understood, or refused with its reason, never changed."""

import re
from decimal import Context, Decimal
from enum import StrEnum

from workshops.numerals import LONGEST, Ambiguous, NotANumber, read_decimal

_EURO = re.compile(r"€|\b(?:euro|eur)\b", re.IGNORECASE)
_FOREIGN = re.compile(
    r"[$£¥₣]|\b(?:usd|chf|gbp|dkk|pln|czk|sfr|dm|dollars?|franken|pfund|pounds?)\b", re.IGNORECASE
)
_SHORTENED = re.compile(
    r"\b(?:tsd|tausend|mio|mrd|mill|millionen|milliarden|teur|thousand|million|billion)\b"
    r"|\bt\s?€|\bk\s?€|[0-9]\s?[kmt]\b",
    re.IGNORECASE,
)
_SPACE = "[ \u00a0\u2009\u202f]*"
_MARK = rf"(?:€|euro\b|eur\b){_SPACE}"
_MARKED = re.compile(rf"(?:{_MARK})?(?P<number>.*?){_SPACE}(?:{_MARK})?", re.IGNORECASE | re.DOTALL)
_NO_CENTS = re.compile(r"[,.][-\u2013\u2014]{1,2}$")  # 120,-
_CENT, _EXACTLY = Decimal("0.01"), Context(prec=LONGEST + 2)  # else 28 digits are too many
_MINUS = ("-", "\u2212", "\u2013")


class Fault(StrEnum):
    NO_NUMBER = "no_number"
    FOREIGN = "foreign"  # another currency than the euro, or beside it
    SEVERAL = "several"  # the euro twice
    SHORTENED = "shortened"  # 12 Tsd.
    NEGATIVE = "negative"
    AMBIGUOUS = "ambiguous"  # 1,234
    FINE = "fine"  # less than a cent


class NotEuros(ValueError):
    """What was typed is no amount; ``fault`` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def read_euros(text: str) -> Decimal:
    """Return the amount with two decimals. Raises NotEuros.

    German and English notations, with a euro before or behind. A point with three digits behind it
    parts thousands, as German has it; a comma with three digits is asked about.
    """
    if len(text) > LONGEST:  # a pattern below takes hours for a million spaces
        raise NotEuros(Fault.NO_NUMBER)
    if _FOREIGN.search(text):
        raise NotEuros(Fault.FOREIGN)
    if _SHORTENED.search(text):
        raise NotEuros(Fault.SHORTENED)
    if len(_EURO.findall(text)) > 1:
        raise NotEuros(Fault.SEVERAL)
    marked = _MARKED.fullmatch(text.strip())
    bare = _NO_CENTS.sub("", marked["number"]) if marked else ""
    if bare.startswith(_MINUS):
        _number(bare[1:].strip())
        raise NotEuros(Fault.NEGATIVE)
    amount = _number(bare)
    if amount != (rounded := amount.quantize(_CENT, context=_EXACTLY)):
        raise NotEuros(Fault.FINE)
    return rounded


def _number(text: str) -> Decimal:
    try:
        return read_decimal(text)
    except Ambiguous as found:
        if "," in text:
            raise NotEuros(Fault.AMBIGUOUS) from None
        return found.large
    except NotANumber:
        raise NotEuros(Fault.NO_NUMBER) from None
