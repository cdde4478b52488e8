"""How far the raters of one measure agree: two published indices for ordinal scales.

Both take the frequencies per step over the *whole* scale, zeros included: the same ten
"3" mean something else on a scale of three steps than on one of ten.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import combinations
from math import log2


def van_der_eijk(counts: Iterable[int]) -> float | None:
    """Agreement A, from -1 (split between the two ends) over 0 (uniform) to 1 (one step).

    `counts` holds the frequency of each step, lowest step first, at least three steps.
    None when nobody rated. The frequencies are taken apart into layers of equal height, and
    A is the mean of the layers' agreement, weighted with the ratings in each layer.

    Raises ValueError for fewer than three steps, for which A is not defined (its U divides
    by K - 2), and for a negative or fractional frequency.

    Source: van der Eijk 2001, Measuring agreement in ordered rating scales, Quality &
    Quantity 35:325-341.
    """
    frequencies = _checked(counts, least_steps=3)
    n = sum(frequencies)
    if n == 0:
        return None
    # From the floor up: each layer is as high as the lowest column that is left, and that
    # column's step is missing from the layers above. Bit i of the pattern stands for step i.
    weighted = 0.0
    pattern, used, floor = (1 << len(frequencies)) - 1, len(frequencies), 0
    for step in sorted(range(used), key=frequencies.__getitem__):
        if frequencies[step] > floor:
            height = frequencies[step] - floor
            weighted += height * used * _layer_agreement(len(frequencies), pattern)
            floor += height
        pattern ^= 1 << step
        used -= 1
    return weighted / n


def tastle_wierman(counts: Iterable[int]) -> float | None:
    """Consensus Cns, from 0 (half the raters at either end) to 1 (everybody on one step).

    `counts` holds the frequency of each step, lowest step first, at least two steps.
    None when nobody rated. Cns = 1 + sum p_i log2(1 - |X_i - mu| / d), where d is the width
    of the scale, not of the ratings given; so a uniform distribution is not 0 (0.434 on
    five steps).

    Raises ValueError for fewer than two steps and for a negative or fractional frequency.

    Source: Tastle & Wierman 2007, Consensus and dissention: a measure of ordinal dispersion,
    International Journal of Approximate Reasoning 45:531-545.
    """
    frequencies = _checked(counts, least_steps=2)
    n = sum(frequencies)
    if n == 0:
        return None
    width = n * (len(frequencies) - 1)
    total = sum(step * frequency for step, frequency in enumerate(frequencies))
    # A step nobody chose must be skipped: its logarithm may be that of zero.
    return 1 + sum(
        frequency / n * log2((width - abs(n * step - total)) / width)
        for step, frequency in enumerate(frequencies)
        if frequency
    )


@lru_cache(maxsize=2048)  # a scale of ten steps has 1023 patterns
def _layer_agreement(k: int, pattern: int) -> float:
    """Agreement of one layer: of `k` steps those are used, equally often, whose bit is set.

    A = U (1 - (S - 1) / (K - 1)) with S of K steps used. U compares all triples of steps:
    TU are unimodal (110, 011), TDU are not (101). This is the U of the article, "corrected"
    in the R package agrmt; its option old=TRUE keeps a deprecated one.
    """
    steps = [pattern >> step & 1 for step in range(k)]
    used = sum(steps)
    if used == 1:
        return 1.0  # no triple says anything, by definition U = 1
    if used == k:
        return 0.0  # uniform, again without a triple that counts
    triples = list(combinations(steps, 3))
    unimodal = triples.count((1, 1, 0)) + triples.count((0, 1, 1))
    split = triples.count((1, 0, 1))
    above = (k - 2) * unimodal - (k - 1) * split
    below = (k - 2) * (unimodal + split)
    # One division of whole numbers, so that the extremes come out as exactly -1 and 1.
    return above * (k - used) / (below * (k - 1))


def _checked(counts: Iterable[int], *, least_steps: int) -> list[int]:
    """The frequencies as whole numbers (numpy's too), or ValueError."""
    frequencies = list(counts)
    if len(frequencies) < least_steps:
        raise ValueError(f"The scale needs at least {least_steps} steps, got {len(frequencies)}.")
    if [frequency for frequency in frequencies if frequency < 0 or frequency % 1]:
        raise ValueError(f"Frequencies must be whole numbers from 0 up, got {frequencies}.")
    return list(map(int, frequencies))
