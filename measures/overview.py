"""The one bridge from a workshop to its prioritised picture.

Page, table, picture file and export are all drawn from this result, so they cannot disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fields.models import ActionField, Goal
from measures.models import Consensus, Measure, Round
from measures.panels import EVERYBODY, ListedPanel, Panel, listed, panels_of
from measures.prioritisation import (
    PrioritisedMeasure,
    Quadrant,
    Scale,
    prioritise_tallies,
    resolve_thresholds,
)
from measures.short_titles import suggested
from measures.shown import Key, kept_when_shown, once_shown, shown_rounds
from measures.standing import Piles, meets, standing_of, without_distribution
from measures.tallies import piles_of
from workshops.compiled import compiled
from workshops.models import ParticipantGroup, Workshop

Rated = list[tuple[Round, Piles]]  # of one measure


class ListedMeasure(NamedTuple):
    """What lists and pictures say of a measure. 400 of them take a quarter of a model's time."""

    pk: int
    number: int
    title: str
    time_horizon: str
    field_id: int
    goal_id: int | None
    municipality_id: int | None
    short_title: str = ""

    @property
    def code(self) -> str:
        """The number as people say it: M1, M2 …"""
        return f"M{self.number}"

    @property
    def short(self) -> str:
        """At most 30 characters, where the title would be too long."""
        return self.short_title or suggested(self.title)


class Row(NamedTuple):
    """One measure with everything that lists, pictures and exports say about it.

    ``measure`` is the model itself in an overview with profiles. ``field_index`` counts the
    workshop's fields from 0 and stands for shape and colour. ``round`` is the number of the round
    that the result comes from, None without a result; ``beside`` holds what later rounds say that
    did not replace it, means alone, each behind its number. ``is_broad``: enough judged it for more
    than means. ``panel`` are the tables whose people rated it, none where everybody did.
    ``consensus`` is the agreed pair (relevance, feasibility), ``paper`` the number of sheets.
    """

    measure: ListedMeasure | Measure
    field_name: str
    field_index: int
    goal_text: str
    result: PrioritisedMeasure[int]
    consensus: tuple[int | None, int | None]
    paper: int
    round: int | None = None
    beside: tuple[tuple[int, PrioritisedMeasure[int]], ...] = ()
    is_broad: bool = True
    panel: Panel = EVERYBODY

    def __hash__(self) -> int:
        # What is drawn of a row is kept by it: by all that it holds, and found by what is quick.
        return hash((self.measure.pk, self.result.score, self.round))

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
    on the scale, ``fields`` the action fields in their order. ``rounds`` are those shown, the first
    one first; ``round`` is the number of the only one looked at, None for what holds altogether.
    ``panels`` are those of all results where there are several; ``panel`` is the only one looked
    at, None for all. Of all together only what everybody rated has a rank; see ``measures.panels``.
    """

    workshop: Workshop
    scale: Scale
    weight: float
    thresholds: tuple[float, float]
    quadrant_names: dict[str, str]
    fields: tuple[ListedField, ...]
    rows: tuple[Row, ...]
    rounds: tuple[Round, ...] = ()
    groups: tuple[ListedGroup, ...] = ()
    round: int | None = None
    panels: tuple[ListedPanel, ...] = ()
    panel: Panel | None = None

    @property
    def is_split(self) -> bool:
        """Say whether there is no one ranking, because tables rated their own measures."""
        return self.panel is None and len(self.panels) > 1

    @property
    def panel_name(self) -> str:
        """Return how the panel is called that is looked at by itself, "" for all."""
        return "" if self.panel is None else self.name_of(self.panel)

    @property
    def outline(self) -> Outline:
        return Outline(self.fields, self.rounds, self.groups)

    @property
    def usual_round(self) -> int | None:
        """The round that most results come from, where results of several stand side by side."""
        times = Counter(row.round for row in self.rows if row.round)
        return times.most_common(1)[0][0] if len(times) > 1 else None

    def name_of(self, panel: Panel) -> str:
        """Return how a panel is called, "" where there is only one."""
        return next((name for each, name in self.panels if each == panel), "")

    def place_of(self, row: Row) -> str:
        """Return the row's rank, or the tables that rated it where it has none across tables."""
        return str(row.result.rank) if row.result.rank else self.name_of(row.panel)

    def quadrant_name(self, row: Row) -> str:
        """Return how the workshop calls the row's quadrant, "" without a place in the matrix."""
        quadrant = row.result.quadrant
        return self.quadrant_names[quadrant] if quadrant else ""


