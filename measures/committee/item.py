"""One measure of an agenda as the room sees it."""

from collections.abc import Iterable
from dataclasses import replace

from measures.assessment.holding import assessments_of
from measures.attachments.listing import attachments_of
from measures.columns import facts
from measures.committee.agenda import AgendaEntry, agenda_of, entries_on
from measures.committee.dossier import decisions_of
from measures.committee.place import place_in_matrix
from measures.committee.remarks import remarks_on
from measures.committee.then import figures_now, then_of
from measures.decided import decided_wording
from measures.models import Decision, Measure, Session
from measures.overview import Overview, Row
from measures.prioritisation import Spread
from measures.results.detail import rated_measure
from measures.results.stability import stability_of
from measures.results.talk import reasons_of
from measures.wordings import former_wordings
from workshops.visits import Visit


def item_of(
    session: Session, visit: Visit, overview: Overview, number: int
) -> dict[str, object] | None:
    """Return what the page of the measure with this number shows, None if it is not on the agenda.

    ``items`` counts those of the agenda, ``before`` and ``after`` are the neighbours on it.
    ``decision`` is this session's. ``undecided`` is the next entry that the session can decide on;
    None for who may not decide. For the rest see ``_results``.
    """
    agenda = agenda_of(session)
    entries = entries_on(agenda)
    numbers = [entry.measure.number for entry in entries]
    if number not in numbers:
        return None
    here = numbers.index(number)
    point = next(item for item, own in agenda.items() if entries[here] in own)
    measure = entries[here].measure
    row = next((row for row in overview.rows if row.measure.pk == measure.pk), None)
    decisions = decisions_of(visit, measure)
    own = (each for each in decisions if (each.session, each.measure) == (session, measure))
    decision = next(own, None)
    return {
        "measure": measure,
        "facts": facts(measure),
        "wording": decided_wording(measure),
        "former": former_wordings(measure),
        "item": point,
        "attachments": attachments_of(visit, measure, point),
        "assessment": next(iter(assessments_of(measure)), None),
        "remarks": remarks_on(visit, measure),
        "label": entries[here].label,
        "items": len(agenda),
        "before": entries[here - 1].measure if here else None,
        "after": entries[here + 1].measure if here + 1 < len(entries) else None,
        "decisions": decisions,
        "decision": decision,
        "undecided": _undecided(session, entries[here + 1 :] + entries[:here], visit),
        **_results(overview, row, measure),
        **(_decided_on(overview, row, decision) if row and decision else {}),
    }


def _decided_on(overview: Overview, row: Row, decision: Decision) -> dict[str, object]:
    """Return what takes the place of today's results once the session has decided.

    ``today`` are the values of today, only where they differ; what groups say now, and where people
    disagree, stands then beside other values and is left out.
    """
    then = then_of(decision, overview.workshop)
    if then is None:
        return {}
    frozen, now = row._replace(result=then.result), figures_now(overview, row)
    rated = rated_measure(overview.workshop, decision.measure, overview)
    told = replace(rated, row=frozen, quadrant=then.quadrant, ranked=then.figures.of)
    found: dict[str, object] = {
        "sure": then,
        "place": place_in_matrix(overview, frozen),
    }
    if now == then.figures:
        return found | {"rated": told}
    told = replace(told, by_group={}, hidden_groups=False, rounds={}, at_table=None)
    return found | {"rated": told, "reasons": [], "today": now}


def _undecided(
    session: Session, entries: Iterable[AgendaEntry], visit: Visit
) -> AgendaEntry | None:
    """Return the first of ``entries`` that is open. 1 query, none for who may not decide."""
    if not visit.may_decide:
        return None
    decided = set(session.decisions.values_list("measure", flat=True))
    for entry in entries:
        if entry.measure.pk not in decided and entry.measure.stands:
            return entry
    return None


def _results(overview: Overview, row: Row | None, measure: Measure) -> dict[str, object]:
    """Return how a measure was rated, and in ``reasons`` where people disagree.

    Nothing is ``rated`` of a measure that was merged or removed. Without values it has no ``place``
    in the matrix, which is HTML, and there is nothing to be ``sure`` of.
    """
    if row is None:
        return {"rated": None, "reasons": [], "sure": None, "place": ""}
    rated = rated_measure(overview.workshop, measure, overview)
    reasons = reasons_of(overview).get(row.measure, [])
    sure, place = None, ""
    if row.result.point:
        stability = stability_of(overview)
        # Drawn from one ballot all draws are the same: no range is one of a single rank.
        sure = stability.measures.get(measure.pk) if stability.varies else None
        place = place_in_matrix(overview, row)
    return {"rated": rated, "reasons": reasons, "sure": sure, "place": place}


def mean_share(spread: Spread) -> float:
    """Return how far up the scale the mean lies, 0 to 100."""
    counts = spread.counts
    up = sum(steps * count for steps, count in enumerate(counts))
    return round(100 * up / (sum(counts) * (len(counts) - 1)), 1)
