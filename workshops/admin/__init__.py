from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from workshops.admin import people, presence, workshop

__all__ = ["people", "presence", "workshop"]

admin.site.site_header = _("Administration of the Digital-Werkstatt")
admin.site.site_title = _("Administration of the Digital-Werkstatt")
admin.site.index_title = _("Prepare, correct and look after")
