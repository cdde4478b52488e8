"""What those at the board do with ideas from phones."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fields.models import ActionField
from measures.board.answers import back_to_board, standing_field
from measures.board.ideas import lay, take_over
from measures.models import Idea, Measure
from workshops.access import during, scribe, turn
from workshops.edits import note_edit
from workshops.numerals import digits_only
from workshops.pages import one_of
from workshops.phases import Activity
from workshops.visits import Visit

TRAY = "ideas"  # where one goes on


@require_POST
@scribe
@during(Activity.CAPTURE)
def idea_sort(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST takes ideas over as a measure, lays them to one, aside, or back; ``do`` says which.

    What somebody else has dealt with meanwhile stays as it is (409).
    """
    act = one_of(request, "do", ACTS)
    with turn(visit, Activity.CAPTURE) as visit:
        field = standing_field(visit, pk)
        ideas = _chosen(request, field, is_waiting=act is not _back)
        at = act(request, visit, field, ideas) if ideas else None
    if at is None:
        said = _("Somebody else has dealt with this idea in the meantime. Please look once more.")
        return back_to_board(request, visit, field, at=TRAY, said=said, failed=True)
    return back_to_board(request, visit, field, at=at)


def _chosen(request: HttpRequest, field: ActionField, *, is_waiting: bool) -> list[Idea]:
    """Return the ideas that the form names, the waiting ones or those that were dealt with."""
    ids = [digits_only(each) for each in request.POST.getlist("idea")]
    named = field.ideas.filter(pk__in=[each for each in ids if each is not None])
    waiting = named.waiting()
    return list(waiting if is_waiting else named.exclude(pk__in=waiting.values("pk")))


def _take(request: HttpRequest, visit: Visit, field: ActionField, ideas: list[Idea]) -> str:
    goal = field.goals.standing().last()
    measure = take_over(ideas, goal, visit.table)
    note_edit(request, visit.workshop, _("%(what)s added") % {"what": measure})
    return f"edit-{measure.number}"


def _merge(request: HttpRequest, visit: Visit, field: ActionField, ideas: list[Idea]) -> str | None:
    number = digits_only(request.POST.get("measure", ""))
    measures = Measure.objects.filter(field=field).standing()
    measure = measures.filter(number=number).first() if number is not None else None
    if measure is None:
        return None
    lay(ideas, to=measure)
    return TRAY


def _aside(request: HttpRequest, visit: Visit, field: ActionField, ideas: list[Idea]) -> str:
    lay(ideas, to=None, is_aside=True)
    return TRAY


def _back(request: HttpRequest, visit: Visit, field: ActionField, ideas: list[Idea]) -> str:
    lay(ideas, to=None)
    return TRAY


Act = Callable[[HttpRequest, Visit, ActionField, list[Idea]], str | None]
ACTS: dict[str, Act] = {"take": _take, "merge": _merge, "aside": _aside, "back": _back}
