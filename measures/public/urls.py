from django.urls import path

from measures.public.views import pages, preview

_W = "workshops/<int:workshop_id>/public"
_P = "public/<int:pk>"
urlpatterns = [
    path(f"{_W}/", preview.public_preview, name="public-preview"),
    path(f"{_W}/switch/", preview.public_switch, name="public-switch"),
    path(f"{_W}/assessment/", preview.public_assessment, name="public-assessment"),
    path(f"{_W}/frame/", preview.public_frame, name="public-frame"),
    path(f"{_P}/", pages.public_page, name="public-page"),
    path(f"{_P}/measures/<int:number>/", pages.public_measure, name="public-measure"),
    path(f"{_P}/files/<int:number>/", pages.public_file, name="public-file"),
    path(f"{_P}/matrix/", pages.public_matrix, name="public-matrix"),
    path(f"{_P}/matrix.png", pages.public_picture, name="public-picture"),
    path(f"{_P}/news/", pages.public_news, name="public-news"),
    path(f"{_P}/feed/", pages.public_feed, name="public-feed"),
]
