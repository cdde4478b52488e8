"""Rounds of rating: which there are, choosing the next, opening fields, showing, setting aside."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fields.models import ActionField
from measures.models import REASON_LENGTH, Measure, Round
from measures.overview import overview_of
from measures.rating.choosing import RoundForm
from measures.rating.closing import close_if_due
from measures.rating.leading import may_lead_back, why_no_round, why_not_back
from measures.rating.outlook import ballots_in, outlook, sheets_of
from measures.rating.rounds import may_choose, open_round, set_aside, show
from workshops import roles
from workshops.access import editor, facilitator, in_turn, member
from workshops.audiences import Audience, call
from workshops.models import Ballot, Workshop, hold_votes, mark_changed
from workshops.numerals import digits_only
from workshops.pages import sent_by_cockpit
from workshops.visits import Visit


@require_safe
@member
def round_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: every round with its state; for the facilitator what can be done with the last one."""
    return _list_page(request, visit)


def _list_page(
    request: HttpRequest, visit: Visit, *, status: int = 200, **context: object
) -> HttpResponse:
    workshop = visit.workshop
    rows = workshop.rounds.select_related("settled_by").order_by("number")
    by_hand = Q(ratings__ballot__source__in=Ballot.ENTERED_BY_PEOPLE)
    people = Count("ratings__ballot", distinct=True, filter=by_hand)
    rounds = list(rows.annotate(people=people))
    offered = dict(rows.order_by().values_list("pk").annotate(n=Count("offers")))
    sheets = sheets_of(rounds)
    last = rounds[-1] if rounds else None
    if visit.is_editor and close_if_due(last):
        return redirect("measures:round-list", workshop.pk)
    is_next = visit.is_editor and may_choose(workshop)
    why_no = why_no_round(visit) if is_next else ""
    if last and last.is_closed and visit.is_editor:
        may_back = may_lead_back(visit)
        context |= {
            "may_lead_back": may_back,
            "why_not_back": "" if may_back else why_not_back(visit),
        }
    context |= {
        "workshop": workshop,
        "visit": visit,
        "rounds": [(each, offered[each.pk], sheets.get(each.pk, 0)) for each in rounds],
        "last": last,
        "who_settles": roles.who_settles(workshop) if _others_settle(visit, last) else "",
        "may_choose": is_next and not why_no,
        "why_no_round": why_no,
        "fields": _fields(last) if last and last.is_open else [],
        "reason_length": REASON_LENGTH,
    }
    return render(request, "measures/rating/round_list.html", context, status=status)


def _others_settle(visit: Visit, last: Round | None) -> bool:
    is_closed = last is not None and last.is_closed
    return is_closed and visit.is_editor and not visit.is_facilitator


def _fields(round: Round) -> list[tuple[ActionField, bool, int]]:
    """Return the fields of the round's measures, whether they are open, and how many those are."""
    open_now = set(round.open_fields.values_list("pk", flat=True))
    counts = dict(round.rateable().order_by().values_list("field").annotate(n=Count("pk")))
    fields = round.workshop.fields.filter(pk__in=counts)
    return [(field, field.pk in open_now, counts[field.pk]) for field in fields]


