"""Settings that decisions rest on: who changes them knows it, and everybody reads what was changed.

Weight and thresholds make a measure's rank and place, and the place has a name. The minimums make
no other figure of one, but raised they hide figures that people have seen, and often for good: who
does that is asked with numbers, whether or not something is decided.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from types import SimpleNamespace

from django import forms
from django.db.models import QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from measures.models import Decision
from measures.numbers import number_writer
from measures.overview import quadrant_names
from measures.prioritisation import Quadrant, Scale
from measures.settings.minimums import Minimums, taken_away
from workshops.models import Workshop
from workshops.visits import Visit

THRESHOLDS = ("relevance_threshold", "feasibility_threshold")
NAMES = {f"name_{quadrant.value}": quadrant for quadrant in Quadrant}
MINIMUMS = ("smallest_room", "smallest_group")
RESTED_ON = ("relevance_weight", *THRESHOLDS, *NAMES)
COLUMNS = ("steps", *RESTED_ON, *MINIMUMS)
YES = gettext_lazy("Yes, change these settings")


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
    for column in MINIMUMS:
        label = str(Workshop._meta.get_field(column).verbose_name)
        words[column] = (label, str(getattr(state, column)))
    return words


def changes(
    before, after, *, at: datetime | None = None, among: Collection[str] = COLUMNS
) -> list[Change]:
    """Return what differs between two states in the columns ``among``, see ``in_words``.

    The scale is no difference: once something is rated on it, it does not change.
    """
    old, new = in_words(before, after.steps), in_words(after, after.steps)
    return [
        Change(label, value, new[column][1], at)
        for column, (label, value) in old.items()
        if column in among and value != new[column][1]
    ]


# Before a change ---------------------------------------------------------------------------------


class TickFor(forms.CheckboxInput):
    """A box to tick for exactly what is written beside it; it is drawn without a tick."""

    def __init__(self, meant: str):
        super().__init__(check_test=lambda _value: False)
        self.meant = meant

    def format_value(self, value) -> str:
        return self.meant

    def value_from_datadict(self, data, files, name: str) -> str:
        return data.get(name, "")


class SettledSettings(forms.ModelForm):
    """Asks before a setting changes that decisions rest on, or that hides what people have seen.

    Asked is about values that could be saved, never about faulty ones or about those of a row that
    somebody else has changed meanwhile. Whoever does not know of pending decisions is asked as
    well, or being asked would tell. ``asked`` lists the changes that wait for a yes, ``rested``
    says whether decisions rest on one of them, ``taken`` in sentences what will not be shown any
    more. What was typed is kept. A yes is ``meant`` for these changes and for no others.
    """

    confirmed = forms.CharField(label=YES, required=False, widget=forms.HiddenInput)
    asked: tuple[Change, ...] = ()
    taken: tuple[str, ...] = ()
    rested = False
    asks = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.before = {name: getattr(self.instance, name) for name in COLUMNS}

    def _post_clean(self) -> None:
        super()._post_clean()  # only now the values are known to fit the scale and the database
        is_late = self.cleaned_data.get("seen") != self.now
        if self.asks and not self._errors and not is_late:
            self._ask()

    def _ask(self) -> None:
        typed = {name: self.cleaned_data[name] for name in COLUMNS if name in self.cleaned_data}
        before, after = SimpleNamespace(**self.before), SimpleNamespace(**self.before | typed)
        if not changes(before, after):
            return
        rested = changes(before, after, among=RESTED_ON) if self.rests_on() else []
        taken = self._taken(before, after)
        hiding = changes(before, after, among=MINIMUMS) if taken else []
        self.meant = "; ".join(map(str, [*rested, *hiding]))
        if self.meant and self.cleaned_data.get("confirmed") != self.meant:
            self.asked, self.taken, self.rested = (*rested, *hiding), taken, bool(rested)
            if "confirmed" in self.fields:
                self.fields["confirmed"].widget = TickFor(self.meant)
            text = _("Please confirm this: %(changes)s.") % {"changes": self.meant}
            self.add_error("confirmed" if "confirmed" in self.fields else None, [text, *taken])

    def _taken(self, before, after) -> tuple[str, ...]:
        """Say what raising a minimum takes away, () for nothing."""
        minimums = (Minimums(*(getattr(state, n) for n in MINIMUMS)) for state in (before, after))
        figures, spreads, groups = taken_away(self.instance, *minimums)
        found = [
            figures
            and ngettext(
                "%(n)d measure loses its figures and its rank, in every output.",
                "%(n)d measures lose their figures and their rank, in every output.",
                figures,
            )
            % {"n": figures},
            spreads
            and ngettext(
                "%(n)d measure keeps its means only, and has no figures on the public page.",
                "%(n)d measures keep their means only, and have no figures on the public page.",
                spreads,
            )
            % {"n": spreads},
            groups
            and ngettext(
                "Of %(n)d measure the view of a group is not shown any more.",
                "Of %(n)d measures the view of a group is not shown any more.",
                groups,
            )
            % {"n": groups},
        ]
        told = [sentence for sentence in found if sentence]
        if told and self.instance.ballots.exists():
            told.append(_("Ballots are handed out, so this can never be taken back."))
        return tuple(told)

    def rests_on(self) -> bool:
        """Say whether there is something that rests on the settings, or may in a moment."""
        return self.instance.has_agenda

    def redrawn(self):
        """Show a conflict first: what is asked is asked when the form is sent once more."""
        form = super().redrawn()
        form.asks = False
        return form


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
