"""The product's addresses; beside them a plain view that stores a rating and raises a version."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from bingen_strategy.urls import urlpatterns as product
from measures.models import Rating
from workshops.models import mark_changed


@require_GET
def hello(request: HttpRequest) -> HttpResponse:
    """GET: all of the middleware and nothing else."""
    return HttpResponse("hello")


@require_POST
def bare(
    request: HttpRequest, workshop: int, round: int, ballot: str, measure: int
) -> HttpResponse:
    """POST: store a rating and raise a version, asking nobody for permission."""
    row = Rating(
        ballot_id=ballot,
        measure_id=measure,
        round_id=round,
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
        mark_changed(workshop)
    return HttpResponse(status=204)


urlpatterns = [
    path("hello/", hello),
    path("bare/<int:workshop>/<int:round>/<ballot>/<int:measure>/", bare),
    *product,
]
