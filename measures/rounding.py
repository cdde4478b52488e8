"""Rounding of what people read: half away from zero, as they learned it and as spreadsheets do it.

The only place that rounds a shown number, so that pages, files and pictures cannot disagree.
"""

from collections.abc import Iterable

NUDGE = 1e-13


def decimals(value: float, digits: int = 2) -> str:
    """Return ``value`` with just so many decimals, a point and, below zero, a hyphen-minus.

    A shown number is the float next to an exact fraction p/q, and that float may lie on the wrong
    side of the middle between two shown numbers: 81/40 = 2.025 is kept as 2.02499999999999991. So
    every value is moved away from zero by ``NUDGE`` before it is cut. That is sound in both ways:

    - What is in the middle gets across: up to 100 in size, a value that a few operations computed
      lies within 4e-14 of its fraction.
    - What is not in the middle stays on its side: it lies at least 1 / (2 * 10**digits * q) away,
      and that is more than both together (1.4e-13) while q < 3.5e10 at two digits, 3.5e8 at four.
      A mean has q = n raters at most, a quartile 4, the agreement A on ten steps 60480 * n, a
      share of all weights or draws a few thousand, and a score with a weight in percent
      100 * n * m. Both criteria could be judged by 18,000 people each, by 1,800 where four digits
      are needed.

    Raises TypeError for what is no number.
    """
    if value < 0:
        text = "%.*f" % (digits, value - NUDGE)  # noqa: UP031
        return text if text.strip("-0.") else text[1:]  # no minus before zero
    # a third of an f-string's time, and a page writes thousands
    return "%.*f" % (digits, value + NUDGE)  # noqa: UP031


def whole(value: float) -> int:
    """Return ``value`` as the whole number that is shown for it."""
    return int(decimals(value, 0))


def whole_percent(part: int, of: int) -> int | None:
    """Return ``part`` of ``of`` in whole percent; None where there is nothing to be a part of."""
    return whole(100 * part / of) if of else None


def score_digits(scores: Iterable[float]) -> int:
    """Return how many decimals tell all different scores apart: two, or up to four if they must.

    Otherwise two measures would show the same score beside different ranks.
    """
    different = set(scores)
    for digits in (2, 3):
        if len({decimals(score, digits) for score in different}) == len(different):
            return digits
    return 4 if different else 2
