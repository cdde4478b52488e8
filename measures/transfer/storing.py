"""A plan made ready to be stored: every row with its id, number and place, as ``save`` would have
given them one by one. Reads, and reserves ids; stores nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from fields.models import ActionField, Goal
from measures.columns import CONTENT
from measures.models import Consensus, FormerWording, Measure, Round
from measures.models.wording import is_reworded
from measures.overview import Row, overview_of
from measures.rating.rounds import unsettled_round
from measures.transfer.cells import STEPS
from measures.transfer.plans import Plan, PlannedChange, Value
from workshops.bulk import Bulk
from workshops.models import Municipality, User, Workshop
from workshops.order import next_order
from workshops.plain_text import name_key

Fields = dict[str, ActionField]  # by the keys of their names
Goals = dict[tuple[str, str], Goal]  # by the keys of their fields' names and of their texts
Places = defaultdict[tuple[int, int | None], int]  # the last place in a field and under a goal


def made_ready(plan: Plan, workshop: Workshop, user: User | None) -> Bulk:
    """Return what a plan that is ready stores, if it was made against the present data.

    ``user`` is named in the history. Raises ValueError for a plan that is not ready.
    """
    if not plan.is_ready:
        raise ValueError("A plan with problems or open questions is not carried out.")
    bulk = Bulk(user)
    fields = _fields(bulk, plan, workshop)
    goals = _goals(bulk, plan, workshop, fields)
    municipalities = {str(each): each for each in workshop.municipalities.all()}
    places = _places(workshop)
    round = unsettled_round(workshop)
    new = _new_measures(plan, workshop, fields, goals, municipalities, places)
    bulk.add(new)
    changes = _by_measure(plan)
    changed = _changed_measures(bulk, changes, goals, municipalities, places)
    told = [(row, each.values) for row, each in zip(new, plan.new_measures, strict=True)]
    told += [(changed[pk], _values(each)) for pk, each in changes.items()]
    _agreements(bulk, told, workshop, round)
    return bulk


def agreed_in(workshop: Workshop, round: Round) -> dict[int, Consensus]:
    """Return by the measure's id the pair that waits for ``round``, else the one that was shown.

    The latter unsaved: it stands in every list that is exported, and a list that comes back as it
    was agrees on nothing for the next round.
    """
    shown = overview_of(workshop).rows if workshop.rounds.shown().exists() else ()
    rows = Consensus.objects.filter(round=round) if round.pk else ()
    return {row.measure.pk: _as_shown(row) for row in shown} | {row.measure_id: row for row in rows}


def _as_shown(row: Row) -> Consensus:
    relevance, feasibility = row.consensus
    return Consensus(measure_id=row.measure.pk, relevance=relevance, feasibility=feasibility)


# Fields and goals -------------------------------------------------------------------------------
def _fields(bulk: Bulk, plan: Plan, workshop: Workshop) -> Fields:
    """Return all fields by name, the new ones behind the others."""
    order = next_order(workshop.fields.all())
    new = [
        ActionField(workshop=workshop, name=name, order=place)
        for place, name in enumerate(plan.new_fields, start=order)
    ]
    bulk.add(new)
    return {name_key(field.name): field for field in [*workshop.fields.standing(), *new]}


def _goals(bulk: Bulk, plan: Plan, workshop: Workshop, fields: Fields) -> Goals:
    """Return all goals by field and text, with the indicators that the plan gives them."""
    goals: Goals = {}
    last: dict[int, int] = defaultdict(int)
    for goal in Goal.objects.in_workshop(workshop).standing().select_related("field"):
        goals.setdefault((name_key(goal.field.name), name_key(goal.text)), goal)
        last[goal.field_id] = max(last[goal.field_id], goal.order)
    indicators = {
        (name_key(each.field), name_key(each.name)): str(each.after)
        for each in plan.changes
        if each.measure is None
    }
    new = []
    for name, text in plan.new_goals:
        key = name_key(name), name_key(text)
        field = fields[key[0]]
        last[field.pk] += 1
        goals[key] = goal = Goal(field=field, text=text, order=last[field.pk])
        goal.indicator = indicators.pop(key, "")
        new.append(goal)
    bulk.add(new)
    for known, indicator in indicators.items():
        goals[known].indicator = indicator
        goals[known].version += 1
    bulk.change([goals[known] for known in indicators], {"indicator", "version"})
    return goals


# Measures ---------------------------------------------------------------------------------------
def _places(workshop: Workshop) -> Places:
    last: Places = defaultdict(int)
    rows = Measure.objects.in_workshop(workshop).values_list("field", "goal", "order")
    for field, goal, order in rows:
        last[field, goal] = max(last[field, goal], order)
    return last


def _new_measures(
    plan: Plan,
    workshop: Workshop,
    fields: Fields,
    goals: Goals,
    municipalities: Mapping[str, Municipality],
    places: Places,
) -> list[Measure]:
    last = Measure.objects.in_workshop(workshop).last_number()
    new = []
    for number, row in enumerate(plan.new_measures, start=last + 1):
        field = fields[name_key(row.field)]
        goal = goals[name_key(row.field), name_key(row.goal)] if row.goal else None
        measure = Measure(
            workshop=workshop, number=number, field=field, goal=goal, title=row.measure
        )
        measure.order = _next(places, measure)
        _put(measure, row.values, municipalities)
        new.append(measure)
    return new


def _next(places: Places, measure: Measure) -> int:
    places[measure.field_id, measure.goal_id] += 1
    return places[measure.field_id, measure.goal_id]


def _by_measure(plan: Plan) -> dict[int, list[PlannedChange]]:
    changes: defaultdict[int, list[PlannedChange]] = defaultdict(list)
    for change in plan.changes:
        if change.measure is not None:
            changes[change.measure].append(change)
    return dict(changes)


def _values(changes: Iterable[PlannedChange]) -> dict[str, Value]:
    return {change.target: change.after for change in changes}


def _changed_measures(
    bulk: Bulk,
    changes: Mapping[int, Sequence[PlannedChange]],
    goals: Goals,
    municipalities: Mapping[str, Municipality],
    places: Places,
) -> dict[int, Measure]:
    """Return the measures that are there and of which something changes, by their ids."""
    measures = {row.pk: row for row in Measure.objects.filter(pk__in=changes)}
    before = {
        pk: {"title": row.title, "description": row.description} for pk, row in measures.items()
    }
    names: set[str] = set()
    written = []
    for pk, told in changes.items():
        measure, values = measures[pk], _values(told)
        own = _put(measure, values, municipalities)
        if goal := values.get("goal"):
            measure.goal = goals[name_key(told[0].field), name_key(str(goal))]
            measure.order = _next(places, measure)
            own |= {"goal", "order"}
        if own:
            measure.version += 1
            written.append(measure)
        names |= own
    bulk.change(written, names | {"version"})
    reworded = [row for row in written if is_reworded(before[row.pk], row)]
    _keep_former_wordings(bulk, {row.pk: before[row.pk] for row in reworded})
    return measures


def _keep_former_wordings(bulk: Bulk, before: Mapping[int, Mapping[str, str]]) -> None:
    """Keep what rated measures read before."""
    if before:
        rated = Measure.objects.filter(pk__in=before).rated().order_by("pk")
        rows = [
            FormerWording(measure_id=pk, **before[pk]) for pk in rated.values_list("pk", flat=True)
        ]
        bulk.add(rows)


def _put(
    measure: Measure, values: Mapping[str, Value], municipalities: Mapping[str, Municipality]
) -> set[str]:
    """Set what a measure holds itself; return the names of the model's fields set."""
    own: dict[str, Value | Municipality] = {
        column.attribute: values[column.name] for column in CONTENT if column.name in values
    }
    if "municipality" in values:
        own["municipality"] = municipalities[str(values["municipality"])]
    for name, value in own.items():
        setattr(measure, name, value)
    return set(own)


# What was agreed --------------------------------------------------------------------------------
def _agreements(
    bulk: Bulk,
    told: Iterable[tuple[Measure, Mapping[str, Value]]],
    workshop: Workshop,
    round: Round,
) -> None:
    """Give each measure the pair that was agreed on; it waits for the round that comes next."""
    said = [
        (measure, {name: values[name] for name in STEPS if name in values})
        for measure, values in told
    ]
    if not any(values for _measure, values in said):
        return
    if round.pk is None:
        bulk.add([round])
    agreed = agreed_in(workshop, round)
    new: list[Consensus] = []
    changed: list[Consensus] = []
    for measure, values in said:
        if values:
            row = agreed.get(measure.pk) or Consensus(measure=measure)
            for name, value in values.items():
                setattr(row, name, value)
            row.round = round
            (new if row.pk is None else changed).append(row)
    bulk.add(new)
    bulk.change(changed, STEPS)
