"""Adding, reading, releasing and removing attachments."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from measures.attachments.forms import TOO_LARGE, AttachmentForm
from measures.attachments.listing import Owner, check_attaching, kept_at, owner_of
from measures.attachments.serving import as_download
from measures.attachments.storing import NoRoom, digest_of, store
from measures.models import AgendaItem, Attachment, Measure, Session
from workshops.access import administration, editor, in_turn, member
from workshops.models import Workshop
from workshops.pages import one_of
from workshops.visits import Visit

Find = Callable[[Workshop], Owner]


@require_http_methods(["GET", "HEAD", "POST"])
@editor
def measure_attachments(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET: what is attached to a measure, with a form to add to it; POST adds a file (413)."""

    def find(workshop: Workshop) -> Owner:
        measures = Measure.objects.in_workshop(workshop).standing()
        measure = get_object_or_404(measures, number=number)
        return Owner("measure", measure, measure.get_absolute_url())

    return _page(request, visit, find)


@require_http_methods(["GET", "HEAD", "POST"])
@editor
def session_attachments(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET and POST: the same for a session."""

    def find(workshop: Workshop) -> Owner:
        session = get_object_or_404(Session, workshop=workshop, pk=pk)
        return Owner("session", session, session.get_absolute_url())

    return _page(request, visit, find)


@require_http_methods(["GET", "HEAD", "POST"])
@editor
def item_attachments(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET and POST: the same for a point of an agenda."""

    def find(workshop: Workshop) -> Owner:
        items = AgendaItem.objects.filter(session__workshop=workshop)
        item = get_object_or_404(items.select_related("session", "measure", "field"), pk=pk)
        return Owner("item", item, item.session.get_absolute_url())

    return _page(request, visit, find)


def _page(request: HttpRequest, visit: Visit, find: Find) -> HttpResponse:
    check_attaching(visit)
    owner = find(visit.workshop)
    _check_seen(visit, owner.column)
    is_sent = request.method == "POST"
    form = AttachmentForm(request.POST, request.FILES) if is_sent else AttachmentForm()
    if form.is_valid() and _stored(form, visit, find):
        messages.success(request, _("The attachment is stored. Members can read it."))
        return redirect(request.path)
    context = {"form": form, "attachments": owner.attachments, **_around(visit, owner)}
    template = "measures/attachments/attachments.html"
    return render(request, template, context, status=form.status)


def _around(visit: Visit, owner: Owner) -> dict[str, object]:
    """Return what the pages of both templates stand in. (``owner`` is the outbox's in them.)"""
    here = "measures" if owner.column == "measure" else "sessions"
    return {"workshop": visit.workshop, "visit": visit, "holder": owner, "here": here}


def _check_seen(visit: Visit, column: str) -> None:
    """Nothing is told of sessions before there are results."""
    if column != "measure" and not visit.shows_results:
        raise PermissionDenied


def _stored(form: AttachmentForm, visit: Visit, find: Find) -> bool:
    """Store the file in turn; where there is no room the form says so."""
    digest = digest_of(form.cleaned_data["file"])  # nobody waits for that
    try:
        with transaction.atomic():
            visit = in_turn(visit)
            check_attaching(visit)
            store(form, find(visit.workshop), visit, digest)
    except NoRoom as full:
        form.add_error("file", ValidationError(str(full), code=TOO_LARGE))
        return False
    return True


@require_safe
@member
def attachment_download(request: HttpRequest, visit: Visit, pk: int) -> HttpResponseBase:
    """GET: the file, to be saved."""
    attachment = _attachment(visit, pk)
    _check_seen(visit, owner_of(attachment).column)
    return as_download(attachment)


def _attachment(visit: Visit, pk: int) -> Attachment:
    rows = Attachment.objects.in_workshop(visit.workshop).there().visible_to(visit)
    owners = ("measure", "session", "item__session", "item__measure", "item__field")
    return get_object_or_404(rows.select_related(*owners), pk=pk)


@require_POST
@administration
def attachment_release(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST: everybody may read it or members alone, whichever the button named."""
    with transaction.atomic():
        visit = in_turn(visit)
        attachment = _attachment(visit, pk)
        is_released = one_of(request, "released", {"yes": True, "no": False})
        if is_released and not attachment.may_be_released:
            messages.error(request, _("The session is not public, so its attachments are not."))
        elif attachment.is_released != is_released:
            attachment.is_released = is_released
            attachment.save(update_fields=["is_released"])
    return redirect(kept_at(owner_of(attachment), visit.workshop.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@editor
def attachment_remove(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET asks whether it shall go, POST removes it for good."""
    check_attaching(visit)
    attachment = _attachment(visit, pk)
    owner = owner_of(attachment)
    back = kept_at(owner, visit.workshop.pk)
    if request.method == "POST":
        with transaction.atomic():
            visit = in_turn(visit)
            check_attaching(visit)
            _attachment(visit, pk).delete()
        messages.success(request, _("“%(name)s” is removed.") % {"name": attachment.name})
        return redirect(back)
    context = {"attachment": attachment, "back": back, **_around(visit, owner)}
    return render(request, "measures/attachments/attachment_remove.html", context)
