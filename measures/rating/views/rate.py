"""Rating on one's own device: relevance and feasibility, one measure after another."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from measures.models import Measure, Round
from measures.rating.ballots import (
    AlreadyHandedOut,
    PromiseChanged,
    find_ballot,
    hand_out,
    holder_of,
    note_held,
    own_row,
)
from measures.rating.closing import closing_of
from measures.rating.dealing import due_of
from measures.rating.forms import RatingForm, bare_choices
from measures.rating.questions import questions_of
from measures.rating.rounds import open_round_of
from measures.rating.saving import (
    Place,
    Vote,
    in_personal_order,
    next_number,
    place_of,
    rated_pairs,
    store,
    turn_of,
)
from measures.rating.seating import needs_table, tables_for, take_seat
from measures.rating.views.outside import outside, too_late
from workshops.access import WrongPhase, during, participant, reader
from workshops.audiences import Audience, listening
from workshops.guests import remember
from workshops.models import Ballot, Criterion, Workshop
from workshops.pages import wants_fragment
from workshops.phases import Activity
from workshops.visits import Visit

TURN = "X-Rating-Turn"  # static/js/outbox.js takes one behind it
SHORT_TEXT = 300  # letters with which both questions stay in sight on a large phone


def while_rating(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view run while rating is open; lead whoever comes too late to where it says so.

    Closing is the facilitator's act and no mistake of theirs. Only an answer that is lost is
    refused (403), and what asks for a fragment is answered as everywhere.
    """

    @wraps(view)
    def guarded(request: HttpRequest, visit: Visit, **kwargs: int) -> HttpResponse:
        try:
            return during(Activity.RATE)(view)(request, visit, **kwargs)
        except WrongPhase as refusal:
            if wants_fragment(request):
                raise
            if request.method == "POST" and "relevance" in request.POST:
                return too_late(request, visit, refusal)
            return redirect("measures:rate-start", visit.workshop.pk)

    return guarded


def _round_of(workshop: Workshop) -> Round:
    """Return the round that people rate in now. Raises WrongPhase where its time is up. 1 query."""
    round = open_round_of(workshop)
    if round is None or round.is_up(timezone.now()):
        raise WrongPhase(_("The rating is closed at the moment."))
    return round


@require_safe
@participant
def rate_start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: on to what this person rates next; with ``?list=1``, or when all is rated, the list.

    Before that how to get a ballot; outside of the rating where to wait, or thanks.
    """
    workshop = visit.workshop
    round = open_round_of(workshop) if visit.may_rate else None
    if round is None or round.is_up(timezone.now()):
        return outside(request, visit)
    ballot = find_ballot(request, visit)
    if ballot is None:
        return _ballot_page(request, visit, round)
    if needs_table(ballot, round) or (round.is_by_table and "table" in request.GET):
        return _table_page(request, visit, round, ballot)
    if "list" not in request.GET and (
        number := next_number(place_of(ballot, round), workshop.measures_per_person)
    ):
        return redirect("measures:rate-measure", workshop.pk, number)
    return _list_page(request, visit, round, ballot)


def _ballot_page(request: HttpRequest, visit: Visit, round: Round) -> HttpResponse:
    person = own_row(visit).select_related("group").get()
    context = _shown(visit, round) | {"handed_out": person.has_ballot, "group": person.group}
    return render(request, "measures/rating/ballot_take.html", context)


def _table_page(
    request: HttpRequest, visit: Visit, round: Round, ballot: Ballot, *, status: int = 200
) -> HttpResponse:
    context = _shown(visit, round) | {"tables": tables_for(ballot, round), "here": ballot.table_id}
    return render(request, "measures/rating/rate_table.html", context, status=status)


def _list_page(request: HttpRequest, visit: Visit, round: Round, ballot: Ballot) -> HttpResponse:
    measures = round.takes_now(ballot).select_related("field")
    ordered = sorted(in_personal_order(ballot, measures), key=lambda m: (m.field.order, m.field_id))
    due = due_of(ballot, round)
    pairs = rated_pairs(ballot, round)
    # Of a deal nobody picks from a list what he or she likes.
    missing = [each for each in ordered if each.pk not in pairs and not due.is_dealt]
    done = [measure for measure in ordered if measure.pk in pairs]
    context = _shown(visit, round) | {
        "missing": missing,
        "done": done,
        "rated": due.counted,
        "total": due.due,
        "is_dealt": due.is_dealt,
        "more": due.rated < due.open,
        "later": due.offered - due.open,
        "offered": due.offered,
        "table": ballot.table,
    }
    return render(request, "measures/rating/rate_start.html", context)


def _shown(visit: Visit, round: Round) -> dict[str, object]:
    """Return what every page of an open round shows: where it listens, and how long it is open."""
    return {
        "workshop": visit.workshop,
        "visit": visit,
        "listening": listening(visit.workshop, Audience.PHONES),
        "round": round,
        "closing": closing_of(round),
    }


@require_safe
@reader
def rate_privacy(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: what is stored of a rating, who can see it when, and what cannot be promised."""
    workshop = visit.workshop
    context = {
        "workshop": workshop,
        "visit": visit,
        "pending": workshop.rounds.unerased().exists(),
        "by_table": workshop.is_rated_by_table or workshop.rounds.filter(is_by_table=True).exists(),
    }
    return render(request, "measures/rating/rate_privacy.html", context)


