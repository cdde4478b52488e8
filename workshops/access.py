"""Who may open which page: every rule of access, each a one-word decorator.

A view below ``/workshops/<workshop_id>/`` carries exactly one of ``member``, ``reader``,
``participant``, ``guest``, ``scribe``, ``editor``, ``facilitator``, ``decider`` and
``administration`` and receives the ``Visit`` instead of the workshop's id: who is here, in which
workshop, with which rights. Guests of the hall are participants and readers, no members; a table of
the hall is a scribe, for its own fields. Only ``listener`` asks for nobody but for a token. Nobody
signed in: to the log-in, with what was typed held; whose guest's secret or table's code is good for
nothing any more: to where a code is typed. A stranger: 404. The wrong role: 403. ``during`` adds
the activity that the phase must allow (403 otherwise); see ``workshops.phases``. In an archived
workshop everything that is sent is refused (403), but for views that say ``when_archived``: those
that bring it back, or write nothing into it. Whoever may change something that was removed
meanwhile gets the words back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from typing import TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required as signed_in
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from workshops.guests import has_secret
from workshops.models import User, WorkshopRevision, line_up
from workshops.outbox import is_of_another
from workshops.pages import gone, wants_fragment
from workshops.phases import Activity
from workshops.tables import was_table
from workshops.typed import hold, let_go
from workshops.visits import Visit, visit_anew, visit_of

__all__ = [
    "Archived",
    "WrongPhase",
    "administration",
    "decider",
    "during",
    "editor",
    "facilitator",
    "guest",
    "in_turn",
    "listener",
    "may_create_workshops",
    "member",
    "participant",
    "reader",
    "scribe",
    "sender",
    "signed_in",
    "to_login",
    "turn",
]


Asking = TypeVar("Asking")


class WrongPhase(PermissionDenied):
    """The role fits, the moment does not."""


class Archived(WrongPhase):
    """The workshop can only be read."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This workshop is archived: everything in it can be read and nothing changed. Its"
                " administration, or without one the facilitator, can bring it back."
            )
        )


def may_create_workshops(user) -> bool:
    """Whoever has the permission; everybody where people may open accounts by themselves."""
    return settings.SIGNUP_OPEN or user.has_perm("workshops.add_workshop")


def sender(request: HttpRequest) -> User:
    """Return whose account sent the request. Raises PermissionDenied where nobody is signed in."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def _requires(fits: Callable[[Visit], bool], *, keeps_input: bool = True):
    """Build a decorator that lets those through for whom ``fits`` says yes.

    A view with ``keeps_input=False`` takes ratings: what is sent to it is not held over a log-in.
    """

    def decorator(view=None, *, keeps_input: bool = keeps_input, when_archived: bool = False):
        if view is None:
            return partial(decorator, keeps_input=keeps_input, when_archived=when_archived)

        @wraps(view)
        def guarded(request, workshop_id: int, **kwargs):
            visit = visit_of(request, workshop_id)
            if visit is None and was_table(request, workshop_id):
                return _code_has_ended(request)
            if visit is None and not request.user.is_authenticated:
                if has_secret(request, workshop_id):
                    return _to_code(request)
                return to_login(request, keeps_input=keeps_input)
            # Whose entry it is; and the history names it, see ``edits``. Whoever rates in the
            # browser of a table does it with a ballot.
            vars(request)["table"] = visit.table if visit and keeps_input else None
            if is_of_another(request, workshop_id):  # it stays in the outbox until they are back
                return to_login(request, keeps_input=False)
            if visit is None:
                raise Http404
            if not fits(visit):
                raise PermissionDenied(_not_yours())
            if visit.workshop.is_archived and request.method == "POST" and not when_archived:
                raise Archived
            try:
                response = view(request, visit, **kwargs)
            except Http404:
                if request.method != "POST" and not wants_fragment(request):
                    raise  # only a page that was opened; nobody was at work on it
                return gone(request, visit)
            let_go(request, response)
            return response

        vars(guarded)["is_guarded"] = True
        return guarded

    return decorator


member = _requires(lambda visit: visit.person is not None)
reader = _requires(lambda visit: visit.person is not None or visit.is_guest)
scribe = _requires(lambda visit: visit.is_scribe)
participant = _requires(lambda visit: visit.is_participant, keeps_input=False)
guest = _requires(lambda visit: visit.guest is not None, keeps_input=False)
facilitator = _requires(lambda visit: visit.is_facilitator)
editor = _requires(lambda visit: visit.is_editor)
decider = _requires(lambda visit: visit.is_decider)
administration = _requires(lambda visit: visit.is_administration)


def _code_has_ended(request: HttpRequest) -> HttpResponse:
    """Lead a table whose code holds no more to where a code is typed; a queue keeps its lines.

    Raises PermissionDenied for a form that was sent without a script: the words are given back.
    """
    if request.method == "POST" and not wants_fragment(request):
        raise PermissionDenied(
            _("The code of this table does not hold any more, so nothing was saved.")
        )
    return _to_code(request, "table")


def listener(whose: Callable[[int, str], Asking | None]):
    """Let a view run for whoever has the token that a page of the workshop carries; else 404.

    ``whose`` says what a token stands for. Nobody is asked who they are: guests of the hall have no
    account, and a projector is nobody.
    """

    def decorator(view: Callable[[HttpRequest, int, Asking], HttpResponse]):
        @wraps(view)
        def guarded(request: HttpRequest, workshop_id: int, token: str) -> HttpResponse:
            asking = whose(workshop_id, token)
            if asking is None:
                raise Http404
            return view(request, workshop_id, asking)

        vars(guarded)["is_guarded"] = True
        return guarded

    return decorator


def _not_yours() -> str:
    return _("Your role in this workshop does not include this page.")


def during(activity: Activity):
    """Let a view run only while the workshop's phase allows ``activity``."""

    def decorator(view):
        @wraps(view)
        def guarded(request, visit: Visit, **kwargs):
            _check(visit, activity)
            return view(request, visit, **kwargs)

        return guarded

    return decorator


