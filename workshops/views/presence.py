"""Legal texts, how to use everything by keyboard, and what a municipality shows of itself."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from workshops.models import LegalText, Look, Municipality
from workshops.models.presence import content_hash
from workshops.presence.keys import KEYS, READER
from workshops.presence.marking import html, without_gaps
from workshops.presence.model_texts import model_text
from workshops.presence.shown import presence_of_all, presence_of_site, text_of

# The content stands in the address; another one has another address.
for_ever = cache_control(public=True, max_age=31_536_000, immutable=True)


@require_safe
def site_text(request: HttpRequest, kind: str) -> HttpResponse:
    """GET: imprint, privacy or accessibility statement of the whole site."""
    return _text_page(request, kind, text_of(kind, None, with_drafts=_sees_drafts(request)))


@require_safe
def municipality_text(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """GET: the municipality's own text; where there is none, on to the site's."""
    municipality = get_object_or_404(Municipality, pk=pk)
    text = text_of(kind, municipality, with_drafts=_sees_drafts(request))
    if text is None or text.municipality is None:
        return redirect(kind)
    return _text_page(request, kind, text)


@require_safe
def keyboard(request: HttpRequest) -> HttpResponse:
    """GET: how to use the product with keyboard and screen reader."""
    context = {"all_keys": KEYS, "reader": READER, "presence": presence_of_site()}
    return render(request, "legal/keyboard.html", context)


@require_safe
@for_ever
def look_logo(request: HttpRequest, pk: int, content: str) -> HttpResponse:
    """GET: the coat of arms or logo of a municipality."""
    look = get_object_or_404(Look, municipality__pk=pk, logo_hash=content)
    return HttpResponse(bytes(look.logo or b""), content_type="image/png")


@require_safe
@for_ever
def look_sheet(request: HttpRequest, pk: int, content: str) -> HttpResponse:
    """GET: the style sheet that brings the municipality's colour."""
    look = get_object_or_404(Look.objects.defer("logo"), municipality__pk=pk)
    if not look.sheet or content_hash(look.sheet.encode()) != content:
        raise Http404
    return HttpResponse(look.sheet, content_type="text/css")


def _sees_drafts(request: HttpRequest) -> bool:
    return any(request.user.has_perm(f"workshops.{way}_legaltext") for way in ("view", "change"))


def _text_page(request: HttpRequest, kind: str, text: LegalText | None) -> HttpResponse:
    """Show a text; where there is none, what of the model text needs nobody to fill it in."""
    municipality = text.municipality if text else None
    context = {
        "presence": (presence_of_all([municipality]) if municipality else presence_of_site()),
        "title": _title(LegalText.Kind(kind), municipality),
        "kind": kind,
        "text": text,
        "language": "" if text is None or text.language == get_language() else text.language,
        "body": html(text.body if text else without_gaps(_model(kind))),
        "admin_url": _admin_url(request, kind, text),
    }
    return render(request, "legal/text.html", context)


def _title(kind: LegalText.Kind, municipality: Municipality | None) -> str:
    return f"{kind.label} – {municipality.name}" if municipality else str(kind.label)


def _model(kind: str) -> str:
    return model_text(kind, None, get_language(), timezone.localdate())


def _admin_url(request: HttpRequest, kind: str, text: LegalText | None) -> str:
    """Return where this person writes the text, "" for who does not."""
    if text is not None and request.user.has_perm("workshops.change_legaltext"):
        return reverse("admin:workshops_legaltext_change", args=[text.pk])
    if text is None and request.user.has_perm("workshops.add_legaltext"):
        return f"{reverse('admin:workshops_legaltext_add')}?kind={kind}"
    return ""
