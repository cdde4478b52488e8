from django.urls import path

from fields import views

app_name = "fields"
_F = "workshops/<int:workshop_id>/fields"
urlpatterns = [
    path("workshops/new/", views.workshop_create, name="workshop-create"),
    path(f"{_F}/", views.field_list, name="field-list"),
    path(f"{_F}/add/", views.field_add, name="field-add"),
    path(f"{_F}/<int:pk>/edit/", views.field_edit, name="field-edit"),
    path(f"{_F}/<int:pk>/toggle/", views.field_toggle, name="field-toggle"),
    path(f"{_F}/<int:pk>/move/", views.field_move, name="field-move"),
    path(f"{_F}/<int:pk>/drop/", views.field_drop, name="field-drop"),
    path(f"{_F}/<int:pk>/restore/", views.field_restore, name="field-restore"),
]
