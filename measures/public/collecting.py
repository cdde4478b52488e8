"""From a workshop to the content of its public page, with a constant number of queries."""

from collections import Counter, defaultdict
from itertools import groupby

from fields.models import Goal
from measures.columns import FACTS, Column, attributes, facts
from measures.costs.loading import costs_by_measure
from measures.decided import holding, oldest_first, target_of
from measures.models import Attachment, Decision, Measure, TimeHorizon
from measures.overview import Overview, Row
from measures.public.published import (
    PublicContent,
    PublicField,
    PublicMeasure,
    PublicSession,
    ToldDecision,
    series,
)
from measures.public.records import (
    public_assessments,
    public_attachments,
    public_decisions,
    public_indicators,
    public_remarks,
    public_statuses,
    told_decisions,
)
from measures.public.results import public_overview
from measures.settings.changes import changed_since
from measures.wordings import former_by_measure
from workshops.models import Criterion, Workshop

Attached = dict[tuple[str, int | None], list[Attachment]]  # by the kind and id of its owner


def public_content(workshop: Workshop) -> PublicContent:
    """Collect what is public. 16 queries, whatever the workshop's size.

    One more where the assessment of the administration is told, one where costs are, two where
    indicators can be.
    """
    overview = public_overview(workshop)
    seats = dict(workshop.seats.values_list("municipality", "municipality__name"))
    decisions = public_decisions(workshop)
    attached = _by_owner(public_attachments(workshop))
    measures = _measures(workshop, overview, seats, decisions, attached)
    fields = _fields(workshop, overview)
    # A sort keeps the order of the ranking within both parts.
    in_order = (measures[row.measure.pk] for row in overview.rows if row.measure.pk in measures)
    return PublicContent(
        workshop=workshop,
        municipalities=list(seats.values()),
        overview=overview,
        shows_results=bool(overview.rounds),
        scale=_scale(workshop),
        fields=[field for field in fields if field.is_open],
        closed_fields=[field.name for field in fields if not field.is_open],
        measures=sorted(in_order, key=lambda measure: not measure.decisions),
        ranked=[measures[row.measure.pk] for row in overview.rows if row.result.point],
        sessions=_sessions(measures, decisions, attached),
        settings_changed=changed_since(workshop, told_decisions(workshop)),
    )


def _by_owner(attachments: list[Attachment]) -> Attached:
    """Sort them by the measure or the session that they are told with."""
    found: Attached = defaultdict(list)
    for each in attachments:
        measure = each.item.measure if each.item else each.measure
        if measure:
            found["measure", measure.target_id].append(each)
        else:
            found["session", each.item.session_id if each.item else each.session_id].append(each)
    return found


def _measures(
    workshop: Workshop,
    overview: Overview,
    seats: dict[int, str],
    decisions: dict[Decision, str],
    attached: Attached,
) -> dict[int, PublicMeasure]:
    """Return the measures by id."""
    rows = {row.measure.pk: row for row in overview.rows}
    about, statuses = _by_measure(decisions), public_statuses(workshop)
    assessments = public_assessments(workshop)
    said = defaultdict(list)
    for remark in public_remarks(workshop):
        said[remark.measure.target_id].append(remark)
    measures = Measure.objects.in_workshop(workshop).standing()
    told = [fact for fact in FACTS if fact.is_public]
    # What is written, in full: the overview's rows hold no long texts.
    texts = {
        measure.pk: measure
        for measure in measures.only("title", "description", *attributes(told))
        if measure.pk in rows
    }
    former = former_by_measure(workshop, texts)
    costs = costs_by_measure(workshop) if workshop.shows_costs else {}
    indicators = public_indicators(workshop, statuses)
    return {
        pk: PublicMeasure(
            row=rows[pk],
            description=measure.description,
            facts=_told_facts(measure, told),
            municipality=_seat(rows[pk], seats),
            quadrant=overview.quadrant_name(rows[pk]),
            decisions=about.get(pk, []),
            status=statuses.get(pk),
            former=former.get(pk, []),
            remarks=said.get(pk, []),
            assessment=assessments.get(pk),
            attachments=attached.get(("measure", pk), []),
            costs=costs.get(pk),
            indicators=indicators.get(pk, []),
        )
        for pk, measure in texts.items()
    }


def _told_facts(measure: Measure, told: list[Column]) -> dict[str, str]:
    """Return what is known; that nobody has estimated something is no news."""
    known = facts(measure, told).items()
    return {heading: words for heading, words in known if words != TimeHorizon.UNKNOWN.label}


def _by_measure(decisions: dict[Decision, str]) -> dict[int, list[ToldDecision]]:
    """Return by the measure's id its decisions: the one that holds, then the newest first."""
    found: dict[int, list[ToldDecision]] = defaultdict(list)
    holds = holding(decisions)
    for decision in reversed(oldest_first(decisions)):
        told = found[target_of(decision)]
        place = 0 if decision == holds.get(target_of(decision)) else len(told)
        told.insert(place, ToldDecision(decision, decisions[decision]))
    return found


def _seat(row: Row, seats: dict[int, str]) -> str:
    seat = row.measure.municipality_id
    return "" if seat is None or len(seats) < 2 else seats.get(seat, "")


def _fields(workshop: Workshop, overview: Overview) -> list[PublicField]:
    """Arrange the goals under their fields, each with the number of its measures."""
    under_goal = Counter(row.measure.goal_id for row in overview.rows)
    in_field = Counter(row.field_index for row in overview.rows)
    standing = Goal.objects.in_workshop(workshop).standing().order_by("order", "pk")
    goals = list(standing.only("field", "text", "indicator"))
    return [
        PublicField(
            name=field.name,
            number=index + 1,
            series=series(index),
            is_worked_on=field.is_worked_on,
            measures=in_field[index],
            goals={goal: under_goal[goal.pk] for goal in goals if goal.field_id == field.pk},
        )
        for index, field in enumerate(overview.fields)
    ]


def _sessions(
    measures: dict[int, PublicMeasure], decisions: dict[Decision, str], attached: Attached
) -> list[PublicSession]:
    result = []
    for (pk, day), rows in groupby(decisions, lambda each: (each.session_id, each.decided_on)):
        made = [(measures[target_of(row)], row) for row in rows if target_of(row) in measures]
        if made:
            committee, files = made[0][1].session.committee, attached.get(("session", pk), [])
            result.append(PublicSession(committee, day, made, files))
    return result


def _scale(workshop: Workshop) -> dict[str, tuple[str, str]]:
    steps = workshop.scale_steps.filter(step__in=(1, workshop.steps))
    words = {(s.criterion, s.step): s.label for s in steps}
    return {
        criterion.value: (words.get((criterion, 1), ""), words.get((criterion, workshop.steps), ""))
        for criterion in Criterion
    }
