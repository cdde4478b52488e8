"""Several lines at once: pasted into an empty line of the board, or into a page of their own."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fields.models import ActionField, Goal
from measures.board.answers import partners_of, standing_field
from measures.board.paste_forms import PasteForm
from measures.board.pasting import MOST_LINES, pasted_lines
from measures.board.several import Line
from measures.models import Measure
from workshops.access import during, scribe, turn
from workshops.edits import note_edit
from workshops.pages import plain, wants_fragment
from workshops.phases import Activity
from workshops.visits import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@scribe
@during(Activity.CAPTURE)
def measure_paste(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET asks for several lines, POST shows what they become, and stores those confirmed."""
    field = standing_field(visit, pk)
    if "title" in request.POST:
        return _confirm(request, visit, field)
    form = _form(request, visit, field)
    if request.method != "POST":
        return _page(request, visit, field, form)
    lines = _read(form)
    status = 200 if form.is_valid() else 422
    if not lines and wants_fragment(request):
        said = [str(error) for errors in form.errors.values() for error in errors]
        return plain(" ".join(said), status=status)
    return _page(request, visit, field, form, lines=lines, status=status)


def _form(request: HttpRequest, visit: Visit, field: ActionField) -> PasteForm:
    in_place = wants_fragment(request)
    initial = {"goal": request.GET.get("goal"), "municipality": request.GET.get("municipality")}
    return PasteForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        field=field,
        # On the board a line under a goal that is removed meanwhile is stored like those it left.
        goals=field.goals.all() if in_place else field.goals.standing(),
        partners=partners_of(visit),
        table=visit.table,
        auto_id=f"paste-{request.POST.get('goal')}-%s" if in_place else "id_%s",
    )


def _read(form: PasteForm) -> list[Line]:
    """Return the lines of the text; an error of the form where none or too many are found."""
    if {"goal", "text"} & {*form.errors}:
        return []
    pasted = pasted_lines(form.cleaned_data["text"])
    if not pasted:
        form.add_error("text", _("Please enter a text first."))
    elif len(pasted) > MOST_LINES:
        text = _(
            "These are %(count)d lines; at most %(most)d are added at once. More can be imported"
            " from a table."
        )
        form.add_error("text", text % {"count": len(pasted), "most": MOST_LINES})
    return form.propose(pasted) if "text" not in form.errors else []


def _confirm(request: HttpRequest, visit: Visit, field: ActionField) -> HttpResponse:
    """Store the lines that are ticked, all or none."""
    lines = _sent(request)
    count = sum(line.is_taken for line in lines)
    said = ngettext("%(count)d line is added.", "%(count)d lines are added.", count)
    said %= {"count": count}
    with turn(visit, Activity.CAPTURE):
        standing_field(visit, field.pk)  # nobody has dropped it meanwhile
        form = _form(request, visit, field)
        form.fields["text"].required = False  # the lines are what it became
        if not count:
            form.add_error(None, _("Please tick at least one line."))
        is_stored = form.is_valid() and form.store(lines)
        if is_stored:
            note_edit(request, visit.workshop, said.rstrip("."))
    if not is_stored:
        return _page(request, visit, field, form, lines=lines, status=422)
    if wants_fragment(request):
        return plain(said, status=201)
    messages.success(request, said)
    return redirect(f"{field.get_absolute_url()}#{form.at}")


def _sent(request: HttpRequest) -> list[Line]:
    """Return the lines as they come back from the preview. Raises BadRequest for half ones."""
    sent = [request.POST.getlist(name) for name in ("title", "description", "client_id")]
    taken = {*request.POST.getlist("take")}
    if len(sent[0]) > MOST_LINES:
        raise BadRequest(_("The form contains a value that does not exist."))
    try:
        lines = [
            Line(text.strip(), more.strip(), UUID(client_id), client_id in taken)
            for text, more, client_id in zip(*sent, strict=True)
        ]
    except ValueError as error:
        raise BadRequest(_("The form contains a value that does not exist.")) from error
    if len({line.client_id for line in lines}) < len(lines):
        raise BadRequest(_("The form contains a value that does not exist."))
    return lines


def _page(
    request: HttpRequest,
    visit: Visit,
    field: ActionField,
    form: PasteForm,
    *,
    lines: list[Line] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the text area, or with what the lines become; in place that alone."""
    in_place = wants_fragment(request)
    column = Goal.indicator if form.as_goals else Measure.description
    context = {
        "workshop": visit.workshop,
        "visit": visit,
        "field": field,
        "form": form,
        "key": form["goal"].value(),
        "lines": lines,
        "text": request.POST.get("text") or _text(lines or []),
        "more": capfirst(column.field.verbose_name),
        "add": _add_words(form, sum(line.is_taken for line in lines or ())),
        "faults": _faults(lines or [], form["goal"].value()) if status == 422 else [],
    }
    template = "measures/board/_paste.html" if in_place else "measures/board/measure_paste.html"
    return render(request, template, context, status=status)


def _text(lines: list[Line]) -> str:
    """Return the lines as they could be pasted again."""
    return "\n".join("\t".join(filter(None, (line.text, line.more))) for line in lines)


def _faults(lines: list[Line], key: str) -> list[tuple[str, str]]:
    """Return the id of each faulty line's field, and what is wrong with it."""
    return [
        (f"paste-text-{key}-{number}", f"{_('Line %(number)s') % {'number': number}}: {error}")
        for number, line in enumerate(lines, start=1)
        for error in line.errors
    ]


def _add_words(form: PasteForm, count: int) -> dict[str, str]:
    """Return what the button in place says now, for one line, and for "{n}"."""

    def words(number: int, shown: object) -> str:
        if form.as_goals:
            text = ngettext("Add %(count)s goal", "Add %(count)s goals", number)
        else:
            text = ngettext("Add %(count)s measure", "Add %(count)s measures", number)
        return text % {"count": shown}

    return {"now": words(count, count), "one": words(1, 1), "many": words(2, "{n}")}
