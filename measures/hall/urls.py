"""Where people come in, and what guests can do inside beside rating, which is everybody's."""

from django.urls import path

from measures.hall.views import door, guest, ideas, join, results, tables

_T = "workshops/<int:workshop_id>/tables"
_D = "workshops/<int:workshop_id>/door"
_R = "workshops/<int:workshop_id>/rate"
urlpatterns = [
    # Short, because it stands on a wall and is typed on phones.
    path("j/", join.join_code, name="join-code"),
    path("j/<str:code>/", join.join, name="join"),
    path("workshops/<int:workshop_id>/ideas/", ideas.idea_add, name="idea-add"),
    path(f"{_T}/ideas/", ideas.idea_switch, name="idea-switch"),
    path(f"{_T}/", tables.table_list, name="table-list"),
    path(f"{_T}/mine/", tables.table_start, name="table-start"),
    path(f"{_T}/add/", tables.table_add, name="table-add"),
    path(f"{_T}/one-each/", tables.table_spread, name="table-spread"),
    path(f"{_T}/cards/", tables.table_cards, name="table-cards"),
    path(f"{_T}/<int:pk>/", tables.table_edit, name="table-edit"),
    path(f"{_T}/<int:pk>/code/", tables.table_code, name="table-code"),
    path(f"{_T}/<int:pk>/remove/", tables.table_remove, name="table-remove"),
    path(f"{_D}/", door.door, name="door"),
    path(f"{_D}/switch/", door.door_switch, name="door-switch"),
    path(f"{_D}/code/", door.door_code, name="door-code"),
    path(f"{_D}/expect/", door.door_expect, name="door-expect"),
    path(f"{_D}/poster/", door.door_poster, name="door-poster"),
    path(f"{_D}/cards/", door.card_add, name="card-add"),
    path(f"{_D}/cards/withdraw/", door.card_withdraw, name="card-withdraw"),
    path(f"{_R}/group/", guest.guest_group, name="guest-group"),
    path(f"{_R}/device/", guest.guest_device, name="guest-device"),
    path(f"{_R}/results/", results.phone_results, name="phone-results"),
]
