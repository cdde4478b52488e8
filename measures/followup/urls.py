from django.urls import path

from measures.followup import views

urlpatterns = [
    path("workshops/<int:workshop_id>/progress/", views.progress, name="progress"),
    path(
        "workshops/<int:workshop_id>/measures/<int:number>/status/add/",
        views.status_add,
        name="status-add",
    ),
    path(
        "municipalities/<int:pk>/progress/",
        views.municipality_progress,
        name="municipality-progress",
    ),
]
