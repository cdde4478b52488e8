"""What the committee looks at: filters and sorting of an overview.

Everything here is a function of the overview and of the address's parameters, so that what is seen
can be shared as an address and kept per state of the data.
"""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from measures.models import Outcome, TimeHorizon
from measures.overview import Row, quadrant_names
from measures.panels import panels_in
from measures.prioritisation import Quadrant
from measures.results.around import Around, around_of
from measures.results.became import UNDECIDED, Became, Becoming
from measures.results.columns import COLUMNS
from measures.results.lenses import GROUP, against_choices, lens_choices
from workshops.choices import Choices, Select, choice, select_of
from workshops.collation import searched, sort_key
from workshops.models import Workshop
from workshops.number_fields import WholeNumberField

Pairs = tuple[tuple[object, str], ...]  # of a value and how it is called
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

# What stands in the panel and not on the page itself.
ALL_ROWS = "all"
SELECTS = ("table", "field", "quadrant", "horizon", "municipality", "spread", "round", "against")
FEW = ("municipality", "round", "table")
FOLDED = {"q", "field", "quadrant", "horizon", "municipality", "n", "round", "against", "table"}
OPEN, DECIDED = "open", "decided"


def _is(outcome: str, became: Became) -> bool:
    return became.outcome == outcome


STATUSES: dict[str, Callable[[Became], bool]] = {
    OPEN: lambda became: became.is_open,
    DECIDED: lambda became: not became.is_open,
    **{value: partial(_is, value) for value in Outcome.values},
}


class SpreadField(forms.ChoiceField):
    """Shown on request; older addresses ask for "no", when they were shown unasked."""

    def to_python(self, value: Any) -> str:
        return "" if value == "no" else super().to_python(value)


class Offered(NamedTuple):
    """What there is to choose from in a workshop, by the field's name; plain values alone.

    ``weight`` is the workshop's own.
    """

    weight: int
    field: Pairs
    quadrant: Choices
    municipality: Pairs
    round: Pairs
    lens: Choices
    against: Choices
    table: Pairs


class DashboardForm(forms.Form):
    """The parameters of the address. Without any, all is shown at the workshop's own weight.

    Whatever it is asked for, it stays as it was made; only ``asked`` says whose it is.
    """

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
    table = forms.ChoiceField(label=_("Rated by the table"), required=False)
    lens = forms.ChoiceField(label=_("Show"), required=False)
    against = forms.ChoiceField(label=_("Compare with"), required=False)
    status = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("", _("all")),
            (OPEN, _("not decided yet")),
            (DECIDED, pgettext_lazy("of measures", "decided")),
            *Outcome.choices,
        ],
        required=False,
    )
    q = forms.CharField(label=_("Words in the title"), max_length=100, required=False)
    rows = forms.ChoiceField(choices=[("", ""), (ALL_ROWS, ALL_ROWS)], required=False)
    col = forms.MultipleChoiceField(
        label=_("Columns"),
        choices=[(key, heading) for key, heading, _is in COLUMNS],
        required=False,
    )
    view = forms.CharField(max_length=20, required=False)  # the saved view that was opened
    order = forms.ChoiceField(
        choices=[(o, o) for key in ORDERS for o in (key, f"-{key}")], required=False
    )

    workshop: Workshop
    around: Around

    def __init__(self, data: Mapping[str, str], offered: Offered):
        super().__init__(data)
        self.usual_weight, self.lenses = offered.weight, offered.lens
        for name in ("field", "quadrant", "municipality", "round", "lens", "against", "table"):
            choice(self, name).choices = getattr(offered, name)
        self.panel = _panel_of(self)

    @property
    def count(self) -> int:
        """Return how many filters of the panel are set; lens, weight and status stand beside it."""
        return len(self.chosen.keys() & FOLDED) + self.chosen.get("lens", "").startswith(GROUP)

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """Return the valid parameters that were given; the workshop's weight without another."""
        self.is_valid()
        given = {
            name: value for name, value in self.cleaned_data.items() if value not in ("", None, [])
        }
        return {"weight": self.usual_weight, "order": "rank"} | given


