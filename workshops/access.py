"""Who may open which page: every rule of access, each a one-word decorator.

A view below ``/workshops/<workshop_id>/`` carries exactly one of ``member``, ``participant``,
``editor``, ``facilitator``, ``decider`` and ``administration`` and receives the workshop instead
of its id. Nobody signed in: to the log-in, with what was typed kept. A stranger: 404. The wrong
role: 403. ``during`` adds the activity that the phase must allow (403 otherwise); see
``workshops.phases``. Whoever may change something that was removed meanwhile gets the words back.
"""

import re
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_required as signed_in
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from workshops.models import Membership, Participant, Role, Workshop, line_up
from workshops.pages import gone, wants_fragment
from workshops.phases import Activity

__all__ = [
    "WrongPhase",
    "administration",
    "decider",
    "during",
    "editor",
    "facilitator",
    "in_turn",
    "lock_during",
    "mark_rights",
    "may_create_workshops",
    "may_see_kept",
    "member",
    "participant",
    "signed_in",
    "to_login",
    "workshops_of",
]

KEPT_POST = "kept_post"
KEPT_POST_LIMIT = 50_000


class WrongPhase(PermissionDenied):
    """The role fits, the moment does not."""


def may_create_workshops(user) -> bool:
    """Whoever has the permission; everybody where people may open accounts by themselves."""
    return settings.SIGNUP_OPEN or user.has_perm("workshops.add_workshop")


def workshops_of(user):
    """Return the workshops that ``user`` may see, each with the user's roles as attributes."""
    roles = Membership.objects.filter(workshop=OuterRef("pk"), user=user)
    part = Participant.objects.filter(workshop=OuterRef("pk"), user=user)
    return (
        Workshop.objects.select_related("revision")
        .annotate(
            is_facilitator=Exists(roles.filter(role=Role.FACILITATOR)),
            is_committee=Exists(roles.filter(role=Role.COMMITTEE)),
            is_administration=Exists(roles.filter(role=Role.ADMINISTRATION)),
            participant_id=Subquery(part.values("pk")[:1]),
            has_results=Exists(
                Workshop.objects.filter(pk=OuterRef("pk"), rounds__state="shown").values("pk")
            ),
        )
        .filter(Exists(roles) | Exists(part))
    )


def _requires(fits: Callable[[Workshop], bool]):
    """Build a decorator that lets those through for whom ``fits`` says yes."""

    def decorator(view):
        @wraps(view)
        def guarded(request, workshop_id: int, **kwargs):
            if not request.user.is_authenticated:
                return to_login(request)
            workshop = workshops_of(request.user).filter(pk=workshop_id).first()
            if workshop is None:
                raise Http404
            if not fits(mark_rights(workshop)):
                raise PermissionDenied(_("Your role in this workshop does not include this page."))
            try:
                response = view(request, workshop, **kwargs)
            except Http404:
                if request.method != "POST" and not wants_fragment(request):
                    raise  # only a page that was opened; nobody was at work on it
                return gone(request, workshop)
            _forget_kept(request, response)
            return response

        guarded.is_guarded = True
        return guarded

    return decorator


member = _requires(lambda workshop: True)
participant = _requires(lambda workshop: workshop.participant_id is not None)
facilitator = _requires(lambda workshop: workshop.is_facilitator)
editor = _requires(lambda workshop: workshop.is_editor)
decider = _requires(lambda workshop: workshop.is_decider)
administration = _requires(lambda workshop: workshop.is_administration)


def mark_rights(workshop: Workshop) -> Workshop:
    """Add what views and templates ask most: who edits, and what the phase allows this person."""
    allows = workshop.allows
    workshop.is_editor = workshop.is_facilitator or workshop.is_administration
    workshop.is_decider = workshop.is_committee or workshop.is_administration
    workshop.shows_results = allows(Activity.SEE_RESULTS)
    workshop.may_rate = workshop.participant_id is not None and allows(Activity.RATE)
    workshop.may_enter = workshop.is_facilitator and allows(Activity.ENTER_RATINGS)
    workshop.may_print_sheets = workshop.is_facilitator and allows(Activity.PRINT_SHEETS)
    workshop.may_set_up = workshop.is_editor and allows(Activity.SET_UP)
    workshop.may_capture = workshop.is_editor and allows(Activity.CAPTURE)
    workshop.may_describe = workshop.is_editor and allows(Activity.DESCRIBE)
    workshop.may_decide = workshop.is_decider and allows(Activity.DECIDE)
    workshop.may_convene = workshop.is_administration and allows(Activity.DECIDE)
    workshop.may_report = workshop.is_editor and allows(Activity.FOLLOW_UP)
    return workshop


