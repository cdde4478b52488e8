from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from measures.models.measure import Measure, OnMeasureQuerySet
from workshops.models import Versioned, Workshop


class TaskQuerySet(OnMeasureQuerySet["Task"]):
    def in_workshop(self, workshop: Workshop) -> Self:
        return self.filter(measure__workshop=workshop)

    def next_first(self) -> Self:
        """Return what is open first, what is due next at the top; then what is done."""
        return self.order_by(
            models.F("done_on").desc(nulls_first=True),
            models.F("due_date").asc(nulls_last=True),
            "pk",
        )


class Task(Versioned):
    """A step on the way of a measure: what an office is to do, and by when."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="tasks")
    text = models.CharField(_("task"), max_length=300)
    office = models.CharField(_("office"), max_length=200, blank=True)
    due_date = models.DateField(_("to be done by"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    # Made for the form: sent twice, stored once.
    client_id = models.UUIDField(unique=True, editable=False)
    history = HistoricalRecords(excluded_fields=["client_id"])
    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["measure", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="task_has_text",
                violation_error_message=_("Please enter what is to be done."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_workshop_id(self) -> int:
        return self.measure.workshop_id
