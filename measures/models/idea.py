from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fields.models import ActionField
from measures.models.measure import Measure
from workshops.models import TracksRevision, random_id


class IdeaQuerySet(models.QuerySet["Idea"]):
    def waiting(self) -> Self:
        """Return what nobody has dealt with; what lies with a measure that is gone waits again."""
        return self.filter(Q(measure=None) | Q(measure__is_removed=True), is_aside=False)

    def aside(self) -> Self:
        return self.filter(Q(measure=None) | Q(measure__is_removed=True), is_aside=True)


class Idea(TracksRevision):
    """One line that somebody sent from a phone while measures were collected.

    Nothing tells who that was: no ballot, no moment, no number that counts. The id is random and
    made with the form, so that what is sent twice is stored once.
    """

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    field = models.ForeignKey(ActionField, models.CASCADE, related_name="ideas")
    text = models.CharField(_("idea"), max_length=200)
    measure = models.ForeignKey(
        Measure,
        models.SET_NULL,
        null=True,
        related_name="ideas",
        verbose_name=_("measure that it became or says as well"),
    )
    is_aside = models.BooleanField(_("laid aside"), default=False)
    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        ordering = ["id"]  # random, so the order tells nothing about who came first
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="idea_has_text",
                violation_error_message=_("Please enter a text first."),
            )
        ]

    def __str__(self) -> str:
        return self.text

    def get_workshop_id(self) -> int:
        return self.field.workshop_id
