"""Several points of an agenda in one vote."""

from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from measures.committee.agenda import AgendaEntry
from measures.committee.basis import bases_of
from measures.committee.en_bloc import Bases, EnBlocForm, frame_of, record_all, undecided
from measures.models import Session
from workshops.access import decider, during, in_turn
from workshops.phases import Activity
from workshops.visits import Visit

TRIES = 3  # to decide upon figures that did not change meanwhile


@require_http_methods(["GET", "HEAD", "POST"])
@decider
@during(Activity.DECIDE)
def en_bloc(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET shows the undecided points with one form; POST records an entry for each chosen one.

    409 if what some of them rest upon has changed meanwhile: then nothing is recorded.
    """
    session = _session(visit, pk)
    entries = undecided(session)
    if request.method == "POST":
        return _record_in_turn(request, visit, pk)
    if len(entries) < 2:
        messages.info(request, _("There are not several points left to decide on."))
        return redirect(session)
    form = _form(request, visit, session, entries, _bases(visit, entries))
    return _page(request, visit, session, form)


def _session(visit: Visit, pk: int) -> Session:
    return get_object_or_404(Session, workshop=visit.workshop, pk=pk)


def _bases(visit: Visit, entries: Sequence[AgendaEntry]) -> Bases:
    return bases_of(visit.workshop, [each.measure for each in entries])


def _form(
    request: HttpRequest,
    visit: Visit,
    session: Session,
    entries: Sequence[AgendaEntry],
    bases: Bases,
) -> EnBlocForm:
    return EnBlocForm(
        request.POST or None,
        instance=frame_of(session, entries),
        entries=entries,
        basis=bases,
        is_administration=visit.is_administration,
    )


def _record_in_turn(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """Record upon figures made before the lock, as a single decision does."""
    for _try in range(TRIES):
        revision = visit.workshop.revision.number
        bases = _bases(visit, undecided(_session(visit, pk)))
        with transaction.atomic():
            visit = in_turn(visit, Activity.DECIDE)
            if visit.workshop.revision.number == revision:
                return _record(request, visit, _session(visit, pk), bases)
    with transaction.atomic():
        visit = in_turn(visit, Activity.DECIDE)
        session = _session(visit, pk)
        return _record(request, visit, session, _bases(visit, undecided(session)))


def _record(request: HttpRequest, visit: Visit, session: Session, bases: Bases) -> HttpResponse:
    entries = undecided(session)
    if not entries:
        messages.info(request, _("All points are decided by now."))
        return redirect(session)
    form = _form(request, visit, session, entries, bases)
    if not form.is_valid():
        return _page(request, visit, session, form, status=422)
    if form.conflict:
        moved = form.moved
        return _page(request, visit, session, form.redrawn(), status=409, moved=moved)
    done = record_all(form, session, by=visit.person)
    text = ngettext(
        "%(n)d decision is recorded. Nobody else sees it until it is published.",
        "%(n)d decisions are recorded. Nobody else sees them until they are published.",
        len(done),
    )
    messages.success(request, text % {"n": len(done)})
    return redirect(session)


def _page(
    request: HttpRequest,
    visit: Visit,
    session: Session,
    form: EnBlocForm,
    *,
    status: int = 200,
    moved: Sequence[AgendaEntry] = (),
) -> HttpResponse:
    context = {
        "workshop": visit.workshop,
        "visit": visit,
        "session": session,
        "form": form,
        "moved": moved,
    }
    return render(request, "measures/committee/en_bloc.html", context, status=status)
