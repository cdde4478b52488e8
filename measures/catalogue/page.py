"""All that the page of one measure shows, as far as its visitor may know of it."""

from datetime import date
from typing import NamedTuple

from django.db.models import Q
from django.http import QueryDict

from measures.assessment.holding import assessments_of
from measures.attachments.listing import attachments_of
from measures.catalogue.figures import Figures, figures_of
from measures.catalogue.ways import RANKING, Ranking, way_of
from measures.columns import FACTS, facts
from measures.committee.remarks import new_remark, remarks_on
from measures.costs.loading import costs_on
from measures.decided import holding, recommended, wording_of
from measures.followup.entries import status_of, tasks_of
from measures.followup.tracks import Followed, Report, Step, Track, track
from measures.indicators.told import indicators_on
from measures.models import (
    PROFILE_FIELDS,
    Decision,
    Measure,
    Outcome,
    Session,
    StatusEntry,
    Task,
)
from measures.overview import Overview, overview_of
from measures.results.detail import RatedMeasure, rated_measure
from measures.results.filters import asked
from measures.wordings import former_wordings
from workshops.models import Workshop
from workshops.visits import Visit, workshops_of

OPEN_TASKS = 3  # beside the status; all of them below


class Decided(NamedTuple):
    """What was decided on a measure, the newest first in each list.

    ``holds`` is known to all, so is ``recommended``, on which nobody has ruled since; ``former``
    are those that stand beside what holds. ``pending`` are those that only deciders know of.
    """

    holds: Decision | None
    recommended: Decision | None
    former: list[Decision]
    pending: list[Decision]


class Weighed(NamedTuple):
    """The weight at which one came, in percent, beside the workshop's own and the rank there."""

    weight: int
    own: int
    own_rank: int | None


def page_of(
    visit: Visit, measure: Measure, parameters: QueryDict, *, round: int | None, today: date
) -> dict[str, object]:
    """Return the page's context. ``parameters`` name the list that one came from, see ``ways``.

    ``field_index`` counts the workshop's fields from 0, for shape and colour. ``next_session`` is
    the one that will decide, where there is nothing yet that holds for good.
    """
    workshop = visit.workshop

    came_from = parameters.get("from", "")
    rated, figures, ranking = None, None, None
    if workshop.has_results:
        if came_from == RANKING:
            ranking = _ranking(workshop, parameters, round)
        overview = ranking.overview if ranking else overview_of(workshop, round=round)
        rated, figures = _rated(workshop, measure, overview)
    decided, status = _decided(visit, measure), status_of(measure)
    tasks = tasks_of(measure)
    return {
        "workshop": workshop,
        "visit": visit,
        "measure": measure,
        "way": way_of(visit, measure.number, came_from, ranking, today=today),
        "field_index": rated.row.field_index if rated else _place_of_field(workshop, measure),
        "facts": facts(measure, [each for each in FACTS if each.name != "horizon"]),
        "profile": [(measure._meta.get_field(n), getattr(measure, n)) for n in PROFILE_FIELDS],
        "duplicates": measure.duplicates.filter(is_removed=False),
        "round": round,
        "rated": rated,
        "figures": figures,
        "weighed": _weighed(ranking, measure) if ranking else None,
        "decided": decided,
        "wording": wording_of(decided.holds),
        "next_session": _next_session(visit, measure, decided, today),
        "track": _track(visit, measure, decided.holds, status, tasks, today),
        "tasks": tasks,
        "open_tasks": [each for each in tasks if each.done_on is None][:OPEN_TASKS],
        "today": today,
        "remarks": remarks_on(visit, measure),
        "remark_form": new_remark(visit),
        "status": status,
        "costs": costs_on(measure),
        "indicators": indicators_on(measure),
        "former": former_wordings(measure),
        "attachments": attachments_of(visit, measure),
        "assessments": assessments_of(measure) if visit.shows_results else [],
        "origin": _origin(visit, measure),
    }


