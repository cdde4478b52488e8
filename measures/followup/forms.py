"""The form of a status entry, and the filters of the progress pages."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from measures.followup.tracks import STATES, Track
from measures.models import Session, State, StatusEntry
from measures.models.status import accepted_on
from workshops.forms import DateInput
from workshops.models import Workshop
from workshops.number_fields import WholePercentField
from workshops.once import ClientIdForm

# An entry cannot be corrected afterwards, so a year that was surely typed wrongly is asked about.
MOST_YEARS = 20
SHARES: dict[str, int] = {State.NOT_STARTED: 0, State.DONE: 100}


class StatusRules(forms.Form):
    """What holds for an entry wherever it is typed; ``today`` says what day it is."""

    today: date

    def clean_sentence(self) -> str:
        """Keep it one line: a sentence goes into tables and mails."""
        return " ".join(self.cleaned_data["sentence"].split())

    def clean_next_due(self) -> date | None:
        day = self.cleaned_data["next_due"]
        return day and self.plausible(day)

    def clean(self) -> dict[str, Any]:
        """Tell what the database's rules would say, at the field that is to be changed."""
        super().clean()
        data = self.cleaned_data
        day, due = self.day_of(data), data.get("next_due")
        if day and due and due < day:
            self.add_error("next_due", _("The next date lies before the date of the entry."))
        percent = data.get("percent")
        if percent not in (None, SHARES.get(data.get("state", ""), percent)):
            self.add_error("percent", _("Done means 100 percent, not started means 0."))
        return data

    def day_of(self, data: dict[str, Any]) -> date | None:
        """Return the day that the entry is about; today where nobody is asked."""
        return self.today

    def plausible(self, day: date) -> date:
        if abs(day.year - self.today.year) > MOST_YEARS:
            raise forms.ValidationError(_("Please check the year."))
        return day


class ReportForm(StatusRules, ClientIdForm):
    """A new entry about today, as an office sends it by its link.

    ``newest`` is the entry that holds so far.
    """

    # With an initial value of its own a field offers no empty choice.
    state = StatusEntry._meta.get_field("state").formfield(initial="", widget=forms.RadioSelect)

    owner = ("measure",)

    class Meta:
        model = StatusEntry
        fields: tuple[str, ...] = ("state", "sentence", "percent", "next_due")
        widgets = {
            "sentence": forms.Textarea(attrs={"rows": 2}),
            "date": DateInput(),
            "next_due": DateInput(),
        }
        field_classes = {"percent": WholePercentField}

    def __init__(self, *args, today: date, newest: StatusEntry | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        if "date" not in self.fields:
            self.instance.date = today
        self.initial.update(state=newest.state if newest else "")
        self.fields["next_due"].help_text = _(
            "When something is to be done next. Left empty, the date stated before stays."
        )


class StatusForm(ReportForm):
    """A new entry as it is typed inside: also about an earlier day, and with evidence.

    ``today`` is the latest day that an entry may be about: it says what is, not what is planned.
    """

    evidence = StatusEntry._meta.get_field("evidence").formfield(assume_scheme="https")

    class Meta(ReportForm.Meta):
        fields = ("state", "sentence", "percent", "date", "next_due", "evidence")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.update(date=self.today)
        self.fields["date"].help_text = self._days()
        self.fields["evidence"].help_text = _("An address that begins with https:// or http://.")

    def _days(self) -> str:
        """Say which days an entry may be about. 1 query."""
        accepted = accepted_on(self.instance.measure)
        if accepted is None:
            return gettext("The day that this is about; not after today.")
        text = gettext(
            "The day that this is about; not before %(day)s, when it was accepted, and not after"
            " today."
        )
        return text % {"day": date_format(accepted, "SHORT_DATE_FORMAT")}

    def day_of(self, data: dict[str, Any]) -> date | None:
        return data.get("date")

    def clean_date(self) -> date:
        day = self.cleaned_data["date"]
        if day > self.today:
            raise forms.ValidationError(
                _("This day is yet to come; enter what is planned as the next date.")
            )
        return self.plausible(day)

    def clean_evidence(self) -> str:
        """Refuse what an entry could never get rid of again: a password, a port that none is."""
        address = self.cleaned_data["evidence"]
        if not address:
            return address
        parts = urlsplit(address)
        try:
            is_plain = parts.username is None and parts.port != 0
        except ValueError:  # a port beyond 65535
            is_plain = False
        if not is_plain:
            raise forms.ValidationError(
                _("Please enter an address without a name, a password or an impossible port.")
            )
        return urlunsplit(parts)  # with the scheme in small letters


class ProgressForm(forms.Form):
    """The filters of a progress page; what is chosen stands in the address.

    ``sessions`` are the past ones, the newest first. Without a choice, what changed is told since
    the last session before ``today``.
    """

    state = forms.ChoiceField(choices=[(key, key) for key in STATES], required=False)

    def __init__(
        self,
        data: QueryDict,
        *,
        sessions: Sequence[Session],
        tracks: Sequence[Track],
        workshops: Sequence[Workshop],
        today: date,
    ):
        last = next((str(each.pk) for each in sessions if each.date < today), "")
        super().__init__({"since": last} | data.dict())
        self.sessions = {session.pk: session for session in sessions}
        self.tracks = tracks
        self.several = len(workshops) > 1
        names = dict.fromkeys(each.measure.field for each in tracks)
        self.fields["since"] = forms.TypedChoiceField(
            label=_("What moved since"),
            coerce=int,
            required=False,
            choices=[(each.pk, _session_words(each, self.several)) for each in sessions],
        )
        self.fields["field"] = forms.ChoiceField(
            label=_("Action field"),
            required=False,
            choices=[("", _("all")), *((name, name) for name in names)],
        )
        self.fields["workshop"] = forms.TypedChoiceField(
            label=_("Workshop"),
            coerce=int,
            required=False,
            choices=[("", _("all")), *((each.pk, each.title) for each in workshops)],
        )

    @property
    def chosen(self) -> dict[str, Any]:
        """Return the valid filters that were given."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def session(self) -> Session | None:
        chosen = self.chosen
        return self.sessions[chosen["since"]] if "since" in chosen else None

    def within(self) -> list[Track]:
        """Return the tracks of the chosen field and workshop."""
        chosen = self.chosen
        return [
            each
            for each in self.tracks
            if chosen.get("field") in (None, each.measure.field)
            and chosen.get("workshop") in (None, each.measure.workshop)
        ]


def _session_words(session: Session, several: bool) -> str:
    words = f"{date_format(session.date, 'SHORT_DATE_FORMAT')} – {session.committee}"
    return f"{words} ({session.workshop.title})" if several else words
