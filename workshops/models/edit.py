from django.db import models
from django.utils.translation import gettext_lazy as _

from workshops.models.workshop import Workshop


class Edit(models.Model):
    """What one request has changed, for the browser that sent it to be taken back.

    ``browser`` is a random word that the session holds; nothing leads from it to an account.
    ``records`` are pairs of a model's label and the number of a record of its history, in the order
    of writing. ``row`` ("measure-7") names what was removed, if that was it. Of those done, and of
    those undone, the last has the highest id.
    """

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="edits", db_index=False)
    browser = models.CharField(max_length=32)
    words = models.CharField(_("what was done"), max_length=300)
    records = models.JSONField()
    row = models.CharField(max_length=40, blank=True)
    is_undone = models.BooleanField(default=False)
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("edit")
        verbose_name_plural = _("edits")
        indexes = (models.Index(fields=["workshop", "browser"], name="edit_of_browser"),)

    def __str__(self) -> str:
        return self.words
