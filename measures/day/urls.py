from django.urls import path

from measures.day.views import check, day, phase

urlpatterns = [
    path("", day.workshop_day, name="workshop-day"),
    path("phase/check/", check.rating_check, name="rating-check"),
    path("phase/close/", check.rating_close, name="rating-close"),
    path("phase/close/soon/", check.rating_end, name="rating-end"),
    path("phase/", phase.phase_move, name="phase-move"),
]
