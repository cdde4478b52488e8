"""Rounds of rating: which there are, choosing the next, opening fields, showing, setting aside."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from measures.models import Measure, Round
from measures.overview import overview
from measures.rating.choosing import RoundForm, round_numbers
from measures.rating.leading import way_back
from measures.rating.outlook import outlook
from measures.rating.rounds import may_choose, set_aside, show, start
from workshops import roles
from workshops.access import editor, facilitator, in_turn, member
from workshops.models import User, Workshop, mark_changed

REASON_LENGTH = Round._meta.get_field("reason").max_length


@require_safe
@member
def round_list(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """GET: every round with its state; for the facilitator what can be done with the last one."""
    return _list_page(request, workshop)


def _list_page(request, workshop: Workshop, *, status: int = 200, **context) -> HttpResponse:
    rows = workshop.rounds.select_related("settled_by").order_by("number")
    people = Count("ratings__ballot", distinct=True)
    rounds = list(rows.annotate(people=people))
    offered = dict(rows.order_by().values_list("pk").annotate(n=Count("offers")))
    for each in rounds:
        each.offered = offered[each.pk]
    last = rounds[-1] if rounds else None
    context |= {
        "workshop": workshop,
        "rounds": rounds,
        "last": last,
        "way_back": way_back(workshop) if last and last.is_closed and workshop.is_editor else None,
        "who_settles": roles.who_settles(workshop) if _others_settle(workshop, last) else "",
        **further_round(workshop),
        "fields": _fields(last) if last and last.is_open else [],
        "reason_length": REASON_LENGTH,
    }
    return render(request, "measures/round_list.html", context, status=status)


def _others_settle(workshop: Workshop, last: Round | None) -> bool:
    is_closed = last is not None and last.is_closed
    return is_closed and workshop.is_editor and not workshop.is_facilitator


def further_round(workshop: Workshop) -> dict[str, object]:
    """Say whether this person may open one more round now, or why only others may.

    Neither where none is possible, and for whoever leads nothing. At most 4 queries.
    """
    is_possible = workshop.is_editor and may_choose(workshop)
    may_open = is_possible and roles.may_open_further(workshop)
    why_not = roles.who_opens_further(workshop) if is_possible and not may_open else ""
    return {"may_choose": may_open, "why_no_round": why_not}


def _fields(round: Round) -> list:
    """Return the fields of the round's measures with their number; ``is_open`` for those open."""
    open_now = set(round.open_fields.values_list("pk", flat=True))
    counts = dict(round.rateable().order_by().values_list("field").annotate(n=Count("pk")))
    fields = list(round.workshop.fields.filter(pk__in=counts))
    for field in fields:
        field.is_open, field.offered = field.pk in open_now, counts[field.pk]
    return fields


