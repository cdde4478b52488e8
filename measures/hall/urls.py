"""Where people come in, and the front of the hall: projector and cockpit.

What guests do inside lies with everybody's ratings.
"""

from django.urls import path

from measures.hall.views import (
    cockpit,
    door,
    guest,
    handing_over,
    ideas,
    join,
    projector,
    results,
    tables,
)

_W = "workshops/<int:workshop_id>"
_T = f"{_W}/tables"
_D = f"{_W}/door"
_R = f"{_W}/rate"
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
    path(f"{_D}/clear/", door.door_clear, name="door-clear"),
    path(f"{_D}/cards/", door.card_add, name="card-add"),
    path(f"{_D}/cards/withdraw/", door.card_withdraw, name="card-withdraw"),
    path(f"{_R}/group/", guest.guest_group, name="guest-group"),
    path(f"{_R}/device/", guest.guest_device, name="guest-device"),
    path(f"{_R}/results/", results.phone_results, name="phone-results"),
    path("p/", projector.projector_code, name="projector-code"),
    path("p/<str:code>/", projector.projector, name="projector"),
    path(f"{_W}/front/<slug:token>/", projector.front_moment, name="front-moment"),
    path(f"{_W}/cockpit/", cockpit.cockpit, name="cockpit"),
    path(f"{_W}/cockpit/step/<slug:to>/", cockpit.cockpit_step, name="cockpit-step"),
    path(f"{_W}/cockpit/screen/", cockpit.front_screen, name="front-screen"),
    path(f"{_W}/cockpit/timer/", cockpit.front_timer, name="front-timer"),
    path(f"{_W}/cockpit/notes/", cockpit.front_notes, name="front-notes"),
    path(f"{_W}/cockpit/code/", cockpit.front_code, name="front-code"),
    path(f"{_W}/cockpit/plan/", cockpit.plan_edit, name="plan-edit"),
    path(f"{_W}/cockpit/hand-over/", handing_over.hand_over, name="hand-over"),
]
