"""The cockpit: the whole day on one page, for whoever leads it."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from measures.hall import timer
from measures.hall.cockpit import cockpit_context, put_on_screen
from measures.hall.marks import Place, cockpit_address, counted, mark_of
from measures.hall.notes import NotesForm
from measures.hall.plan import PlanForm, store_plan
from measures.hall.screens import day_of, front_of
from measures.hall.signs import Sign, projector_sign
from measures.models import Front, Screen
from measures.rating.closing import close_if_due
from measures.rating.rounds import open_round_of
from workshops.access import editor, facilitator, in_turn
from workshops.audiences import Audience, call
from workshops.guests import PROJECTOR_LENGTH, new_code
from workshops.numerals import digits_only
from workshops.pages import edit_page, one_of, wants_fragment
from workshops.phases import Phase
from workshops.visits import Visit

# The phases that have no check of their own, with the one from which they are reached.
CHECKED: dict[str, Phase] = {
    Phase.COLLECTING: Phase.PREPARING,
    Phase.CLOSED: Phase.DELIBERATING,
}


@require_safe
@editor
@never_cache
def cockpit(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: where the day is and what comes next; who may not lead it reads along."""
    if close_if_due(open_round_of(visit.workshop)):
        return redirect("measures:cockpit", visit.workshop.pk)
    turnout = counted(visit.workshop)
    context = cockpit_context(visit, turnout)
    context |= {
        "projector_sign": _projector_sign(request, context["front"]),
        "moment": cockpit_address(visit.workshop),
        "mark": mark_of(visit.workshop, turnout, Place.COCKPIT),
    }
    return render(request, "measures/hall/cockpit.html", context)


def _projector_sign(request: HttpRequest, front: Front) -> Sign | None:
    return projector_sign(request, front.code) if front.code else None


@require_safe
@editor
def cockpit_step(request: HttpRequest, visit: Visit, to: str) -> HttpResponse:
    """GET says what a step means that has no check of its own, with the button that takes it."""
    if to not in CHECKED:
        raise Http404
    if visit.workshop.phase != CHECKED[to]:
        return redirect("measures:cockpit", visit.workshop.pk)
    turnout = counted(visit.workshop)
    context = {**cockpit_context(visit, turnout), "to": to}
    return render(request, "measures/hall/cockpit_step.html", context)


def _changed(visit: Visit, change: Callable[[Front], None]) -> None:
    """Change the front in the workshop's turn."""
    with transaction.atomic():
        front = front_of(in_turn(visit).workshop)
        change(front)
        front.save()


@require_POST
@facilitator
def front_screen(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST chooses what the projector shows, "" for whatever the day shows, and how it looks."""
    screens = {"": "", **{each.value: each.value for each in Screen}}
    themes = {"": "", **{each.value: each.value for each in Front.Theme}}
    number, field = (digits_only(request.POST.get(name, "")) for name in ("measure", "field"))

    def choose(front: Front) -> None:
        if "theme" in request.POST:
            front.theme = one_of(request, "theme", themes)
        day = day_of(front.workshop)
        # One that waited for a connection is for the step of the day in which it was chosen.
        if "screen" in request.POST and request.POST.get("state", day.state) == day.state:
            screen = one_of(request, "screen", screens)
            put_on_screen(front, day, screen, field=field, number=number)

    _changed(visit, choose)
    return _done(request, visit)


def _done(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Lead back to the cockpit; to the outbox a status says it all."""
    if wants_fragment(request):
        return HttpResponse(status=204)
    return redirect("measures:cockpit", visit.workshop.pk)


_TIMER: dict[str, Callable[[Front, int, datetime], None]] = {
    "start": timer.start,
    "add": timer.add,
    "hold": lambda front, _minutes, now: timer.hold(front, now),
    "go-on": lambda front, _minutes, now: timer.go_on(front, now),
    "end": lambda front, _minutes, _now: timer.end(front),
}


@require_POST
@facilitator
def front_timer(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST starts, lengthens, holds or ends the timer."""
    act = one_of(request, "do", _TIMER)
    minutes = digits_only(request.POST.get("minutes", "").strip()) or 0
    if minutes or request.POST["do"] not in ("start", "add"):
        _changed(visit, lambda front: act(front, minutes, timezone.now()))
    else:
        messages.error(request, _("How long? Please enter whole minutes, for instance 10."))
    return redirect("measures:cockpit", visit.workshop.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@facilitator
def front_notes(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET shows the notes by themselves, POST stores them; somebody else's change stays (409)."""
    with transaction.atomic():
        if request.method == "POST":
            visit = in_turn(visit)
        front = front_of(visit.workshop)
        if request.method == "POST" and front._state.adding:
            front.save()
        form = NotesForm(request.POST or None, instance=front)
        if request.method == "POST" and form.is_valid() and not form.conflict:
            form.save()
            return _done(request, visit)
    return edit_page(request, visit, form, "measures/hall/front_notes.html")


@require_POST
@facilitator
def front_code(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST makes a code for the projector; whatever shows the old one ends."""
    _changed(visit, lambda front: setattr(front, "code", new_code(PROJECTOR_LENGTH)))
    return redirect("measures:cockpit", visit.workshop.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@facilitator
def plan_edit(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET shows the day's plan as text, POST stores it; somebody else's change stays (409)."""
    with transaction.atomic():
        if request.method == "POST":
            visit = in_turn(visit)
        form = PlanForm(request.POST or None, workshop=visit.workshop)
        if request.method == "POST" and form.is_valid() and not form.conflict:
            store_plan(visit.workshop, form.parts())
            call(visit.workshop.pk, Audience.FRONT)
            messages.success(request, _("The plan of the day is saved."))
            return redirect("measures:cockpit", visit.workshop.pk)
    return edit_page(request, visit, form, "measures/hall/plan_edit.html")
