from django.urls import path

from workshops.views import (
    archive,
    moment,
    municipalities,
    people,
    people_paste,
    presence,
    workshop,
)

app_name = "workshops"
_W = "workshops/<int:workshop_id>"
_P = f"{_W}/people"
_M = "municipalities/<int:pk>"
_LEGAL = ("accessibility", "privacy", "imprint")
urlpatterns = [
    path(f"{_W}/moment/<slug:token>/", moment.moment, name="moment"),
    path("municipalities/", municipalities.municipality_list, name="municipality-list"),
    *(
        path(f"{_M}/{kind}/", presence.municipality_text, {"kind": kind}, f"municipality-{kind}")
        for kind in _LEGAL
    ),
    # Below /public/ no session is read: they are the same for everybody, for ever.
    path(f"public/{_M}/<slug:content>.png", presence.look_logo, name="look-logo"),
    path(f"public/{_M}/<slug:content>.css", presence.look_sheet, name="look-sheet"),
    path(f"{_W}/archive/", archive.workshop_archive, name="workshop-archive"),
    path(f"{_W}/archive/back/", archive.workshop_unarchive, name="workshop-unarchive"),
    path(f"{_W}/scale/", workshop.workshop_scale, name="workshop-scale"),
    path(f"{_P}/", people.people, name="people"),
    path(f"{_P}/add/", people.person_add, name="person-add"),
    path(f"{_P}/paste/", people_paste.people_paste, name="people-paste"),
    path(f"{_P}/roles/<int:pk>/change/", people.membership_change, name="membership-change"),
    path(f"{_P}/roles/<int:pk>/remove/", people.membership_remove, name="membership-remove"),
    path(f"{_P}/<int:pk>/", people.participant_edit, name="participant-edit"),
    path(f"{_P}/<int:pk>/remove/", people.participant_remove, name="participant-remove"),
    path(f"{_P}/groups/add/", people.group_add, name="group-add"),
    path(f"{_P}/groups/<int:pk>/", people.group_edit, name="group-edit"),
    path(f"{_P}/groups/<int:pk>/remove/", people.group_remove, name="group-remove"),
]
