"""The bare floor beside which the dashboard is measured, and the product's addresses with it.

The same middleware and the same access query, one aggregate query, and the rows joined to HTML by
plain string formatting; only the title is a text, so only the title is escaped. Less than this no
page with the same table can do. With ``?format_html`` Django's own function escapes every cell.
"""

from django.db.models import Avg, Count
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import escape, format_html_join
from django.views.decorators.http import require_GET

from bingen_strategy.urls import urlpatterns as product
from measures.models import Rating
from workshops.access import member
from workshops.visits import Visit


@require_GET
@member
def floor(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: per measure its title, how many rated it and both means."""
    rows = (
        Rating.objects.filter(measure__workshop=visit.workshop)
        .order_by()
        .values("measure")
        .annotate(n=Count("pk"), relevance=Avg("relevance"), feasibility=Avg("feasibility"))
        .values_list("measure", "measure__title", "n", "relevance", "feasibility")
    )
    if "format_html" in request.GET:
        row = "<tr><td>{}</td><th>{}</th><td>{}</td><td>{}</td><td>{}</td></tr>"
        html = format_html_join("", row, rows)
    else:
        html = "".join(
            f"<tr><td>{measure}</td><th>{escape(title)}</th><td>{n}</td>"
            f"<td>{relevance:.2f}</td><td>{feasibility:.2f}</td></tr>"
            for measure, title, n, relevance, feasibility in rows
        )
    return HttpResponse(f"<!DOCTYPE html><table>{html}</table>")


@require_GET
def hello(request: HttpRequest) -> HttpResponse:
    """GET: what the middleware alone costs."""
    return HttpResponse("hello")


urlpatterns = [
    path("hello/", hello, name="hello"),
    path("workshops/<int:workshop_id>/floor/", floor, name="floor"),
    *product,
]
