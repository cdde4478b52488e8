"""Amounts as a treasurer types them, and what is refused with which reason."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from measures.costs.euros import Fault, NotEuros, read_euros
from measures.costs.fields import EuroField


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("0", "0.00"),
        ("1.234,56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1 234,56 €", "1234.56"),
        ("1\u202f234,56\u00a0€", "1234.56"),
        ("1,234.56", "1234.56"),
        ("12.500", "12500.00"),
        ("1.234", "1234.00"),
        ("1.234.567", "1234567.00"),
        ("1,234,567", "1234567.00"),
        ("12,5", "12.50"),
        ("12.5", "12.50"),
        ("€ 12.500", "12500.00"),
        ("EUR 12.500", "12500.00"),
        ("12500 Euro", "12500.00"),
        ("12.500,-", "12500.00"),
        ("12.500,– €", "12500.00"),
        ("+12", "12.00"),
        ("007", "7.00"),
    ],
)
def test_an_amount_is_understood_in_both_notations(typed, amount):
    assert str(read_euros(typed)) == amount


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("zwölf", Fault.NO_NUMBER),
        ("ca. 500", Fault.NO_NUMBER),
        ("500 bis 800", Fault.NO_NUMBER),
        ("5€5", Fault.NO_NUMBER),
        ("€", Fault.NO_NUMBER),
        ("1.23.45", Fault.NO_NUMBER),
        ("1" + " " * 20_000 + "1", Fault.NO_NUMBER),
        ("12 $", Fault.FOREIGN),
        ("CHF 12", Fault.FOREIGN),
        ("12 € (13 $)", Fault.FOREIGN),
        ("€ 12 €", Fault.SEVERAL),
        ("12 € + 5 €", Fault.SEVERAL),
        ("12 Tsd.", Fault.SHORTENED),
        ("12 TEUR", Fault.SHORTENED),
        ("12 T€", Fault.SHORTENED),
        ("1,2 Mio. €", Fault.SHORTENED),
        ("12k", Fault.SHORTENED),
        ("0," + "1" * 40, Fault.FINE),
        ("-5", Fault.NEGATIVE),
        ("−1.234,50 €", Fault.NEGATIVE),
        ("1,234", Fault.AMBIGUOUS),
        ("1234,567", Fault.FINE),
        ("0,001", Fault.FINE),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(typed, fault):
    with pytest.raises(NotEuros) as caught:
        read_euros(typed)
    assert caught.value.fault == fault


def test_no_amount_is_ever_another_one():
    for cents in (0, 1, 99, 100, 12345, 123456789, 99999999999):
        amount = Decimal(cents) / 100
        whole, rest = divmod(cents, 100)
        german = f"{whole:,}".replace(",", ".") + f",{rest:02}"
        english = f"{whole:,}.{rest:02}"
        assert {read_euros(german), read_euros(english), read_euros(f"{amount}")} == {amount}


@pytest.mark.parametrize(("language", "shown"), [("de", "1.234,00"), ("en", "1,234.00")])
def test_the_field_shows_what_was_understood_and_reads_it_again(language, shown):
    with override(language):
        field = EuroField()
        understood = field.prepare_value(field.bound_data("1.234", None))
        assert (understood, field.clean(understood)) == (shown, Decimal(1234))
        assert field.bound_data("12 Tsd.", None) == "12 Tsd."


def test_the_field_says_why_it_refuses():
    with override("en"):
        sentences = {}
        for typed in ("12 Tsd.", "-1", "12 $", "1000000000", "9" * 1000):
            with pytest.raises(Exception, match=".") as caught:
                EuroField().clean(typed)
            sentences[typed] = caught.value.messages
    assert sentences == {
        "12 Tsd.": ["Please write the amount out, for example 12000 for twelve thousand."],
        "-1": ["An amount is not below zero."],
        "12 $": ["Please enter one amount in euro, without another currency."],
        "1000000000": ["At most 999,999,999.99 euro can be entered here."],
        "9" * 1000: ["At most 999,999,999.99 euro can be entered here."],
    }
