"""The public page: what of a workshop anybody may read, and the administration's switch for it.

The pages outside are the same for everybody. They read no session, set no cookie and speak the
language of their address, so that any cache may keep them and ask again by their ETag.
"""

from collections.abc import Callable
from functools import wraps

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_POST, require_safe

from measures.matrix.layout import MatrixLayout
from measures.overview import Overview
from measures.public.addresses import description, page_head, public_path, site
from measures.public.collecting import public_content
from measures.public.left_out import left_out
from measures.public.published import PublicContent
from measures.public.results import public_overview
from measures.public.switching import switch
from measures.results.kept import heavy_from, once
from measures.results.picture import matrix_of
from workshops.access import administration
from workshops.models import Workshop, has_presence
from workshops.pages import one_of
from workshops.replica import read_public
from workshops.visits import Visit

# Caches of their own: neither do members push out what the public reads, nor the other way round.
PAGES, PICTURES = "public", "public_pictures"


@require_safe
@administration
def public_preview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: exactly what would be public, what is left out and why, and the switch."""
    workshop = visit.workshop
    content = public_content(workshop)
    context = {
        "workshop": workshop,
        "visit": visit,
        "body": _drawn(workshop, "public_body", lambda: content)["body"],
        "left_out": left_out(content),
        "url": site(request) + public_path(workshop.pk, get_language()),
        "matrix_url": site(request) + reverse("measures:public-matrix", args=[workshop.pk]),
        "frame_ancestors": settings.PUBLIC_FRAME_ANCESTORS,
    }
    return render(request, "measures/public/public_preview.html", context)


@require_POST
@administration
def public_switch(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST: the public page goes on or off, whichever the button named."""
    on = one_of(request, "public", {"yes": True, "no": False})
    switch(visit.workshop, on=on)
    text = _("The page is public now.") if on else _("The page is not public any more.")
    messages.success(request, text)
    return redirect("measures:public-preview", visit.workshop.pk)


# For everybody ----------------------------------------------------------------------------------


def unchanging(
    view: Callable[[HttpRequest, Workshop], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Hand the public workshop to ``view``; 304 to who has these very bytes; 404 if not public.

    Not by the revision, or anybody could watch from outside when an internal remark is written or a
    decision prepared.

    Whether it is public, and at which revision, the primary is asked each time: no host shows a
    moment longer what was withdrawn on another.
    """

    @wraps(view)
    @cache_control(public=True, no_cache=True)
    def answered(request: HttpRequest, pk: int) -> HttpResponse:
        public = Workshop.objects.filter(is_public=True).select_related("revision")
        public = public.annotate(**{"has_presence": has_presence()})  # the workshop's own
        response = view(request, get_object_or_404(public, pk=pk))
        set_response_etag(response)
        etag = response["ETag"]
        return get_conditional_response(request, etag=etag, response=response) or response

    return answered


def framed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Let the sites of the setting show the answer in a frame; without any, nobody may."""

    @wraps(view)
    def answered(request: HttpRequest, **kwargs) -> HttpResponseBase:
        sites = settings.PUBLIC_FRAME_ANCESTORS
        if not sites:
            return view(request, **kwargs)
        opened = csp_replace({"frame-ancestors": sites})(xframe_options_exempt(view))
        response = opened(request, **kwargs)
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return answered


@require_safe
@unchanging
def public_page(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """GET: goals, measures, matrix, decisions and progress, for anybody."""
    return _page(request, workshop, "public_page", "public_body")


@require_safe
@framed
@unchanging
def public_matrix(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """GET: matrix and table alone, for a frame in another site."""
    return _page(request, workshop, "public_matrix", "matrix_body")


@require_safe
@unchanging
def public_picture(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """GET: the matrix as a file, which cards in social networks and other sites may show."""
    file = once("picture", workshop, {}, lambda: _draw_file(request, workshop), cache=PICTURES)
    if not file:
        raise Http404
    response = HttpResponse(file, content_type="image/png")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _page(request: HttpRequest, workshop: Workshop, name: str, body: str) -> HttpResponse:
    def collect() -> PublicContent:
        return read_public(request, workshop, lambda: public_content(workshop))

    drawn = _drawn(workshop, body, collect)
    context = {"workshop": workshop, **drawn, **page_head(request, workshop)}
    return render(request, f"measures/public/{name}.html", context)


def _drawn(
    workshop: Workshop, name: str, collect: Callable[[], PublicContent]
) -> dict[str, object]:
    """Return what the page shows and its head says of it, drawn once per state of the data."""
    return once(name, workshop, {}, lambda: _draw(collect(), name), cache=PAGES)


def _draw(content: PublicContent, name: str) -> dict[str, object]:
    html = render_to_string(f"measures/public/_{name}.html", {"content": content})
    return {
        "body": mark_safe(html),
        "description": description(content.workshop, content.municipalities),
        "has_picture": content.picture is not None,
    }


def _draw_file(request: HttpRequest, workshop: Workshop) -> bytes:
    """Return the file, drawn anew only when a mark, a name or a number in it has changed.

    Empty where no measure has a place.
    """
    overview = read_public(request, workshop, lambda: public_overview(workshop))
    layout = matrix_of(overview, list(overview.rows))
    if not layout.marks:
        return b""
    names = (workshop.title, [field.name for field in overview.fields], overview.quadrant_names)
    numbers = (len(overview.rows), overview.weight, overview.thresholds)
    content = repr((get_language(), names, numbers, layout)).encode()
    return heavy_from("picture", content, lambda: _png(layout, overview), cache=PICTURES)


def _png(layout: MatrixLayout, overview: Overview) -> bytes:
    # Loads matplotlib, which a worker that serves ordinary pages should never do.
    from measures.matrix.file import png

    return png(layout, overview)
