from django.urls import path

from measures.settings import views

urlpatterns = [
    path("edit/", views.workshop_edit, name="workshop-edit"),
]
