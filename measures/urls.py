"""The addresses of the rooms: most lie inside a workshop, two rooms also have pages outside."""

from django.urls import include, path

app_name = "measures"
IN_WORKSHOP = (
    "day",
    "settings",
    "searching",
    "rating",
    "board",
    "catalogue",
    "assessment",
    "attachments",
    "costs",
    "indicators",
    "results",
    "transfer",
    "committee",
    "documents",
    "again",
)
urlpatterns = [
    path(
        "workshops/<int:workshop_id>/",
        include([path("", include(f"measures.{room}.urls")) for room in IN_WORKSHOP]),
    ),
    path("", include("measures.hall.urls")),
    path("", include("measures.followup.urls")),
    path("", include("measures.calendar.urls")),
    path("", include("measures.public.urls")),
]
