"""Choosing what a further round offers, and saying with numbers what will happen."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from measures.models import Measure
from measures.overview import Overview, Row
from measures.standing import lost_labels
from workshops.models import Workshop
from workshops.number_fields import WholeNumberField

ALL, UNRATED, FIELDS, DISPUTED, PICKED = "all", "unrated", "fields", "disputed", "picked"
DISPUTED_COUNT = 10


class RoundForm(forms.Form):
    """Which measures are rated once more; the preview carries the choice until it is confirmed."""

    which = forms.ChoiceField(
        label=_("Measures of the round"),
        widget=forms.RadioSelect,
        choices=[
            (DISPUTED, _("measures with the lowest agreement")),
            (FIELDS, _("measures of certain action fields")),
            (UNRATED, _("measures without a result")),
            (PICKED, _("measures that you choose yourself")),
            (ALL, _("all measures")),
        ],
        initial=DISPUTED,
    )
    count = WholeNumberField(
        label=_("How many"), min_value=1, max_value=999, initial=DISPUTED_COUNT, required=False
    )
    fields_ = forms.TypedMultipleChoiceField(
        label=_("Action fields"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    measures = forms.TypedMultipleChoiceField(
        label=_("Measures"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    hide_optional = True  # what belongs to another choice is not sent

    def __init__(self, *args, view: Overview, rateable: list[Measure], **kwargs):
        super().__init__(*args, **kwargs)
        self.view, self.rateable = view, rateable
        self.order_fields(["which", "count", "fields_", "measures"])
        worked_on = {measure.field_id for measure in rateable}
        self.fields["fields_"].choices = [
            (field.pk, field.name) for field in view.fields if field.pk in worked_on
        ]
        self.fields["measures"].choices = [(each.pk, str(each)) for each in rateable]

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        empty = {
            FIELDS: ("fields_", _("Please choose at least one action field.")),
            PICKED: ("measures", _("Please choose at least one measure.")),
            DISPUTED: ("count", _("Please say how many.")),
        }
        name, text = empty.get(data["which"], (None, None))
        if name and not data[name]:
            self.add_error(name, text)
        elif not self.chosen():
            self.add_error("which", _("No measure fits this choice."))
        return data

    def chosen(self) -> list[Measure]:
        """Return the measures that the choice means, in reading order."""
        data = self.cleaned_data
        wanted = {
            ALL: lambda: {each.pk for each in self.rateable},
            UNRATED: lambda: {row.measure.pk for row in self.view.rows if not row.round},
            FIELDS: lambda: {e.pk for e in self.rateable if e.field_id in data["fields_"]},
            DISPUTED: lambda: set(least_agreed(self.view.rows)[: data["count"]]),
            PICKED: lambda: set(data["measures"]),
        }[data["which"]]()
        return [measure for measure in self.rateable if measure.pk in wanted]


def least_agreed(rows: Iterable[Row]) -> list[int]:
    """Return the ids of measures whose agreement is known, that with the lowest A first.

    Of the two criteria the one counts on which people agree less; equal ones come by number.
    """
    found = [
        (min(known), row.measure.number, row.measure.pk)
        for row in rows
        for known in [[s.agreement for s in (row.result.relevance, row.result.feasibility)]]
        if None not in known
    ]
    return [pk for _agreement, _number, pk in sorted(found)]


@dataclass(frozen=True, slots=True)
class RoundNumbers:
    """What opening a round means. ``needed``: how many must judge so that a result is replaced.

    ``rare``: groups, with their participants, that ballots would lose as things are now.
    """

    offered: int
    measures: int
    participants: int
    replaced: int
    needed: tuple[int, int] | None
    rare: list[tuple[str, int]]
    smallest_room: int
    smallest_group: int

    @property
    def kept(self) -> int:
        return self.measures - self.offered


def round_numbers(
    workshop: Workshop, offered: int, rows: Iterable[Row], measures: int
) -> RoundNumbers:
    """Count what a round of ``offered`` measures means; ``rows`` have a result. 1 query.

    Half of few is fewer than make a result at all, so that minimum is needed at least.
    """
    halves = [max(-(-row.result.n // 2), workshop.smallest_room) for row in rows]
    people = {
        (pk, name): n
        for pk, name, n in workshop.participants.order_by()
        .values_list("group", "group__name")
        .annotate(n=Count("pk"))
    }
    lost = lost_labels({pk: n for (pk, _name), n in people.items()}, workshop.smallest_group)
    return RoundNumbers(
        offered=offered,
        measures=measures,
        participants=sum(people.values()),
        replaced=len(halves),
        needed=(min(halves), max(halves)) if halves else None,
        rare=sorted((name, n) for (pk, name), n in people.items() if pk in lost),
        smallest_room=workshop.smallest_room,
        smallest_group=workshop.smallest_group,
    )
