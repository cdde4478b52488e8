from django.urls import path

from measures.documents import views

urlpatterns = [
    path("sessions/<int:pk>/minutes.pdf", views.session_minutes, name="session-minutes"),
    path("decisions/<int:pk>/extract.pdf", views.decision_extract, name="decision-extract"),
]
