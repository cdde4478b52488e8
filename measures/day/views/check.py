from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from measures.day.counts import counts_of
from measures.day.missing import missing_for_rating
from measures.rating.closing import close_if_due, close_soon, closing_of, go_on
from measures.rating.outlook import ballots_in, sheets_of
from measures.rating.outset import DealForm, forecast_of, tables_forecast
from measures.rating.rounds import may_choose, open_round_of, will_offer
from measures.rating.turnout import turnout_of
from workshops.access import editor, in_turn, turn
from workshops.pages import one_of, sent_by_cockpit
from workshops.phases import Activity, Phase
from workshops.visits import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@editor
def rating_check(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET says what is missing before rating starts, with the button that starts it.

    POST stores how many guests are expected and how many measures each person rates; the page says
    what each measure gets from that. Where a further round comes next, its measures are chosen
    first; where rating does not come next at all, the page of the day says what does.
    """
    workshop = visit.workshop
    if workshop.phase != Phase.COLLECTING:
        return redirect(workshop)
    if may_choose(workshop):
        return redirect("measures:round-add", workshop.pk)
    form = _stored(request, visit) if request.method == "POST" else DealForm(instance=workshop)
    if form.is_bound and form.is_valid():
        then = "?then=cockpit" if sent_by_cockpit(request) else ""
        return redirect(f"{request.path}{then}#per-person")
    offered = will_offer(workshop)
    number = offered.count()
    gaps, by_table = missing_for_rating(workshop), workshop.is_rated_by_table
    context = {
        "workshop": workshop,
        "visit": visit,
        "gaps": gaps,
        "stops": any(gap.stops for gap in gaps),
        "offered": number,
        "form": form,
        "forecast": None if by_table else forecast_of(workshop, number),
        "tables": tables_forecast(workshop, offered) if by_table else (),
    }
    status = 422 if form.is_bound else 200
    return render(request, "measures/day/rating_check.html", context, status=status)


@transaction.atomic
def _stored(request: HttpRequest, visit: Visit) -> DealForm:
    """Return the form that was sent; it is stored if it is valid."""
    form = DealForm(request.POST, instance=in_turn(visit, Activity.SET_UP).workshop)
    if form.is_valid():
        form.save()
    return form


@require_safe
@editor
def rating_close(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET asks before the rating is closed, with the button that closes it.

    It tells how far the rating is, as the day and the list of rounds do: nothing beyond them.
    Where no round is open, the page of the day says what comes next.
    """
    workshop = visit.workshop
    round = open_round_of(workshop)
    if round is None or close_if_due(round):
        return redirect(workshop)
    context = {
        "workshop": workshop,
        "visit": visit,
        "round": round,
        "counts": counts_of(workshop),
        "ballots": ballots_in(round),
        "count": turnout_of(workshop).room,
        "sheets": sheets_of([round]).get(round.pk, 0),
        "closing": closing_of(round),
        "is_dropped": round.number > 1 and not round.has_ratings(),
    }
    return render(request, "measures/day/rating_close.html", context)


@require_POST
@editor
def rating_end(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST ``how``: "soon" lets the rating end in two minutes, "open" takes that back.

    A second click changes nothing, as one that comes when the rating is over.
    """
    act, done = one_of(
        request,
        "how",
        {
            "soon": (close_soon, _("The rating closes in two minutes; every phone says so.")),
            "open": (go_on, _("The rating goes on.")),
        },
    )
    with turn(visit, Activity.RATE) as fresh:
        is_done = act(fresh.workshop, now=timezone.now())
    if is_done:
        messages.success(request, done)
    to = "measures:cockpit" if sent_by_cockpit(request) else "measures:rating-close"
    return redirect(to, visit.workshop.pk)
