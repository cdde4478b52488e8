"""Choosing what a further round offers, and saying with numbers what will happen."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from measures.models import Measure
from measures.overview import Overview, Row, at_table
from measures.rating.outset import forecast_of
from measures.standing import lost_labels
from workshops.choices import choice
from workshops.models import Workshop
from workshops.number_fields import WholeNumberField

ALL, UNRATED, FIELDS, DISPUTED, PICKED = "all", "unrated", "fields", "disputed", "picked"
FIRST = "first"
FIRST_OF_TABLE = 2
CHOICES = [
    (DISPUTED, _("measures with the lowest agreement")),
    (FIELDS, _("measures of certain action fields")),
    (UNRATED, _("measures without a result")),
    (PICKED, _("measures that you choose yourself")),
    (ALL, _("all measures")),
]
DISPUTED_COUNT = 10


class RoundForm(forms.Form):
    """Which measures are rated once more; the preview carries the choice until it is confirmed."""

    which = forms.ChoiceField(
        label=_("Measures of the round"),
        widget=forms.RadioSelect,
        choices=CHOICES,
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

    of_each = WholeNumberField(
        label=_("How many of each table"),
        min_value=1,
        max_value=99,
        initial=FIRST_OF_TABLE,
        required=False,
    )
    is_by_table = forms.BooleanField(label=_("Each table rates its own measures"), required=False)

    hide_optional = True  # what belongs to another choice is not sent

    def __init__(self, *args: Any, overview: Overview, rateable: list[Measure], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.overview, self.rateable = overview, rateable
        self.order_fields(["which", "count", "of_each", "fields_", "measures"])
        if overview.is_split:
            which = choice(self, "which")
            which.choices = [(FIRST, _("measures in front at each table")), *CHOICES]
            which.initial = FIRST
        if not overview.workshop.is_rated_by_table:
            del self.fields["is_by_table"]
        worked_on = {measure.field_id for measure in rateable}
        choice(self, "fields_").choices = [
            (field.pk, field.name) for field in overview.fields if field.pk in worked_on
        ]
        choice(self, "measures").choices = [(each.pk, str(each)) for each in rateable]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if self.errors:
            return data
        needed = {
            FIELDS: ("fields_", _("Please choose at least one action field.")),
            PICKED: ("measures", _("Please choose at least one measure.")),
            DISPUTED: ("count", _("Please say how many.")),
            FIRST: ("of_each", _("Please say how many.")),
        }
        name, text = needed.get(data["which"], ("", ""))
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
            UNRATED: lambda: {row.measure.pk for row in self.overview.rows if not row.round},
            FIELDS: lambda: {e.pk for e in self.rateable if e.field_id in data["fields_"]},
            DISPUTED: lambda: set(least_agreed(self.overview.rows)[: data["count"]]),
            PICKED: lambda: set(data["measures"]),
            FIRST: lambda: first_of_tables(self.overview, data["of_each"]),
        }[data["which"]]()
        return [measure for measure in self.rateable if measure.pk in wanted]


def first_of_tables(overview: Overview, most: int) -> set[int]:
    """Return the ids of the measures that have one of the first ``most`` ranks at their table."""
    placed = ((row.measure.pk, at_table(overview, row)) for row in overview.rows)
    return {pk for pk, place in placed if place and place.rank <= most}


def least_agreed(rows: Iterable[Row]) -> list[int]:
    """Return the ids of measures whose agreement is known, that with the lowest A first.

    Of the two criteria the one counts on which people agree less; equal ones come by number.
    """
    found = []
    for row in rows:
        relevance, feasibility = row.result.relevance.agreement, row.result.feasibility.agreement
        if relevance is not None and feasibility is not None:
            found.append((min(relevance, feasibility), row.measure.number, row.measure.pk))
    return [pk for _agreement, _number, pk in sorted(found)]


def round_numbers(
    workshop: Workshop,
    *,
    offered: int,
    rateable: int,
    replaced: Iterable[Row] = (),
    is_by_table: bool = False,
) -> dict[str, object]:
    """Say, for ``_round_numbers.html``, what a round of ``offered`` measures means.

    ``replaced`` are the rows of those that have a result. ``needed``: how many must judge so that
    it is replaced, the least and the most. Half of few is fewer than make a result at all, so that
    minimum is needed at least. ``rare``: groups, with their participants, that ballots would lose
    as things are now. ``forecast``: what each measure gets where not everybody rates everything.
    1 query, 4 with a forecast.
    """
    halves = [max(-(-row.result.n // 2), workshop.smallest_room) for row in replaced]
    people = {
        (pk, name): n
        for pk, name, n in workshop.participants.order_by()
        .values_list("group", "group__name")
        .annotate(n=Count("pk"))
    }
    lost = lost_labels({pk: n for (pk, _name), n in people.items()}, workshop.smallest_group)
    return {
        "workshop": workshop,
        "offered": offered,
        "rateable": rateable,
        "others": rateable - offered,
        "participants": sum(people.values()),
        "needed": (min(halves), max(halves)) if halves else None,
        "forecast": forecast_of(workshop, offered) if workshop.measures_per_person else None,
        "is_by_table": is_by_table,
        "rare": sorted((name, n) for (pk, name), n in people.items() if pk in lost),
    }
