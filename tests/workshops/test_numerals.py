"""Numbers as people type them: understood or refused, never changed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshops.numerals import Ambiguous, NotANumber, read_decimal, read_whole

NARROW = "\u202f"  # the space that German typography puts between thousands


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", 12), (" 12 ", 12), ("0", 0), ("007", 7), ("+5", 5), ("-5", -5), ("−5", -5),
        ("1.000", 1000), ("1,000", 1000), ("1 000", 1000), ("1\u00a0000", 1000),
        (f"1{NARROW}000", 1000), ("1.234", 1234), ("12.345.678", 12345678), ("-1.000", -1000),
        ("2,0", 2), ("2.00", 2), ("1.000,00", 1000), ("0,000", 0),
    ],
)  # fmt: skip
def test_a_whole_number_is_understood_in_either_notation(typed, number):
    assert read_whole(typed) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2,5", "2.5"), ("2.5", "2.5"), ("2", "2"), ("3,25", "3.25"), (",5", "0.5"),
        ("1.234,5", "1234.5"), ("1,234.5", "1234.5"), ("1 234,5", "1234.5"),
        (f"1{NARROW}234.567", "1234.567"), ("0,125", "0.125"), ("1234,567", "1234.567"),
        ("1.234.567", "1234567"), ("1 000", "1000"), ("−2,5", "-2.5"),
    ],
)  # fmt: skip
def test_a_decimal_number_is_understood_in_either_notation(typed, number):
    assert read_decimal(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["1.234", "1,234", "1.000", "12,500", "-1.234"])
def test_one_separator_with_three_digits_is_not_guessed(typed):
    with pytest.raises(Ambiguous) as found:
        read_decimal(typed)
    large, small = typed.replace(".", "").replace(",", ""), typed.replace(",", ".")
    assert (found.value.large, found.value.small) == (Decimal(large), Decimal(small))


@pytest.mark.parametrize(
    "typed",
    ["", "-", ",", "5,", "1.2.3", "12 34", "1,00,000", "1.234 567", "1_000", "1e3", "0x10",
     "NaN", "Infinity", "٣", "３", "- 5", "5 Stück", "1'000", "0.1.000", "1" * 1001, "½"],
)  # fmt: skip
def test_what_is_no_number_is_refused(typed):
    for read in (read_whole, read_decimal):
        with pytest.raises(NotANumber):
            read(typed)


@pytest.mark.parametrize("typed", ["2,5", "2.5", "0,125", "1.234,5"])
def test_a_whole_number_is_never_made_of_a_decimal_one(typed):
    with pytest.raises(NotANumber):
        read_whole(typed)


@given(st.integers(-(10**12), 10**12), st.sampled_from([".", ",", " ", NARROW]))
def test_every_whole_number_with_separators_comes_back(number, separator):
    assert read_whole(f"{number:,}".replace(",", separator)) == number


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from([".,", ",.", " ,", f"{NARROW}."]))
def test_every_decimal_number_with_separators_comes_back(number, separators):
    groups, point = separators
    english = f"{number:,.2f}"
    typed = english.translate({ord(","): groups, ord("."): point})
    assert read_decimal(typed) == number


@given(st.text("0123456789., -−\u202f", max_size=12))
def test_what_is_understood_has_the_digits_that_were_typed(typed):
    for read in (read_whole, read_decimal):
        try:
            number = read(typed)
        except NotANumber:
            continue
        digits = "".join(filter(str.isdigit, typed))
        read_back = "".join(filter(str.isdigit, str(number)))
        assert digits.strip("0").startswith(read_back.strip("0"))
