from datetime import date
from typing import Self
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, URLValidator
from django.db import models, transaction
from django.db.models import F, Min, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from measures.models.decision import Decision
from measures.models.measure import Measure, OnMeasureQuerySet
from workshops.models import TracksRevision, User, Workshop, line_up


class State(models.TextChoices):
    NOT_STARTED = "not_started", _("not started")
    RUNNING = "running", _("running")
    DELAYED = "delayed", _("delayed")
    DONE = "done", _("done")
    STOPPED = "stopped", _("stopped")


class StatusEntryQuerySet(OnMeasureQuerySet["StatusEntry"]):
    def in_workshop(self, workshop: Workshop) -> Self:
        return self.filter(measure__workshop=workshop)

    def newest_first(self) -> Self:
        return self.order_by("-date", "-pk")


def accepted_on(measure: Measure) -> date | None:
    """Return the day on which the measure was first accepted, as far as it is published. 1 query.

    None for what nobody accepted, which can be reported on all the same. What was merged into the
    measure counts for it.
    """
    rows = Decision.objects.about(measure).known_to_all()
    return rows.accepting().aggregate(day=Min("decided_on"))["day"]


class StatusEntry(TracksRevision):
    """How far a measure is on a day; never overwritten, the newest by ``date`` holds.

    A new one is about no day before the measure was accepted; what was stored before that stays.
    """

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="status_entries")
    date = models.DateField(_("date"))
    state = models.CharField(_("state"), max_length=15, choices=State)
    sentence = models.CharField(_("in one sentence"), max_length=500)
    percent = models.PositiveSmallIntegerField(
        _("done in percent"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("Only where it can be measured."),
    )
    evidence = models.URLField(
        _("link to evidence"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    next_due = models.DateField(_("next date"), null=True, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    # Whoever held the link of the responsible office wrote it, and no account: see ``ReportLink``.
    is_by_link = models.BooleanField(_("reported by link"), default=False, editable=False)
    office = models.CharField(_("responsible unit"), max_length=200, blank=True, editable=False)
    at = models.DateTimeField(_("recorded"), auto_now_add=True)
    # Made for the form: sent twice, stored once.
    client_id = models.UUIDField(unique=True, editable=False)
    objects = StatusEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("status entry")
        verbose_name_plural = _("status entries")
        ordering = ["-date", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="status_state"),
            models.CheckConstraint(
                condition=~Q(sentence=""),
                name="status_has_sentence",
                violation_error_message=_("Please say in one sentence how far it is."),
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__lte=100),
                name="status_percent",
                violation_error_message=_("A percentage is a number from 0 to 100."),
            ),
            models.CheckConstraint(
                condition=Q(percent=None)
                | ~Q(state__in=[State.NOT_STARTED, State.DONE])
                | Q(state=State.NOT_STARTED, percent=0)
                | Q(state=State.DONE, percent=100),
                name="status_percent_fits_state",
                violation_error_message=_("Done means 100 percent, not started means 0."),
            ),
            models.CheckConstraint(
                condition=Q(next_due=None) | Q(next_due__gte=F("date")),
                name="status_due_not_before_date",
                violation_error_message=_("The next date lies before the date of the entry."),
            ),
            models.CheckConstraint(
                condition=Q(evidence="") | Q(evidence__regex=r"^https?://"),
                name="status_evidence_on_the_web",
                violation_error_message=_("Evidence is an address with http:// or https://."),
            ),
            models.CheckConstraint(
                condition=Q(is_by_link=True, by=None) | Q(is_by_link=False, office=""),
                name="status_by_link_or_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date}: {self.get_state_display()}"

    @property
    def evidence_host(self) -> str:
        """Where the link leads, whatever its address pretends; "" without one."""
        return urlsplit(self.evidence).hostname or ""

    def get_workshop_id(self) -> int:
        return self.measure.workshop_id

    def clean(self):
        """Refuse a day before the decision, which no constraint of one table can."""
        super().clean()
        accepted = accepted_on(self.measure)
        if self.date and accepted and self.date < accepted:
            text = _("The committee accepted this measure on %(day)s; a status is not older.")
            day = date_format(accepted, "SHORT_DATE_FORMAT")
            raise ValidationError({"date": text % {"day": day}})

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("A status entry is never changed; the next one is a new entry.")
        with transaction.atomic():
            line_up(self.get_workshop_id())  # nobody publishes between the look and the entry
            self.clean()
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("A status entry is never deleted; the next one is a new entry.")


class Reminder(models.Model):
    """That a person was told of a workshop on a day, so that nobody is told twice on it.

    By workshop: whoever was reminded of one by hand still hears of the others at night.
    """

    day = models.DateField(_("day"))
    recipient = models.EmailField(_("recipient"))
    workshop = models.ForeignKey(
        Workshop, models.CASCADE, related_name="reminders", verbose_name=_("workshop")
    )

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-day", "recipient"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "recipient", "workshop"], name="reminder_once_per_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.recipient}"
