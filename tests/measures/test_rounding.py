"""Shown numbers are rounded half away from zero, by the exact fraction that they stand for."""

from fractions import Fraction
from itertools import combinations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from measures.agreement import van_der_eijk
from measures.committee.snapshot import rounded
from measures.day.counts import share_given
from measures.numbers import number_writer
from measures.rounding import decimals, score_digits, whole, whole_percent

RATERS = st.integers(1, 2000)
FEW_STEPS = st.lists(st.integers(0, 40), min_size=5, max_size=5).filter(any)


def by_hand(fraction: Fraction, digits: int = 2) -> str:
    """Round half away from zero in whole numbers only."""
    up = abs(fraction) * 10**digits
    units = (2 * up.numerator + up.denominator) // (2 * up.denominator)
    text = f"{units // 10**digits}.{units % 10**digits:0{digits}d}"
    return f"-{text}" if fraction < 0 and units else text


def layers(counts: list[int]) -> Fraction:
    """Van der Eijk's A as an exact fraction, layer by layer."""
    k, n, found, left = len(counts), sum(counts), Fraction(0), list(counts)
    while any(left):
        height = min(count for count in left if count)
        used = [int(count > 0) for count in left]
        triples = list(combinations(used, 3))
        tu, tdu = triples.count((1, 1, 0)) + triples.count((0, 1, 1)), triples.count((1, 0, 1))
        u = Fraction((k - 2) * tu - (k - 1) * tdu, (k - 2) * (tu + tdu)) if tu + tdu else 1
        found += height * sum(used) * u * (1 - Fraction(sum(used) - 1, k - 1))
        left = [count - height if count else 0 for count in left]
    return found / n


def test_every_tie_of_a_mean_goes_up_although_half_of_them_lie_below_it_as_floats():
    ties = [Fraction(above, 200) for above in range(201, 2000, 2)]
    below = [tie for tie in ties if Fraction(tie.numerator / tie.denominator) < tie]
    assert (len(ties), len(below) > 300) == (900, True)
    shown = [decimals(tie.numerator / tie.denominator) for tie in ties]
    assert shown == [by_hand(tie) for tie in ties]


@given(st.integers(1, 10), RATERS, st.integers(0, 2000), st.sampled_from([2, 3, 4]))
def test_a_mean_of_up_to_two_thousand_people_is_rounded_by_its_fraction(low, n, more, digits):
    total = low * n + more % (n + 1)
    assert decimals(total / n, digits) == by_hand(Fraction(total, n), digits)


@given(st.integers(0, 100), RATERS, RATERS, st.data(), st.sampled_from([2, 3, 4]))
def test_a_score_is_rounded_by_its_fraction_too(weight, n, m, data, digits):
    relevance = data.draw(st.integers(n, 10 * n)) * m
    feasibility = data.draw(st.integers(m, 10 * m)) * n
    above, below = weight * relevance + (100 - weight) * feasibility, 100 * n * m
    assert decimals(above / below, digits) == by_hand(Fraction(above, below), digits)


@given(FEW_STEPS)
def test_an_agreement_that_was_computed_in_floats_is_rounded_by_its_fraction(counts):
    assert decimals(van_der_eijk(counts)) == by_hand(layers(counts))


def test_a_tie_below_zero_goes_down_and_nothing_becomes_minus_zero():
    values = [-0.125, -0.005, -0.0049, -0.0, 0.005, -1.0]
    assert [decimals(value) for value in values] == [
        "-0.13", "-0.01", "0.00", "0.00", "0.01", "-1.00",
    ]  # fmt: skip


def test_what_is_near_a_tie_but_not_on_it_stays_on_its_side():
    near = Fraction(2125, 1000) - Fraction(1, 10**10)
    assert decimals(near.numerator / near.denominator) == "2.12"


def test_people_read_a_true_minus_sign_and_a_dash_for_nothing():
    with translation.override("de"):
        write = number_writer()
        assert [write(v) for v in (-0.125, 2.025, None)] == ["−0,13", "2,03", "–"]
    with translation.override("en"):
        assert number_writer()(-0.125) == "−0.13"


@pytest.mark.parametrize(
    ("part", "of", "percent"),
    [(1, 8, 13), (3, 8, 38), (1, 200, 1), (1, 201, 0), (7, 7, 100), (0, 5, 0), (0, 0, None)],
)
def test_a_percentage_is_whole_and_nothing_of_nothing_is_none(part, of, percent):
    assert whole_percent(part, of) == percent


def test_shares_of_a_thousand_draws_are_rounded_as_what_they_count():
    assert [whole(100 * (count / 1000)) for count in (125, 145, 285, 575)] == [13, 15, 29, 58]


@pytest.mark.parametrize(
    ("ratings", "share"), [(0, 0), (1, 13), (3, 38), (199, 99), (200, 100), (201, 100)]
)
def test_a_hundred_percent_are_said_only_when_no_rating_is_missing(ratings, share):
    assert share_given(ratings, 200 if ratings > 8 else 8) == share


def test_scores_that_would_look_alike_after_this_rounding_get_a_third_digit():
    # 2.025 reads 2.03 here and 2.02 by the float; the other score reads 2.03 either way.
    assert score_digits([81 / 40, 2.03]) == 3
    assert score_digits([81 / 40, 2.02]) == 2


@pytest.mark.parametrize("value", [2.125, 81 / 40, 2 / 3, -0.125, 0.0, 3.1249999, -0.0])
def test_what_is_frozen_reads_as_what_was_seen(value):
    assert decimals(rounded(value)) == decimals(value)
    assert (rounded(2 / 3), rounded(None)) == (0.666667, None)


def test_a_score_just_below_a_tie_is_not_frozen_onto_it():
    assert (decimals(2.1249998), rounded(2.1249998)) == ("2.12", 2.1249998)
