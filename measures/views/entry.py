"""What the facilitator enters for the room: paper counts and the group's agreed pair."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from measures.models import Measure
from measures.rating.forms import ConsensusForm, PaperForm, step_choices
from workshops.access import during, facilitator
from workshops.models import ParticipantGroup, Workshop, mark_changed
from workshops.phases import Activity


@require_safe
@facilitator
@during(Activity.ENTER_RATINGS)
def entry_list(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """GET: every measure with its agreed pair and its number of sheets, to enter more."""
    measures = (
        Measure.objects.in_workshop(workshop)
        .rateable()
        .select_related("field", "consensus")
        .prefetch_related("paper_counts")
        .in_reading_order()
    )
    context = {"workshop": workshop, "measures": measures}
    return render(request, "measures/entry_list.html", context)


@require_safe
@facilitator
@during(Activity.ENTER_RATINGS)
def measure_entry(request: HttpRequest, workshop: Workshop, number: int) -> HttpResponse:
    """GET: the agreed pair and the paper counts of one measure (``?group=`` for one group)."""
    return _entry_page(request, workshop, _rateable(workshop, number))


def _rateable(workshop: Workshop, number: int) -> Measure:
    return get_object_or_404(Measure.objects.in_workshop(workshop).rateable(), number=number)


def _group(workshop: Workshop, raw: str | None) -> ParticipantGroup | None:
    if not raw:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) < 19):
        raise Http404
    return get_object_or_404(workshop.groups, pk=raw)


def _entry_page(request, workshop, measure, *, status=200, **forms) -> HttpResponse:
    group = _group(workshop, request.GET.get("group") or request.POST.get("group"))
    choices = step_choices(workshop)
    numbers = list(
        Measure.objects.in_workshop(workshop)
        .rateable()
        .in_reading_order()
        .values_list("number", flat=True)
    )
    here = numbers.index(measure.number)
    context = {
        "workshop": workshop,
        "measure": measure,
        "group": group,
        "groups": workshop.groups.all(),
        "before": numbers[here - 1] if here else None,
        "after": numbers[here + 1] if here + 1 < len(numbers) else None,
        "consensus_form": ConsensusForm(measure=measure, choices=choices, prefix="agreed"),
        "paper_form": PaperForm(measure=measure, group=group, choices=choices),
    }
    return render(request, "measures/measure_entry.html", context | forms, status=status)


@require_POST
@facilitator
@during(Activity.ENTER_RATINGS)
def consensus_save(request: HttpRequest, workshop: Workshop, number: int) -> HttpResponse:
    """POST stores the agreed pair."""
    measure = _rateable(workshop, number)
    _group(workshop, request.POST.get("group"))
    with transaction.atomic():
        mark_changed(workshop.pk)  # lines up two facilitators
        form = ConsensusForm(
            request.POST, measure=measure, choices=step_choices(workshop), prefix="agreed"
        )
        return _save(request, workshop, measure, consensus_form=form)


@require_POST
@facilitator
@during(Activity.ENTER_RATINGS)
def paper_save(request: HttpRequest, workshop: Workshop, number: int) -> HttpResponse:
    """POST stores how many sheets of a group chose each step."""
    measure = _rateable(workshop, number)
    group = _group(workshop, request.POST.get("group"))
    with transaction.atomic():
        mark_changed(workshop.pk)  # lines up two facilitators
        choices = step_choices(workshop)
        form = PaperForm(request.POST, measure=measure, group=group, choices=choices)
        return _save(request, workshop, measure, paper_form=form)


def _save(request, workshop, measure, **forms) -> HttpResponse:
    """Save the one form given; a faulty one is drawn again (422), a late one as well (409)."""
    [form] = forms.values()
    if not form.is_valid():
        return _entry_page(request, workshop, measure, status=422, **forms)
    if form.conflict:
        text = _(
            "Somebody else changed these values meanwhile: %(stored)s. Yours are below and not"
            " saved yet; save again to replace the others."
        )
        messages.warning(request, text % {"stored": form.stored_words() or _("nothing")})
        form.data = {**form.data.dict(), form.add_prefix("seen"): form.stored()}
        return _entry_page(request, workshop, measure, status=409, **forms)
    form.save()
    messages.success(request, _("%(measure)s is saved.") % {"measure": measure.code})
    group = request.POST.get("group")
    response = redirect("measures:measure-entry", workshop.pk, measure.number)
    if group:
        response["Location"] += f"?group={int(group)}"
    return response