class AtTable(NamedTuple):
    """The place of a measure among those that the same tables rated."""

    tables: str
    rank: int
    of: int


def at_table(overview: Overview, row: Row) -> AtTable | None:
    """Return the row's place at its own table where the overview has none for it."""
    if not overview.is_split or row.panel == EVERYBODY or row.result.point is None:
        return None
    own = overview_of(
        overview.workshop,
        weight=overview.weight,
        round=overview.round,
        panel=row.panel,
        goals=False,
        outline=overview.outline,
    )
    rank = next(each.result.rank for each in own.rows if each.measure.pk == row.measure.pk)
    of = sum(each.result.rank is not None for each in own.rows)
    return AtTable(own.panel_name, rank or 0, of)


def overview_of(
    workshop: Workshop,
    *,
    weight: float | None = None,
    round: int | None = None,
    panel: Panel | None = None,
    profiles: bool = False,
    goals: bool = True,
    outline: Outline | None = None,
) -> Overview:
    """Prioritise all standing measures of the workshop. At most 10 queries, whatever its size, and
    3 more where a round was by table.

    Only rounds that were shown are read, whatever the phase. A measure's result is that of the last
    round that may stand, see ``measures.standing``; with ``round`` that of this shown round
    alone, with ``panel`` what it rated. ``weight`` (0 to 1) replaces the workshop's own;
    ``profiles`` loads the long texts as well, ``goals`` those of the goals; ``outline`` is given by
    who has asked for it already.
    Raises ValueError for a weight outside 0 to 1, KeyError for a round that is not shown.
    """
    scale = Scale(1, workshop.steps)
    weight = workshop.relevance_weight / 100 if weight is None else weight
    thresholds = resolve_thresholds(_own_thresholds(workshop), scale)
    fields, shown, groups = outline or outline_of(workshop)
    measures = {measure.pk: measure for measure in _measures(workshop, profiles)}
    read = shown if round is None else ({each.number: each for each in shown}[round],)
    rated_by = _rated_by(read, measures, workshop)
    panels = {*rated_by.values()}
    if panel is not None:
        measures = {pk: each for pk, each in measures.items() if rated_by.get(pk) == panel}

    def told() -> list[_Told]:
        standing = _standing(read, measures, workshop)
        totals = {pk: found[0][1].total for pk, found in standing.items()}
        rules = partial(prioritise_tallies, scale=scale, weight=weight, thresholds=thresholds)
        results = rules(totals, measures=measures)
        if panel is None and len(panels) > 1:
            everybody = [pk for pk in measures if rated_by.get(pk, EVERYBODY) == EVERYBODY]
            results = _ranked_alone(results, rules(totals, measures=everybody), [*measures])
        return [
            each._replace(panel=rated_by.get(each.result.measure, EVERYBODY))
            for each in _told(results, standing, read, workshop)
        ]

    if weight == workshop.relevance_weight / 100:
        minimums = (*_minimums(read, workshop), workshop.smallest_group)
        chosen = (tuple(measures), minimums, weight, thresholds)
        results = once_shown("results", read, chosen, told)
    else:  # one of a hundred at which somebody looks in passing
        results = told()
    return Overview(
        workshop=workshop,
        scale=scale,
        weight=weight,
        thresholds=thresholds,
        quadrant_names=quadrant_names(workshop),
        fields=fields,
        rows=_rows(fields, dict(_goals(workshop.pk)) if goals else {}, measures, results),
        rounds=shown,
        groups=groups,
        round=round,
        panels=listed(panels) if len(panels) > 1 else (),
        panel=panel,
    )


