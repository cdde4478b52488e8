"""Ideas from phones while measures are collected, and whether they are taken at all."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from measures.hall.idea_form import IdeaForm
from measures.hall.ideas import may_send, store
from workshops.access import during, editor, participant, turn
from workshops.audiences import Audience, listening
from workshops.models import line_up
from workshops.numerals import digits_only
from workshops.pages import one_of, wants_fragment
from workshops.phases import Activity
from workshops.visits import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@participant
@never_cache
def idea_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET asks for one line to a field, POST sends it; ``?sent=`` thanks and keeps the field.

    Where ideas are not taken (any more) the page says so, and shows what was typed (403). To the
    outbox a status says it all.
    """
    response = _idea(request, visit)
    if request.method == "POST" and wants_fragment(request):
        return HttpResponse(status=204 if response.status_code == 302 else response.status_code)
    return response


def _idea(request: HttpRequest, visit: Visit) -> HttpResponse:
    workshop = visit.workshop
    if not visit.may_send_ideas:
        return _page(request, visit, None, typed=request.POST.get("text", ""), status=403)
    if request.method != "POST":
        chosen = digits_only(request.GET.get("sent", ""))
        form = IdeaForm(workshop=workshop, initial={"field": chosen})
        return _page(request, visit, form, is_sent=chosen is not None)
    form = IdeaForm(request.POST, workshop=workshop)
    if not form.is_valid():
        return _page(request, visit, form, status=422)
    if not may_send(visit):
        form.add_error(None, _("These are very many ideas at once. Please wait a few minutes."))
        return _page(request, visit, form, status=429)
    idea = form.idea()
    with transaction.atomic():
        line_up(workshop.pk)
        workshop.refresh_from_db(fields=["phase", "takes_ideas"])
        is_taken = visit.may_send_ideas
        is_stored = is_taken and store(idea)
    if not is_taken:
        return _page(request, visit, None, typed=idea.text, status=403)
    if not is_stored:
        form.add_error(None, _("So many ideas wait here that no more can be taken at the moment."))
        return _page(request, visit, form, status=422)
    return redirect(f"{reverse('measures:idea-add', args=[workshop.pk])}?sent={idea.field_id}")


def _page(
    request: HttpRequest, visit: Visit, form: IdeaForm | None, status: int = 200, **context: object
) -> HttpResponse:
    context |= {"workshop": visit.workshop, "visit": visit, "form": form}
    context |= {"listening": listening(visit.workshop, Audience.PHONES)}
    if form:
        context |= {"fields": visit.workshop.fields.worked_on()}
        context |= {"chosen": str(form["field"].value() or "")}
    return render(request, "measures/hall/idea_add.html", context, status=status)


@require_POST
@editor
@during(Activity.CAPTURE)
def idea_switch(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST lets phones send ideas while measures are collected, or no more."""
    takes = one_of(request, "takes", {"yes": True, "no": False})
    with turn(visit, Activity.CAPTURE) as visit:
        visit.workshop.takes_ideas = takes
        visit.workshop.save(update_fields=["takes_ideas"])
    said = _("Phones may send ideas now.") if takes else _("No more ideas are taken from phones.")
    messages.success(request, said)
    return redirect(f"{reverse('measures:table-list', args=[visit.workshop.pk])}#ideas")
