from django.urls import path

from measures.calendar import views

urlpatterns = [
    path("workshops/<int:workshop_id>/calendar/", views.calendar_address, name="calendar-address"),
    path("calendar/<slug:secret>.ics", views.calendar_file, name="calendar-file"),
]
