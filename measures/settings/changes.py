"""Settings that decisions rest on: who changes them knows it, and everybody reads what was changed.

Weight and thresholds make a measure's rank and place, and the place has a name. What the smallest
room and the smallest group hide is not among them: no figure becomes another one by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from types import SimpleNamespace

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
from workshops.models import Workshop
from workshops.visits import Visit

THRESHOLDS = ("relevance_threshold", "feasibility_threshold")
NAMES = {f"name_{quadrant.value}": quadrant for quadrant in Quadrant}
YES = gettext_lazy("Change these settings although decisions rest on them")
COLUMNS = ("steps", "relevance_weight", *THRESHOLDS, *NAMES)


@dataclass(frozen=True, slots=True)
class Change:
    """One setting before and after, in words. ``at`` is when it changed, None before it does."""

    label: str
    before: str
    after: str
    at: datetime | None = None

    def __str__(self) -> str:
        text = f"{self.label} {self.before} → {self.after}"
        day = self.at and date_format(timezone.localtime(self.at), "SHORT_DATE_FORMAT")
        return f"{text} ({day})" if day else text


def in_words(state, steps: int) -> dict[str, tuple[str, str]]:
    """Return by column the label and the value that counts.

    ``state`` is a workshop, one of its history, or anything else with these columns. A threshold
    that is left empty is the middle of a scale of ``steps``, and a quadrant without a name of its
    own has ours.
    """
    write, names = number_writer(), quadrant_names(state)
    words = {"relevance_weight": (_("weight of relevance"), f"{state.relevance_weight} %")}
    for column in THRESHOLDS:
        own = getattr(state, column)
        value = Scale(1, steps).midpoint if own is None else float(own)
        words[column] = (str(Workshop._meta.get_field(column).verbose_name), write(value))
    for column, quadrant in NAMES.items():
        words[column] = (_("quadrant"), _("“%(name)s”") % {"name": names[quadrant]})
    return words


def changes(before, after, *, at: datetime | None = None) -> list[Change]:
    """Return what differs between two states, see ``in_words``.

    The scale is no difference: once something is rated on it, it does not change.
    """
    old, new = in_words(before, after.steps), in_words(after, after.steps)
    return [
        Change(label, value, new[column][1], at)
        for column, (label, value) in old.items()
        if value != new[column][1]
    ]


# Before a change ---------------------------------------------------------------------------------


class SettledSettings(forms.ModelForm):
    """Asks before a setting changes that decisions rest on, once a session has an agenda.

    Whoever does not know of pending decisions is asked as well, or being asked would tell.
    ``asked`` lists the changes that wait for a yes; what was typed is kept.
    """

    confirmed = forms.BooleanField(label=YES, required=False, widget=forms.HiddenInput)
    asked: tuple[Change, ...] = ()

    def clean(self):
        data = super().clean()
        kept = {name: getattr(self.instance, name) for name in COLUMNS}
        typed = {name: data[name] for name in COLUMNS if name in data}
        found = changes(SimpleNamespace(**kept), SimpleNamespace(**kept | typed))
        if found and not data.get("confirmed") and self.rests_on():
            self.asked = tuple(found)
            box = self.fields.get("confirmed")
            if box:
                box.widget = forms.CheckboxInput()
            text = _("Please confirm this.")
            self.add_error("confirmed" if box else None, text)
        return data

    def rests_on(self) -> bool:
        """Say whether there is something that rests on the settings, or may in a moment."""
        return self.instance.has_agenda


def known_decisions(visit: Visit) -> QuerySet[Decision]:
    """Return what stands, as far as this visitor may know of it."""
    rows = Decision.objects.in_workshop(visit.workshop).visible_to(visit)
    rows = rows.standing(with_pending=visit.is_decider)
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
    columns = (*COLUMNS, "history_date", "since", "decided_on")
    rows = [SimpleNamespace(**row) for row in states.values(*columns)]
    told = [str(change) for change in _changes_since(rows)]
    if not told:
        return ""
    text = _("Changed since the decision of %(day)s: %(changes)s.")
    day = date_format(rows[0].decided_on, "SHORT_DATE_FORMAT")
    return text % {"day": day, "changes": "; ".join(told)}


def _changes_since(states: list[SimpleNamespace]) -> Iterator[Change]:
    """Compare the states after the decision, each with the one before it."""
    before = [state for state in states if state.history_date <= state.since]
    after = [state for state in states if state.history_date > state.since]
    for old, new in pairwise([*before[-1:], *after]):
        yield from changes(old, new, at=new.history_date)
