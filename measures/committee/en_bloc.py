"""Several points of an agenda in one vote: one form, for each point an entry of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from measures.committee.agenda import AgendaEntry, agenda_of, entries_on
from measures.committee.decision_forms import FIELDS, SALT, DecisionForm
from measures.committee.recording import new_entry, store
from measures.models import Decision, Outcome, Session
from measures.seals.text import canonical, fingerprint
from workshops.choices import choice
from workshops.models import User

Bases = Mapping[int, dict]  # by the measure's number what would be decided upon
ALONE = (Outcome.AMENDED,)  # each has words of its own


def undecided(session: Session) -> list[AgendaEntry]:
    """Return the points of an agenda on which the session can still decide. 3 queries."""
    standing = session.decisions.standing(with_pending=True)
    decided = set(standing.values_list("measure", flat=True))
    entries = entries_on(agenda_of(session))
    return [each for each in entries if each.measure.stands and each.measure.pk not in decided]


def _point(entry: AgendaEntry) -> str:
    point = f"{entry.label} {entry.measure}"
    return point if entry.is_public else f"{point} ({gettext('not public')})"


class EnBlocForm(DecisionForm):
    """What was decided, and on which points; ``seen`` tells what each of them rested upon."""

    points = forms.TypedMultipleChoiceField(
        label=_("Points"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Please choose at least two points."),
            "invalid_choice": _(
                "One of these points was decided, merged or taken off in the meantime. Please check"
                " the list and send it once more."
            ),
        },
    )

    class Meta(DecisionForm.Meta):
        fields = tuple(name for name in FIELDS if name not in ("wording", "correction_reason"))

    def __init__(self, *args: Any, entries: Sequence[AgendaEntry], basis: Bases, **kwargs: Any):
        self.entries = entries
        super().__init__(*args, basis=dict(basis), **kwargs)
        points = choice(self, "points")
        points.choices = [(each.measure.number, _point(each)) for each in entries]
        points.initial = [each.measure.number for each in entries]
        outcome = choice(self, "outcome")
        outcome.choices = [each for each in Outcome.choices if each[0] not in ALONE]

    def clean_points(self) -> list[int]:
        points = self.cleaned_data["points"]
        if len(points) < 2:
            raise forms.ValidationError(_("Please choose at least two points."))
        return points

    @property
    def now(self) -> str:
        told = {str(number): fingerprint(canonical(each)) for number, each in self.basis.items()}
        return signing.dumps(told, salt=SALT, compress=True)

    @property
    def moved(self) -> list[AgendaEntry]:
        """Return the chosen points that rest upon something else than when they were drawn."""
        seen, now = self.seen_basis or {}, signing.loads(self.now, salt=SALT)
        chosen = {str(number) for number in self.cleaned_data["points"]}
        return [
            each
            for each in self.entries
            if (number := str(each.measure.number)) in chosen and seen.get(number) != now[number]
        ]

    @property
    def conflict(self) -> bool:
        return self.is_valid() and bool(self.moved)

    def made_for(self) -> dict[str, Any]:
        return super().made_for() | {"entries": self.entries}


def frame_of(session: Session, entries: Sequence[AgendaEntry]) -> Decision:
    """Return what all entries have in common, as if on the first of the points."""
    return new_entry(session, entries[0].measure)


@transaction.atomic
def record_all(form: EnBlocForm, session: Session, *, by: User | None) -> list[Decision]:
    """Store an entry for each point, with its own snapshot and seal; all of them or none."""
    chosen, done = set(form.cleaned_data["points"]), []
    for each in form.entries:
        if each.measure.number not in chosen:
            continue
        decision = new_entry(session, each.measure)
        for name in form.Meta.fields:
            setattr(decision, name, getattr(form.instance, name))
        decision.by = by
        done.append(store(decision, form.basis[each.measure.number]))
    return done
