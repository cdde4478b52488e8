from django.urls import path

from measures.again import deletion_views, views

urlpatterns = [
    path("copy/", views.workshop_copy, name="workshop-copy"),
    path("compare/", views.year_compare, name="year-compare"),
    path("compare.csv", views.year_compare_csv, name="year-compare-csv"),
    path("deletion/", deletion_views.workshop_deletion, name="workshop-deletion"),
    path("delete/", views.workshop_delete, name="workshop-delete"),
]
