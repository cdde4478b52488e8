from django.urls import path

from measures.searching import views

urlpatterns = [path("search/", views.search, name="search")]