@require_POST
@participant
@while_rating
def ballot_take(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST hands out the ballot; its secret stays in this browser alone."""
    workshop = visit.workshop
    if find_ballot(request, visit) is not None:
        note_held(visit)
        return redirect("measures:rate-next", workshop.pk)
    try:
        _ballot, secret = hand_out(visit, promised=request.POST.get("promised", ""))
    except (AlreadyHandedOut, PromiseChanged):  # the start page says which of them holds
        return redirect("measures:rate-start", workshop.pk)
    response = redirect("measures:rate-next", workshop.pk)
    return remember(response, request, workshop, secret)


@require_POST
@participant
@while_rating
def rate_table(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST: at this table I sit; what it rates comes next."""
    workshop, ballot = visit.workshop, find_ballot(request, visit)
    round = _round_of(workshop)
    if ballot is None or not round.is_by_table:
        return redirect("measures:rate-start", workshop.pk)
    asked = request.POST.get("table")
    table = next((each for each in tables_for(ballot, round) if str(each.pk) == asked), None)
    if table is None:  # what was rated since belongs to another table
        return _table_page(request, visit, round, ballot, status=422)
    is_seated = take_seat(ballot, round, table)
    return redirect("measures:rate-next" if is_seated else "measures:rate-start", workshop.pk)


@require_safe
@participant
@while_rating
def rate_next(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: on to the measure that this ballot rates next, or to the list when it is done.

    ``?more=1`` leads on whoever has rated as many as were asked for.
    """
    workshop, ballot = visit.workshop, find_ballot(request, visit)
    if ballot is None or needs_table(ballot, round := _round_of(workshop)):
        return redirect("measures:rate-start", workshop.pk)
    place = place_of(ballot, round)
    return redirect(_onward(workshop, place, more="more" in request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@participant
@while_rating
def rate_measure(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET shows one measure with its steps, POST saves the choice (again, while rating is open).

    What was saved leads straight to the next measure: a page is redirected, a script gets the
    address. In the grace after closing it leads to the thanks, which say that it counts. What is
    older than the stored choice is told whose turn that was (409): whoever still listens comes
    again behind it, and what nobody waits for any more takes no newer one's place.
    """
    form = None
    if request.method == "POST":
        form = RatingForm(request.POST, choices=bare_choices(visit.workshop))
        if form.is_valid():
            if place := _stored(request, visit, number, form):
                onward = _onward(visit.workshop, place, number)
                if wants_fragment(request):
                    return HttpResponse(onward, content_type="text/plain; charset=utf-8")
                return redirect(onward)
            if turn := _newer_turn(request, visit, number, form):
                return HttpResponse(status=409, headers={TURN: str(turn)})
    return _drawn(request, visit, number, form)


def _stored(request: HttpRequest, visit: Visit, number: int, form: RatingForm) -> Place | None:
    workshop = visit.workshop
    round = form.cleaned_data["round"]
    turn = form.cleaned_data["turn"]
    vote = Vote(number=number, steps=workshop.steps, round=round, turn=turn, **form.pair())
    place = store(workshop.pk, holder_of(request, visit), vote)
    if place and visit.guest:  # came in first, and was put on the list after that
        note_held(visit)
    return place


def _newer_turn(request: HttpRequest, visit: Visit, number: int, form: RatingForm) -> int:
    """Return the turn of the stored choice where that is why this one was not, else 0."""
    ballot, round = find_ballot(request, visit), open_round_of(visit.workshop)
    if not form.cleaned_data["turn"] or ballot is None or round is None:
        return 0
    turn = turn_of(ballot, round, number)
    return turn if turn >= form.cleaned_data["turn"] else 0


def _onward(
    workshop: Workshop, place: Place, rated: int | None = None, *, more: bool = False
) -> str:
    """Return the address of what comes next: a measure, or the list when the ballot is done."""
    start = reverse("measures:rate-start", args=[workshop.pk])
    if place.is_late:
        return f"{start}?taken={rated}"
    number = next_number(place, workshop.measures_per_person, more=more)
    return reverse("measures:rate-measure", args=[workshop.pk, number]) if number else start


def _drawn(
    request: HttpRequest, visit: Visit, number: int, form: RatingForm | None
) -> HttpResponse:
    """Draw the measure, with a form that was filled in wrongly; say why one was not saved."""
    workshop, ballot = visit.workshop, find_ballot(request, visit)
    if ballot is None or needs_table(ballot, round := _round_of(workshop)):
        return redirect("measures:rate-start", workshop.pk)
    rateable = round.asked_of(ballot).select_related("field", "goal")
    measure = get_object_or_404(rateable, number=number)
    open_now = list(in_personal_order(ballot, round.takes_now(ballot)))
    if measure not in open_now:
        raise WrongPhase(_("This action field is not open for rating at the moment."))
    pairs = rated_pairs(ballot, round)
    rated = {each.pk for each in open_now} & pairs.keys()
    skip = _skip(workshop, measure, open_now, rated)
    if form is None:
        form = RatingForm(
            choices=bare_choices(workshop), pair=pairs.get(measure.pk), round=round.number
        )
    elif form.is_valid():
        raise WrongPhase(_("Rating was closed at this very moment, so this was not saved."))
    elif not any(
        request.POST.get(name) for name in Criterion.values
    ):  # without a script that skips
        return redirect(skip)
    text = _text_of(measure)
    due = due_of(ballot, round)
    questions = questions_of(workshop, form)
    context = _shown(visit, round) | {
        "measure": measure,
        "has_text": bool(text),
        "is_short": len(measure.title) + len(text) <= SHORT_TEXT,
        "form": form,
        "questions": questions,
        "is_wordy": any(each.is_wordy for each in questions),
        "is_rated": measure.pk in pairs,
        "turn": turn_of(ballot, round, number) if measure.pk in pairs else 0,
        "rated": due.counted,
        "total": due.due,
        "skip": skip,
    }
    status = 422 if form.is_bound else 200
    return render(request, "measures/rating/rate_measure.html", context, status=status)


def _text_of(measure: Measure) -> str:
    """Return what is said of a measure beside its title, description and goal."""
    goal = measure.goal
    return measure.description + (goal.text if goal and not goal.is_removed else "")


def _skip(workshop: Workshop, measure: Measure, ordered: list[Measure], rated: set[int]) -> str:
    """Return where leaving the measure out leads: round the personal order, else to the list."""
    place = ordered.index(measure)
    for each in (*ordered[place + 1 :], *ordered[:place]):
        if each.pk not in rated:
            return reverse("measures:rate-measure", args=[workshop.pk, each.number])
    return f"{reverse('measures:rate-start', args=[workshop.pk])}?list=1"
