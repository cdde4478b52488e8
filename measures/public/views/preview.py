"""What the administration sees of the public page, and what it decides about it."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from measures.public.addresses import public_path, site
from measures.public.collecting import public_content
from measures.public.drawing import drawn_matrix, drawn_page, listed
from measures.public.framing import FrameForm, may_frame
from measures.public.left_out import left_out, untold_decisions
from measures.public.switching import switch
from workshops.access import administration, in_turn
from workshops.pages import edit_page, one_of
from workshops.presence.keeping import kept_at
from workshops.visits import Visit

TEMPLATE = "measures/public/public_preview.html"
FRAME = "frame"  # names the part on other sites in the address, which opens it


@require_safe
@administration
def public_preview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: exactly what would be public, what is left out and why, and the switch.

    ``?frame=1`` unfolds what other sites may show.
    """
    form = FrameForm(instance=visit.workshop)
    context = {"visit": visit, "form": form, **_shown(request, visit)}
    context["is_frame_open"] = FRAME in request.GET
    return render(request, TEMPLATE, context)


@require_POST
@administration
def public_switch(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST: the public page goes on or off, whichever the button named."""
    on = one_of(request, "public", {"yes": True, "no": False})
    with transaction.atomic():
        switch(in_turn(visit).workshop, on=on)
    text = _("The page is public now.") if on else _("The page is not public any more.")
    messages.success(request, text)
    return redirect("measures:public-preview", visit.workshop.pk)


@require_POST
@administration
def public_assessment(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST: the page tells the assessment of the administration or not, whichever was pressed."""
    on = one_of(request, "told", {"yes": True, "no": False})
    with transaction.atomic():
        switch(in_turn(visit).workshop, on=on, column="shows_assessment")
    if on:
        text = _("The public page tells the assessment of the administration now.")
    else:
        text = _("The public page does not tell the assessment of the administration any more.")
    messages.success(request, text)
    return redirect("measures:public-preview", visit.workshop.pk)


@require_POST
@administration
def public_frame(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST: these sites may show the matrix in a frame."""
    with transaction.atomic():
        visit = in_turn(visit)
        form = FrameForm(request.POST, instance=visit.workshop)
        if form.is_valid() and not form.conflict:
            form.save()
            messages.success(request, _("The sites are saved."))
            preview = reverse("measures:public-preview", args=[visit.workshop.pk])
            return redirect(f"{preview}?{FRAME}=1#{FRAME}")
    visit.workshop.refresh_from_db()  # validation has written what was typed into it
    return edit_page(request, visit, form, TEMPLATE, **_shown(request, visit))


def _shown(request: HttpRequest, visit: Visit) -> dict[str, object]:
    """Return what the preview shows beside its form."""
    workshop = visit.workshop
    content = public_content(workshop)
    drawn = drawn_page(workshop, lambda: content)
    return {
        "workshop": workshop,
        **drawn,
        **listed(request, drawn, language=""),
        "matrix": drawn_matrix(workshop, lambda: content)["body"],
        "left_out": left_out(content),
        "kept_at": kept_at(request.user, workshop.municipalities.order_by("seats__seat")),
        "contact": settings.CONTACT_EMAIL,
        "untold": untold_decisions(workshop),
        "url": site(request) + public_path(workshop.pk, get_language()),
        "matrix_url": site(request) + reverse("measures:public-matrix", args=[workshop.pk]),
        "framing": may_frame(workshop),
    }
