from django.urls import path

from measures.assessment import views

urlpatterns = [
    path("assessments/", views.assessment_list, name="assessment-list"),
    path("measures/<int:number>/assessment/add/", views.assessment_add, name="assessment-add"),
]
