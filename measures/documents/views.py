"""Papers to be saved: the minutes of a session, and the extract of one decision."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from measures.documents.minutes import Paper, extract_of, minutes_of
from measures.models import Decision, Session
from workshops.access import during, member
from workshops.phases import Activity
from workshops.visits import Visit

RELATED = ("session", "measure__merged_into", "seal", "publication", "corrects")


@require_safe
@member
@during(Activity.SEE_RESULTS)
def session_minutes(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET: the minutes as PDF, DRAFT until all is published; ``?public=1`` without what is closed.

    404 for the public part of a session that has none.
    """
    session = get_object_or_404(Session, workshop=visit.workshop, pk=pk)
    for_public = "public" in request.GET
    if for_public and not session.is_public:
        raise Http404
    paper = minutes_of(visit, session, for_public=for_public, today=timezone.localdate())
    name = pgettext("file name", "minutes")
    if for_public:
        name = pgettext("file name", "minutes-public")
    return _download(paper, session, name)


@require_safe
@member
@during(Activity.SEE_RESULTS)
def decision_extract(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET: one decision as PDF; a pending one does not exist for those without the right."""
    rows = Decision.objects.in_workshop(visit.workshop).visible_to(visit)
    decision = get_object_or_404(rows.select_related(*RELATED), pk=pk)
    paper = extract_of(visit, decision, today=timezone.localdate())
    name = f"{decision.measure.code.lower()}-" + pgettext("file name", "extract")
    return _download(paper, decision.session, name)


def _download(paper: Paper, session: Session, kind: str) -> HttpResponse:
    # Loads typst and pikepdf, which a worker that serves ordinary pages should never do.
    from measures.documents.typesetting import pdf_of

    town = slugify(str(paper["author"]).partition(",")[0])[:40].strip("-") or "workshop"
    committee = slugify(session.committee)[:40].strip("-") or "sitzung"
    name = f"{town}-{committee}-{session.date:%Y-%m-%d}-{kind}.pdf"
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(pdf_of("minutes", paper), content_type="application/pdf", headers=headers)
