"""Rating on one's own device: relevance and feasibility, one measure after another."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from measures.models import Measure, Round
from measures.rating.ballots import (
    AlreadyHandedOut,
    PromiseChanged,
    find_ballot,
    hand_out,
    holder_of,
    own_row,
)
from measures.rating.dealing import due_of
from measures.rating.forms import RatingForm, bare_choices, step_choices
from measures.rating.rounds import open_round_of, require_open_round
from measures.rating.saving import (
    Place,
    Vote,
    in_personal_order,
    next_number,
    place_of,
    rated_pairs,
    store,
)
from workshops.access import WrongPhase, during, participant, reader
from workshops.audiences import Audience, listening
from workshops.guests import remember
from workshops.models import Ballot, Workshop
from workshops.pages import wants_fragment
from workshops.phases import Activity
from workshops.visits import Visit


def while_rating(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view run while rating is open; to whoever comes too late say it kindly (403).

    Closing is the facilitator's act and no mistake of theirs. What asks for a fragment, or for a
    field that is not open at the moment, is answered as everywhere.
    """

    @wraps(view)
    def guarded(request: HttpRequest, visit: Visit, **kwargs: int) -> HttpResponse:
        try:
            return during(Activity.RATE)(view)(request, visit, **kwargs)
        except WrongPhase:
            if wants_fragment(request) or open_round_of(visit.workshop):
                raise
            return _closed_page(request, visit)

    return guarded


def _closed_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    context = {
        "workshop": visit.workshop,
        "visit": visit,
        "listening": listening(visit.workshop, Audience.PHONES),
        "has_ballot": visit.is_guest or own_row(visit).get().has_ballot,
        "is_lost": request.method == "POST" and "relevance" in request.POST,
    }
    return render(request, "measures/rating/rate_closed.html", context, status=403)


@require_safe
@participant
@while_rating
def rate_start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: my ballot with the measures by field, or how to get a ballot.

    Where each ballot rates only some, those that it has rated are listed.
    """
    workshop, ballot = visit.workshop, find_ballot(request, visit)
    context: dict[str, object] = {"listening": listening(workshop, Audience.PHONES)}
    if ballot is None:
        person = own_row(visit).select_related("group").get()
        context |= {"workshop": workshop, "handed_out": person.has_ballot, "group": person.group}
        context["round"] = open_round_of(workshop)
        return render(request, "measures/rating/ballot_take.html", context)
    round = require_open_round(workshop)
    measures = round.takes_now().select_related("field")
    ordered = sorted(in_personal_order(ballot, measures), key=lambda m: (m.field.order, m.field_id))
    rated, due = rated_pairs(ballot, round).keys(), due_of(ballot, round)
    if due.is_dealt:  # whoever picked from a list would rate what he or she likes
        ordered = [measure for measure in ordered if measure.pk in rated]
    context |= {
        "workshop": workshop,
        "measures": ordered,
        "rated_ids": rated,
        "due": due,
        "later": due.offered - due.open,
        "round": round,
    }
    return render(request, "measures/rating/rate_start.html", context)


@require_safe
@reader
def rate_privacy(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: what is stored of a rating, who can see it when, and what cannot be promised."""
    workshop = visit.workshop
    context = {"workshop": workshop, "pending": workshop.rounds.unerased().exists()}
    return render(request, "measures/rating/rate_privacy.html", context)


@require_POST
@participant
@while_rating
def ballot_take(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST hands out the ballot; its secret stays in this browser alone."""
    workshop = visit.workshop
    if find_ballot(request, visit) is not None:
        return redirect("measures:rate-next", workshop.pk)
    try:
        _ballot, secret = hand_out(visit, promised=request.POST.get("promised", ""))
    except (AlreadyHandedOut, PromiseChanged):  # the start page says which of them holds
        return redirect("measures:rate-start", workshop.pk)
    response = redirect("measures:rate-next", workshop.pk)
    return remember(response, request, workshop, secret)


@require_safe
@participant
@while_rating
def rate_next(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: on to the measure that this ballot rates next, or to the list when it is done.

    ``?more=1`` leads on whoever has rated as many as were asked for.
    """
    workshop, ballot = visit.workshop, find_ballot(request, visit)
    if ballot is None:
        return redirect("measures:rate-start", workshop.pk)
    place = place_of(ballot, require_open_round(workshop))
    return redirect(_onward(workshop, place, more="more" in request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@participant
@while_rating
def rate_measure(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET shows one measure with its steps, POST saves the choice (again, while rating is open).

    What was saved leads straight to the next measure: a page is redirected, a script gets the
    address.
    """
    form = None
    if request.method == "POST":
        form = RatingForm(request.POST, choices=bare_choices(visit.workshop))
        if form.is_valid() and (place := _stored(request, visit, number, form)):
            onward = _onward(visit.workshop, place)
            if wants_fragment(request):
                return HttpResponse(onward, content_type="text/plain; charset=utf-8")
            return redirect(onward)
    return _drawn(request, visit, number, form)


def _stored(request: HttpRequest, visit: Visit, number: int, form: RatingForm) -> Place | None:
    workshop = visit.workshop
    vote = Vote(number=number, steps=workshop.steps, **form.pair())
    return store(workshop.pk, holder_of(request, visit), vote)


def _onward(workshop: Workshop, place: Place, *, more: bool = False) -> str:
    """Return the address of what comes next: a measure, or the list when the ballot is done."""
    number = next_number(place, workshop.measures_per_person, more=more)
    if number is None:
        return reverse("measures:rate-start", args=[workshop.pk])
    return reverse("measures:rate-measure", args=[workshop.pk, number])


def _drawn(
    request: HttpRequest, visit: Visit, number: int, form: RatingForm | None
) -> HttpResponse:
    """Draw the measure, with a form that was filled in wrongly; say why one was not saved."""
    workshop, ballot = visit.workshop, find_ballot(request, visit)
    if ballot is None:
        return redirect("measures:rate-start", workshop.pk)
    round = require_open_round(workshop)
    measure = round.takes_now().select_related("field", "goal").filter(number=number).first()
    if measure is None:
        get_object_or_404(round.rateable(), number=number)
        raise WrongPhase(_("This action field is not open for rating at the moment."))
    if form is None:
        return _rating_page(request, workshop, round, measure, ballot)
    if not form.is_valid():
        form = RatingForm(request.POST, choices=step_choices(workshop))
        return _rating_page(request, workshop, round, measure, ballot, form, status=422)
    raise WrongPhase(_("Rating was closed at this very moment, so this was not saved."))


def _rating_page(
    request: HttpRequest,
    workshop: Workshop,
    round: Round,
    measure: Measure,
    ballot: Ballot,
    form: RatingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    pairs = rated_pairs(ballot, round)
    context = {
        "workshop": workshop,
        "measure": measure,
        "listening": listening(workshop, Audience.PHONES),
        "round": round,
        "form": form or RatingForm(choices=step_choices(workshop), pair=pairs.get(measure.pk)),
        "is_rated": measure.pk in pairs,
        "due": due_of(ballot, round),
    }
    return render(request, "measures/rating/rate_measure.html", context, status=status)
