"""What somebody typed and we could not store: given back on the page, or held over a log-in.

Nothing is held where the guard of the view says ``keeps_input=False``: it would lie beside the
account that signs in next.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TypedDict

from allauth.core import ratelimit
from django.apps import apps
from django.db.models import Field
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from workshops.models import Criterion, User
from workshops.visits import workshops_of

SESSION_KEY = "typed"
MOST_HELD = 50_000  # characters
HIDDEN = frozenset({"agreed-seen", "at", "client_id", "next", "opening", "seen", "table"})
BUTTONS = frozenset(
    {
        *("also_decided", "by", "confirmed", "count", "direction", "from", "language", "measures"),
        *("numbers_right", "promised", "public", "round", "target", "then", "to", "which"),
        *("back", "boards", "distinct", "do", "idea", "measure", "take", "takes", "told"),
        *("released", "worked_on"),
    }
)
ALIASES = {"login": "email"}
# A cell of a table that has a row for each measure, see measures.followup.table.
ROW = re.compile(r"(?P<name>[a-z_]+)-(?P<number>\d+)")
# A cell of a table with a row for each measure, see ``measures.assessment.table_forms``.
CELL = re.compile(r"m([0-9]+)-(\w+)")


# Given back ---------------------------------------------------------------------------------------
def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return labels and words of a form, to be given back by a page that could not store them."""
    return labelled(_fields(request))


def labelled(fields: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    """Return labels and words of what a form sent, without what nobody typed."""
    return [(label_of(n), _words(n, value)) for n, value in fields if _is_word(n) and value.strip()]


def label_of(name: str) -> str:
    """Return what people call a field; a count from paper is named by criterion and step."""
    name = ALIASES.get(name, name)
    if in_row := ROW.fullmatch(name):
        return f"{label_of(in_row['name'])} (M{in_row['number']})"
    criterion, _underscore, step = name.partition("_")
    if criterion in Criterion.values and step:
        words = step if step.isdecimal() else _("cannot judge")
        return f"{Criterion(criterion).label}: {words}"
    if cell := CELL.fullmatch(name):
        return f"M{cell[1]}, {label_of(cell[2])}"
    if name.startswith("agreed-"):
        return f"{_('Agreed value')}: {label_of(name.removeprefix('agreed-'))}"
    labels = {column.verbose_name for column in _columns().get(name, ())}
    return str(capfirst(labels.pop() if len(labels) == 1 else name))


def _words(name: str, value: str) -> str:
    """Return what people read for the key of a choice."""
    if in_row := ROW.fullmatch(name):
        name = in_row["name"]
    for column in _columns().get(name, ()):
        for key, words in column.flatchoices:
            if str(key) == value:
                return str(words)
    return value


def _is_word(name: str) -> bool:
    """Say whether somebody typed or chose this in words.

    A password is nobody's to read, nor a step of a rating, which is chosen again at once; the
    number of a row that was chosen says nothing.
    """
    if cell := CELL.fullmatch(name):
        return _is_word(cell[2])
    if name in HIDDEN | BUTTONS or name in Criterion.values or "password" in name:
        return False
    return not any(column.is_relation for column in _columns().get(name, ()))


@cache
def _columns() -> dict[str, list[Field]]:
    """Return our editable columns by name."""
    found: dict[str, list[Field]] = {}
    for app in ("workshops", "fields", "measures"):
        for model in apps.get_app_config(app).get_models():
            for column in model._meta.fields:
                if column.editable and not column.auto_created:
                    found.setdefault(column.name, []).append(column)
    return found


# Held over a log-in -------------------------------------------------------------------------------
class Held(TypedDict):
    path: str
    fields: list[list[str]]


def hold(request: HttpRequest) -> bool:
    """Hold what was typed until somebody has signed in, and say whether it is held.

    Words only, and not without bounds: whoever posts here is not known. A file is chosen anew.
    """
    if request.FILES or not ratelimit.consume(request, action="keep_input"):
        return False
    if sum(len(name) + len(value) for name, value in _fields(request)) > MOST_HELD:
        return False
    request.session[SESSION_KEY] = _held(request)
    return True


def held(request: HttpRequest, person: User) -> Held | None:
    """Return what is held for whoever has signed in; for somebody else it is dropped.

    At a shared computer the next account may not belong to the workshop in which it was typed.
    """
    found = request.session.get(SESSION_KEY)
    if found is None:
        return None
    within = re.match(r"/workshops/(\d{1,18})/", found["path"])
    if within and not workshops_of(person).filter(pk=within[1]).exists():
        del request.session[SESSION_KEY]
        return None
    return found


def let_go(request: HttpRequest, response: HttpResponse) -> None:
    """Drop what is held once exactly this was stored, and not a moment earlier."""
    is_stored = request.method == "POST" and response.status_code < 400
    if is_stored and request.session.get(SESSION_KEY) == _held(request):
        del request.session[SESSION_KEY]


def _held(request: HttpRequest) -> Held:
    return {"path": request.get_full_path(), "fields": _fields(request)}


def _fields(request: HttpRequest) -> list[list[str]]:
    return [[k, v] for k, vs in request.POST.lists() for v in vs if k != "csrfmiddlewaretoken"]
