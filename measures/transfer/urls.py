from django.urls import path

from measures.transfer import views

urlpatterns = [
    path("import/", views.measure_import, name="measure-import"),
    path("import/confirm/", views.measure_import_confirm, name="measure-import-confirm"),
    path("export.csv", views.measure_export_csv, name="measure-export-csv"),
    path("export.xlsx", views.measure_export_xlsx, name="measure-export-xlsx"),
]