class Panel(NamedTuple):
    """What stands in the panel of filters; plain values alone.

    ``lenses`` are those on everybody, with the one on a group that is open; ``group_lenses`` the
    others on a group. ``in_use``: how many filters of the panel are set. ``is_faulty``: something
    in the address does not fit.
    """

    lens: str
    lenses: Choices
    group_lenses: Choices
    in_use: int
    selects: tuple[Select, ...]
    words_label: str
    words: str
    n_label: str
    n: str
    n_errors: tuple[str, ...]
    order: str
    is_faulty: bool


def _panel_of(form: DashboardForm) -> Panel:
    chosen = form.chosen
    lens = chosen.get("lens", "")
    on_groups = [each for each in form.lenses if each[0].startswith(GROUP) and each[0] != lens]
    selects = [select_of(form[name]) for name in SELECTS if name != "against" or on_groups]
    return Panel(
        lens=lens,
        lenses=tuple(each for each in form.lenses if each not in on_groups),
        group_lenses=tuple(on_groups),
        in_use=form.count,
        # Of one municipality or round beside "all" there is nothing to choose.
        selects=tuple(each for each in selects if each.name not in FEW or len(each.choices) > 2),
        words_label=str(form.fields["q"].label),
        words=chosen.get("q", ""),
        n_label=str(form.fields["n"].label),
        n=form.data.get("n") or "",
        n_errors=tuple(map(str, form.errors.get("n", ()))),
        order=chosen["order"] if chosen["order"] != "rank" else "",
        is_faulty=bool(form.errors),
    )


def asked(parameters: QueryDict, workshop: Workshop) -> DashboardForm:
    """Return what the parameters of an address ask of the workshop's dashboard. 2 queries."""
    around = around_of(workshop)
    sent = tuple((name, tuple(texts)) for name, texts in parameters.lists())
    form = copy(_read(sent, _offered(workshop, around), get_language()))
    form.workshop, form.around = workshop, around
    return form


def _offered(workshop: Workshop, around: Around) -> Offered:
    fields, rounds, groups = around.outline
    everything = ("", str(_("all")))
    return Offered(
        weight=workshop.relevance_weight,
        field=(everything, *((each.pk, each.name) for each in fields)),
        quadrant=(everything, *quadrant_names(workshop).items()),
        municipality=(everything, *around.municipalities),
        round=(
            ("", str(_("the result that holds"))),
            *((each.number, str(each)) for each in rounds),
        ),
        lens=tuple(lens_choices(groups, rounds, is_assessed=around.is_assessed)),
        against=tuple(against_choices(groups, rounds)),
        table=(everything, *((each.key, each.name) for each in panels_in(rounds) if each.panel)),
    )


@lru_cache(maxsize=128)
def _read(
    sent: tuple[tuple[str, tuple[str, ...]], ...], offered: Offered, _language: str | None
) -> DashboardForm:
    """Read what was sent once; a form copies all of its fields, and checks each."""
    data = QueryDict(mutable=True)
    for name, texts in sent:
        data.setlist(name, list(texts))
    return DashboardForm(data, offered)


def narrowed(rows: Iterable[Row], chosen: dict, became: Becoming) -> list[Row]:
    """Return the rows that the filters let through, in the chosen order; ranks stay as they are.

    A measure without municipality concerns all of them and passes that filter. ``became`` says what
    was decided on each.
    """
    tests = {
        "field": lambda row, value: row.measure.field_id == value,
        "quadrant": lambda row, value: row.result.quadrant == value,
        "horizon": lambda row, value: row.measure.time_horizon == value,
        "municipality": lambda row, value: row.measure.municipality_id in (None, value),
        "n": lambda row, value: row.result.n >= value,
        "q": lambda row, value: searched(value) in searched(row.measure.title),
        "status": lambda row, value: STATUSES[value](became.get(row.measure.pk, UNDECIDED)),
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
