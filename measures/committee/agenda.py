"""What stands on a session's agenda, with what is known of every measure on it.

A measure is listed once: where it has a point of its own, there, and otherwise under the point of
its whole action field. What was merged or removed later keeps its own point, so that nobody
wonders where it went.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from measures.models import AgendaItem, Decision, Measure, Remark, Session
from measures.overview import Overview, Row
from workshops.visits import Visit


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the agenda and the measures it stands for; ``number`` counts from 1."""

    item: AgendaItem
    number: int
    measures: tuple[Measure, ...]

    def label(self, measure: Measure) -> str:
        """Return the number by which people call a measure: "3", or "3.2" within a field."""
        if self.item.measure_id:
            return str(self.number)
        return f"{self.number}.{self.measures.index(measure) + 1}"


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """One measure of an agenda as the list shows it.

    ``row`` is None for a measure that was merged or removed. ``questions`` and ``remarks`` count
    the open ones, 0 for who may not know of them. ``decision`` is this session's, ``earlier`` the
    newest of another session, also one on what was merged into the measure.
    """

    measure: Measure
    label: str
    row: Row | None
    questions: int
    remarks: int
    decision: Decision | None
    earlier: Decision | None


@dataclass(frozen=True, slots=True)
class PointView:
    """One point as the list shows it."""

    point: Point
    entries: list[AgendaEntry]

    @property
    def is_decided(self) -> bool:
        return any(entry.decision for entry in self.entries)


@dataclass(frozen=True, slots=True)
class AgendaView:
    """An agenda to be shown. ``others``: decisions of the session on what has left its agenda."""

    points: list[PointView]
    others: list[Decision]

    @property
    def entries(self) -> list[AgendaEntry]:
        return [entry for view in self.points for entry in view.entries]

    @property
    def pending(self) -> list[Decision]:
        """The session's decisions that are not published, as far as the person may know."""
        decisions = [entry.decision for entry in self.entries if entry.decision] + self.others
        return [decision for decision in decisions if decision.is_pending]


def points_of(session: Session) -> list[Point]:
    """Return the points in their order. 2 queries."""
    own = "measure__field", "measure__goal", "measure__merged_into", "measure__municipality"
    items = list(session.items.select_related("field", *own))
    singles = {item.measure_id for item in items}
    by_field = defaultdict(list)
    for measure in _of_fields(session, {item.field_id for item in items} - {None}):
        if measure.pk not in singles:
            by_field[measure.field_id].append(measure)
    return [
        Point(item, number, (item.measure,) if item.measure else tuple(by_field[item.field_id]))
        for number, item in enumerate(items, start=1)
    ]


def _of_fields(session: Session, fields: set[int]) -> Iterable[Measure]:
    rows = Measure.objects.filter(workshop=session.workshop_id, field__in=fields).standing()
    return rows.select_related("field", "goal", "municipality").in_reading_order()


def measures_on(points: Iterable[Point]) -> list[Measure]:
    """Return the measures of an agenda one after the other."""
    return [measure for point in points for measure in point.measures]


def agenda_view(session: Session, visit: Visit, view: Overview) -> AgendaView:
    """Return the agenda as this visitor sees it. 4 queries."""
    points = points_of(session)
    measures = {measure.pk for measure in measures_on(points)}
    rows = {row.measure.pk: row for row in view.rows}
    here, earlier = _decisions(session, visit, measures)
    open_remarks = _open_remarks(visit, measures)

    def entry(point: Point, measure: Measure) -> AgendaEntry:
        return AgendaEntry(
            measure=measure,
            label=point.label(measure),
            row=rows.get(measure.pk),
            questions=open_remarks[measure.pk, Remark.Kind.QUESTION],
            remarks=open_remarks[measure.pk, Remark.Kind.REMARK],
            decision=here.get(measure.pk),
            earlier=earlier.get(measure.pk),
        )

    return AgendaView(
        points=[PointView(p, [entry(p, measure) for measure in p.measures]) for p in points],
        others=[decision for pk, decision in here.items() if pk not in measures],
    )


def _decisions(
    session: Session, visit: Visit, measures: set[int]
) -> tuple[dict[int, Decision], dict[int, Decision]]:
    """Return by the measure's id this session's decisions, and the newest of other sessions."""
    here, earlier = {}, {}
    rows = Decision.objects.in_workshop(visit.workshop).visible_to(visit)
    rows = rows.standing(with_pending=visit.is_decider).select_related("session", "measure")
    for decision in rows:
        if decision.session_id == session.pk:
            here[decision.measure_id] = decision
            continue
        for pk in (decision.measure_id, decision.measure.merged_into_id):
            earlier.setdefault(pk, decision)
    return here, {pk: decision for pk, decision in earlier.items() if pk in measures}


def _open_remarks(visit: Visit, measures: set[int]) -> Counter:
    """Count by measure and kind. What was written on a duplicate counts for what it is part of."""
    if not visit.is_decider:
        return Counter()
    rows = Remark.objects.in_workshop(visit.workshop).open()
    found = Counter()
    for pk, merged_into, kind in rows.values_list("measure", "measure__merged_into", "kind"):
        found[merged_into if merged_into in measures else pk, kind] += 1
    return found