@require_http_methods(["GET", "HEAD", "POST"])
@editor
def round_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: choose measures. POST: what a further round of them means; with ``number`` opens it.

    Both are sent in the body: no address is long enough for hundreds of measures. ``number`` is the
    round that was shown; a second click finds it open and changes nothing. Who may not open one,
    because a session is under way, is told so (403).
    """
    workshop = visit.workshop
    if not roles.may_open_further(visit):
        raise PermissionDenied(roles.who_opens_further(workshop))
    if not may_choose(workshop):
        text = _("No further round can be opened now: the last one is neither shown nor set aside.")
        messages.warning(request, text)
        return redirect("measures:round-list", workshop.pk)
    results = overview_of(workshop)
    rateable = list(Measure.objects.in_workshop(workshop).rateable().in_reading_order())
    data = request.POST if request.method == "POST" else None
    form = RoundForm(data, overview=results, rateable=rateable)
    number = workshop.rounds.exclude(state__in=Round.UNSETTLED).count() + 1
    chosen = form.chosen() if form.is_valid() else []
    if chosen and "number" in request.POST:
        by_table = form.cleaned_data.get("is_by_table", False)
        return _open(request, visit, chosen, number, by_table=by_table)
    wanted = {measure.pk for measure in chosen}
    context = {
        "workshop": workshop,
        "form": form,
        "chosen": chosen,
        "number": number,
        "rateable": len(rateable),
        "with_result": [row for row in results.rows if row.round and row.measure.pk in wanted],
    }
    status = 422 if form.is_bound and not chosen else 200
    return render(request, "measures/rating/round_add.html", context, status=status)


def _open(
    request: HttpRequest, visit: Visit, chosen: list[Measure], number: int, *, by_table: bool
) -> HttpResponse:
    with transaction.atomic():
        visit = in_turn(visit)
        workshop = visit.workshop
        if not roles.may_open_further(visit):
            raise PermissionDenied(roles.who_opens_further(workshop))
        is_current = request.POST.get("number") == str(number) and may_choose(workshop)
        if is_current:
            round = open_round(workshop, by=visit.person, measures=chosen, is_by_table=by_table)
    if is_current:
        text = ngettext(
            "Round %(n)d is open for %(count)d measure. The results so far stay visible.",
            "Round %(n)d is open for %(count)d measures. The results so far stay visible.",
            len(chosen),
        )
        messages.success(request, text % {"n": round.number, "count": len(chosen)})
        if sent_by_cockpit(request):
            return redirect("measures:cockpit", workshop.pk)
        return redirect(workshop)
    messages.warning(request, _("No further round was opened: the workshop has moved on."))
    return redirect("measures:round-list", workshop.pk)


@require_POST
@facilitator
def round_fields(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """POST: the action fields named are open for rating now, all others are not."""
    workshop = visit.workshop
    with transaction.atomic():
        workshop = _in_turn(visit)
        round = get_object_or_404(workshop.rounds, number=number)
        if round.is_open:
            typed = map(digits_only, request.POST.getlist("field"))
            wanted = {pk for pk in typed if pk is not None}
            hold_votes(workshop.pk)
            round.open_fields.set(workshop.fields.standing().filter(pk__in=wanted))
            mark_changed(workshop.pk)
            call(workshop.pk, Audience.PHONES)
    if round.is_open:
        messages.success(request, _("The open action fields are saved."))
    else:
        messages.warning(request, _("This round is not open any more."))
    to = "measures:cockpit" if sent_by_cockpit(request) else "measures:round-list"
    return redirect(to, workshop.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@facilitator
def round_show(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET says with numbers what showing means, POST shows the results, for good."""
    workshop = visit.workshop
    round = get_object_or_404(workshop.rounds, number=number)
    if request.method == "POST":
        done = _settled(visit, number, lambda row: show(row, by=visit.person))
        text = _("The results of round %(n)d are open to everybody in this workshop.")
        to = "measures:cockpit" if sent_by_cockpit(request) else "measures:dashboard"
        return _told(request, workshop, done, text % {"n": number}, to=to)
    if not round.is_closed:
        return redirect("measures:round-list", workshop.pk)
    found = outlook(workshop, round)
    context = {
        "workshop": workshop,
        "visit": visit,
        "round": round,
        "outlook": found,
        "offered": sum(map(len, found.values())),
        "people": ballots_in(round),
        "sheets": sheets_of([round]).get(round.pk, 0),
        # Later it changes nothing for this round; the day tells it all the time.
        "no_administration": "" if workshop.has_record else roles.missing_administration(visit),
    }
    return render(request, "measures/rating/round_show.html", context)


@require_POST
@facilitator
def round_set_aside(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """POST: a round of which nobody has seen results is never shown; the reason stays listed."""
    workshop = visit.workshop
    get_object_or_404(workshop.rounds, number=number)
    reason = " ".join(request.POST.get("reason", "").split())
    if not 0 < len(reason) <= REASON_LENGTH:
        text = _("Please say why this round is set aside, in at most %(n)d characters.")
        problem = {"reason": reason, "reason_error": text % {"n": REASON_LENGTH}}
        return _list_page(request, visit, status=422, **problem)
    done = _settled(visit, number, lambda row: set_aside(row, by=visit.person, reason=reason))
    text = _("Round %(n)d is set aside. Its ratings are never shown.")
    return _told(request, workshop, done, text % {"n": number}, to="measures:round-list")


def _in_turn(visit: Visit) -> Workshop:
    """Line up, and refuse (403) whoever does not lead the workshop any more by then."""
    fresh = in_turn(visit)
    if not fresh.is_facilitator:
        raise PermissionDenied(roles.who_settles(fresh.workshop))
    return fresh.workshop


def _settled(visit: Visit, number: int, settle: Callable[[Round], None]) -> bool:
    """Settle a round that is closed; return False for one that is open or settled already."""
    with transaction.atomic():
        round = get_object_or_404(_in_turn(visit).rounds, number=number)
        if round.is_closed:
            settle(round)
            return True
    return False


def _told(
    request: HttpRequest, workshop: Workshop, done: bool, text: str, *, to: str
) -> HttpResponse:
    if done:
        messages.success(request, text)
        return redirect(to, workshop.pk)
    messages.warning(request, _("Nothing changed: this round is open, or settled already."))
    return redirect("measures:round-list", workshop.pk)
