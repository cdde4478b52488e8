from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from bingen_strategy import views
from bingen_strategy.worker import service_worker
from measures.day.views.home import home
from workshops.views import presence

handler400 = "bingen_strategy.views.bad_request"
handler404 = "bingen_strategy.views.page_not_found"
handler403 = "bingen_strategy.views.permission_denied"
handler500 = "bingen_strategy.views.server_error"

# Its own form knows no rate limit. Set as allauth's documentation says.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", home, name="home"),
    path("", include("workshops.urls")),
    path("", include("fields.urls")),
    path("", include("measures.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("sw.js", service_worker, name="service-worker"),  # here, so that it may answer for all
    path("language/", views.set_language, name="set-language"),
    path("kept-input/", views.kept_input, name="kept-input"),
    path("accessibility/", presence.site_text, {"kind": "accessibility"}, name="accessibility"),
    path("privacy/", presence.site_text, {"kind": "privacy"}, name="privacy"),
    path("imprint/", presence.site_text, {"kind": "imprint"}, name="imprint"),
    path("keyboard/", presence.keyboard, name="keyboard"),
    path("help/", views.help_list, name="help-list"),
    path("help/<slug:guide>/", views.help_guide, name="help-guide"),
]

if settings.DEBUG:
    from bingen_strategy.gallery import gallery

    urlpatterns.append(path("gallery/", gallery, name="gallery"))
