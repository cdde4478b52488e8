from django.urls import path

from measures.results.views import dashboard, stability

urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/stability/", stability.stability, name="stability"),
    path("dashboard/matrix.png", dashboard.matrix_png, name="matrix-png"),
    path("dashboard/matrix.svg", dashboard.matrix_svg, name="matrix-svg"),
]
