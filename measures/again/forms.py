"""The form that begins a workshop again."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from measures.again.choosing import Candidate
from workshops.forms import DateInput
from workshops.models import Workshop

MOST_YEARS = 20

# What the buttons below the list tick.
PICKS: dict[str, Callable[[Candidate], bool]] = {
    "all": lambda each: True,
    "none": lambda each: False,
    "usual": lambda each: each.is_usual,
}


class Line(NamedTuple):
    """A measure to be ticked or not."""

    candidate: Candidate
    is_ticked: bool


class CopyForm(forms.ModelForm):
    """Title, date and which measures come along; ``client_id`` lets it be made once."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    class Meta:
        model = Workshop
        fields = ("title", "date")
        widgets = {"date": DateInput()}

    def __init__(
        self, *args, old: Workshop, candidates: Sequence[Candidate], today: date, **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.candidates, self.today = candidates, today
        usual = [each.measure.pk for each in candidates if each.is_usual]
        mine = {"title": _for_this_year(old, today), "date": today, "measures": usual}
        self.initial = {**mine, **self.initial}
        # Not a field of models, which would ask SQLite for numbers that no SQLite knows.
        self.fields["measures"] = forms.TypedMultipleChoiceField(
            label=_("Measures"),
            choices=[(each.measure.pk, str(each.measure)) for each in candidates],
            coerce=int,
            required=False,
            error_messages={
                "invalid_choice": _("One of these measures was removed or merged meanwhile."),
            },
        )

    @property
    def asked(self) -> Iterable[forms.BoundField]:
        """What is asked above the list of measures."""
        return [self[name] for name in ("title", "date")]

    def clean_date(self) -> date:
        day = self.cleaned_data["date"]
        if abs(day.year - self.today.year) > MOST_YEARS:
            raise ValidationError(_("Please check the year."))
        return day

    def by_field(self) -> list[tuple[str, list[Line]]]:
        """Return the lines of each action field's name, ticked as they were sent."""
        ticked = {str(pk) for pk in self["measures"].value() or ()}
        lines = [Line(each, str(each.measure.pk) in ticked) for each in self.candidates]
        fields = groupby(lines, key=lambda line: line.candidate.measure.field)
        return [(field.name, list(some)) for field, some in fields]

    @property
    def chosen(self) -> list[Candidate]:
        wanted = {*self.cleaned_data["measures"]}
        return [each for each in self.candidates if each.measure.pk in wanted]


def _for_this_year(old: Workshop, today: date) -> str:
    return old.title.replace(str(old.date.year), str(today.year))
