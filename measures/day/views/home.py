from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from measures.day.actions import actions_of
from measures.day.mine import ON_A_PAGE, page_of
from measures.day.moment import moments_of
from measures.day.waiting import waiting_for
from measures.public.addresses import public_path
from measures.public.listing import Counts, public_counts
from workshops.access import may_create_workshops
from workshops.models import Workshop
from workshops.visits import visits_of, workshops_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """GET: my workshops, each with its phase and what comes next; for strangers those published.

    First, for whoever administers any, what waits there; ``?waiting=`` shows all of one kind.
    ``?q=`` searches the workshops, ``?page=`` is one of their pages, ``?archived=1`` shows those
    put away.
    """
    sought = request.GET.get("q", "").strip()
    if not request.user.is_authenticated:
        return _welcome(request, sought)
    are_archived = request.GET.get("archived") == "1"
    mine = workshops_of(request.user)
    archived = mine.filter(archived_at__isnull=False)
    listed = archived if are_archived else mine.filter(archived_at=None)
    page = page_of(listed, sought, request.GET.get("page"))
    rows = Workshop.objects.filter(pk__in=page).prefetch_related("seats__municipality")
    visits = visits_of(request.user, rows)
    moments = moments_of([visit.workshop for visit in visits])
    is_start = not sought and page.number == 1 and not are_archived
    chosen, today = request.GET.get("waiting", ""), timezone.localdate()
    context = {
        "page": page,
        "sought": sought,
        "waiting": waiting_for(request.user, today=today, chosen=chosen) if is_start else None,
        "are_many": bool(sought) or page.paginator.count > ON_A_PAGE,
        "visits": [
            (visit, actions_of(visit, moment)[0])
            for visit, moment in zip(visits, moments, strict=True)
        ],
        "may_create": may_create_workshops(request.user) and not are_archived,
        "are_archived": are_archived,
        "has_archived": are_archived or archived.exists(),
    }
    return render(request, "workshops/home.html", context)


def _welcome(request: HttpRequest, sought: str) -> HttpResponse:
    """Say what this is, with the workshops that anybody may read. At most 9 queries."""
    public = Workshop.objects.filter(is_public=True)
    page = page_of(public, sought, request.GET.get("page"), told=("title",))
    rows = public.filter(pk__in=page).prefetch_related("seats__municipality")
    counts = public_counts(page)
    context = {
        "page": page,
        "sought": sought,
        "are_many": bool(sought) or page.paginator.count > ON_A_PAGE,
        "published": [
            Published(
                workshop,
                _towns_beside_title(workshop),
                counts[workshop.pk],
                public_path(workshop.pk, get_language()),
            )
            for workshop in rows
        ],
    }
    return render(request, "workshops/welcome.html", context)


def _towns_beside_title(workshop: Workshop) -> list[str]:
    """Return the names of the municipalities that the title does not say already."""
    names = [seat.municipality.name for seat in workshop.seats.all()]
    return [name for name in names if name not in workshop.title]


class Published(NamedTuple):
    """A published workshop as a stranger finds it; ``path`` leads to its public page."""

    workshop: Workshop
    towns: list[str]
    counts: Counts
    path: str
