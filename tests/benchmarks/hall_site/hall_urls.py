"""The product's addresses, and beside them what a request costs at least in Django."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from bingen_strategy.urls import urlpatterns as product
from measures.models import Measure, Rating, Round
from workshops.models import mark_changed


@require_GET
def hello(request: HttpRequest) -> HttpResponse:
    """GET: all of the middleware and nothing else."""
    return HttpResponse("hello")


@require_POST
def bare(request: HttpRequest, ballot: str, measure: int) -> HttpResponse:
    """POST: store a rating and raise a version, asking nobody for permission."""
    row = Rating(
        ballot_id=ballot,
        measure_id=measure,
        round_id=ROUND,
        relevance=int(request.POST["relevance"]),
        feasibility=int(request.POST["feasibility"]),
    )
    with transaction.atomic():
        Rating.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["ballot", "measure", "round"],
            update_fields=["relevance", "feasibility"],
        )
        mark_changed(WORKSHOP)
    return HttpResponse(status=204)


ROUND, WORKSHOP = Round.objects.values_list("pk", "workshop").get()
FIRST = Measure.objects.order_by("pk").values_list("pk", flat=True)[0]
urlpatterns = [
    path("hello/", hello),
    path("bare/<ballot>/<int:measure>/", bare),
    *product,
]
