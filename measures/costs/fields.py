"""The form field for euro, see ``measures.costs.euros``."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from measures.costs.euros import Fault, NotEuros, read_euros
from measures.costs.writing import bare_euros
from measures.models.cost import LARGEST
from workshops.number_fields import DecimalInput


class EuroField(forms.DecimalField):
    """Understands German and English notations; what was understood stands in the field then."""

    widget = DecimalInput
    default_error_messages = {
        Fault.NO_NUMBER: _("Please enter an amount in euro, for example 12500 or 1234.56."),
        Fault.FOREIGN: _("Please enter one amount in euro, without another currency."),
        Fault.SEVERAL: _("Please enter one amount only."),
        Fault.SHORTENED: _("Please write the amount out, for example 12000 for twelve thousand."),
        Fault.NEGATIVE: _("An amount is not below zero."),
        Fault.AMBIGUOUS: _(
            "It is not clear whether the comma parts thousands or cents. Please write the amount"
            " without a separator for thousands."
        ),
        Fault.FINE: _("An amount has two decimals at most: cents."),
        "max_value": _("At most 999,999,999.99 euro can be entered here."),
    }

    def __init__(self, **kwargs):
        kwargs.pop("max_digits", None)  # what is too large is told in words
        super().__init__(max_value=LARGEST, **kwargs)

    # The stubs take a DecimalField for a kind of IntegerField whose values are whole.
    def to_python(self, value) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, int | Decimal):
            return Decimal(value)
        text = str(value or "").strip()
        try:
            return read_euros(text) if text else None
        except NotEuros as found:
            message = self.error_messages[found.fault]
            raise ValidationError(message, code=found.fault) from None

    def bound_data(self, data, initial):
        """Return what was understood of what was typed, so that people see how it was read."""
        try:
            return self.to_python(data)
        except ValidationError:
            return data

    def prepare_value(self, value):
        return bare_euros(value) if isinstance(value, Decimal) else value
