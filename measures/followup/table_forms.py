"""The forms of the table of many entries: its filters, and what is typed in one row."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.followup.forms import StatusRules
from measures.followup.tracks import OVERDUE, UNREPORTED, Track
from measures.models import State, StatusEntry
from workshops.models import User
from workshops.number_fields import WholePercentField

CELLS = ("state", "percent", "sentence", "next_due")


class TableFilter(forms.Form):
    """Which measures the table shows; what is chosen stands in the address."""

    which = forms.ChoiceField(
        label=gettext_lazy("Measures"),
        required=False,
        choices=[
            ("", gettext_lazy("all that are followed up")),
            (OVERDUE, gettext_lazy("overdue")),
            (UNREPORTED, gettext_lazy("no report yet")),
        ],
    )

    def __init__(self, data: QueryDict, *, tracks: Sequence[Track]):
        super().__init__(data)
        self.tracks = tracks
        fields = dict.fromkeys(each.measure.field for each in tracks)
        units = sorted({each.decision.responsible for each in tracks if each.decision} - {""})
        self.fields["field"] = _one_of(_("Action field"), fields)
        self.fields["unit"] = _one_of(_("Responsible unit"), units)

    def within(self) -> list[Track]:
        """Return the tracks that the valid filters leave."""
        self.is_valid()
        which, field, unit = (self.cleaned_data.get(name) for name in ("which", "field", "unit"))
        return [
            each
            for each in self.tracks
            if (not which or each.is_in(which))
            and field in (None, "", each.measure.field)
            and unit in (None, "", each.decision.responsible if each.decision else "")
        ]


def _one_of(label: str, names) -> forms.ChoiceField:
    choices = [("", _("all")), *((name, name) for name in names)]
    return forms.ChoiceField(label=label, required=False, choices=choices)


class RowForm(StatusRules):
    """What is typed in one row; empty cells leave what holds.

    An entry is about today, and no decision is published before its day: so none is too early.
    """

    state = forms.ChoiceField(
        choices=[("", ""), *State.choices],
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Please choose a state.")},
    )
    percent = WholePercentField(
        required=False,
        min_value=0,
        max_value=100,
        error_messages=dict.fromkeys(
            ("min_value", "max_value"), gettext_lazy("A percentage is a number from 0 to 100.")
        ),
    )
    sentence = forms.CharField(required=False, max_length=500)
    next_due = forms.DateField(required=False)

    def __init__(
        self,
        sent: Mapping[str, str],
        *,
        track: Track,
        client_id: UUID,
        name: Callable[[str], str],
        today: date,
    ):
        super().__init__(sent)
        self.track, self.client_id, self.name, self.today = track, client_id, name, today

    def add_prefix(self, field_name: str) -> str:
        return self.name(field_name)

    def clean_state(self) -> str:
        """Return the state chosen, that which holds where none is."""
        state = self.cleaned_data["state"] or self.track.state
        if state not in State.values:
            raise forms.ValidationError(_("Please choose a state."))
        return state

    def clean_sentence(self) -> str:
        sentence = super().clean_sentence()
        if not sentence:
            raise forms.ValidationError(_("Please say in one sentence how far it is."))
        return sentence

    def entry(self, by: User | None) -> StatusEntry:
        """Return the entry that a valid row makes."""
        return StatusEntry(
            measure_id=self.track.measure.pk,
            date=self.today,
            by=by,
            client_id=self.client_id,
            **self.cleaned_data,
        )

    def is_stored_in(self, entry: StatusEntry) -> bool:
        """Say whether an entry holds just this."""
        stored = {name: getattr(entry, name) for name in CELLS}
        return stored == self.cleaned_data and entry.measure_id == self.track.measure.pk