def _origin(visit: Visit, measure: Measure) -> str:
    """Return the page of what it was carried over from, "" where there is none for this reader.

    1 query where it was carried over.
    """
    source = measure.copied_from
    if source is None or visit.person is None:
        return ""
    is_known = workshops_of(visit.person).filter(pk=source.workshop_id).exists()
    return source.get_absolute_url() if is_known else ""


def _ranking(workshop: Workshop, parameters: QueryDict, round: int | None) -> Ranking:
    form = asked(parameters, workshop)
    weight = form.chosen["weight"] / 100
    return Ranking(
        form, overview_of(workshop, weight=weight, round=round, outline=form.around.outline)
    )


def _weighed(ranking: Ranking, measure: Measure) -> Weighed | None:
    """Return what another weight than the workshop's own changes; None at that one."""
    overview, workshop = ranking.overview, ranking.overview.workshop
    weight, own = ranking.form.chosen["weight"], workshop.relevance_weight
    if weight == own:
        return None
    usual = overview_of(workshop, round=overview.round, outline=overview.outline)
    rank = next((r.result.rank for r in usual.rows if r.measure.pk == measure.pk), None)
    return Weighed(weight, own, rank)


def _rated(
    workshop: Workshop, measure: Measure, overview: Overview
) -> tuple[RatedMeasure | None, Figures | None]:
    if all(row.measure.pk != measure.pk for row in overview.rows):
        return None, None
    rated = rated_measure(workshop, measure, overview)
    return rated, figures_of(overview, rated)


def _place_of_field(workshop: Workshop, measure: Measure) -> int:
    fields = list(workshop.fields.standing().values_list("pk", flat=True))
    return fields.index(measure.field_id) if measure.field_id in fields else 0


def _decided(visit: Visit, measure: Measure) -> Decided:
    """Sort what stands on a measure and on what was merged into it. 1 query.

    Nothing while nobody sees results, for a decision names what it was based upon.
    """
    if not visit.shows_results:
        return Decided(None, None, [], [])
    rows = Decision.objects.about(measure).visible_to(visit)
    known = list(rows.select_related("session", "measure"))
    replaced = {each.corrects_id for each in known}
    published = [each for each in known if not each.is_pending]
    corrected = {each.corrects_id for each in published}
    told = [each for each in published if each.pk not in corrected]
    last = holding(told, lambda _each: measure.pk).get(measure.pk)
    return Decided(
        holds=last,
        recommended=recommended(told, lambda _each: measure.pk).get(measure.pk),
        former=[each for each in told if each != last],
        pending=[each for each in known if each.is_pending and each.pk not in replaced],
    )


def _next_session(visit: Visit, measure: Measure, decided: Decided, today: date) -> Session | None:
    """Return the next session with the measure, or all of its field, on the agenda. 1 query."""
    is_open = decided.holds is None or Outcome(decided.holds.outcome).is_open
    if not visit.shows_results or not is_open:
        return None
    listed = Q(items__measure=measure) | Q(items__field=measure.field_id)
    rows = Session.objects.in_workshop(visit.workshop).filter(listed, date__gte=today)
    return rows.order_by("date", "pk").first()


def _track(
    visit: Visit,
    measure: Measure,
    decision: Decision | None,
    entries: list[StatusEntry],
    tasks: list[Task],
    today: date,
) -> Track:
    """Return where the measure stands; ``entries`` are the newest first."""
    followed = Followed(
        measure.pk,
        measure.number,
        measure.title,
        measure.time_horizon,
        measure.field.name,
        measure.workshop_id,
        visit.workshop.title,
        measure.municipality_id,
    )
    reports = [
        Report(each.date, each.state, each.sentence, each.percent, each.next_due)
        for each in entries[::-1]
    ]
    steps = [Step(each.due_date, each.done_on) for each in tasks]
    return track(followed, decision, reports, steps, today=today)
