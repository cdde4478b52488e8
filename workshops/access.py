"""Who may open which page: every rule of access, each a one-word decorator.

A view below ``/workshops/<workshop_id>/`` carries exactly one of ``member``, ``participant``,
``editor``, ``facilitator`` and ``watcher`` and receives the workshop instead of its id. Nobody
signed in: to the log-in, with what was typed kept. A stranger: 404. The wrong role: 403. ``during``
adds the activity that the phase must allow (403 otherwise); see ``workshops.phases``.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required as signed_in
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from workshops.models import Membership, Participant, Role, Workshop
from workshops.phases import Activity, Phase

__all__ = [
    "WrongPhase",
    "during",
    "editor",
    "facilitator",
    "mark_rights",
    "may_create_workshops",
    "member",
    "participant",
    "signed_in",
    "to_login",
    "watcher",
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
            if request.method == "POST":
                request.session.pop(KEPT_POST, None)  # sent now, or overtaken
            workshop = workshops_of(request.user).filter(pk=workshop_id).first()
            if workshop is None:
                raise Http404
            if not fits(mark_rights(workshop)):
                raise PermissionDenied(_("Your role in this workshop does not include this page."))
            return view(request, workshop, **kwargs)

        guarded.is_guarded = True
        return guarded

    return decorator


member = _requires(lambda workshop: True)
participant = _requires(lambda workshop: workshop.participant_id is not None)
facilitator = _requires(lambda workshop: workshop.is_facilitator)
editor = _requires(lambda workshop: workshop.is_editor)
watcher = _requires(lambda workshop: _results_are_due(workshop))


def mark_rights(workshop: Workshop) -> Workshop:
    """Add what views and templates ask most: ``is_editor`` and ``shows_results``.

    Those who run the workshop watch results come in; everybody else sees them afterwards.
    """
    workshop.is_editor = workshop.is_facilitator or workshop.is_administration
    workshop.shows_results = workshop.allows(Activity.SEE_RESULTS) or (
        workshop.is_editor and workshop.allows(Activity.WATCH_RESULTS)
    )
    return workshop


def _results_are_due(workshop: Workshop) -> bool:
    if not workshop.shows_results:
        first = Phase.RATING if workshop.is_editor else Phase.DELIBERATING
        raise WrongPhase(
            _("The results of this workshop are shown from the phase “%(phase)s” on.")
            % {"phase": first.label}
        )
    return True


def during(activity: Activity):
    """Let a view run only while the workshop's phase allows ``activity``."""

    def decorator(view):
        @wraps(view)
        def guarded(request, workshop: Workshop, **kwargs):
            if not workshop.allows(activity):
                raise WrongPhase(
                    _("In the phase “%(phase)s” nobody can %(activity)s.")
                    % {"phase": workshop.get_phase_display(), "activity": activity.label}
                )
            return view(request, workshop, **kwargs)

        return guarded

    return decorator


def to_login(request: HttpRequest) -> HttpResponse:
    """Send to the log-in and keep what was typed, so that an expired session costs no words.

    The CSRF middleware has checked the request before, so nobody else's text is kept.
    """
    target = request.get_full_path()
    if request.method == "POST":
        fields = [
            (k, v) for k, vs in request.POST.lists() for v in vs if k != "csrfmiddlewaretoken"
        ]
        if sum(len(value) for _name, value in fields) <= KEPT_POST_LIMIT:
            request.session[KEPT_POST] = {"path": target, "fields": fields}
            target = resolve_url("kept-input")
        else:
            target = resolve_url("home")
    login = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': target})}"
    if request.headers.get("HX-Request") or request.headers.get("X-Fragment"):
        # A fragment cannot become the log-in page: the browser is told to go there as a whole.
        return HttpResponse(status=401, headers={"HX-Redirect": login, "X-Login": login})
    return redirect(login)
