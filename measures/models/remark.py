from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from measures.models.measure import Measure, OnMeasureQuerySet
from workshops.models import TracksRevision, User, Workshop
from workshops.visits import Visit


class RemarkQuerySet(OnMeasureQuerySet["Remark"]):
    def in_workshop(self, workshop: Workshop) -> Self:
        return self.filter(measure__workshop=workshop)

    def visible_to(self, visit: Visit) -> Self:
        """Return what this visitor may know of."""
        return self if visit.is_decider else self.released()

    def open(self) -> Self:
        return self.filter(is_closed=False)

    def released(self) -> Self:
        """Return what the administration has released to the public."""
        return self.filter(is_released=True)


class Remark(TracksRevision):
    """A remark or question of committee or administration on a measure; internal by default."""

    class Kind(models.TextChoices):
        REMARK = "remark", _("Remark")
        QUESTION = "question", _("Question")

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="remarks")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.QUESTION)
    text = models.TextField(_("text"), max_length=2000)
    by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    at = models.DateTimeField(_("written"), auto_now_add=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    is_closed = models.BooleanField(_("closed"), default=False, editable=False)
    is_released = models.BooleanField(_("released to the public"), default=False, editable=False)
    # Made by the browser for the form: sent twice, stored once.
    client_id = models.UUIDField(unique=True, editable=False)
    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["at", "pk"]
        indexes = (
            # The public page shows these alone, and most remarks never become public.
            models.Index(fields=["measure"], condition=Q(is_released=True), name="remark_released"),
        )
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="remark_has_text",
                violation_error_message=_("Please enter a text."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["remark", "question"]), name="remark_kind"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="remark_answer_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def answer_seen(self) -> str:
        """Tells one answer from another, "" while there is none; forms carry what was seen."""
        return self.answered_at.isoformat() if self.answered_at else ""

    def get_workshop_id(self) -> int:
        return self.measure.workshop_id
