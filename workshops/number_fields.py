"""Form fields for numbers that people type, for all forms and for the admin.

They are text fields: a browser's own number field drops "2,5" where its language writes "2.5", and
what never arrives can be neither understood nor shown again.
"""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from workshops.numerals import Ambiguous, NotANumber, read_decimal, read_whole


class WholeNumberInput(forms.TextInput):
    """A text field with the keyboard for digits."""

    inputmode = "numeric"

    def __init__(self, attrs=None):
        super().__init__({"inputmode": self.inputmode, "autocomplete": "off"} | (attrs or {}))


class DecimalInput(WholeNumberInput):
    inputmode = "decimal"


class Measured:
    """A number whose unit people may write behind it, as in "70 %"."""

    unit = ""

    def typed(self, value: object) -> str:
        text = str(value or "").strip()
        return text.removesuffix(self.unit).strip() or text


class WholeNumberField(Measured, forms.IntegerField):
    """Understands thousands in German and English notation, see ``workshops.numerals``."""

    widget = WholeNumberInput
    default_error_messages = {
        "invalid": _("Please enter a whole number in digits, for example 12."),
    }

    def __init__(self, **kwargs):
        super().__init__(localize=True, **kwargs)

    def to_python(self, value) -> int | None:
        if isinstance(value, int):  # what was stored, compared with what is typed
            return value
        text = self.typed(value)
        try:
            return read_whole(text) if text else None
        except NotANumber:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class DecimalNumberField(Measured, forms.DecimalField):
    """Understands a comma and a point, and refuses what could be read as two numbers."""

    widget = DecimalInput
    default_error_messages = {
        "invalid": _("Please enter a number in digits, for example 2.5."),
        "ambiguous": _(
            "“%(typed)s” can be read as %(large)s or as %(small)s. Please write the number without"
            " a separator for thousands."
        ),
    }

    def __init__(self, **kwargs):
        super().__init__(localize=True, **kwargs)

    # The stubs take a DecimalField for a kind of IntegerField whose values are whole.
    def to_python(self, value) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, int | Decimal):
            return Decimal(value)
        text = self.typed(value)
        try:
            return read_decimal(text) if text else None
        except Ambiguous as found:
            readings = {"large": number_format(found.large), "small": number_format(found.small)}
            message = self.error_messages["ambiguous"]
            params = {"typed": text, **readings}
            raise ValidationError(message, code="ambiguous", params=params) from None
        except NotANumber:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class BareDecimalField(DecimalNumberField):
    """Shows a stored number with the decimals that it has; its column fills them up with zeros."""

    def prepare_value(self, value):
        if not isinstance(value, Decimal):
            return value
        return Decimal(format(value.normalize(), "f"))  # no 1E+3


class WholePercentField(WholeNumberField):
    unit = "%"


class DecimalPercentField(BareDecimalField):
    unit = "%"


_NARROW = {"class": "vIntegerField"}  # the admin's style for numbers
# For ``formfield_overrides`` of an admin.
ADMIN_NUMBERS = {
    models.IntegerField: {"form_class": WholeNumberField, "widget": WholeNumberInput(_NARROW)},
    models.DecimalField: {"form_class": DecimalNumberField, "widget": DecimalInput(_NARROW)},
}
