"""From a workshop to the content of its public page, with a constant number of queries."""

from collections import defaultdict
from itertools import groupby

from fields.models import Goal
from measures.columns import FACTS, attributes, facts
from measures.followup.tracks import oldest_first
from measures.models import Measure
from measures.overview import Overview, Row
from measures.public.content import (
    PublicContent,
    PublicField,
    PublicGoal,
    PublicMeasure,
    PublicSession,
    anchor,
    series,
)
from measures.public.records import (
    PublicDecision,
    PublicStatus,
    public_decisions,
    public_remarks,
    public_statuses,
    told_decisions,
)
from measures.public.results import public_overview
from measures.results.picture import picture
from measures.settings.changes import changed_since
from measures.wordings import Wording, former_by_measure
from workshops.models import Criterion, Workshop


def public_content(workshop: Workshop) -> PublicContent:
    """Collect what is public. 15 queries, whatever the workshop's size."""
    view = public_overview(workshop)
    seats = dict(workshop.seats.values_list("municipality", "municipality__name"))
    decisions, statuses = public_decisions(workshop), public_statuses(workshop)
    measures = _measures(workshop, view, seats, decisions, statuses)
    fields = _fields(workshop, view, measures)
    ranked = [measures[row.measure.pk] for row in view.rows if row.result.rank]
    return PublicContent(
        workshop=workshop,
        municipalities=list(seats.values()),
        view=view,
        shows_results=bool(view.rounds),
        scale=_scale(workshop),
        fields=[field for field in fields if field.is_worked_on or field.goals],
        closed_fields=[f.name for f in fields if not (f.is_worked_on or f.goals)],
        picture=picture(view, list(view.rows), lambda number: f"#{anchor(number)}"),
        ranked=ranked,
        sessions=_sessions(measures, decisions),
        progress=[measure for measure in measures.values() if measure.status],
        remarks=[
            (measures[pk], list(rows))
            for pk, rows in groupby(public_remarks(workshop), key=lambda row: row.target)
            if pk in measures
        ],
        settings_changed=changed_since(workshop, told_decisions(workshop)),
    )


def _measures(
    workshop: Workshop,
    view: Overview,
    seats: dict[int, str],
    decisions: list[PublicDecision],
    statuses: dict[int, PublicStatus],
) -> dict[int, PublicMeasure]:
    """Return the measures by id in their reading order."""
    rows = {row.measure.pk: row for row in view.rows}
    newest = {decision.target: decision for decision in oldest_first(decisions)}
    measures = Measure.objects.in_workshop(workshop).standing().in_reading_order()
    told = [fact for fact in FACTS if fact.is_public]
    texts = {each["pk"]: each for each in measures.values("pk", "description", *attributes(told))}
    now = {
        pk: Wording(rows[pk].measure.title, text["description"])
        for pk, text in texts.items()
        if pk in rows
    }
    former = former_by_measure(workshop, now)
    return {
        pk: PublicMeasure(
            row=rows[pk],
            description=description,
            facts=facts(texts[pk], told),
            municipality=_seat(rows[pk], seats),
            quadrant=view.quadrant_names.get(rows[pk].result.quadrant, ""),
            decision=newest.get(pk),
            status=statuses.get(pk),
            former=former.get(pk, []),
        )
        for pk, (_title, description) in now.items()
    }


def _seat(row: Row, seats: dict[int, str]) -> str:
    return seats.get(row.measure.municipality_id, "") if len(seats) > 1 else ""


def _fields(
    workshop: Workshop, view: Overview, measures: dict[int, PublicMeasure]
) -> list[PublicField]:
    """Arrange goals and measures under their fields; a field's last goal may be none."""
    goals = Goal.objects.in_workshop(workshop).standing().order_by("order", "pk")
    by_field, home = defaultdict(list), {}
    for pk, field_id, text, indicator in goals.values_list("pk", "field", "text", "indicator"):
        home[pk] = field_id
        by_field[field_id].append((pk, text, indicator))
    by_goal = defaultdict(list)
    for measure in measures.values():
        listed = measure.row.measure
        is_there = home.get(listed.goal_id) == listed.field_id  # a removed goal is not
        by_goal[listed.field_id, listed.goal_id if is_there else None].append(measure)
    result = []
    for index, field in enumerate(view.fields):
        found = [
            PublicGoal(text, indicator, by_goal[field.pk, pk])
            for pk, text, indicator in by_field[field.pk]
        ]
        if without := by_goal[field.pk, None]:
            found.append(PublicGoal("", "", without))
        result.append(PublicField(field.name, index + 1, series(index), field.is_worked_on, found))
    return result


def _sessions(
    measures: dict[int, PublicMeasure], decisions: list[PublicDecision]
) -> list[PublicSession]:
    by_session = groupby(decisions, lambda each: (each.session_id, each.committee, each.decided_on))
    result = []
    for (_pk, committee, day), rows in by_session:
        made = [(measures[row.target], row) for row in rows if row.target in measures]
        if made:
            result.append(PublicSession(committee, day, made))
    return result


def _scale(workshop: Workshop) -> dict[str, tuple[str, str]]:
    steps = workshop.scale_steps.filter(step__in=(1, workshop.steps))
    words = {(s.criterion, s.step): s.label for s in steps}
    return {
        criterion.value: (words.get((criterion, 1), ""), words.get((criterion, workshop.steps), ""))
        for criterion in Criterion
    }
