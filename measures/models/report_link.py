from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from measures.models.decision import Decision
from workshops.models import User


class ReportLinkQuerySet(models.QuerySet["ReportLink"]):
    def living(self, at: datetime) -> Self:
        """Return those that are good at a moment, as far as the link itself says."""
        return self.filter(revoked_at=None, expires_at__gt=at)


class ReportLink(models.Model):
    """Lets whoever holds it report on the measure of one decision, without an account.

    Stored is only what the link is made of, together with our key: see ``measures.followup.links``.
    Whom it was sent to says the decision.
    """

    decision = models.ForeignKey(
        Decision, models.CASCADE, related_name="report_links", verbose_name=_("decision")
    )
    nonce = models.CharField(max_length=32, unique=True, editable=False)
    # Empty where a reminder made it.
    by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("good until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    objects = ReportLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to report")
        verbose_name_plural = _("links to report")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(nonce=""), name="report_link_has_nonce"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="report_link_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.expires_at:%Y-%m-%d}"