@require_http_methods(["GET", "HEAD", "POST"])
@editor
def round_add(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """GET: choose measures. POST: what a further round of them means; with ``number`` opens it.

    Both are sent in the body: no address is long enough for hundreds of measures. ``number`` is the
    round that was shown; a second click finds it open and changes nothing. Who may not open one,
    because a session is under way, is told so (403).
    """
    if not roles.may_open_further(workshop):
        raise PermissionDenied(roles.who_opens_further(workshop))
    if not may_choose(workshop):
        text = _("No further round can be opened now: the last one is neither shown nor set aside.")
        messages.warning(request, text)
        return redirect("measures:round-list", workshop.pk)
    view = overview(workshop)
    rateable = list(Measure.objects.in_workshop(workshop).rateable().in_reading_order())
    data = request.POST if request.method == "POST" else None
    form = RoundForm(data, view=view, rateable=rateable)
    number = workshop.rounds.exclude(state__in=Round.UNSETTLED).count() + 1
    chosen = form.chosen() if form.is_valid() else []
    if chosen and "number" in request.POST:
        return _open(request, workshop, chosen, number)
    wanted = {measure.pk for measure in chosen}
    with_result = [row for row in view.rows if row.round and row.measure.pk in wanted]
    context = {
        "workshop": workshop,
        "form": form,
        "chosen": chosen,
        "number": number,
        "numbers": round_numbers(workshop, len(chosen), with_result, len(rateable)),
    }
    status = 422 if form.is_bound and not chosen else 200
    return render(request, "measures/round_add.html", context, status=status)


def _open(request, workshop: Workshop, chosen: list[Measure], number: int) -> HttpResponse:
    with transaction.atomic():
        row = in_turn(request.user, workshop)
        if not roles.may_open_further(row):
            raise PermissionDenied(roles.who_opens_further(row))
        is_current = request.POST.get("number") == str(number) and may_choose(row)
        if is_current:
            round = start(row, by=request.user, measures=chosen)
    if is_current:
        text = _("Round %(n)d is open for %(count)d measures. The results so far stay visible.")
        messages.success(request, text % {"n": round.number, "count": len(chosen)})
        return redirect(workshop)
    messages.warning(request, _("No further round was opened: the workshop has moved on."))
    return redirect("measures:round-list", workshop.pk)


@require_POST
@facilitator
def round_fields(request: HttpRequest, workshop: Workshop, number: int) -> HttpResponse:
    """POST: the action fields named are open for rating now, all others are not."""
    with transaction.atomic():
        row = _in_turn(request.user, workshop)
        round = get_object_or_404(row.rounds, number=number)
        if round.is_open:
            wanted = [pk for pk in request.POST.getlist("field") if pk.isdecimal() and len(pk) < 19]
            round.open_fields.set(workshop.fields.filter(pk__in=wanted))
            mark_changed(workshop.pk)
    if round.is_open:
        messages.success(request, _("The open action fields are saved."))
    else:
        messages.warning(request, _("This round is not open any more."))
    return redirect("measures:round-list", workshop.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@facilitator
def round_show(request: HttpRequest, workshop: Workshop, number: int) -> HttpResponse:
    """GET says with numbers what showing means, POST shows the results, for good."""
    round = get_object_or_404(workshop.rounds, number=number)
    if request.method == "POST":
        done = _settled(request.user, workshop, number, lambda row: show(row, by=request.user))
        text = _("The results of round %(n)d are open to everybody in this workshop.")
        return _told(request, workshop, done, text % {"n": number}, to="measures:dashboard")
    if not round.is_closed:
        return redirect("measures:round-list", workshop.pk)
    context = {
        "workshop": workshop,
        "round": round,
        "outlook": outlook(workshop, round),
        "no_administration": roles.missing_administration(workshop),
    }
    return render(request, "measures/round_show.html", context)


@require_POST
@facilitator
def round_set_aside(request: HttpRequest, workshop: Workshop, number: int) -> HttpResponse:
    """POST: a round of which nobody has seen results is never shown; the reason stays listed."""
    get_object_or_404(workshop.rounds, number=number)
    reason = " ".join(request.POST.get("reason", "").split())
    if not 0 < len(reason) <= REASON_LENGTH:
        text = _("Please say why this round is set aside, in at most %(n)d characters.")
        problem = {"reason": reason, "reason_error": text % {"n": REASON_LENGTH}}
        return _list_page(request, workshop, status=422, **problem)
    by = request.user
    done = _settled(by, workshop, number, lambda row: set_aside(row, by=by, reason=reason))
    text = _("Round %(n)d is set aside. Its ratings are never shown.")
    return _told(request, workshop, done, text % {"n": number}, to="measures:round-list")


def _in_turn(user: User, workshop: Workshop) -> Workshop:
    """Line up, and refuse (403) whoever does not lead the workshop any more by then."""
    row = in_turn(user, workshop)
    if not row.is_facilitator:
        raise PermissionDenied(roles.who_settles(row))
    return row


def _settled(user: User, workshop: Workshop, number: int, settle: Callable[[Round], None]) -> bool:
    """Settle a round that is closed; return False for one that is open or settled already."""
    with transaction.atomic():
        row = _in_turn(user, workshop)
        round = get_object_or_404(row.rounds, number=number)
        if round.is_closed:
            settle(round)
            return True
    return False


def _told(request, workshop: Workshop, done: bool, text: str, *, to: str) -> HttpResponse:
    if done:
        messages.success(request, text)
        return redirect(to, workshop.pk)
    messages.warning(request, _("Nothing changed: this round is open, or settled already."))
    return redirect("measures:round-list", workshop.pk)
