from django.urls import path

from measures.public import views

urlpatterns = [
    path("workshops/<int:workshop_id>/public/", views.public_preview, name="public-preview"),
    path("workshops/<int:workshop_id>/public/switch/", views.public_switch, name="public-switch"),
    path("public/<int:pk>/", views.public_page, name="public-page"),
    path("public/<int:pk>/matrix/", views.public_matrix, name="public-matrix"),
    path("public/<int:pk>/matrix.png", views.public_picture, name="public-picture"),
]
