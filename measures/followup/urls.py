from django.urls import path

from measures.followup.views import links, progress, reminders, report, table, tasks

IN_WORKSHOP = "workshops/<int:workshop_id>/"
ON_MEASURE = f"{IN_WORKSHOP}measures/<int:number>/"
TASK = f"{IN_WORKSHOP}tasks/<int:pk>/"
urlpatterns = [
    path(f"{IN_WORKSHOP}progress/", progress.progress, name="progress"),
    path(f"{IN_WORKSHOP}progress/table/", table.status_table, name="status-table"),
    path(f"{IN_WORKSHOP}progress/remind/", reminders.remind, name="remind"),
    path(f"{IN_WORKSHOP}progress/remind/whom/", reminders.remind_whom, name="remind-whom"),
    path(f"{ON_MEASURE}status/add/", progress.status_add, name="status-add"),
    path(f"{ON_MEASURE}report-link/", links.report_link, name="report-link"),
    path(
        f"{IN_WORKSHOP}report-links/<int:pk>/revoke/",
        links.report_link_revoke,
        name="report-link-revoke",
    ),
    path(f"{ON_MEASURE}tasks/add/", tasks.task_add, name="task-add"),
    path(f"{TASK}edit/", tasks.task_edit, name="task-edit"),
    path(f"{TASK}tick/", tasks.task_tick, name="task-tick"),
    path(f"{TASK}remove/", tasks.task_remove, name="task-remove"),
    path(
        "municipalities/<int:pk>/progress/",
        progress.municipality_progress,
        name="municipality-progress",
    ),
    # For whoever holds a link; see measures.followup.links.
    path("report/<str:token>/", report.report, name="report"),
]
