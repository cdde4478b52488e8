from django.db import models
from django.utils.translation import gettext_lazy as _

from workshops.models import Workshop


class PublicRecord(models.Model):
    """What a workshop had published when it was deleted, in one language; never changed.

    ``pages`` is canonical JSON, see ``measures.public.record``; ``picture`` the matrix as a PNG
    file, empty where there was none. Of the measures that the page lists ``decided`` are decided
    on.
    """

    workshop = models.ForeignKey(
        Workshop, models.PROTECT, related_name="records", db_index=False, editable=False
    )
    language = models.CharField(_("language"), max_length=10)
    measures = models.PositiveIntegerField(_("measures"))
    decided = models.PositiveIntegerField(_("of them decided on"))
    pages = models.TextField(_("pages"))
    picture = models.BinaryField(_("matrix"), blank=True)

    class Meta:
        verbose_name = _("published record")
        verbose_name_plural = _("published records")
        ordering = ["workshop", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "language"], name="record_once_per_language"
            ),
            models.CheckConstraint(
                condition=models.Q(decided__lte=models.F("measures")),
                name="record_decides_on_its_measures",
            ),
        ]

    def __str__(self) -> str:
        return str(self.workshop)
