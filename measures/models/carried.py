from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from measures.models.measure import Measure
from measures.models.status import State
from workshops.models import Workshop


class CarriedNoteQuerySet(models.QuerySet["CarriedNote"]):
    def in_workshop(self, workshop: Workshop) -> "CarriedNoteQuerySet":
        return self.filter(measure__workshop=workshop)


class CarriedNote(models.Model):
    """Where a measure stood when it was carried over from an earlier workshop; never changed.

    No status entry: nobody has reported it in this workshop. ``number`` and ``workshop_…`` tell
    where it came from even when the earlier workshop is gone. Without a report there is no state.
    """

    measure = models.OneToOneField(Measure, models.CASCADE, related_name="carried_note")
    number = models.PositiveIntegerField(_("number there"))
    workshop_title = models.CharField(_("earlier workshop"), max_length=200)
    workshop_date = models.DateField(_("its date"))
    date = models.DateField(_("reported for"), null=True)
    state = models.CharField(_("state"), max_length=15, choices=State, blank=True)
    sentence = models.CharField(_("in one sentence"), max_length=500, blank=True)
    percent = models.PositiveSmallIntegerField(
        _("done in percent"), null=True, validators=[MaxValueValidator(100)]
    )
    objects = CarriedNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note carried over")
        verbose_name_plural = _("notes carried over")
        ordering = ["measure"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="", sentence="", date=None, percent=None)
                | (Q(state__in=State.values, date__isnull=False) & ~Q(sentence="")),
                name="carried_note_whole_or_none",
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__lte=100), name="carried_note_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workshop_title}: {self.code}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("A note that was carried over is never changed.")
        super().save(*args, **kwargs)

    @property
    def code(self) -> str:
        """The number that it had there: M1, M2 …"""
        return f"M{self.number}"