def during(activity: Activity):
    """Let a view run only while the workshop's phase allows ``activity``."""

    def decorator(view):
        @wraps(view)
        def guarded(request, workshop: Workshop, **kwargs):
            _check(workshop, activity)
            return view(request, workshop, **kwargs)

        return guarded

    return decorator


def _check(workshop: Workshop, activity: Activity) -> None:
    if not workshop.allows(activity):
        raise WrongPhase(
            _("In the phase “%(phase)s” nobody can %(activity)s.")
            % {"phase": workshop.get_phase_display(), "activity": activity.label}
        )


def lock_during(workshop: Workshop, activity: Activity) -> None:
    """Line up with all who write, and check the phase once more: it may have moved until then.

    Called first in a transaction, it brings ``workshop`` up to the state that is written upon.
    Not by ``mark_changed``: the revision stays, so that figures kept for it may be used, and who
    is refused changes nothing. Raises WrongPhase.
    """
    line_up(workshop.pk)
    workshop.refresh_from_db()
    workshop.forget_answers()
    _check(mark_rights(workshop), activity)


def in_turn(user, workshop: Workshop, activity: Activity | None = None) -> Workshop:
    """Line up likewise, and return the workshop with an editor's rights as they are by then.

    For what changes rights, or depends on them and on what others do at this moment: whoever has
    lost the role while waiting has lost it (403). Called first in a transaction.
    """
    line_up(workshop.pk)
    fresh = workshops_of(user).filter(pk=workshop.pk).first()
    if fresh is None or not mark_rights(fresh).is_editor:
        raise PermissionDenied(_("Your role in this workshop does not include this page."))
    if activity:
        _check(fresh, activity)
    return fresh


def to_login(request: HttpRequest) -> HttpResponse:
    """Send to the log-in and keep what was typed, so that an expired session costs no words.

    The CSRF middleware has checked the request before, so nobody else's text is kept.
    """
    target = request.get_full_path()
    if request.method == "POST":
        target = resolve_url("home")
        if _may_keep(request):
            path = request.get_full_path()
            request.session[KEPT_POST] = {"path": path, "fields": _fields(request)}
            target = resolve_url("kept-input")
    login = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': target})}"
    if wants_fragment(request):
        # A fragment cannot become the log-in page: the browser is told to go there as a whole.
        return HttpResponse(status=401, headers={"HX-Redirect": login})
    return redirect(login)


def _may_keep(request: HttpRequest) -> bool:
    """Keep words only, and not without bounds: whoever posts here is not known.

    A rating is never kept, nor what is counted from paper: it would lie beside the account that
    signs in next. A file is chosen anew.
    """
    if request.FILES or "/rate/" in request.path or "/entry/" in request.path:
        return False
    if not ratelimit.consume(request, action="keep_input"):
        return False
    return sum(len(name) + len(value) for name, value in _fields(request)) <= KEPT_POST_LIMIT


def may_see_kept(user, path: str) -> bool:
    """Say whether whoever signed in belongs to the workshop in which a kept text was typed.

    At a shared computer the next account may be somebody else's.
    """
    found = re.match(r"/workshops/(\d{1,18})/", path)
    return found is None or workshops_of(user).filter(pk=found[1]).exists()


def _fields(request: HttpRequest) -> list[list[str]]:
    return [[k, v] for k, vs in request.POST.lists() for v in vs if k != "csrfmiddlewaretoken"]


def _forget_kept(request: HttpRequest, response: HttpResponse) -> None:
    """Drop the kept text once exactly this text was stored, and not a moment earlier."""
    if request.method == "POST" and response.status_code < 400:
        kept = {"path": request.get_full_path(), "fields": _fields(request)}
        if request.session.get(KEPT_POST) == kept:
            del request.session[KEPT_POST]
