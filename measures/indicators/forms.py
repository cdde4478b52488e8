"""The forms of an indicator and of what was measured."""

from datetime import date
from typing import cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from measures.indicators.series import holding
from measures.models import Indicator, IndicatorEntry
from workshops.forms import DateInput
from workshops.number_fields import BareDecimalField
from workshops.once import ClientIdForm
from workshops.seen import VersionedForm

# A year that was surely typed wrongly is asked about.
MOST_YEARS = 50
NO_VALUE = _("Please enter the value that was measured.")
PAIRS = (("baseline", "baseline_on"), ("target", "target_on"))


class IndicatorForm(forms.ModelForm):
    """What a new and a stored indicator have in common."""

    class Meta:
        model = Indicator
        fields = ("name", "unit", "baseline", "baseline_on", "target", "target_on")
        widgets = {"baseline_on": DateInput(), "target_on": DateInput()}
        field_classes = {"baseline": BareDecimalField, "target": BareDecimalField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        unit = self.data.get(self.add_prefix("unit"), self.instance.unit)
        for name in ("baseline", "target"):
            cast(BareDecimalField, self.fields[name]).unit = unit.strip()

    def clean(self):
        """Tell what the database's rules would say, at the field that is to be changed."""
        super().clean()
        data = self.cleaned_data
        for value, day in PAIRS:
            if data.get(value) is not None and data.get(day, "") is None:
                self.add_error(day, _("Please enter the day as well."))
            elif data.get(day) is not None and data.get(value, "") is None:
                self.add_error(value, _("Please enter the value as well."))
        begins, ends = data.get("baseline_on"), data.get("target_on")
        if begins and ends and ends <= begins:
            text = _("The day by which it is to be reached lies after that of the beginning.")
            self.add_error("target_on", text)
        return data


class IndicatorAddForm(IndicatorForm, ClientIdForm):
    owner = ("measure",)

    def _post_clean(self) -> None:
        """Take what is sent once more for the same: it is this one that has the name."""
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, which the stubs lack
        if {*self.errors} == {NON_FIELD_ERRORS}:
            self.instance.client_id = self.cleaned_data["client_id"]
            if self.find_stored():
                del self.errors[NON_FIELD_ERRORS]


class IndicatorEditForm(IndicatorForm, VersionedForm):
    owner = ("measure",)


class EntryForm(ClientIdForm):
    """What was measured on a day, not after ``today``; without a value, what is taken back."""

    owner = ("indicator",)

    class Meta:
        model = IndicatorEntry
        fields = ("value", "day", "remark")
        widgets = {"day": DateInput()}
        field_classes = {"value": BareDecimalField}

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial["day"] = today
        if unit := self.instance.indicator.unit:
            self.fields["value"].label = _("Value (%(unit)s)") % {"unit": unit}
            cast(BareDecimalField, self.fields["value"]).unit = unit
        value = self.fields["value"]
        value.required = not self.instance.indicator.entries.all()
        value.error_messages["required"] = NO_VALUE
        if not value.required:
            value.help_text = _("Empty takes back what was entered for this day.")
        self.fields["day"].help_text = _("The day on which it was measured; not after today.")

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(_("This day is yet to come."))
        if self.today.year - day.year > MOST_YEARS:
            raise forms.ValidationError(_("Please check the year."))
        return day

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if "value" not in data or data["value"] is not None or "day" not in data:
            return data
        if not self._is_measured(data["day"]):
            self.add_error("value", NO_VALUE)
        elif not data.get("remark") and "remark" in data:
            text = _("Please say why the value of this day is taken back.")
            self.add_error("remark", text)
        return data

    def _is_measured(self, day: date) -> bool:
        """Say whether there is something to be taken back. 1 query."""
        entries = self.instance.indicator.entries.order_by("day", "pk")
        return any(each.day == day for each in holding(entries.values_list("day", "value")))
