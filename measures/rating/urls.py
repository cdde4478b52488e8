from django.urls import path

from measures.rating.views import entry, printing, rate, rounds, sheets

urlpatterns = [
    path("rounds/", rounds.round_list, name="round-list"),
    path("rounds/add/", rounds.round_add, name="round-add"),
    path("rounds/<int:number>/fields/", rounds.round_fields, name="round-fields"),
    path("rounds/<int:number>/show/", rounds.round_show, name="round-show"),
    path("rounds/<int:number>/set-aside/", rounds.round_set_aside, name="round-set-aside"),
    path("rate/", rate.rate_start, name="rate-start"),
    path("rate/privacy/", rate.rate_privacy, name="rate-privacy"),
    path("rate/ballot/", rate.ballot_take, name="ballot-take"),
    path("rate/table/", rate.rate_table, name="rate-table"),
    path("rate/next/", rate.rate_next, name="rate-next"),
    path("rate/<int:number>/", rate.rate_measure, name="rate-measure"),
    path("print/", printing.print_list, name="print-list"),
    path("wall-cards/", printing.wall_cards, name="wall-cards"),
    path("rating-sheet/", entry.rating_sheet, name="rating-sheet"),
    path("entry/", entry.entry_list, name="entry-list"),
    path("entry/sheets/", sheets.sheet_add, name="sheet-add"),
    path("entry/sheets/<int:number>/", sheets.sheet_edit, name="sheet-edit"),
    path("entry/sheets/<int:number>/remove/", sheets.sheet_remove, name="sheet-remove"),
    path("entry/<int:number>/", entry.measure_entry, name="measure-entry"),
]
