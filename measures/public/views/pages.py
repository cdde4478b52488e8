"""The pages for everybody: the public page, its measures, its matrix, what is new, its feed.

They are the same for everybody. They read no session, set no cookie and speak the language of
their address, so that any cache may keep them and ask again by their ETag.
"""

from collections.abc import Callable
from functools import wraps

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from measures.attachments.serving import as_download
from measures.models import Attachment, Measure
from measures.overview import Overview
from measures.public.addresses import (
    excerpt,
    feed_path,
    language_in_address,
    matrix_path,
    measure_path,
    news_path,
    page_head,
    public_path,
    site,
)
from measures.public.cards import Card
from measures.public.collecting import public_content
from measures.public.drawing import drawn_feed, drawn_file, drawn_matrix, drawn_page, listed
from measures.public.feed import atom
from measures.public.framing import may_frame
from measures.public.published import PublicContent
from measures.public.record import load
from measures.public.results import public_overview
from workshops.models import Workshop, has_presence
from workshops.replica import read_public

Page = Callable[..., HttpResponse]
Answer = Callable[..., HttpResponseBase]


def for_everybody(view: Answer) -> Answer:
    """Hand the public workshop to ``view``; 404 if it is not public.

    Whether it is public, and at which revision, the primary is asked each time: no host shows a
    moment longer what was withdrawn on another.
    """

    @wraps(view)
    @cache_control(public=True, no_cache=True)
    def answered(request: HttpRequest, pk: int, **kwargs) -> HttpResponseBase:
        public = Workshop.objects.filter(is_public=True).select_related("revision")
        public = public.annotate(**{"has_presence": has_presence()})  # the workshop's own
        return view(request, get_object_or_404(public, pk=pk), **kwargs)

    return answered


def unchanging(view: Page) -> Page:
    """Answer 304 to who has these very bytes.

    Not by the revision, or anybody could watch from outside when an internal remark is written or a
    decision prepared.
    """

    @wraps(view)
    def answered(request: HttpRequest, workshop: Workshop, **kwargs) -> HttpResponse:
        response = view(request, workshop, **kwargs)
        set_response_etag(response)
        etag = response.get("ETag")  # a redirect has none
        return get_conditional_response(request, etag=etag, response=response) or response

    return answered


def framed(view: Page) -> Answer:
    """Let the sites that the administration or the operator named show the answer in a frame."""

    @wraps(view)
    def answered(request: HttpRequest, workshop: Workshop, **kwargs) -> HttpResponseBase:
        sites = may_frame(workshop)
        if not sites:
            return view(request, workshop, **kwargs)

        def shown(request: HttpRequest) -> HttpResponse:
            return view(request, workshop, **kwargs)

        ancestors = {"frame-ancestors": [SELF, *sites]}
        response = csp_replace(ancestors)(xframe_options_exempt(shown))(request)
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return answered


@require_safe
@for_everybody
@unchanging
def public_page(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """GET: decisions, measures and progress, the first ones or with ``?all=1`` all of them.

    ``q``, ``field``, ``outcome`` and ``state`` narrow them.
    """
    drawn = drawn_page(workshop, _reading(request, workshop))
    context = {
        "workshop": workshop,
        "title": workshop.title,
        "matrix_url": matrix_path(workshop.pk, get_language()),
        "news": news_path(workshop.pk, get_language()),
        **drawn,
        **listed(request, drawn, language=language_in_address()),
        **page_head(request, workshop, lambda code: public_path(workshop.pk, code)),
    }
    return render(request, "measures/public/public_page.html", context)


@require_safe
@for_everybody
@unchanging
def public_measure(request: HttpRequest, workshop: Workshop, number: int) -> HttpResponse:
    """GET: one measure. What was merged leads to what it was merged into."""
    drawn = drawn_page(workshop, _reading(request, workshop))
    cards: dict[int, Card] = {card.number: card for card in drawn["cards"]}
    if number not in cards:
        return redirect(
            measure_path(workshop.pk, _merged_into(workshop, number, cards), get_language())
        )
    card = cards[number]
    context = {
        "workshop": workshop,
        "card": card,
        "title": f"{card.title} – {workshop.title}",
        "has_picture": drawn["has_picture"],
        "description": excerpt(card.text) or drawn["description"],
        "whole_url": public_path(workshop.pk, get_language()),
        **page_head(request, workshop, lambda code: measure_path(workshop.pk, number, code)),
    }
    return render(request, "measures/public/public_measure.html", context)


def _merged_into(workshop: Workshop, number: int, cards: dict[int, Card]) -> int:
    """Return the number of the shown measure that this one was merged into. 1 query.

    Raises ``Http404`` without any.
    """
    if workshop.reduced_at:
        target = load(workshop).merged.get(number)
    else:
        rows = Measure.objects.in_workshop(workshop).filter(number=number)
        target = rows.values_list("merged_into__number", flat=True).first()
    if target not in cards:
        raise Http404
    return target


@require_safe
@for_everybody
def public_file(request: HttpRequest, workshop: Workshop, number: int) -> HttpResponseBase:
    """GET: an attachment that the administration has released, to be saved."""
    released = Attachment.objects.in_workshop(workshop).released()
    return as_download(get_object_or_404(released, pk=number))


@require_safe
@for_everybody
@framed
@unchanging
def public_matrix(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """GET: matrix and table alone, for a frame in another site, and for the page that has room."""
    drawn = drawn_matrix(workshop, _reading(request, workshop))
    url = site(request) + public_path(workshop.pk, get_language())
    what = _("Priority matrix")
    context = {"workshop": workshop, "title": f"{what} – {workshop.title}", "url": url, **drawn}
    return render(request, "measures/public/public_matrix.html", context)


@require_safe
@for_everybody
@unchanging
def public_news(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """GET: the newest decisions and reports as a page, with the way to the feed."""
    told = drawn_feed(workshop, _reading(request, workshop))
    what = _("What is new")
    context = {
        "workshop": workshop,
        "title": f"{what} – {workshop.title}",
        "description": f"{_('Decisions and progress')}: {workshop.title}",
        "entries": told.entries,
        "whole_url": public_path(workshop.pk, get_language()),
        **page_head(request, workshop, lambda code: news_path(workshop.pk, code)),
    }
    return render(request, "measures/public/public_news.html", context)


@require_safe
@for_everybody
@unchanging
def public_feed(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """GET: the newest decisions and reports as an Atom feed."""
    text = atom(
        workshop,
        drawn_feed(workshop, _reading(request, workshop)),
        site=site(request),
        page=public_path(workshop.pk, get_language()),
        own=feed_path(workshop.pk, get_language()),
    )
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


@require_safe
@for_everybody
@unchanging
def public_picture(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """GET: the matrix as a file, which cards in social networks and other sites may show."""

    def read() -> Overview:
        return read_public(request, workshop, lambda: public_overview(workshop))

    file = drawn_file(workshop, read)
    if not file:
        raise Http404
    response = HttpResponse(file, content_type="image/png")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _reading(request: HttpRequest, workshop: Workshop) -> Callable[[], PublicContent]:
    return lambda: read_public(request, workshop, lambda: public_content(workshop))
