from django.urls import path

from measures.board.views import bin, capture, goals, ideas, merging, pasting

urlpatterns = [
    path("bin/", bin.workshop_bin, name="workshop-bin"),
    path("steps/undo/", bin.edit_undo, name="edit-undo"),
    path("steps/redo/", bin.edit_redo, name="edit-redo"),
    path("fields/<int:pk>/", capture.field_capture, name="field-capture"),
    path("fields/<int:pk>/measures/add/", capture.measure_add, name="measure-add"),
    path("fields/<int:pk>/measures/paste/", pasting.measure_paste, name="measure-paste"),
    path("fields/<int:pk>/goals/add/", goals.goal_add, name="goal-add"),
    path("fields/<int:pk>/ideas/", ideas.idea_sort, name="idea-sort"),
    path("goals/<int:pk>/edit/", goals.goal_edit, name="goal-edit"),
    path("goals/<int:pk>/move/", goals.goal_move, name="goal-move"),
    path("goals/<int:pk>/remove/", goals.goal_remove, name="goal-remove"),
    path("goals/<int:pk>/restore/", goals.goal_restore, name="goal-restore"),
    path("goals/<int:pk>/to-measure/", goals.goal_to_measure, name="goal-to-measure"),
    path("measures/<int:number>/to-goal/", capture.measure_to_goal, name="measure-to-goal"),
    path("measures/<int:number>/edit/", capture.measure_edit, name="measure-edit"),
    path("measures/<int:number>/move/", capture.measure_move, name="measure-move"),
    path("measures/<int:number>/remove/", capture.measure_remove, name="measure-remove"),
    path("measures/<int:number>/restore/", capture.measure_restore, name="measure-restore"),
    path("measures/<int:number>/merge/", merging.measure_merge, name="measure-merge"),
    path("measures/<int:number>/distinct/", merging.measure_distinct, name="measure-distinct"),
    path("measures/similar/", merging.similar_list, name="similar-list"),
]
