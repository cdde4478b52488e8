"""What the committee looks at: filters and sorting of an overview.

Everything here is a function of the overview and of the address's parameters, so that what is seen
can be shared as an address and kept per state of the data.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from measures.models import TimeHorizon
from measures.overview import Outline, Row, quadrant_names
from measures.prioritisation import Quadrant
from measures.results.lenses import against_choices, lens_choices
from workshops.choices import choice
from workshops.collation import sort_key
from workshops.models import Workshop
from workshops.number_fields import WholeNumberField

QUADRANTS = list(Quadrant)
ORDERS: dict[str, Callable[[Row], str | float | None]] = {
    "rank": lambda row: row.result.rank,
    "title": lambda row: sort_key(row.measure.title),
    "field": lambda row: row.field_index,
    "quadrant": lambda row: QUADRANTS.index(row.result.quadrant) if row.result.quadrant else None,
    "n": lambda row: row.result.n,
    "relevance": lambda row: row.result.relevance.mean,
    "relevance_median": lambda row: row.result.relevance.median,
    "relevance_agreement": lambda row: row.result.relevance.agreement,
    "feasibility": lambda row: row.result.feasibility.mean,
    "feasibility_median": lambda row: row.result.feasibility.median,
    "feasibility_agreement": lambda row: row.result.feasibility.agreement,
    "score": lambda row: row.result.score,
    "gap": lambda row: row.gap,
    "horizon": lambda row: TimeHorizon.values.index(row.measure.time_horizon),
}


class SpreadField(forms.ChoiceField):
    """Shown on request; older addresses ask for "no", when they were shown unasked."""

    def to_python(self, value: Any) -> str:
        return "" if value == "no" else super().to_python(value)


class DashboardForm(forms.Form):
    """The parameters of the address. Without any, all is shown at the workshop's own weight."""

    weight = WholeNumberField(
        label=_("Weight of relevance in percent"), min_value=0, max_value=100, required=False
    )
    field = forms.TypedChoiceField(label=_("Action field"), coerce=int, required=False)
    quadrant = forms.ChoiceField(label=_("Quadrant"), required=False)
    horizon = forms.ChoiceField(
        label=_("Implementation time"),
        choices=[("", _("all")), *TimeHorizon.choices],
        required=False,
    )
    municipality = forms.TypedChoiceField(label=_("Municipality"), coerce=int, required=False)
    n = WholeNumberField(
        label=_("Rated by at least"), min_value=0, max_value=100_000, required=False
    )
    spread = SpreadField(
        label=_("Spread lines"), choices=[("", _("hide")), ("yes", _("show"))], required=False
    )
    round = forms.TypedChoiceField(label=_("Round of rating"), coerce=int, required=False)
    lens = forms.ChoiceField(label=_("Show"), required=False)
    against = forms.ChoiceField(label=_("Compare with"), required=False)
    order = forms.ChoiceField(
        choices=[(o, o) for key in ORDERS for o in (key, f"-{key}")], required=False
    )

    def __init__(
        self,
        data: Mapping[str, str],
        *,
        workshop: Workshop,
        outline: Outline,
        municipalities: Iterable[tuple[int, str]],
    ):
        super().__init__(data)
        self.workshop, self.outline = workshop, outline
        fields, rounds, groups = outline
        choice(self, "field").choices = [("", _("all")), *((f.pk, f.name) for f in fields)]
        choice(self, "quadrant").choices = [("", _("all")), *quadrant_names(workshop).items()]
        choice(self, "municipality").choices = [("", _("all")), *municipalities]
        choice(self, "round").choices = [
            ("", _("the result that holds")),
            *((each.number, str(each)) for each in rounds),
        ]
        choice(self, "lens").choices = lens_choices(groups, rounds)
        choice(self, "against").choices = against_choices(groups, rounds)

    @property
    def chosen(self) -> dict:
        """Return the valid parameters that were given; the workshop's weight without another."""
        self.is_valid()
        given = {
            name: value for name, value in self.cleaned_data.items() if value not in ("", None)
        }
        return {"weight": self.workshop.relevance_weight, "order": "rank"} | given


def narrowed(rows: Iterable[Row], chosen: dict) -> list[Row]:
    """Return the rows that the filters let through, in the chosen order; ranks stay as they are.

    A measure without municipality concerns all of them and passes that filter.
    """
    tests = {
        "field": lambda row, value: row.measure.field_id == value,
        "quadrant": lambda row, value: row.result.quadrant == value,
        "horizon": lambda row, value: row.measure.time_horizon == value,
        "municipality": lambda row, value: row.measure.municipality_id in (None, value),
        "n": lambda row, value: row.result.n >= value,
    }
    active = [(test, chosen[name]) for name, test in tests.items() if name in chosen]
    passing = [row for row in rows if all(test(row, value) for test, value in active)]
    return _ordered(passing, chosen["order"])


def _ordered(rows: Iterable[Row], order: str) -> list[Row]:
    """Sort; rows without a value come last in either direction, ties keep the ranking."""
    key, is_reversed = ORDERS[order.removeprefix("-")], order.startswith("-")
    valued, others = [], []
    for row in rows:
        value = key(row)
        if value is None:
            others.append(row)
        else:
            valued.append((value, row))
    valued.sort(key=lambda pair: pair[0], reverse=is_reversed)
    return [row for _value, row in valued] + others
