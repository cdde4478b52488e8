"""From a workshop to the content of its public page, with a constant number of queries."""

from itertools import groupby

from fields.models import Goal
from measures.columns import FACTS, attributes, facts
from measures.decided import holding
from measures.models import Decision, Measure, StatusEntry
from measures.overview import Overview, Row
from measures.public.published import (
    PublicContent,
    PublicField,
    PublicMeasure,
    PublicSession,
    anchor,
    series,
)
from measures.public.records import (
    public_decisions,
    public_remarks,
    public_statuses,
    told_decisions,
)
from measures.public.results import public_overview
from measures.results.picture import picture
from measures.settings.changes import changed_since
from measures.wordings import former_by_measure
from workshops.models import Criterion, Workshop


def public_content(workshop: Workshop) -> PublicContent:
    """Collect what is public. 15 queries, whatever the workshop's size."""
    overview = public_overview(workshop)
    seats = dict(workshop.seats.values_list("municipality", "municipality__name"))
    decisions, statuses = public_decisions(workshop), public_statuses(workshop)
    measures = _measures(workshop, overview, seats, list(decisions), statuses)
    fields = _fields(workshop, overview, measures)
    ranked = [measures[row.measure.pk] for row in overview.rows if row.result.rank]
    return PublicContent(
        workshop=workshop,
        municipalities=list(seats.values()),
        overview=overview,
        shows_results=bool(overview.rounds),
        scale=_scale(workshop),
        fields=[field for field in fields if field.is_worked_on or field.goals],
        closed_fields=[f.name for f in fields if not (f.is_worked_on or f.goals)],
        picture=picture(overview, list(overview.rows), lambda number: f"#{anchor(number)}"),
        ranked=ranked,
        sessions=_sessions(measures, decisions),
        reported=[measure for measure in measures.values() if measure.status],
        remarks=[
            (measures[pk], list(rows))
            for pk, rows in groupby(public_remarks(workshop), key=lambda row: row.measure.target_id)
            if pk in measures
        ],
        settings_changed=changed_since(workshop, told_decisions(workshop)),
    )


def _measures(
    workshop: Workshop,
    overview: Overview,
    seats: dict[int, str],
    decisions: list[Decision],
    statuses: dict[int, StatusEntry],
) -> dict[int, PublicMeasure]:
    """Return the measures by id in their reading order."""
    rows = {row.measure.pk: row for row in overview.rows}
    holds = holding(decisions)
    measures = Measure.objects.in_workshop(workshop).standing().in_reading_order()
    told = [fact for fact in FACTS if fact.is_public]
    # What is written, in full: the overview's rows hold no long texts.
    texts = {
        measure.pk: measure
        for measure in measures.only("title", "description", *attributes(told))
        if measure.pk in rows
    }
    former = former_by_measure(workshop, texts)
    return {
        pk: PublicMeasure(
            row=rows[pk],
            description=measure.description,
            facts=facts(measure, told),
            municipality=_seat(rows[pk], seats),
            quadrant=_quadrant(rows[pk], overview),
            decision=holds.get(pk),
            status=statuses.get(pk),
            former=former.get(pk, []),
        )
        for pk, measure in texts.items()
    }


def _quadrant(row: Row, overview: Overview) -> str:
    return overview.quadrant_names[row.result.quadrant] if row.result.quadrant else ""


def _seat(row: Row, seats: dict[int, str]) -> str:
    seat = row.measure.municipality_id
    return "" if seat is None or len(seats) < 2 else seats.get(seat, "")


def _fields(
    workshop: Workshop, overview: Overview, measures: dict[int, PublicMeasure]
) -> list[PublicField]:
    """Arrange goals and measures under their fields; measures without a goal come last."""
    standing = Goal.objects.in_workshop(workshop).standing().order_by("order", "pk")
    goals = {goal.pk: goal for goal in standing.only("field", "text", "indicator")}
    fields = [
        PublicField(
            name=field.name,
            number=index + 1,
            series=series(index),
            is_worked_on=field.is_worked_on,
            goals={goal: [] for goal in goals.values() if goal.field_id == field.pk},
        )
        for index, field in enumerate(overview.fields)
    ]
    for measure in measures.values():
        goal_id = measure.row.measure.goal_id
        goal = None if goal_id is None else goals.get(goal_id)  # a removed one is not there
        under = fields[measure.row.field_index].goals
        under.setdefault(goal if goal in under else None, []).append(measure)
    return fields


def _sessions(
    measures: dict[int, PublicMeasure], decisions: dict[Decision, str]
) -> list[PublicSession]:
    result = []
    for (_pk, day), rows in groupby(decisions, lambda each: (each.session_id, each.decided_on)):
        made = [
            (measures[row.measure.target_id], row, decisions[row])
            for row in rows
            if row.measure.target_id in measures
        ]
        if made:
            result.append(PublicSession(made[0][1].session.committee, day, made))
    return result


def _scale(workshop: Workshop) -> dict[str, tuple[str, str]]:
    steps = workshop.scale_steps.filter(step__in=(1, workshop.steps))
    words = {(s.criterion, s.step): s.label for s in steps}
    return {
        criterion.value: (words.get((criterion, 1), ""), words.get((criterion, workshop.steps), ""))
        for criterion in Criterion
    }
