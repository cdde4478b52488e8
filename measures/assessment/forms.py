"""The form of one assessment, and what all of them have in common."""

from collections.abc import Iterable
from datetime import date

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from measures.models import Assessment, Measure
from measures.models.assessment import IS_A_PERSON
from measures.rating.forms import StepChoices
from workshops.forms import DateInput
from workshops.models import Criterion
from workshops.number_fields import WholeNumberField
from workshops.once import ClientIdForm


def one_line(text: str) -> str:
    """Return a text as it goes into tables and files."""
    return " ".join(text.split())


class ByOfficeForm(forms.Form):
    """Says for an assessment which office it is from, and on which day.

    ``today`` is the latest day, ``earliest`` that of the workshop.
    """

    today: date
    earliest: date

    def clean_office(self) -> str:
        office = one_line(self.cleaned_data["office"])
        if "@" in office:
            raise forms.ValidationError(IS_A_PERSON)
        return office

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(_("This day is yet to come."))
        if day < self.earliest:
            text = _("The workshop was on %(day)s; an assessment is not older.")
            told = {"day": date_format(self.earliest, "SHORT_DATE_FORMAT")}
            raise forms.ValidationError(text, params=told)
        return day


class AssessmentForm(ByOfficeForm, ClientIdForm):
    """A new assessment of one measure; ``office`` is proposed as the one that assessed last."""

    owner = ("measure",)

    class Meta:
        model = Assessment
        fields = (*Criterion.values, "reason", "office", "day")
        field_classes = dict.fromkeys(Criterion.values, WholeNumberField)
        widgets = {"reason": forms.Textarea(attrs={"rows": 2}), "day": DateInput()}

    def __init__(self, *args, today: date, office: str, choices: StepChoices, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.earliest = today, self.instance.measure.workshop.date
        self.initial.update(day=today, office=office)
        for criterion in Criterion:
            self.fields[criterion.value] = forms.TypedChoiceField(
                label=criterion.label,
                choices=choices[criterion],
                coerce=int,
                widget=forms.RadioSelect,
            )

    def clean_reason(self) -> str:
        return one_line(self.cleaned_data["reason"])


def last_office(measures: Iterable[Measure]) -> str:
    """Return which office assessed one of the measures last, "" for none. 1 query."""
    rows = Assessment.objects.filter(measure__in=measures).order_by("-pk")
    return rows.values_list("office", flat=True).first() or ""
