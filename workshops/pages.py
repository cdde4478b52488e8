"""What the views of all three apps share."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from workshops.typed import typed
from workshops.visits import Visit

DIRECTIONS = {"up": -1, "down": 1}


def offline_kit(request: HttpRequest) -> dict[str, bool]:
    """Context processor: where a laptop in the room makes backups, pages say what they mean."""
    return {"offline_kit": settings.OFFLINE_KIT}


def wants_fragment(request: HttpRequest) -> bool:
    """Say whether a script asks, htmx or ours: it takes a part of the page, or a plain sentence.

    Not by ``request.htmx``, which is not there where an earlier middleware has failed.
    """
    return request.headers.get("HX-Request") == "true"


def site_address(request: HttpRequest) -> str:
    """Return where this site is found by those outside, without a slash at the end.

    That is PUBLIC_URL, where it is set: whoever works here may sit at an address of the town hall's
    own net, which no phone reaches.
    """
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Return what waits on the start page for who came from there, ``?from=waiting``."""
    is_from_start = request.GET.get("from") == "waiting"
    return f"{reverse('home')}#waiting" if is_from_start else otherwise


def plain(sentence: str, *, status: int) -> HttpResponse:
    """Answer what asked for a fragment in words, which ``js/toast.js`` shows.

    Nothing is swapped, so what was typed stays where it was typed.
    """
    return HttpResponse(f"{sentence}\n", content_type="text/plain; charset=utf-8", status=status)


def gone(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Answer 404 to who changes what somebody has removed meanwhile; no word is lost.

    Only for those who may change it: to a stranger nothing here exists.
    """
    words = typed(request)
    if words:
        sentence = _(
            "Somebody has removed or merged this in the meantime, so nothing was saved;"
            " copy your text before you go on."
        )
    else:
        sentence = _(
            "Somebody has removed or merged this in the meantime, so nothing was changed;"
            " please load the page again."
        )
    if wants_fragment(request):
        return plain(sentence, status=404)
    context = {"workshop": visit.workshop, "visit": visit, "sentence": sentence, "typed": words}
    return render(request, "workshops/gone.html", context, status=404)


def one_of(request: HttpRequest, name: str, values: dict):
    """Return what the posted word stands for; any other word is a bad request (400)."""
    word = request.POST.get(name)
    if word not in values:
        raise BadRequest(_("The form contains a value that does not exist."))
    return values[word]


def sent_by_cockpit(request: HttpRequest) -> bool:
    """Say whether a form stood in the cockpit, or in a check before one of its steps."""
    return request.POST.get("then") == "cockpit"


def edit_page(request, visit: Visit, form, template: str, **context) -> HttpResponse:
    """Answer a ``SeenForm`` that was not saved: drawn (200), faulty (422), late (409)."""
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        context |= {"differences": form.differences()}
        form, status = form.redrawn(), 409
    context |= {"workshop": visit.workshop, "visit": visit, "form": form}
    return render(request, template, context, status=status)
