from django.urls import path

from measures.again import views

urlpatterns = [
    path("copy/", views.workshop_copy, name="workshop-copy"),
    path("compare/", views.year_compare, name="year-compare"),
    path("compare.csv", views.year_compare_csv, name="year-compare-csv"),
    path("delete/", views.workshop_delete, name="workshop-delete"),
]
