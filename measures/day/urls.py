from django.urls import path

from measures.day.views import day, phase

urlpatterns = [
    path("", day.workshop_day, name="workshop-day"),
    path("phase/", phase.phase_move, name="phase-move"),
]
