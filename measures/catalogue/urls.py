from django.urls import path

from measures.catalogue import views

urlpatterns = [
    path("measures/", views.measure_list, name="measure-list"),
    path("measures/<int:number>/", views.measure_detail, name="measure-detail"),
    path("measures/<int:number>/short-title/", views.short_title, name="short-title"),
    path("measures/<int:number>/profile/", views.measure_profile, name="measure-profile"),
]
