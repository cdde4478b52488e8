from django.urls import path

from measures.followup import task_views, views

_W = "workshops/<int:workshop_id>"
_T = f"{_W}/tasks/<int:pk>"
urlpatterns = [
    path("workshops/<int:workshop_id>/progress/", views.progress, name="progress"),
    path(
        "workshops/<int:workshop_id>/measures/<int:number>/status/add/",
        views.status_add,
        name="status-add",
    ),
    path(f"{_W}/measures/<int:number>/tasks/add/", task_views.task_add, name="task-add"),
    path(f"{_T}/edit/", task_views.task_edit, name="task-edit"),
    path(f"{_T}/tick/", task_views.task_tick, name="task-tick"),
    path(f"{_T}/remove/", task_views.task_remove, name="task-remove"),
    path(
        "municipalities/<int:pk>/progress/",
        views.municipality_progress,
        name="municipality-progress",
    ),
]
