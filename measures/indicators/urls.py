from django.urls import path

from measures.indicators import views

urlpatterns = [
    path("measures/<int:number>/indicators/add/", views.indicator_add, name="indicator-add"),
    path("indicators/<int:pk>/edit/", views.indicator_edit, name="indicator-edit"),
    path("indicators/<int:pk>/remove/", views.indicator_remove, name="indicator-remove"),
    path("indicators/<int:pk>/measured/", views.indicator_measure, name="indicator-measure"),
]
