"""One measure of an agenda as the room sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

from measures.columns import facts
from measures.committee.agenda import Point, points_of
from measures.committee.dossier import decisions_of
from measures.committee.place import place_picture
from measures.models import Decision, Measure, Session
from measures.overview import Overview, Row
from measures.results.detail import Distribution, GroupView, RatedMeasure, rated_measure
from measures.results.stability import Sureness, stability_of
from measures.results.talk import talk_views
from workshops.models import Workshop
from workshops.visits import Visit


@dataclass(frozen=True, slots=True)
class GroupLine:
    """What one group says in one line; the shares, 0 to 100, are of the scale's whole width."""

    name: str
    n: int
    relevance: str
    relevance_share: float
    feasibility: str
    feasibility_share: float


@dataclass(frozen=True, slots=True)
class ItemView:
    """A measure on the agenda of ``of`` points; ``before`` and ``after`` are its neighbours there.

    ``decision`` is this session's. ``undecided`` is the next one that the session can decide on,
    with its label; None for who may not decide.

    ``rated`` is None for a measure that was merged or removed. Without a place in the ranking it
    has no ``picture``, which is HTML, and no ``sure``. ``reasons`` say where people disagree.
    """

    measure: Measure
    facts: dict[str, str]
    label: str
    of: int
    before: Measure | None
    after: Measure | None
    decisions: list[Decision]
    decision: Decision | None
    undecided: tuple[str, Measure] | None
    rated: RatedMeasure | None = None
    groups: tuple[GroupLine, ...] = ()
    reasons: Sequence[str] = ()
    sure: Sureness | None = None
    picture: str = ""


def item_view(session: Session, visit: Visit, view: Overview, number: int) -> ItemView | None:
    """Return the measure of this number as the agenda shows it, None if it is not on it."""
    points = points_of(session)
    steps = [(point, measure) for point in points for measure in point.measures]
    here = next((i for i, (_point, each) in enumerate(steps) if each.number == number), None)
    if here is None:
        return None
    point, measure = steps[here]
    row = next((row for row in view.rows if row.measure.pk == measure.pk), None)
    decisions = decisions_of(visit, measure)
    own = (each for each in decisions if (each.session, each.measure) == (session, measure))
    return ItemView(
        measure=measure,
        facts=facts(measure),
        label=point.label(measure),
        of=len(points),
        before=steps[here - 1][1] if here else None,
        after=steps[here + 1][1] if here + 1 < len(steps) else None,
        decisions=decisions,
        decision=next(own, None),
        undecided=_undecided(session, steps[here + 1 :] + steps[:here], visit),
        **_results(visit.workshop, view, row, measure) if row else {},
    )


def _undecided(
    session: Session, steps: Sequence[tuple[Point, Measure]], visit: Visit
) -> tuple[str, Measure] | None:
    """Return the first of ``steps`` that is open. 1 query, none for who may not decide."""
    if not visit.may_decide:
        return None
    decided = set(session.decisions.values_list("measure", flat=True))
    for point, measure in steps:
        if measure.pk not in decided and measure.stands:
            return point.label(measure), measure
    return None


def _results(workshop: Workshop, view: Overview, row: Row, measure: Measure) -> dict:
    rated = rated_measure(workshop, measure, view)
    talks = talk_views(view)
    results = {
        "rated": rated,
        "groups": tuple(_group_line(group) for group in rated.groups),
        "reasons": next((t.sentences for t in talks if t.row.measure.pk == measure.pk), []),
    }
    if row.result.rank:
        stability = stability_of(view)
        # Drawn from one ballot all draws are the same: no range is one of a single rank.
        sure = stability.measures[measure.pk] if stability.varies else None
        results |= {"picture": place_picture(view, row), "sure": sure}
    return results


def _group_line(group: GroupView) -> GroupLine:
    relevance, feasibility = group.relevance, group.feasibility
    return GroupLine(
        name=group.name,
        n=group.n,
        relevance=relevance.mean,
        relevance_share=_share(relevance),
        feasibility=feasibility.mean,
        feasibility_share=_share(feasibility),
    )


def _share(distribution: Distribution) -> float:
    """Return how far up the scale the mean lies, 0 to 100."""
    counts = [row["count"] for row in distribution.rows]
    up = sum(steps * count for steps, count in enumerate(counts))
    return round(100 * up / (sum(counts) * (len(counts) - 1)), 1)
