from django.urls import path

from measures.costs import views

urlpatterns = [
    path("costs/", views.cost_list, name="cost-list"),
    path("costs/budget/", views.budget, name="budget"),
    path("costs/budget/edit/", views.budget_edit, name="budget-edit"),
    path("costs/<int:pk>/edit/", views.cost_edit, name="cost-edit"),
    path("costs/<int:pk>/remove/", views.cost_remove, name="cost-remove"),
    path("measures/<int:number>/costs/", views.measure_costs, name="measure-costs"),
    path("measures/<int:number>/costs/add/", views.cost_add, name="cost-add"),
]
