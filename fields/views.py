from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fields.dropping import content_of
from fields.forms import FieldAddForm, FieldForm, WorkshopCreateForm
from fields.models import ActionField
from fields.removal import drop_field, restore_field
from workshops.access import during, editor, may_create_workshops, sender, signed_in, turn
from workshops.edits import forget_removal, last_edits, note_edit
from workshops.models import Workshop
from workshops.numerals import digits_only
from workshops.order import move, next_order
from workshops.pages import DIRECTIONS, edit_page, one_of
from workshops.phases import Activity
from workshops.seen import has_seen
from workshops.visits import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def workshop_create(request: HttpRequest) -> HttpResponse:
    """GET shows the one page, POST creates the workshop with everything its template says."""
    if not may_create_workshops(request.user):
        raise PermissionDenied(_("Your account may not create workshops. Ask the administration."))
    form = WorkshopCreateForm(request.POST or None, initial={"date": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        workshop = form.create(by=sender(request))
        messages.success(request, _("The workshop “%(title)s” is ready.") % {"title": workshop})
        return redirect(workshop)
    context = {"form": form}
    status = 422 if form.is_bound else 200
    return render(request, "fields/workshop_create.html", context, status=status)


@require_safe
@editor
def field_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: the action fields, to choose, rename, order, add and drop."""
    return _field_page(request, visit)


def _field_page(request, visit: Visit, *, form=None, status=200) -> HttpResponse:
    workshop, may_change = visit.workshop, visit.allows(Activity.CHOOSE_FIELDS)
    dropped = _dropped(workshop, request.GET.get("dropped", "")) if may_change else None
    fields = [*workshop.fields.standing().with_counts(), *([dropped] if dropped else [])]
    context = {
        "workshop": workshop,
        "visit": visit,
        "fields": sorted(fields, key=lambda field: (field.order, field.pk)),
        "dropped": dropped,
        "undo": dropped and _undo(dropped),
        "form": form or FieldAddForm(),
        "may_change": may_change,
        **(last_edits(request, workshop) if may_change else {}),
    }
    return render(request, "fields/field_list.html", context, status=status)


def _dropped(workshop: Workshop, raw: str) -> ActionField | None:
    pk = digits_only(raw)
    return None if pk is None else workshop.fields.filter(pk=pk, is_removed=True).first()


def _undo(dropped: ActionField) -> dict[str, str]:
    """Return the sentence and the address that bring a dropped field back."""
    url = reverse("fields:field-restore", args=[dropped.workshop_id, dropped.pk])
    return {"text": _("“%(name)s” is dropped.") % {"name": dropped.name}, "url": url}


@require_POST
@editor
@during(Activity.CHOOSE_FIELDS)
def field_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST adds an action field behind the others."""
    workshop = visit.workshop
    with turn(visit, Activity.CHOOSE_FIELDS):
        field = ActionField(workshop=workshop, order=next_order(workshop.fields.all()))
        form = FieldAddForm(request.POST, instance=field)
        if form.is_valid():
            form.save()
            note_edit(request, workshop, _("Field “%(name)s” added") % {"name": field})
    if not form.is_valid():
        return _field_page(request, visit, form=form, status=422)
    return _to_list(workshop, at="id_name")


def _to_list(workshop: Workshop, *, at: str, dropped: int | None = None) -> HttpResponse:
    """Go back to the list; the element with the id ``at`` takes the focus.

    ``dropped`` is the id of a field that is gone; the list offers to bring it back.
    """
    query = f"?dropped={dropped}" if dropped else ""
    return redirect(f"{reverse('fields:field-list', args=[workshop.pk])}{query}#{at}")


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.CHOOSE_FIELDS)
def field_edit(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET shows a field's name, POST changes it; somebody else's change is not overwritten."""
    if request.method == "POST":
        with turn(visit, Activity.CHOOSE_FIELDS):
            field = _standing(visit, pk)
            form = FieldForm(request.POST, instance=field)
            is_saved = form.is_valid() and not form.conflict
            if is_saved:
                form.save()
                note_edit(request, visit.workshop, _("Field “%(name)s” changed") % {"name": field})
        if is_saved:
            return _to_list(visit.workshop, at=f"rename-{pk}")
    else:
        field = _standing(visit, pk)
        form = FieldForm(instance=field)
    return edit_page(request, visit, form, "fields/field_edit.html", field=field)


@require_POST
@editor
@during(Activity.CHOOSE_FIELDS)
def field_toggle(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST marks a field as worked on (``worked_on=yes``) or left out."""
    with turn(visit, Activity.CHOOSE_FIELDS):
        field = _standing(visit, pk)
        field.is_worked_on = one_of(request, "worked_on", {"yes": True, "no": False})
        field.save(update_fields=["is_worked_on"])
        if field.is_worked_on:
            words = _("Field “%(name)s” is worked on")
        else:
            words = _("Field “%(name)s” left out")
        note_edit(request, visit.workshop, words % {"name": field})
    return _to_list(visit.workshop, at=f"toggle-{pk}")


@require_POST
@editor
@during(Activity.CHOOSE_FIELDS)
def field_move(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST moves a field one place up or down."""
    workshop = visit.workshop
    by = one_of(request, "direction", DIRECTIONS)
    with turn(visit, Activity.CHOOSE_FIELDS):
        field = _standing(visit, pk)
        move(field, workshop.fields.standing(), by=by)
        note_edit(request, workshop, _("Field “%(name)s” moved") % {"name": field})
    return _to_list(workshop, at=f"{request.POST['direction']}-{pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.CHOOSE_FIELDS)
def field_drop(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET says what goes with a field and asks, POST drops it: unasked only where nothing goes.

    What was written into it since the question was drawn is asked about once more (409).
    """
    if request.method == "POST":
        with turn(visit, Activity.CHOOSE_FIELDS):
            field = _standing(visit, pk)
            content = content_of(field)
            is_dropped = not content or has_seen(request, content.seen)
            if is_dropped:
                drop_field(field)
                words = _("Field “%(name)s” dropped") % {"name": field}
                note_edit(request, visit.workshop, words, row=f"field-{pk}")
        if is_dropped:
            return _to_list(visit.workshop, at="undo", dropped=pk)
        if "seen" not in request.POST:
            return redirect("fields:field-drop", visit.workshop.pk, pk)
    else:
        field = _standing(visit, pk)
        content = content_of(field)
    status = 409 if request.method == "POST" else 200
    context = {"workshop": visit.workshop, "field": field, "content": content}
    context["has_moved"] = status == 409
    return render(request, "fields/field_drop.html", context, status=status)


@require_POST
@editor
@during(Activity.CHOOSE_FIELDS)
def field_restore(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST brings a dropped field back with what it held; a second click finds it there."""
    workshop, from_bin = visit.workshop, request.POST.get("to") == "bin"
    said = ""
    with turn(visit, Activity.CHOOSE_FIELDS):
        field = get_object_or_404(ActionField, workshop=workshop, pk=pk)
        try:
            with transaction.atomic():
                restore_field(field)
            if not forget_removal(request, workshop, f"field-{pk}"):
                note_edit(request, workshop, _("Field “%(name)s” brought back") % {"name": field})
        except ValidationError as error:
            said = " ".join(error.messages)
    if said:
        messages.error(request, said)
    elif from_bin:
        messages.success(request, _("“%(what)s” is back.") % {"what": field})
    if from_bin:
        return redirect("measures:workshop-bin", workshop.pk)
    return _to_list(workshop, at=f"drop-{pk}")


def _standing(visit: Visit, pk: int) -> ActionField:
    return get_object_or_404(visit.workshop.fields.standing(), pk=pk)
