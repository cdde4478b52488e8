"""The forms of sessions and their agendas."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from fields.models import ActionField
from measures.committee.filling import ORDERS
from measures.committee.taking_over import WHICH
from measures.models import Measure, Session
from measures.models.session import EARLIEST
from measures.overview import Overview
from workshops.forms import DateInput
from workshops.number_fields import WholeNumberField
from workshops.once import StoredOnceForm
from workshops.seen import VersionedForm

FIXED = ("date", "seats", "quorum")  # from the first decision on
FIXED_IN_PUBLIC = ("committee", "is_public")  # as well, from the first published one on
MOST = 999
MOST_YEARS = 5  # ahead
EMPTY = {
    "ranking": _("The ranking is empty: no measure has a result yet."),
    "talk": _("There is no measure about which the room disagrees."),
}
NO_RANKING = _("Each table rated its own measures, so there is no ranking across tables.")


class PlausibleDay(forms.ModelForm):
    """A year that was surely typed wrongly is asked about: decisions copy the day and keep it."""

    def clean_date(self) -> date:
        day = self.cleaned_data["date"]
        if not EARLIEST.year <= day.year <= timezone.localdate().year + MOST_YEARS:
            raise ValidationError(_("Please check the year of the session."))
        return day

    def clean(self):
        super().clean()
        seats, quorum = (self.cleaned_data.get(name) for name in ("seats", "quorum"))
        if quorum and seats and quorum > seats:
            self.add_error("quorum", _("Not more members can be needed than have a vote."))
        return self.cleaned_data


class SessionAddForm(PlausibleDay, StoredOnceForm):
    owner = ("workshop",)

    class Meta:
        model = Session
        fields = (
            "committee",
            "date",
            "place",
            "is_public",
            "is_recommending",
            "seats",
            "quorum",
        )
        widgets = {"date": DateInput()}
        field_classes = {"seats": WholeNumberField, "quorum": WholeNumberField}


class SessionForm(PlausibleDay, VersionedForm):
    """Once decisions exist, the day and the number of members stay: decisions have copied them.

    Once one is published, so do the committee and whether the public was there: what was published
    names the one, and by the other the public page tells of it, which nobody takes back.
    """

    owner = SessionAddForm.owner

    class Meta(SessionAddForm.Meta):
        pass

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        decisions = self.instance.decisions
        self.fixed: tuple[str, ...] = FIXED if decisions.exists() else ()
        self.fixed += FIXED_IN_PUBLIC if decisions.published().exists() else ()
        for name in self.fixed:
            self.fields[name].help_text = _("Stays as it is: decisions of this session name it.")
            if name != "is_public":  # a box has no such state: who ticks it is told
                self.fields[name].widget.attrs["readonly"] = True

    def clean(self):
        super().clean()
        data = self.cleaned_data
        for name in self.fixed:
            if name in data and data[name] != self.initial[name]:
                self.add_error(name, self._stays(name))
        return data

    def _stays(self, name: str) -> ValidationError:
        text = _("Decisions of this session name “%(value)s” already, so it stays.")
        value = self.initial[name]
        words = self.words(name, value) if isinstance(value, bool) else localize(value)
        return ValidationError(text, params={"value": words or "–"})


class AgendaForm(forms.Form):
    """What is to be put on an agenda: ticked measures, or a whole action field."""

    def __init__(self, *args, session: Session, **kwargs):
        super().__init__(*args, **kwargs)
        measures = Measure.objects.filter(workshop=session.workshop_id).standing()
        self.titles = dict(measures.in_reading_order().values_list("pk", "title"))
        # Not a field of models, which would ask SQLite for numbers that no SQLite knows.
        self.fields["measures"] = forms.TypedMultipleChoiceField(
            label=_("Measures"),
            choices=[*self.titles.items()],
            coerce=int,
            required=False,
            error_messages={
                "invalid_choice": _(
                    "One of these measures is not in this workshop, was removed or is part of"
                    " another."
                ),
            },
        )
        self.fields["field"] = forms.ModelChoiceField(
            ActionField.objects.filter(workshop=session.workshop_id).standing().with_counts(),
            label=_("Whole action field"),
            required=False,
            empty_label=_("Please choose"),
            error_messages={"invalid_choice": _("This action field is not in this workshop.")},
        )

    def clean_measures(self) -> list[int]:
        """Return the measures' ids in reading order."""
        chosen = set(self.cleaned_data["measures"])
        return [pk for pk in self.titles if pk in chosen]

    def clean_field(self) -> ActionField | None:
        field = self.cleaned_data["field"]
        if field and not field.measure_count:
            text = _("“%(field)s” has no measures that could be put on an agenda.")
            raise ValidationError(text, params={"field": field.name})
        return field

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if not self.errors and not data["measures"] and not data["field"]:
            raise ValidationError(_("Please choose at least one measure or an action field."))
        return data


class TakeOverForm(forms.Form):
    """From which session's agenda points are taken, and which of them."""

    which = forms.ChoiceField(choices=[(each, each) for each in WHICH])

    def __init__(self, *args, session: Session, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["session"] = forms.ModelChoiceField(
            Session.objects.other_than(session),
            error_messages=dict.fromkeys(
                ("required", "invalid_choice"), _("Please choose another session.")
            ),
        )


class OrderForm(forms.Form):
    """Which list of measures the agenda follows. ``places`` are its ranks and measures' ids."""

    by = forms.ChoiceField(
        label=_("From which list"),
        choices=[
            ("ranking", _("the best of the ranking")),
            ("talk", _("what the room disagrees about most")),
        ],
    )

    def __init__(self, *args, overview: Overview, **kwargs):
        super().__init__(*args, **kwargs)
        self.overview = overview

    def clean_by(self) -> str:
        by = self.cleaned_data["by"]
        self.places = ORDERS[by](self.overview)
        if not self.places:
            is_split = by == "ranking" and self.overview.is_split
            raise ValidationError(NO_RANKING if is_split else EMPTY[by])
        return by


class FillForm(OrderForm):
    """How many of a list are to be put on an agenda; ``decided`` are measures' ids left out."""

    count = WholeNumberField(
        label=_("How many"),
        min_value=1,
        max_value=MOST,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _("How many? Please enter a number from 1 to 999."),
        ),
    )

    also_decided = forms.BooleanField(label=_("also what is decided already"), required=False)

    def __init__(self, *args, decided: set[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.decided = decided

    @property
    def chosen(self) -> list[int]:
        """The measures' ids. Who shares the last place comes along."""
        left_out = self._left_out
        return [pk for pk in self._reached if pk not in left_out]

    @property
    def skipped(self) -> int:
        """How many of the list were left out on the way to the last one chosen."""
        return sum(pk in self._left_out for pk in self._reached)

    @property
    def _left_out(self) -> set[int]:
        return set() if self.cleaned_data["also_decided"] else self.decided

    @property
    def _reached(self) -> list[int]:
        places = [place for place, pk in self.places if pk not in self._left_out]
        count = self.cleaned_data["count"]
        last = places[count - 1] if count <= len(places) else len(self.places)
        return [pk for place, pk in self.places if place <= last]
