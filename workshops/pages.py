"""What the views of all three apps share."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

DIRECTIONS = {"up": -1, "down": 1}


def wants_fragment(request: HttpRequest) -> bool:
    return bool(request.htmx or request.headers.get("X-Fragment"))


def one_of(request: HttpRequest, name: str, values: dict):
    """Return what the posted word stands for; any other word is a bad request (400)."""
    word = request.POST.get(name)
    if word not in values:
        raise BadRequest(_("The form contains a value that does not exist."))
    return values[word]


def edit_page(request, workshop, form, template: str, **context) -> HttpResponse:
    """Answer a ``VersionedForm`` that was not saved: drawn (200), faulty (422), late (409)."""
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        context |= {"differences": form.differences()}
        form, status = form.redrawn(), 409
    context |= {"workshop": workshop, "form": form}
    return render(request, template, context, status=status)
