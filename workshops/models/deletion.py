from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workshops.models.people import User
from workshops.models.workshop import Workshop

REASON_LENGTH = 500


class Deletion(models.Model):
    """That a workshop is to be deleted, asked for by one person and confirmed by another.

    Once it is confirmed the workshop is gone, and this is what is left of it. ``municipalities``
    are their names, one per line.
    """

    workshop = models.OneToOneField(
        Workshop, models.SET_NULL, null=True, related_name="deletion", verbose_name=_("workshop")
    )
    title = models.CharField(_("title"), max_length=200)
    date = models.DateField(_("date"))
    municipalities = models.TextField(_("municipalities"), blank=True)
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH)
    asked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked for by")
    )
    asked_at = models.DateTimeField(_("asked for"))
    confirmed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    class Meta:
        verbose_name = _("deletion")
        verbose_name_plural = _("deletions")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="deletion_has_reason",
                violation_error_message=_("Please enter the reason."),
            ),
            # Accounts may be deleted later, so an unknown person passes; see ``again.four_eyes``.
            models.CheckConstraint(
                condition=Q(asked_by=None) | Q(confirmed_by=None) | ~Q(asked_by=F("confirmed_by")),
                name="deletion_by_four_eyes",
                violation_error_message=_("Another person has to confirm it."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, workshop__isnull=False)
                | Q(confirmed_at__isnull=False, workshop=None),
                name="deletion_confirmed_is_done",
            ),
        ]

    def __str__(self) -> str:
        return self.title
