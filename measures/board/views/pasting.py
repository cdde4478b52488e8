"""Several lines at once: pasted into an empty line of the board, or into a page of their own."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fields.models import ActionField
from measures.board.answers import partners_of, standing_field
from measures.board.paste_forms import AS_GOALS, PasteForm
from measures.board.pasting import MOST_LINES, pasted_lines
from measures.board.several import Line, proposed, store
from workshops.access import during, editor, in_turn
from workshops.edits import note_edit
from workshops.pages import plain, wants_fragment
from workshops.phases import Activity
from workshops.visits import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.CAPTURE)
def measure_paste(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET asks for several lines, POST shows what they become, and stores those confirmed."""
    field = standing_field(visit, pk)
    if "title" in request.POST:
        return _confirm(request, visit, field)
    form = _form(request, visit, field)
    if request.method != "POST":
        return _page(request, visit, field, form)
    lines = _read(form) if form.is_valid() else []
    if not form.is_valid():  # too many lines, or none, are found only when they are read
        if wants_fragment(request):
            said = [str(error) for errors in form.errors.values() for error in errors]
            return plain(" ".join(said), status=422)
        return _page(request, visit, field, form, status=422)
    return _page(request, visit, field, form, lines=lines)


def _form(request: HttpRequest, visit: Visit, field: ActionField) -> PasteForm:
    initial = {"goal": request.GET.get("goal"), "municipality": request.GET.get("municipality")}
    data = request.POST if request.method == "POST" else None
    return PasteForm(data, initial=initial, field=field, partners=partners_of(visit))


def _read(form: PasteForm) -> list[Line]:
    """Return the lines of the text; an error of the form where none or too many are found."""
    pasted = pasted_lines(form.cleaned_data["text"])
    if not pasted:
        form.add_error("text", _("Please enter a text first."))
    elif len(pasted) > MOST_LINES:
        text = _(
            "These are %(count)d lines; at most %(most)d are added at once. More can be imported"
            " from a table."
        )
        form.add_error("text", text % {"count": len(pasted), "most": MOST_LINES})
    return proposed(pasted, form.place) if form.is_valid() else []


def _confirm(request: HttpRequest, visit: Visit, field: ActionField) -> HttpResponse:
    """Store the lines that are ticked, all or none."""
    lines = _sent(request)
    form = _form(request, visit, field)
    form.fields["text"].required = False  # the lines are what it became
    if form.is_valid() and not any(line.is_taken for line in lines):
        form.add_error(None, _("Please tick at least one line."))
    if not form.is_valid():
        return _page(request, visit, field, form, lines=lines, status=422)
    with transaction.atomic():
        in_turn(visit, Activity.CAPTURE)
        standing_field(visit, field.pk)  # nobody has dropped it meanwhile
        if not store(lines, form.place):
            return _page(request, visit, field, form, lines=lines, status=422)
    count = sum(line.is_taken for line in lines)
    said = ngettext("%(count)d line is added.", "%(count)d lines are added.", count)
    said %= {"count": count}
    messages.success(request, said)
    note_edit(request, visit.workshop, said.rstrip("."))
    return redirect(f"{field.get_absolute_url()}#{form.at}")


def _sent(request: HttpRequest) -> list[Line]:
    """Return the lines as they come back from the preview. Raises BadRequest for half ones."""
    columns = [request.POST.getlist(name) for name in ("title", "description", "client_id")]
    if len({len(column) for column in columns}) > 1 or len(columns[0]) > MOST_LINES:
        raise BadRequest(_("The form contains a value that does not exist."))
    taken = {*request.POST.getlist("take")}
    return [
        Line(title.strip(), description.strip(), client_id, client_id in taken)
        for title, description, client_id in zip(*columns, strict=True)
    ]


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
    context = {
        "workshop": visit.workshop,
        "visit": visit,
        "field": field,
        "form": form,
        "key": form["goal"].value(),
        "lines": lines,
        "add": _add_words(form, sum(line.is_taken for line in lines or ())),
        "limit": form.place.limit if lines and form.is_valid() else "",
    }
    template = "measures/board/_paste.html" if in_place else "measures/board/measure_paste.html"
    return render(request, template, context, status=status)


def _add_words(form: PasteForm, count: int) -> dict[str, str]:
    """Return what the button in place says now, for one line, and for "{n}"."""

    def words(number: int, shown: object) -> str:
        if form["goal"].value() == AS_GOALS:
            text = ngettext("Add %(count)s goal", "Add %(count)s goals", number)
        else:
            text = ngettext("Add %(count)s measure", "Add %(count)s measures", number)
        return text % {"count": shown}

    return {"now": words(count, count), "one": words(1, 1), "many": words(2, "{n}")}
