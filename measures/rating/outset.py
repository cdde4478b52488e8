"""Before a round opens: who is expected, and what each measure will get from them."""

from collections import Counter
from dataclasses import dataclass

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from measures.models import Measure
from measures.rating.dealing import Forecast, forecast
from measures.standing import lost_labels
from workshops.guests import guests_by_group
from workshops.models import Table, Workshop
from workshops.number_fields import WholeNumberField


@dataclass(frozen=True, slots=True)
class Expected:
    """How many can rate on devices of their own: ``listed`` by group with an account, and guests.

    ``by_group`` counts both; guests only where enough of a group are there already, and by no
    difference fewer than that of another. ``all`` are all of them, whatever group they are or will
    be in.
    """

    listed: Counter[int | None]
    guests: int
    by_group: Counter[int | None]

    @property
    def all(self) -> int:
        return self.listed.total() + self.guests


def expected_at(workshop: Workshop) -> Expected:
    """Count who has an account or came in as a guest, and the guests expected. 3 queries."""
    rows = workshop.participants.filter(user__isnull=False).order_by()
    listed = Counter(dict(rows.values_list("group").annotate(n=Count("pk"))))
    here = guests_by_group(workshop)
    lost = lost_labels(here, workshop.smallest_group)
    told = Counter({pk: n for pk, n in here.items() if pk not in lost})
    guests = max(workshop.expected_guests or 0, here.total())
    return Expected(listed, guests, listed + told)


def forecast_of(workshop: Workshop, offered: int) -> Forecast:
    """Say what each of ``offered`` measures gets, with the settings as they are. 4 queries."""
    expected = expected_at(workshop)
    groups = workshop.groups.values_list("pk", "name")
    return forecast(
        {name: expected.by_group[pk] for pk, name in groups},
        expected.all,
        per_person=workshop.measures_per_person,
        offered=offered,
        smallest_room=workshop.smallest_room,
        smallest_group=workshop.smallest_group,
    )


@dataclass(frozen=True, slots=True)
class TableShare:
    """What a table rates, and how many people it has if all tables have the same."""

    name: str
    measures: int
    people: float
    wanted: int

    @property
    def is_enough(self) -> bool:
        return self.people >= self.wanted


def tables_forecast(workshop: Workshop, offered: QuerySet[Measure]) -> tuple[TableShare, ...]:
    """Say for each table that has some of the measures what it gets. 4 queries."""
    at_tables = Table.objects.filter(workshop=workshop, is_removed=False)
    own = Count("fields__measures", filter=Q(fields__measures__in=offered), distinct=True)
    counts = list(at_tables.annotate(n=own).filter(n__gt=0).values_list("name", "n"))
    people = expected_at(workshop).all / (len(counts) or 1)
    return tuple(TableShare(name, n, people, workshop.smallest_room) for name, n in counts)


class DealForm(forms.ModelForm):
    """How many people come without an account, and what of all measures each person rates."""

    class Meta:
        model = Workshop
        fields = ("expected_guests", "measures_per_person", "is_rated_by_table")
        field_classes = {
            "expected_guests": WholeNumberField,
            "measures_per_person": WholeNumberField,
        }
        labels = {"measures_per_person": _("Measures that each person rates")}
        help_texts = {"measures_per_person": _("Empty means all of them.")}
