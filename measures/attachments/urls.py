from django.urls import path

from measures.attachments import views

urlpatterns = [
    path(
        "measures/<int:number>/attachments/",
        views.measure_attachments,
        name="measure-attachments",
    ),
    path("sessions/<int:pk>/attachments/", views.session_attachments, name="session-attachments"),
    path("agenda/<int:pk>/attachments/", views.item_attachments, name="item-attachments"),
    path("attachments/<int:pk>/", views.attachment_download, name="attachment-download"),
    path("attachments/<int:pk>/release/", views.attachment_release, name="attachment-release"),
    path("attachments/<int:pk>/remove/", views.attachment_remove, name="attachment-remove"),
]