def _rated_by(
    rounds: Sequence[Round], measures: Iterable[int], workshop: Workshop
) -> dict[int, Panel]:
    """Return by the measure's id who rated it; nothing unless some round was by table."""
    by_table = [each for each in rounds if each.is_by_table]
    if not by_table:
        return {}
    panels = panels_of(by_table, workshop.steps)
    standing = _standing(rounds, measures, workshop)
    return {pk: panels.get((rated[0][0].pk, pk), EVERYBODY) for pk, rated in standing.items()}


def _ranked_alone(
    results: Iterable[PrioritisedMeasure[int]],
    ranked: Iterable[PrioritisedMeasure[int]],
    order: Sequence[int],
) -> list[PrioritisedMeasure[int]]:
    """Return the results with only the ranks of ``ranked``: these first, the others in order."""
    own = [each for each in ranked if each.rank]
    known, place = {each.measure for each in own}, {pk: n for n, pk in enumerate(order)}
    others = [replace(each, rank=None) for each in results if each.measure not in known]
    others.sort(key=lambda each: (each.score is None, place[each.measure]))
    return own + others


class ListedField(NamedTuple):
    pk: int
    name: str
    is_worked_on: bool


class ListedGroup(NamedTuple):
    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


class Outline(NamedTuple):
    """By what results are told: the fields that nobody dropped, the shown rounds, the groups."""

    fields: tuple[ListedField, ...]
    rounds: tuple[Round, ...]
    groups: tuple[ListedGroup, ...]


def outline_of(workshop: Workshop) -> Outline:
    """Return each in its order. 3 queries."""
    return Outline(
        tuple(map(ListedField._make, _fields(workshop.pk))),
        shown_rounds(workshop),
        tuple(map(ListedGroup._make, _groups(workshop.pk))),
    )


@compiled
def _groups(workshop: int) -> QuerySet:
    groups = ParticipantGroup.objects.filter(workshop=workshop)
    return groups.values_list(*ListedGroup._fields)


@compiled
def _fields(workshop: int) -> QuerySet:
    fields = ActionField.objects.filter(workshop=workshop).standing()
    return fields.values_list(*ListedField._fields)


def _standing(
    rounds: Sequence[Round], measures: Iterable[int], workshop: Workshop
) -> dict[int, Rated]:
    """Return by the measure's id the result that holds and, behind it, those beside it."""
    steps, smallest, least = minimums = _minimums(rounds, workshop)
    piles = piles_of(rounds, steps)
    places = once_shown(
        "standing", rounds, minimums, lambda: _places(rounds, piles, least, smallest)
    )
    return {
        pk: [(rounds[place], piles[rounds[place].pk, pk]) for place in places[pk]]
        for pk in measures
        if pk in places
    }


def _minimums(rounds: Sequence[Round], workshop: Workshop) -> tuple[int, int, tuple[int, ...]]:
    """Return on what it rests which results stand, beside the ratings themselves."""
    return workshop.steps, workshop.smallest_room, tuple(each.least(workshop) for each in rounds)


def _places(
    rounds: Sequence[Round], piles: Mapping[Key, Piles], least: Sequence[int], smallest: int
) -> dict[int, list[int]]:
    """Return the same as places in ``rounds``."""
    found = {}
    for pk in {measure for _round, measure in piles}:
        history = [piles.get((each.pk, pk)) for each in rounds]
        # A minimum raised later hides what holds; nothing older comes in its place.
        shown = [(place, history[place]) for place in standing_of(history, least)]
        enough = [place for place, pile in shown if pile and meets(pile, smallest)]
        if shown and enough[:1] == [shown[0][0]]:
            found[pk] = enough
    return found


def quadrant_names(workshop: Workshop) -> dict[str, str]:
    """Return the workshop's own names of the quadrants, ours where it has none."""
    return {
        Quadrant.START: workshop.name_start or _("Start soon"),
        Quadrant.PREPARE: workshop.name_prepare or _("Prepare"),
        Quadrant.OPTIONAL: workshop.name_optional or _("When the chance arises"),
        Quadrant.PARK: workshop.name_park or _("Keep in mind"),
    }


