import uuid
from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from fields.models import ActionField
from measures.models.measure import Measure
from workshops.models import TracksRevision, Versioned, Workshop

MAX_SEATS = 200
EARLIEST = date(2000, 1, 1)


class SessionQuerySet(models.QuerySet["Session"]):
    def in_workshop(self, workshop: Workshop) -> Self:
        return self.filter(workshop=workshop)

    def used(self) -> Self:
        """Return those with something to decide on or decided; an empty one is a draft."""
        return self.filter(Q(items__isnull=False) | Q(decisions__isnull=False))

    def other_than(self, session: "Session") -> Self:
        """Return the used ones beside a session, the latest first."""
        rows = self.filter(workshop=session.workshop_id).used().exclude(pk=session.pk)
        return rows.distinct()

    def with_counts(self) -> Self:
        """Add ``item_count``, the number of items on the agenda."""
        # A query that groups forgets the model's own ordering.
        return self.annotate(item_count=Count("items")).order_by("-date", "-pk")


class Session(Versioned):
    """A meeting of a committee that deliberates on measures of the workshop."""

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="sessions")
    committee = models.CharField(_("committee"), max_length=200)
    date = models.DateField(_("date"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    is_public = models.BooleanField(_("public session"), default=True)
    seats = models.PositiveSmallIntegerField(
        _("members with a vote"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_SEATS)],
        help_text=_("No decision can have more votes than this. May be left empty."),
    )
    quorum = models.PositiveSmallIntegerField(
        _("members needed to decide"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_SEATS)],
        help_text=_("With fewer present no decision can be recorded. May be left empty."),
    )
    is_recommending = models.BooleanField(
        _("this committee recommends, another one decides"), default=False
    )
    # Names the session in seals, also after its workshop moved to another installation.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    history = HistoricalRecords(excluded_fields=["uuid"])
    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(committee=""),
                name="session_has_committee",
                violation_error_message=_("Please enter the committee."),
            ),
            models.CheckConstraint(
                condition=Q(date__gte=EARLIEST),
                name="session_not_before_2000",
                violation_error_message=_("Please check the year of the session."),
            ),
            models.CheckConstraint(
                condition=Q(seats=None) | Q(seats__range=(1, MAX_SEATS)),
                name="session_seats",
                violation_error_message=_("A committee has 1 to 200 members with a vote."),
            ),
            models.CheckConstraint(
                condition=Q(quorum=None)
                | (Q(quorum__gte=1) & (Q(seats=None) | Q(quorum__lte=F("seats")))),
                name="session_quorum_fits_seats",
                violation_error_message=_("Not more members can be needed than have a vote."),
            ),
        ]

    def __str__(self) -> str:
        return self.committee

    @property
    def is_ahead(self) -> bool:
        """Say whether its day is yet to come; before it nothing is published."""
        return self.date > timezone.localdate()

    def get_absolute_url(self) -> str:
        return reverse("measures:session-detail", args=[self.workshop_id, self.pk])


class AgendaItem(TracksRevision):
    """An item of the agenda: one measure, or all standing measures of an action field."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="items", db_index=False)
    measure = models.ForeignKey(
        Measure, models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    field = models.ForeignKey(
        ActionField, models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_public = models.BooleanField(_("in public"), default=True)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "measure"],
                name="agenda_measure_once",
                violation_error_message=_("This measure is on the agenda already."),
            ),
            models.UniqueConstraint(
                fields=["session", "field"],
                name="agenda_field_once",
                violation_error_message=_("This action field is on the agenda already."),
            ),
            models.CheckConstraint(
                condition=Q(measure=None, field__isnull=False)
                | Q(measure__isnull=False, field=None),
                name="agenda_measure_or_field",
                violation_error_message=_("An agenda item is a measure or an action field."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.measure or self.field)

    def get_workshop_id(self) -> int:
        return self.session.workshop_id
