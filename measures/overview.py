"""The one bridge from a workshop to its prioritised picture.

Page, table, picture file and export are all drawn from this result, so they cannot disagree.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from fields.models import ActionField, Goal
from measures.models import Consensus, Measure
from measures.prioritisation import (
    PrioritisedMeasure,
    Quadrant,
    Scale,
    prioritise_tallies,
    resolve_thresholds,
)
from measures.rating.tallies import workshop_tallies
from workshops.models import Workshop


class ListedMeasure(NamedTuple):
    """What lists and pictures say of a measure. 400 of them take a quarter of a model's time."""

    pk: int
    number: int
    title: str
    time_horizon: str
    field_id: int
    goal_id: int | None
    municipality_id: int | None

    code = Measure.code


@dataclass(frozen=True, slots=True)
class Row:
    """One measure with everything that lists, pictures and exports say about it.

    ``measure`` is the model itself in an overview with profiles. ``field_index`` counts the
    workshop's fields from 0 and stands for shape and colour. ``consensus`` is the agreed pair
    (relevance, feasibility), ``paper`` the number of sheets.
    """

    measure: ListedMeasure | Measure
    field_name: str
    field_index: int
    goal_text: str
    result: PrioritisedMeasure
    consensus: tuple[int | None, int | None]
    paper: int

    @property
    def gap(self) -> float | None:
        """The larger distance between an agreed value and its mean, in steps."""
        pairs = zip(self.consensus, (self.result.relevance, self.result.feasibility), strict=True)
        gaps = [abs(agreed - s.mean) for agreed, s in pairs if agreed and s.mean is not None]
        return max(gaps, default=None)


@dataclass(frozen=True, slots=True)
class Overview:
    """A workshop's measures in the order of their rank, those without one last.

    ``weight`` is relevance's share from 0 to 1, ``thresholds`` the pair (relevance, feasibility)
    on the scale, ``fields`` the action fields in their order.
    """

    workshop: Workshop
    scale: Scale
    weight: float
    thresholds: tuple[float, float]
    quadrant_names: dict[str, str]
    fields: tuple[ActionField, ...]
    rows: tuple[Row, ...]


def overview(
    workshop: Workshop, *, weight: float | None = None, profiles: bool = False
) -> Overview:
    """Prioritise all standing measures of the workshop. 6 queries, whatever its size.

    ``weight`` (0 to 1) replaces the workshop's own; ``profiles`` loads the long texts as well.
    Raises ValueError for a weight outside 0 to 1.
    """
    scale = Scale(1, workshop.steps)
    weight = workshop.relevance_weight / 100 if weight is None else weight
    thresholds = resolve_thresholds(_own_thresholds(workshop), scale)
    fields = tuple(workshop.fields.all())
    measures = {measure.pk: measure for measure in _measures(workshop, profiles)}
    tallies, sheets = workshop_tallies(workshop)
    results = prioritise_tallies(
        tallies,
        measures=measures,
        scale=scale,
        weight=weight,
        thresholds=thresholds,
    )
    return Overview(
        workshop=workshop,
        scale=scale,
        weight=weight,
        thresholds=thresholds,
        quadrant_names=quadrant_names(workshop),
        fields=fields,
        rows=_rows(workshop, fields, measures, results, sheets),
    )


def quadrant_names(workshop: Workshop) -> dict[str, str]:
    """Return the workshop's own names of the quadrants, ours where it has none."""
    return {
        Quadrant.START: workshop.name_start or _("Start soon"),
        Quadrant.PREPARE: workshop.name_prepare or _("Prepare"),
        Quadrant.OPTIONAL: workshop.name_optional or _("When the chance arises"),
        Quadrant.PARK: workshop.name_park or _("Keep in mind"),
    }


def _own_thresholds(workshop: Workshop) -> tuple[float | None, float | None]:
    own = (workshop.relevance_threshold, workshop.feasibility_threshold)
    return tuple(None if value is None else float(value) for value in own)


def _measures(workshop: Workshop, profiles: bool) -> Iterable[ListedMeasure | Measure]:
    rows = Measure.objects.in_workshop(workshop).standing().order_by("number")
    if profiles:
        return rows
    return map(ListedMeasure._make, rows.values_list(*ListedMeasure._fields))


def _rows(workshop, fields, measures, results, sheets) -> tuple[Row, ...]:
    places = {field.pk: (index, field.name) for index, field in enumerate(fields)}
    goals = dict(Goal.objects.in_workshop(workshop).standing().values_list("pk", "text"))
    agreed = {
        pk: (relevance, feasibility)
        for pk, relevance, feasibility in Consensus.objects.of_round(workshop.round)
        .filter(measure__workshop=workshop)
        .values_list("measure", "relevance", "feasibility")
    }
    rows = []
    for result in results:
        measure = measures[result.measure]
        index, name = places[measure.field_id]
        rows.append(
            Row(
                measure=measure,
                field_name=name,
                field_index=index,
                goal_text=goals.get(measure.goal_id, ""),
                result=result,
                consensus=agreed.get(measure.pk, (None, None)),
                paper=sheets.get(measure.pk, 0),
            )
        )
    return tuple(rows)
