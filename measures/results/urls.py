from django.urls import path

from measures.results.views import dashboard, groups, stability

urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/stability/", stability.stability, name="stability"),
    path("dashboard/groups/", groups.groups, name="groups"),
    path("dashboard/matrix.png", dashboard.matrix_png, name="matrix-png"),
]
