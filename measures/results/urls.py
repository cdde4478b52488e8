from django.urls import path

from measures.results.views import dashboard, groups, saved, stability

urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/ranks/", dashboard.rank_list, name="rank-list"),
    path("dashboard/stability/", stability.stability, name="stability"),
    path("dashboard/groups/", groups.groups, name="groups"),
    path("dashboard/views/add/", saved.view_add, name="view-add"),
    path("dashboard/views/<int:pk>/", saved.view_edit, name="view-edit"),
    path("dashboard/views/<int:pk>/remove/", saved.view_remove, name="view-remove"),
    path("dashboard/matrix.png", dashboard.matrix_png, name="matrix-png"),
    path("dashboard/matrix.svg", dashboard.matrix_svg, name="matrix-svg"),
]
