"""Where people come in. What guests do inside lies with everybody's ratings."""

from django.urls import path

from measures.hall.views import join

# Short, because it stands on a wall and is typed on phones.
urlpatterns = [
    path("j/", join.join_code, name="join-code"),
    path("j/<str:code>/", join.join, name="join"),
]
