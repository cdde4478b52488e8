from django.urls import path

from measures.views import (
    agenda,
    capture,
    dashboard,
    day,
    decisions,
    detail,
    entry,
    followup,
    goals,
    phase,
    public,
    rate,
    remarks,
    rounds,
    sessions,
    settings,
    stability,
    transfer,
)

app_name = "measures"
_W = "workshops/<int:workshop_id>"
_P = "public/<int:pk>"
_F = f"{_W}/fields/<int:pk>"
_G = f"{_W}/goals/<int:pk>"
_M = f"{_W}/measures/<int:number>"
_N = f"{_W}/rounds/<int:number>"
_S = f"{_W}/sessions/<int:pk>"
_A = f"{_W}/agenda/<int:pk>"
_R = f"{_W}/remarks/<int:pk>"
_D = f"{_W}/decisions/<int:pk>"
urlpatterns = [
    path(f"{_W}/", day.workshop_day, name="workshop-day"),
    path(f"{_W}/edit/", settings.workshop_edit, name="workshop-edit"),
    path(f"{_W}/phase/", phase.phase_move, name="phase-move"),
    path(f"{_W}/rounds/", rounds.round_list, name="round-list"),
    path(f"{_W}/rounds/add/", rounds.round_add, name="round-add"),
    path(f"{_N}/fields/", rounds.round_fields, name="round-fields"),
    path(f"{_N}/show/", rounds.round_show, name="round-show"),
    path(f"{_N}/set-aside/", rounds.round_set_aside, name="round-set-aside"),
    path(f"{_F}/", capture.field_capture, name="field-capture"),
    path(f"{_F}/measures/add/", capture.measure_add, name="measure-add"),
    path(f"{_F}/goals/add/", goals.goal_add, name="goal-add"),
    path(f"{_G}/edit/", goals.goal_edit, name="goal-edit"),
    path(f"{_G}/move/", goals.goal_move, name="goal-move"),
    path(f"{_G}/remove/", goals.goal_remove, name="goal-remove"),
    path(f"{_G}/restore/", goals.goal_restore, name="goal-restore"),
    path(f"{_W}/measures/", detail.measure_list, name="measure-list"),
    path(f"{_M}/", detail.measure_detail, name="measure-detail"),
    path(f"{_M}/profile/", detail.measure_profile, name="measure-profile"),
    path(f"{_M}/edit/", capture.measure_edit, name="measure-edit"),
    path(f"{_M}/move/", capture.measure_move, name="measure-move"),
    path(f"{_M}/remove/", capture.measure_remove, name="measure-remove"),
    path(f"{_M}/restore/", capture.measure_restore, name="measure-restore"),
    path(f"{_M}/merge/", capture.measure_merge, name="measure-merge"),
    path(f"{_W}/rate/", rate.rate_start, name="rate-start"),
    path(f"{_W}/rate/privacy/", rate.rate_privacy, name="rate-privacy"),
    path(f"{_W}/rate/ballot/", rate.ballot_take, name="ballot-take"),
    path(f"{_W}/rate/next/", rate.rate_next, name="rate-next"),
    path(f"{_W}/rate/<int:number>/", rate.rate_measure, name="rate-measure"),
    path(f"{_W}/rating-sheet/", entry.rating_sheet, name="rating-sheet"),
    path(f"{_W}/entry/", entry.entry_list, name="entry-list"),
    path(f"{_W}/entry/<int:number>/", entry.measure_entry, name="measure-entry"),
    path(f"{_W}/dashboard/", dashboard.dashboard, name="dashboard"),
    path(f"{_W}/dashboard/stability/", stability.stability, name="stability"),
    path(f"{_W}/dashboard/matrix.png", dashboard.matrix_png, name="matrix-png"),
    path(f"{_W}/import/", transfer.measure_import, name="measure-import"),
    path(f"{_W}/import/confirm/", transfer.measure_import_confirm, name="measure-import-confirm"),
    path(f"{_W}/export.csv", transfer.measure_export_csv, name="measure-export-csv"),
    path(f"{_W}/export.xlsx", transfer.measure_export_xlsx, name="measure-export-xlsx"),
    # Sessions, their agendas and remarks
    path(f"{_W}/sessions/", sessions.session_list, name="session-list"),
    path(f"{_W}/sessions/add/", sessions.session_add, name="session-add"),
    path(f"{_S}/", sessions.session_detail, name="session-detail"),
    path(f"{_S}/edit/", sessions.session_edit, name="session-edit"),
    path(f"{_S}/agenda/add/", agenda.agenda_add, name="agenda-add"),
    path(f"{_S}/agenda/fill/", agenda.agenda_fill, name="agenda-fill"),
    path(f"{_S}/agenda/order/", agenda.agenda_order, name="agenda-order"),
    path(f"{_S}/measures/<int:number>/", agenda.agenda_item, name="agenda-item"),
    path(f"{_A}/move/", agenda.agenda_move, name="agenda-move"),
    path(f"{_A}/remove/", agenda.agenda_remove, name="agenda-remove"),
    path(f"{_M}/remarks/add/", remarks.remark_add, name="remark-add"),
    path(f"{_R}/answer/", remarks.remark_answer, name="remark-answer"),
    path(f"{_R}/close/", remarks.remark_close, name="remark-close"),
    path(f"{_R}/reopen/", remarks.remark_reopen, name="remark-reopen"),
    path(f"{_R}/release/", remarks.remark_release, name="remark-release"),
    path(f"{_R}/withdraw/", remarks.remark_withdraw, name="remark-withdraw"),
    # Decisions
    path(f"{_S}/measures/<int:number>/decide/", decisions.decision_add, name="decision-add"),
    path(f"{_S}/publish/", decisions.session_publish, name="session-publish"),
    path(f"{_D}/", decisions.decision_detail, name="decision-detail"),
    path(f"{_D}/correct/", decisions.decision_correct, name="decision-correct"),
    # Follow-up
    path(f"{_W}/progress/", followup.progress, name="progress"),
    path(f"{_M}/status/add/", followup.status_add, name="status-add"),
    path(
        "municipalities/<int:pk>/progress/",
        followup.municipality_progress,
        name="municipality-progress",
    ),
    # The public page
    path(f"{_W}/public/", public.public_preview, name="public-preview"),
    path(f"{_W}/public/switch/", public.public_switch, name="public-switch"),
    path(f"{_P}/", public.public_page, name="public-page"),
    path(f"{_P}/matrix/", public.public_matrix, name="public-matrix"),
    path(f"{_P}/matrix.png", public.public_picture, name="public-picture"),
]
