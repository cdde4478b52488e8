"""What the views of all three apps share."""

from collections.abc import Iterable, Sequence
from functools import cache

from django.apps import apps
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from workshops.models import Criterion, Workshop
from workshops.visits import Visit

DIRECTIONS = {"up": -1, "down": 1}
HIDDEN = frozenset({"version", "client_id", "next", "seen", "agreed-seen", "table"})
ALIASES = {"login": "email"}
BUTTONS = frozenset(
    {"direction", "from", "language", "promised", "public", "round", "then", "to", "worked_on"}
)


def wants_fragment(request: HttpRequest) -> bool:
    """Say whether a script asks, htmx or ours: it takes a part of the page, or a plain sentence.

    Not by ``request.htmx``, which is not there where an earlier middleware has failed.
    """
    return request.headers.get("HX-Request") == "true"


def plain(sentence: str, *, status: int) -> HttpResponse:
    """Answer what asked for a fragment in words, which ``js/toast.js`` shows.

    Nothing is swapped, so what was typed stays where it was typed.
    """
    return HttpResponse(f"{sentence}\n", content_type="text/plain; charset=utf-8", status=status)


def gone(request: HttpRequest, workshop: Workshop) -> HttpResponse:
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
    context = {"workshop": workshop, "sentence": sentence, "typed": words}
    return render(request, "workshops/gone.html", context, status=404)


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return labels and words of a form, to be given back by a page that could not store them.

    Never a password, and nothing of a rating: its steps are chosen again at once, and nobody
    reads along.
    """
    if "/rate/" in request.path:
        return []
    return labelled((name, value) for name, values in request.POST.lists() for value in values)


def labelled(fields: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    """Return labels and words of what a form sent, without what nobody typed."""
    return [(label_of(name), value) for name, value in fields if _is_word(name) and value.strip()]


def label_of(name: str) -> str:
    """Return what people call a field; a count from paper is named by criterion and step."""
    name = ALIASES.get(name, name)
    criterion, _underscore, step = name.partition("_")
    if criterion in Criterion.values and step:
        words = step if step.isdecimal() else _("cannot judge")
        return f"{Criterion(criterion).label}: {words}"
    if name.startswith("agreed-"):
        return f"{_('Group value')}: {label_of(name.removeprefix('agreed-'))}"
    return str(capfirst(_labels().get(name, name)))


def _is_word(name: str) -> bool:
    others = {*HIDDEN, *BUTTONS, "csrfmiddlewaretoken"}
    return name not in others and "password" not in name


def one_of(request: HttpRequest, name: str, values: dict):
    """Return what the posted word stands for; any other word is a bad request (400)."""
    word = request.POST.get(name)
    if word not in values:
        raise BadRequest(_("The form contains a value that does not exist."))
    return values[word]


def edit_page(request, visit: Visit, form, template: str, **context) -> HttpResponse:
    """Answer a ``VersionedForm`` that was not saved: drawn (200), faulty (422), late (409)."""
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        context |= {"differences": form.differences()}
        form, status = form.redrawn(), 409
    context |= {"workshop": visit.workshop, "visit": visit, "form": form}
    return render(request, template, context, status=status)


@cache
def _labels() -> dict[str, str]:
    """Return what people call our columns, by name, where all that bear it are called the same."""
    labels: dict[str, set[str]] = {}
    for app in ("workshops", "fields", "measures"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.fields:
                if field.editable and not field.auto_created:
                    labels.setdefault(field.name, set()).add(field.verbose_name)
    return {name: found.pop() for name, found in labels.items() if len(found) == 1}
