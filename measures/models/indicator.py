from typing import Self

from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from measures.models.measure import Measure, OnMeasureQuerySet
from workshops.models import TracksRevision, User, Versioned, Workshop


def _value(label):
    # As many digits as SQLite keeps exactly.
    return models.DecimalField(label, max_digits=15, decimal_places=4, null=True, blank=True)


class IndicatorQuerySet(OnMeasureQuerySet["Indicator"]):
    def in_workshop(self, workshop: Workshop) -> Self:
        return self.filter(measure__workshop=workshop)

    def with_entries(self) -> Self:
        """Bring the entries along, by day, of each day the newest last. 1 query more."""
        entries = IndicatorEntry.objects.order_by("day", "pk").select_related("by")
        return self.prefetch_related(Prefetch("entries", queryset=entries))


class Indicator(Versioned):
    """By which number one sees that a measure works: where it began, and where it is to get."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="indicators", db_index=False)
    name = models.CharField(_("what is measured"), max_length=120)
    unit = models.CharField(
        _("unit"), max_length=40, blank=True, help_text=_("For example %, people or hours.")
    )
    baseline = _value(_("value at the beginning"))
    baseline_on = models.DateField(_("day of this value"), null=True, blank=True)
    target = _value(_("value to be reached"))
    target_on = models.DateField(_("by which day"), null=True, blank=True)
    # Made for the form: sent twice, stored once.
    client_id = models.UUIDField(unique=True, editable=False)
    history = HistoricalRecords(excluded_fields=["client_id"])
    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator of a measure")
        verbose_name_plural = _("indicators of measures")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "name"],
                name="indicator_name_once",
                violation_error_message=_("This measure has an indicator of this name already."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="indicator_has_name",
                violation_error_message=_("Please say what is measured."),
            ),
            models.CheckConstraint(
                condition=Q(baseline=None, baseline_on=None)
                | Q(baseline__isnull=False, baseline_on__isnull=False),
                name="indicator_baseline_with_day",
                violation_error_message=_(
                    "The value at the beginning and its day belong together."
                ),
            ),
            models.CheckConstraint(
                condition=Q(target=None, target_on=None)
                | Q(target__isnull=False, target_on__isnull=False),
                name="indicator_target_with_day",
                violation_error_message=_("The value to be reached and its day belong together."),
            ),
            models.CheckConstraint(
                condition=Q(baseline_on=None)
                | Q(target_on=None)
                | Q(target_on__gt=F("baseline_on")),
                name="indicator_target_after_baseline",
                violation_error_message=_(
                    "The day by which it is to be reached lies after that of the beginning."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_workshop_id(self) -> int:
        return self.measure.workshop_id

    def get_absolute_url(self) -> str:
        measure = self.measure.target
        page = reverse("measures:measure-detail", args=[measure.workshop_id, measure.number])
        return f"{page}#indicators"


class IndicatorEntry(TracksRevision):
    """What was measured on a day; never overwritten, of several on a day the newest holds.

    One without a value takes back what was said of that day.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="entries")
    day = models.DateField(_("day"))
    value = _value(_("value"))
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    at = models.DateTimeField(_("recorded"), auto_now_add=True)
    # Made for the form: sent twice, stored once.
    client_id = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = _("measured value")
        verbose_name_plural = _("measured values")
        ordering = ["day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(remark=""),
                name="indicator_entry_without_value_says_why",
                violation_error_message=_("Please say why the value of this day is taken back."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}: {'–' if self.value is None else self.value}"

    def get_workshop_id(self) -> int:
        return self.indicator.measure.workshop_id

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("A measured value is never changed; the next one is a new entry.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("A measured value is never deleted; the next one is a new entry.")
