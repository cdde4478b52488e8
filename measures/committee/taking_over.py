"""Points of another session's agenda, as they come onto a session's own."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction

from fields.models import ActionField
from measures.committee.agenda import agenda_of, measures_on
from measures.decided import oldest_first, target_of
from measures.models import AgendaItem, Decision, Measure, Outcome, Session
from workshops.models import mark_changed
from workshops.order import next_order


class Point(NamedTuple):
    """A measure or a whole field to come; ``covers`` are the ids of the measures it stands for."""

    measure: Measure | None
    field: ActionField | None
    is_public: bool
    covers: frozenset[int]


def all_points(source: Session) -> list[Point]:
    """Return what stands on a session's agenda, in its order. 2 queries.

    What was merged comes as what it is part of; what was removed stays behind.
    """
    points = []
    for item, entries in agenda_of(source).items():
        if item.measure:
            points += _single(item.measure, is_public=item.is_public)
        elif entries:
            covers = frozenset(each.measure.pk for each in entries)
            points.append(Point(None, item.field, item.is_public, covers))
    return points


def _single(measure: Measure, *, is_public: bool) -> list[Point]:
    target = measure.target
    return [Point(target, None, is_public, frozenset({target.pk}))] if target.stands else []


def open_points(source: Session) -> list[Point]:
    """Return what a session recommended, deferred or referred and nobody has ruled on since.

    In the order of its agenda, what has left that behind the others. Also what is pending, for the
    administration alone composes agendas. 3 queries.
    """
    rows = Decision.objects.filter(session__workshop=source.workshop_id)
    rows = rows.standing(with_pending=True).select_related("measure__merged_into")
    decisions = oldest_first(rows.defer("snapshot", "reason", "wording"))
    ruled = {target_of(each): place for place, each in enumerate(decisions) if each.rules}
    chosen = [
        each
        for place, each in enumerate(decisions)
        if each.session_id == source.pk
        and (each.is_recommendation or Outcome(each.outcome).is_open)
        and ruled.get(target_of(each), place) <= place
    ]
    places = {measure.pk: n for n, measure in enumerate(measures_on(agenda_of(source)))}
    chosen.sort(key=lambda each: places.get(each.measure_id, len(places)))
    return [point for each in chosen for point in _single(each.measure, is_public=each.is_public)]


WHICH = {"all": all_points, "open": open_points}


@transaction.atomic
def put_points(session: Session, points: Sequence[Point]) -> int:
    """Put the points behind what is there and leave out those that are; return how many measures
    came. A measure is not public if one of the points that it stands for was not.
    """
    mark_changed(session.workshop_id)
    agenda = agenda_of(session)
    taken = {measure.pk for measure in measures_on(agenda)}
    fields = {item.field_id for item in agenda if item.field_id}
    before = len(taken)
    closed = {each.measure for each in points if each.measure and not each.is_public}
    items = []
    for order, point in enumerate(points, start=next_order(session.items.all())):
        if point.covers <= taken or (point.field and point.field.pk in fields):
            continue
        is_public = point.is_public and point.measure not in closed
        items.append(
            AgendaItem(
                session=session, measure=point.measure, field=point.field,
                is_public=is_public, order=order,
            )
        )  # fmt: skip
        taken |= point.covers
    AgendaItem.objects.bulk_create(items)
    return len(taken) - before