def _own_thresholds(workshop: Workshop) -> tuple[float | None, float | None]:
    relevance, feasibility = (
        None if value is None else float(value)
        for value in (workshop.relevance_threshold, workshop.feasibility_threshold)
    )
    return relevance, feasibility


def _measures(workshop: Workshop, profiles: bool) -> Iterable[ListedMeasure | Measure]:
    if profiles:
        return Measure.objects.in_workshop(workshop).standing().order_by("number")
    return map(ListedMeasure._make, _listed(workshop.pk))


@compiled
def _listed(workshop: int) -> QuerySet:
    rows = Measure.objects.filter(workshop=workshop).standing().order_by("number")
    return rows.values_list(*ListedMeasure._fields)


@compiled
def _goals(workshop: int) -> QuerySet:
    goals = Goal.objects.filter(field__workshop=workshop).standing().order_by()
    return goals.values_list("pk", "text")


def _rows(
    fields: Sequence[ListedField],
    goals: Mapping[int | None, str],
    measures: Mapping[int, ListedMeasure | Measure],
    results: Iterable[_Told],
) -> tuple[Row, ...]:
    places = {field.pk: (field.name, index) for index, field in enumerate(fields)}
    rows = []
    for told in results:
        measure = measures[told.result.measure]
        name, index = places[measure.field_id]
        rows.append(Row(measure, name, index, goals.get(measure.goal_id, ""), *told))
    return tuple(rows)


class _Told(NamedTuple):
    """What a row says of the rounds; see ``Row``."""

    result: PrioritisedMeasure[int]
    consensus: tuple[int | None, int | None]
    paper: int
    round: int | None
    beside: tuple[tuple[int, PrioritisedMeasure[int]], ...]
    is_broad: bool
    panel: Panel = EVERYBODY


def _told(
    results: Iterable[PrioritisedMeasure[int]],
    standing: Mapping[int, Rated],
    rounds: Sequence[Round],
    workshop: Workshop,
) -> list[_Told]:
    agreed, told = _agreed(rounds, workshop.steps), []
    for result in results:
        rated = standing.get(result.measure, [])
        round, piles = rated[0] if rated else (None, None)
        is_broad = piles is not None and meets(piles, workshop.smallest_group)
        told.append(
            _Told(
                result=result if is_broad else without_distribution(result),
                consensus=_pair(agreed, result.measure, [round] if round else rounds),
                paper=piles.paper.n if piles else 0,
                round=round.number if round else None,
                beside=tuple(
                    (each.number, means_of(result.measure, pile, workshop))
                    for each, pile in rated[1:]
                ),
                is_broad=is_broad,
            )
        )
    return told


@kept_when_shown
def _agreed(rounds: Sequence[Round], steps: int) -> dict[Key, tuple[int | None, int | None]]:
    rows = Consensus.objects.filter(round__in=rounds)
    return {
        (round_id, measure): (relevance, feasibility)
        for round_id, measure, relevance, feasibility in rows.values_list(
            "round", "measure", "relevance", "feasibility"
        )
    }


def _pair(
    agreed: dict[Key, tuple[int | None, int | None]], measure: int, rounds: Iterable[Round]
) -> tuple[int | None, int | None]:
    """Return the pair that was agreed on last in these rounds."""
    found = [agreed[each.pk, measure] for each in rounds if (each.pk, measure) in agreed]
    return found[-1] if found else (None, None)


def means_of(measure: int, piles: Piles | None, workshop: Workshop) -> PrioritisedMeasure[int]:
    """Return what one round by itself says: means and n, nothing of what too few judged."""
    is_enough = piles is not None and meets(piles, workshop.smallest_room)
    tallies = {measure: piles.total} if piles and is_enough else {}
    [result] = prioritise_tallies(tallies, measures=[measure], scale=Scale(1, workshop.steps))
    return without_distribution(result)
