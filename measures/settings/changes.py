"""Settings that decisions rest on: who changes them knows it, and everybody reads what was changed.

Weight and thresholds make a measure's rank and place, and the place has a name. The minimums make
no other figure of one, but raised they hide figures that people have seen, and often for good: who
does that is asked with numbers, whether or not something is decided.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy
from datetime import datetime
from itertools import pairwise
from typing import Any

from django import forms
from django.db.models import QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.models import Decision
from measures.numbers import number_writer
from measures.overview import quadrant_names
from measures.prioritisation import Quadrant, Scale
from measures.settings.minimums import taken_away
from workshops.models import Workshop
from workshops.seen import VersionedForm
from workshops.visits import Visit

THRESHOLDS = ("relevance_threshold", "feasibility_threshold")
NAMES = {f"name_{quadrant.value}": quadrant for quadrant in Quadrant}
MINIMUMS = ("smallest_room", "smallest_group")
RESTED_ON = ("relevance_weight", *THRESHOLDS, *NAMES)
COLUMNS = ("steps", *RESTED_ON, *MINIMUMS)
YES = gettext_lazy("Yes, change these settings")


def in_words(state: Workshop, steps: int) -> dict[str, tuple[str, str]]:
    """Return by column the label and the value that counts.

    ``state`` is a workshop, or one of its history. A threshold that is left empty is the middle of
    a scale of ``steps``, and a quadrant without a name of its own has ours.
    """
    write, names = number_writer(), quadrant_names(state)
    words = {"relevance_weight": (_("weight of relevance"), f"{state.relevance_weight} %")}
    for column in THRESHOLDS:
        own = getattr(state, column)
        value = Scale(1, steps).midpoint if own is None else float(own)
        words[column] = (_label(column), write(value))
    for column, quadrant in NAMES.items():
        words[column] = (_("quadrant"), _("“%(name)s”") % {"name": names[quadrant]})
    for column in MINIMUMS:
        words[column] = (_label(column), str(getattr(state, column)))
    return words


def _label(column: str) -> str:
    [field] = [each for each in Workshop._meta.fields if each.name == column]
    return str(field.verbose_name)


def setting_changes(
    before: Workshop, after: Workshop, among: Collection[str] = COLUMNS, at: datetime | None = None
) -> list[str]:
    """Say what differs between two states in the columns ``among``, see ``in_words``.

    ``at`` is when it changed, None before it does. The scale is no difference: once something is
    rated on it, it does not change.
    """
    old, new = in_words(before, after.steps), in_words(after, after.steps)
    day = f" ({date_format(timezone.localtime(at), 'SHORT_DATE_FORMAT')})" if at else ""
    return [
        f"{label} {value} → {new[column][1]}{day}"
        for column, (label, value) in old.items()
        if column in among and value != new[column][1]
    ]


# Before a change ---------------------------------------------------------------------------------


class TickFor(forms.CheckboxInput):
    """A box to tick for exactly what is written beside it; it is drawn without a tick."""

    def __init__(self, meant: str):
        super().__init__(check_test=lambda _value: False)
        self.meant = meant

    def format_value(self, value: object) -> str:
        return self.meant

    def value_from_datadict(  # type: ignore[override]  # a box need not stand for yes or no
        self, data: Mapping[str, Any], files: object, name: str
    ) -> str:
        return data.get(name, "")


class SettledSettings(VersionedForm):
    """Asks before a setting changes that decisions rest on, or that hides what people have seen.

    Asked is about values that could be saved, never about faulty ones or about those of a row that
    somebody else has changed meanwhile. Whoever does not know of pending decisions is asked as
    well, or being asked would tell. ``asked`` lists the changes that wait for a yes, ``rested``
    says whether decisions rest on one of them, ``taken`` in sentences what will not be shown any
    more. What was typed stays. A yes is ``meant`` for these changes and for no others.
    """

    confirmed = forms.CharField(label=YES, required=False, widget=forms.HiddenInput)
    asked: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    rested = False
    asks = True

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.before: dict[str, Any] = {name: getattr(self.instance, name) for name in COLUMNS}

    def _post_clean(self) -> None:
        # Only then the values are known to fit the scale and the database.
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, which the stubs lack
        is_late = self.cleaned_data.get("seen") != self.now
        if self.asks and not self.errors and not is_late:
            self._ask()

    def _ask(self) -> None:
        typed = {name: self.cleaned_data[name] for name in COLUMNS if name in self.cleaned_data}
        before = _with(self.instance, self.before)
        after = _with(before, typed)
        if not setting_changes(before, after):
            return
        rested = setting_changes(before, after, RESTED_ON) if self.rests_on() else []
        taken = taken_away(before, after)
        hiding = setting_changes(before, after, MINIMUMS) if taken else []
        self.meant = "; ".join([*rested, *hiding])
        if self.meant and self.cleaned_data.get("confirmed") != self.meant:
            self.asked, self.taken, self.rested = (*rested, *hiding), taken, bool(rested)
            if "confirmed" in self.fields:
                self.fields["confirmed"].widget = TickFor(self.meant)
            text = _("Please confirm this: %(changes)s.") % {"changes": self.meant}
            self.add_error("confirmed" if "confirmed" in self.fields else None, [text, *taken])

    def rests_on(self) -> bool:
        """Say whether there is something that rests on the settings, or may in a moment."""
        return self.instance.has_agenda

    def redrawn(self) -> "SettledSettings":
        """Show a conflict first: what is asked is asked when the form is sent once more."""
        form: SettledSettings = super().redrawn()
        form.asks = False
        return form


def _with(workshop: Workshop, settings: Mapping[str, Any]) -> Workshop:
    """Return the workshop, not saved, with other settings."""
    state = copy(workshop)
    for name, value in settings.items():
        setattr(state, name, value)
    return state


def standing_decisions(visit: Visit) -> QuerySet[Decision]:
    """Return what stands, as far as this visitor may know of it."""
    rows = Decision.objects.in_workshop(visit.workshop).known_to(visit)
    return rows.select_related("session", "measure").defer("snapshot")


# After it ----------------------------------------------------------------------------------------


def changed_since(workshop: Workshop, decisions: QuerySet[Decision]) -> str:
    """Say in one sentence what changed since the first of ``decisions``, "" if nothing did.

    ``decisions`` must be those that all readers know of. 1 query.
    """
    first = decisions.order_by("at", "pk")
    states = workshop.history.annotate(
        since=Subquery(first.values("at")[:1]), decided_on=Subquery(first.values("decided_on")[:1])
    )
    states = states.filter(since__isnull=False).order_by("history_date", "history_id")
    columns = (*COLUMNS, "history_date")
    rows = list(states.only(*columns))
    told = list(_changed_since(rows))
    if not told:
        return ""
    text = _("Changed since the decision of %(day)s: %(changes)s.")
    day = date_format(rows[0].decided_on, "SHORT_DATE_FORMAT")
    return text % {"day": day, "changes": "; ".join(told)}


def _changed_since(states: Iterable[Any]) -> Iterator[str]:
    """Compare the states of history after the decision, each with the one before it."""
    before = [state for state in states if state.history_date <= state.since]
    after = [state for state in states if state.history_date > state.since]
    for old, new in pairwise([*before[-1:], *after]):
        yield from setting_changes(old, new, at=new.history_date)
