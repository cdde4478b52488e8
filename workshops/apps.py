from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class WorkshopsConfig(AppConfig):
    name = "workshops"
    verbose_name = _("Workshops")

    def ready(self) -> None:
        # no model before the apps are loaded
        from workshops.presence import checks  # noqa: F401  # registers itself
        from workshops.sorting import teach_sqlite

        connection_created.connect(teach_sqlite, dispatch_uid="workshops.sorting")