def _check(visit: Visit, activity: Activity) -> None:
    if visit.workshop.is_archived and not visit.allows(activity):
        raise Archived
    if not visit.allows(activity):
        raise WrongPhase(
            _("In the phase “%(phase)s” nobody can %(activity)s.")
            % {"phase": visit.workshop.get_phase_display(), "activity": activity.label}
        )


def in_turn(
    visit: Visit, activity: Activity | None = None, *, when_archived: bool = False
) -> Visit:
    """Line up with all who write, and return the visit as it is when the turn comes.

    Called first in a transaction by whoever changes what others change as well. Until then the
    phase may have moved (WrongPhase), the workshop may be archived (Archived) or deleted (404), and
    who has lost a role while waiting has lost it (403).
    Not by ``mark_changed``: the revision stays, so that figures kept for it may be used, and who
    is refused changes nothing. 2 queries.
    """
    try:
        line_up(visit.workshop.pk)
    except WorkshopRevision.DoesNotExist:
        raise Http404 from None
    fresh = visit_anew(visit)
    if fresh is None or not visit.roles <= fresh.roles:
        raise PermissionDenied(_not_yours())
    if fresh.workshop.is_archived and not when_archived:
        raise Archived
    if activity:
        _check(fresh, activity)
    return fresh


@contextmanager
def turn(visit: Visit, activity: Activity) -> Iterator[Visit]:
    """Change something in one transaction, in the workshop's turn: see ``in_turn``."""
    with transaction.atomic():
        yield in_turn(visit, activity)


def to_login(request: HttpRequest, *, keeps_input: bool = True) -> HttpResponse:
    """Send to the log-in and hold what was typed, so that an expired session costs no words.

    The CSRF middleware has checked the request before, so nobody else's text is held.
    """
    target = request.get_full_path()
    if request.method == "POST":
        is_held = keeps_input and hold(request)
        target = resolve_url("kept-input" if is_held else "home")
    return _away(request, f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': target})}")


def _to_code(request: HttpRequest, lost: str = "1") -> HttpResponse:
    """Send to where a code is typed: whose secret, or "table", is good for nothing any more."""
    return _away(request, f"{resolve_url('measures:join-code')}?lost={lost}")


def _away(request: HttpRequest, page: str) -> HttpResponse:
    if wants_fragment(request):
        # A fragment cannot become another page: the browser is told to go there as a whole.
        return HttpResponse(status=401, headers={"HX-Redirect": page})
    return redirect(page)
