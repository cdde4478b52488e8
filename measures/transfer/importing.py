"""Carry out what was planned: all rows or none, each through ``save()`` as if it were typed."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from django.db import transaction

from fields.models import ActionField, Goal
from measures.columns import CONTENT
from measures.models import Consensus, Measure, Round, TimeHorizon
from measures.overview import Row, overview_of
from measures.rating.rounds import unsettled_round
from measures.transfer.cells import STEPS
from measures.transfer.headings import Columns, in_every_language
from measures.transfer.matching import Meanings
from measures.transfer.planning import make_plan
from measures.transfer.plans import Existing, FileRow, Plan, PlannedChange, Value
from measures.transfer.tables import Table
from measures.transfer.texts import plain_word
from workshops.models import Municipality, User, Workshop, line_up
from workshops.order import next_order
from workshops.plain_text import name_key

Goals = dict[tuple[str, str], Goal]  # by the keys of their fields' names and of their texts

HORIZON_WORDS = {
    TimeHorizon.SHORT: "short shortterm kurz kurzfristig kurzfristige",
    TimeHorizon.MEDIUM: "medium mediumterm mittel mittelfristig mittelfristige",
    TimeHorizon.LONG: "long longterm lang langfristig langfristige",
    TimeHorizon.UNKNOWN: "unknown notestimated open offen unbekannt ka keineangabe nichtgeschätzt",
}


def preview(
    table: Table, columns: Columns, workshop: Workshop, meanings: Meanings | None = None
) -> Plan:
    """Return what an import would do. Raises ColumnProblem when columns are missing."""
    return make_plan(table, columns, existing(workshop), meanings)


@transaction.atomic
def import_table(
    table: Table,
    columns: Columns,
    workshop: Workshop,
    user: User | None,
    *,
    meanings: Meanings | None = None,
    seen: str = "",
) -> Plan:
    """Plan anew and carry it out, unless it is not ready or differs from what was ``seen``.

    ``meanings`` tell what words mean that the workshop does not know. ``seen`` is the fingerprint
    of the plan that somebody agreed to; empty agrees to any.
    """
    _wait_for_turn(workshop)
    plan = preview(table, columns, workshop, meanings)
    agreed = plan.is_ready and seen in ("", plan.fingerprint)
    if agreed:
        apply(plan, workshop, user)
    return replace(plan, is_applied=agreed)


def existing(workshop: Workshop) -> Existing:
    """Return what the workshop has and takes. 7 queries, 15 or 16 where results are shown."""
    fields = tuple(workshop.fields.standing().values_list("name", flat=True))
    goals = Goal.objects.in_workshop(workshop).standing()
    rows = Measure.objects.in_workshop(workshop).unremoved().order_by("number")
    measures = list(rows.select_related("field", "goal", "municipality"))
    rated = Measure.objects.in_workshop(workshop).rated().values_list("pk", flat=True)
    agreed = _agreed(workshop, unsettled_round(workshop))
    return Existing(
        fields=fields,
        goals=tuple(goals.values_list("field__name", "text", "indicator")),
        measures={each.pk: _as_file_row(each, agreed.get(each.pk)) for each in measures},
        merged=frozenset(each.pk for each in measures if each.merged_into_id is not None),
        rated=frozenset(rated),
        limits=_limits(),
        steps=workshop.steps,
        horizons=_horizon_words(),
        municipalities=_municipality_words(workshop),
    )


@transaction.atomic
def apply(plan: Plan, workshop: Workshop, user: User | None) -> None:
    """Store a plan that is ready; it must have been made against the present data.

    ``user`` is named in the history. Raises ValueError for a plan that is not ready.
    """
    if not plan.is_ready:
        raise ValueError("A plan with problems or open questions is not carried out.")
    if plan.is_empty:
        return
    fields = _store_fields(plan, workshop, user)
    goals = _store_goals(plan, workshop, fields, user)
    municipalities = {str(each): each for each in workshop.municipalities.all()}
    round = unsettled_round(workshop)
    _store_new_measures(plan, workshop, round, fields, goals, municipalities, user)
    _store_changes(plan, workshop, round, goals, municipalities, user)


def _municipality_words(workshop: Workshop) -> dict[str, str]:
    """Return "name (key)" and, if only one has it, the mere name -> "name (key)"."""
    seated = list(workshop.municipalities.all())
    names = Counter(name_key(municipality.name) for municipality in seated)
    mere = {name_key(each.name): str(each) for each in seated if names[name_key(each.name)] == 1}
    return mere | {name_key(str(each)): str(each) for each in seated}


def _horizon_words() -> dict[str, str]:
    return {
        plain_word(word): value
        for value, words in HORIZON_WORDS.items()
        for word in (*words.split(), *in_every_language(value.label))
    }


def _limits() -> dict[str, int | None]:
    """Return how many characters the models take."""
    return {
        "field": ActionField._meta.get_field("name").max_length,
        "goal": Goal._meta.get_field("text").max_length,
        "indicator": Goal._meta.get_field("indicator").max_length,
        "measure": Measure._meta.get_field("title").max_length,
        **{column.name: column.field.max_length for column in CONTENT},
    }


def _wait_for_turn(workshop: Workshop) -> None:
    # Two tabs that confirm at the same moment must not both see an empty workshop.
    line_up(workshop.pk)


def _as_file_row(measure: Measure, consensus: Consensus | None) -> FileRow:
    values: dict[str, Value] = {
        column.name: getattr(measure, column.attribute) for column in CONTENT
    }
    values["municipality"] = str(measure.municipality) if measure.municipality else ""
    values |= {name: getattr(consensus, name, None) for name in STEPS}
    return FileRow(
        row=0,
        field=measure.field.name,
        goal=measure.goal.text if measure.goal and not measure.goal.is_removed else "",
        measure=measure.title,
        values=values,
        number=str(measure.number),
    )


def _save(
    row: ActionField | Goal | Measure | Consensus,
    user: User | None,
    *,
    only: Collection[str] | None = None,
) -> None:
    row._history_user = user  # type: ignore[union-attr]  # simple_history, untyped, reads it
    row.save(update_fields=only)


def _store_fields(plan: Plan, workshop: Workshop, user: User | None) -> dict[str, ActionField]:
    order = next_order(workshop.fields.all())
    for place, name in enumerate(plan.new_fields, start=order):
        _save(ActionField(workshop=workshop, name=name, order=place), user)
    return {name_key(field.name): field for field in workshop.fields.standing()}


def _store_goals(
    plan: Plan, workshop: Workshop, fields: Mapping[str, ActionField], user: User | None
) -> Goals:
    standing = Goal.objects.in_workshop(workshop).standing().select_related("field")
    goals: Goals = {}
    last: dict[int, int] = defaultdict(int)
    for goal in standing:
        goals.setdefault((name_key(goal.field.name), name_key(goal.text)), goal)
        last[goal.field_id] = max(last[goal.field_id], goal.order)
    indicators = {
        (name_key(each.field), name_key(each.name)): str(each.after)
        for each in plan.changes
        if each.measure is None
    }
    for name, text in plan.new_goals:
        field = fields[name_key(name)]
        last[field.pk] += 1
        key = name_key(name), name_key(text)
        goals[key] = goal = Goal(field=field, text=text, order=last[field.pk])
        goal.indicator = indicators.pop(key, "")
        _save(goal, user)
    for known, indicator in indicators.items():
        goals[known].indicator = indicator
        _save(goals[known], user, only={"indicator"})
    return goals


def _store_new_measures(
    plan: Plan,
    workshop: Workshop,
    round: Round,
    fields: Mapping[str, ActionField],
    goals: Goals,
    municipalities: Mapping[str, Municipality],
    user: User | None,
) -> None:
    last: dict[tuple[int, int | None], int] = defaultdict(int)
    rows = Measure.objects.in_workshop(workshop).values_list("field", "goal", "order")
    for field_id, goal_id, order in rows:
        last[field_id, goal_id] = max(last[field_id, goal_id], order)
    for row in plan.new_measures:
        field = fields[name_key(row.field)]
        goal = goals[name_key(row.field), name_key(row.goal)] if row.goal else None
        place = (field.pk, goal.pk if goal else None)
        last[place] += 1
        measure = Measure(
            workshop=workshop, field=field, goal=goal, title=row.measure, order=last[place]
        )
        _put(measure, row.values, municipalities)
        _save(measure, user)
        _store_consensus(Consensus(measure=measure), round, row.values, user)


def _store_changes(
    plan: Plan,
    workshop: Workshop,
    round: Round,
    goals: Goals,
    municipalities: Mapping[str, Municipality],
    user: User | None,
) -> None:
    agreed = _agreed(workshop, round)
    changes: defaultdict[int, list[PlannedChange]] = defaultdict(list)
    for change in plan.changes:
        if change.measure is not None:
            changes[change.measure].append(change)
    rows = Measure.objects.in_workshop(workshop).select_related("field", "workshop")
    measures = rows.in_bulk(changes.keys())
    for pk, told in changes.items():
        measure = measures[pk]
        values = {change.target: change.after for change in told}
        names = _put(measure, values, municipalities)
        if goal := values.get("goal"):
            measure.goal = goals[name_key(told[0].field), name_key(str(goal))]
            measure.order = next_order(measure.goal.measures.all())
            names |= {"goal", "order"}
        if names:
            _save(measure, user, only=names)
        consensus = agreed.get(pk) or Consensus(measure=measure)
        _store_consensus(consensus, round, values, user)


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


def _agreed(workshop: Workshop, round: Round) -> dict[int, Consensus]:
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


def _store_consensus(
    consensus: Consensus, round: Round, values: Mapping[str, Value], user: User | None
) -> None:
    """Store what was agreed; it waits for the round that comes next."""
    agreed = {name: values[name] for name in STEPS if name in values}
    for name, value in agreed.items():
        setattr(consensus, name, value)
    if agreed:
        if round.pk is None:
            round.save()
        consensus.round = round
        _save(consensus, user)
