from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workshops.models import User, Workshop


class CalendarAddress(models.Model):
    """That a workshop's dates may be read without an account by whoever has the secret address.

    Only the secret's hash is stored; a new address takes the place of the one before.
    """

    workshop = models.OneToOneField(Workshop, models.CASCADE, related_name="calendar_address")
    secret_hash = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        ordering = ["workshop"]
        constraints = [
            models.CheckConstraint(
                condition=Q(secret_hash__regex=r"^[0-9a-f]{64}$"), name="calendar_secret_is_hashed"
            )
        ]

    def __str__(self) -> str:
        return str(self.workshop)
