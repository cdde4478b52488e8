"""The forms of a measure's tasks."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from measures.followup.forms import MOST_YEARS
from measures.models import Task
from workshops.forms import DateInput
from workshops.once import ClientIdForm
from workshops.seen import VersionedForm


class _TaskForm(forms.ModelForm):
    """``today`` is the latest day on which something can be done."""

    class Meta:
        model = Task
        fields: tuple[str, ...] = ("text", "office", "due_date", "done_on")
        widgets = {"due_date": DateInput(), "done_on": DateInput()}

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_due_date(self) -> date | None:
        day = self.cleaned_data["due_date"]
        if day and abs(day.year - self.today.year) > MOST_YEARS:
            raise forms.ValidationError(_("Please check the year."))
        return day

    def clean_done_on(self) -> date | None:
        day = self.cleaned_data["done_on"]
        if day and day > self.today:
            raise forms.ValidationError(_("This day is yet to come."))
        return day


class TaskAddForm(_TaskForm, ClientIdForm):
    owner = ("measure",)

    class Meta(_TaskForm.Meta):
        fields = ("text", "office", "due_date")


class TaskForm(_TaskForm, VersionedForm):
    def made_for(self) -> dict:
        return super().made_for() | {"today": self.today}
