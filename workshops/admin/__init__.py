from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from workshops.admin import people, presence, workshop
from workshops.admin.start import in_our_order

__all__ = ["people", "presence", "workshop"]

admin.site.site_header = _("Administration of the Digital-Werkstatt")
admin.site.site_title = _("Administration of the Digital-Werkstatt")
admin.site.index_title = _("Prepare, correct and look after")
admin.site.get_app_list = in_our_order(admin.site.get_app_list)  # type: ignore[method-assign]
