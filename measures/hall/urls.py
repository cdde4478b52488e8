"""Where people come in, and what guests can do inside beside rating, which is everybody's."""

from django.urls import path

from measures.hall.views import guest, join, results

urlpatterns = [
    # Short, because it stands on a wall and is typed on phones.
    path("j/", join.join_code, name="join-code"),
    path("j/<str:code>/", join.join, name="join"),
    path("workshops/<int:workshop_id>/rate/group/", guest.guest_group, name="guest-group"),
    path("workshops/<int:workshop_id>/rate/device/", guest.guest_device, name="guest-device"),
    path("workshops/<int:workshop_id>/rate/results/", results.phone_results, name="phone-results"),
]
