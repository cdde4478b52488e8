"""What the progress pages show, for one workshop or for all of a municipality."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from measures.followup.forms import ProgressForm
from measures.followup.loading import decisions_known_to, follow
from measures.followup.signs import explained_signs
from measures.followup.timeline import axis_of, by_horizon
from measures.followup.tracks import (
    Track,
    count_by_state,
    others_by_field,
    overdue_first,
    reported_since,
)
from measures.models import Session, TimeHorizon
from workshops.models import Municipality, Workshop
from workshops.visits import Visit


def progress_page(
    request: HttpRequest,
    visits: Sequence[Visit],
    template: str,
    *,
    municipality: Municipality | None = None,
    **context: object,
) -> HttpResponse:
    """Show the visited workshops, 400 for a filter that does not fit.

    With a municipality, measures that concern only others are left out. 5 or 6 queries: decisions
    twice where the person decides in some workshops only.
    """
    today = timezone.localdate()
    workshops = [visit.workshop for visit in visits]
    known = decisions_known_to(visits)
    found = follow(workshops, known, today=today, with_removed=True)
    tracks = [each for each in found if _concerns(municipality, each)]
    form = ProgressForm(
        request.GET,
        sessions=_past_sessions(workshops, today),
        tracks=tracks,
        workshops=workshops,
        today=today,
    )
    context |= _shown(form, tracks, today) | {
        "municipality": municipality,
        "removed": [each.measure for each in found if each.measure.is_removed],
        "workshops": workshops,
        # The ids of the workshops in which this person may report, or open a decision.
        "may_report_in": {visit.workshop.pk for visit in visits if visit.may_report},
        "may_open_in": {visit.workshop.pk for visit in visits if visit.shows_results},
    }
    return render(request, template, context, status=200 if form.is_valid() else 400)


def _concerns(municipality: Municipality | None, track: Track) -> bool:
    measure = track.measure
    is_theirs = municipality is None or measure.municipality in (None, municipality.pk)
    return is_theirs and not measure.is_removed


def _past_sessions(workshops: Sequence[Workshop], today: date) -> list[Session]:
    rows = Session.objects.filter(workshop__in=workshops, date__lte=today)
    return list(rows.select_related("workshop"))


def _shown(form: ProgressForm, tracks: Sequence[Track], today: date) -> dict[str, object]:
    """Return the page's lists of ``tracks``, narrowed by the filters of ``form``."""
    within, state, session = form.within(), form.chosen.get("state"), form.session
    shown = [each for each in within if state is None or each.is_in(state)]
    horizons = by_horizon(shown).items()
    return {
        "form": form,
        "is_empty": not tracks,
        "total": len(within),
        "by_state": count_by_state(within),
        "session": session,
        "changes": reported_since(session.date, shown) if session else [],
        "overdue": overdue_first(shown),
        "late_tasks": sum(each.late_tasks for each in shown),
        "by_field": others_by_field(shown).items(),
        "by_horizon": [(TimeHorizon(horizon).label, some) for horizon, some in horizons],
        "axis": axis_of(shown, today=today),
        "signs": explained_signs(),
    }
