from django.urls import path

from measures.committee.views import agenda, decisions, en_bloc, remarks, sessions

urlpatterns = [
    path("sessions/", sessions.session_list, name="session-list"),
    path("sessions/add/", sessions.session_add, name="session-add"),
    path("sessions/<int:pk>/", sessions.session_detail, name="session-detail"),
    path("sessions/<int:pk>/edit/", sessions.session_edit, name="session-edit"),
    path("sessions/<int:pk>/remove/", sessions.session_remove, name="session-remove"),
    path("sessions/<int:pk>/agenda/add/", agenda.agenda_add, name="agenda-add"),
    path("sessions/<int:pk>/agenda/fill/", agenda.agenda_fill, name="agenda-fill"),
    path("sessions/<int:pk>/agenda/take-over/", agenda.agenda_take_over, name="agenda-take-over"),
    path("sessions/<int:pk>/agenda/order/", agenda.agenda_order, name="agenda-order"),
    path("sessions/<int:pk>/measures/<int:number>/", agenda.agenda_item, name="agenda-item"),
    path("agenda/<int:pk>/move/", agenda.agenda_move, name="agenda-move"),
    path("agenda/<int:pk>/public/", agenda.agenda_public, name="agenda-public"),
    path("sessions/<int:pk>/en-bloc/", en_bloc.en_bloc, name="en-bloc"),
    path("agenda/<int:pk>/remove/", agenda.agenda_remove, name="agenda-remove"),
    path("measures/<int:number>/remarks/add/", remarks.remark_add, name="remark-add"),
    path("remarks/<int:pk>/answer/", remarks.remark_answer, name="remark-answer"),
    path("remarks/<int:pk>/close/", remarks.remark_close, name="remark-close"),
    path("remarks/<int:pk>/reopen/", remarks.remark_reopen, name="remark-reopen"),
    path("remarks/<int:pk>/release/", remarks.remark_release, name="remark-release"),
    path("remarks/<int:pk>/withdraw/", remarks.remark_withdraw, name="remark-withdraw"),
    path(
        "sessions/<int:pk>/measures/<int:number>/decide/",
        decisions.decision_add,
        name="decision-add",
    ),
    path("sessions/<int:pk>/publish/", decisions.session_publish, name="session-publish"),
    path("decisions/<int:pk>/", decisions.decision_detail, name="decision-detail"),
    path("decisions/<int:pk>/correct/", decisions.decision_correct, name="decision-correct"),
]
