from datetime import datetime, timedelta
from math import ceil
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fields.models import ActionField
from measures.models.measure import Measure, MeasureQuerySet
from workshops.models import Ballot, ParticipantGroup, Table, TracksRevision, User, Workshop

MAX_ROUNDS = 9
REASON_LENGTH = 500
GRACE = timedelta(seconds=20)  # in which an answer in hand is still taken after the time is up


class RoundQuerySet(models.QuerySet["Round"]):
    def in_workshop(self, workshop: Workshop) -> Self:
        return self.filter(workshop=workshop)

    def shown(self) -> Self:
        """Return those whose results everybody may see, the first one first."""
        return self.filter(state=Round.State.SHOWN)

    def unsettled(self) -> Self:
        """Return the one, if any, of which nobody has seen anything and which may still change."""
        return self.filter(state__in=Round.UNSETTLED)

    def unerased(self) -> Self:
        """Return those that ended, but old versions of whose rows may lie in the files."""
        ended = self.exclude(state__in=(Round.State.WAITING, Round.State.OPEN))
        return ended.filter(erased_at=None)


class Round(TracksRevision):
    """One round of rating: chosen measures, the fields open at the moment, and how far it is.

    Waiting was never opened: it keeps what tables agree on before. Open takes ratings. Closed takes
    none, and nobody has seen any; it may be opened again, be shown or be set aside. Shown is for
    good: a rating that came later would be the difference of two looks. Set aside is for good as
    well: its ratings stay and are never shown.

    ``settled_by`` and ``settled_at`` tell who showed it or set it aside; ``reason`` says why it was
    set aside. ``smallest_room`` is the room's minimum when it was shown: raised later, it may hide
    a result, but not let an older one hold again. ``is_by_table``: each table rates what its offers
    name it for, as it was when the round was opened. ``erased_at`` is None while old versions of
    its rows may lie in the database's files. ``closes_at`` is when the time for rating is up, None
    where nobody has said; it is closed then by ``measures.rating.closing``.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("round of rating", "not opened yet")
        OPEN = "open", pgettext_lazy("round of rating", "open")
        CLOSED = "closed", pgettext_lazy("round of rating", "closed")
        SHOWN = "shown", _("shown")
        SET_ASIDE = "set_aside", _("set aside")

    UNSETTLED = (State.WAITING, State.OPEN, State.CLOSED)

    # Of four bytes: every rating holds it, and beside its two steps these leave no gap.
    id = models.AutoField(primary_key=True)
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="rounds", db_index=False)
    number = models.PositiveSmallIntegerField(_("round"), editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    measures = models.ManyToManyField(
        Measure, through="Offer", through_fields=("round", "measure"), related_name="rounds"
    )
    open_fields = models.ManyToManyField(ActionField, related_name="+", blank=True)
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True)
    settled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    smallest_room = models.PositiveSmallIntegerField(null=True, editable=False)
    is_by_table = models.BooleanField(default=False, editable=False)
    erased_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True, editable=False)
    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of rating")
        verbose_name_plural = _("rounds of rating")
        ordering = ["workshop", "number"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "number"], name="round_number_once"),
            models.CheckConstraint(condition=Q(number__range=(1, MAX_ROUNDS)), name="round_1_to_9"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "open", "closed", "shown", "set_aside"]),
                name="round_state",
            ),
            models.UniqueConstraint(
                fields=["workshop"],
                condition=Q(state__in=["waiting", "open", "closed"]),
                name="round_one_unsettled",
                violation_error_message=_("The last round is neither shown nor set aside yet."),
            ),
            models.CheckConstraint(
                condition=(Q(state="set_aside") & ~Q(reason=""))
                | (~Q(state="set_aside") & Q(reason="")),
                name="round_set_aside_with_reason",
                violation_error_message=_("Please say why this round is set aside."),
            ),
            models.CheckConstraint(
                condition=~Q(state="shown") | Q(smallest_room__isnull=False),
                name="round_shown_with_its_minimum",
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(state="open"), name="round_closes_while_open"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Round %(n)d") % {"n": self.number})

    def get_absolute_url(self) -> str:
        return reverse("measures:round-list", args=[self.workshop_id])

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED

    @property
    def is_shown(self) -> bool:
        return self.state == self.State.SHOWN

    def is_up(self, now: datetime) -> bool:
        """Say whether its time is up, so that people are shown nothing more to rate."""
        return self.closes_at is not None and self.closes_at <= now

    def is_due(self, now: datetime) -> bool:
        """Say whether the grace is over as well, so that it takes no rating any more."""
        return self.is_up(now - GRACE)

    def seconds_left(self, now: datetime) -> int | None:
        """Return how long people may rate, 0 when the time is up, None without an end."""
        if self.closes_at is None:
            return None
        return max(0, ceil((self.closes_at - now).total_seconds()))

    def least(self, workshop: Workshop) -> int:
        """Return how many judgements make a result: as it was when shown, as it is before."""
        return workshop.smallest_room if self.smallest_room is None else self.smallest_room

    def rateable(self) -> MeasureQuerySet:
        """Return what is rated in this round, whether its field is open at the moment or not."""
        return Measure.objects.filter(offers__round=self).standing()

    def asked_of(self, ballot: Ballot | None) -> MeasureQuerySet:
        """Return what this ballot rates: all, or what its table does and what everybody does."""
        if ballot is None or not self.is_by_table:
            return self.rateable()
        offers = self.offers.filter(Q(tables=None) | Q(tables=ballot.table_id))
        return self.rateable().filter(pk__in=offers.values("measure"))

    def takes_now(self, ballot: Ballot | None = None) -> MeasureQuerySet:
        """Return what can be rated at this moment, by this ballot; nothing unless it is open."""
        open_now = Q(field__in=self.open_fields.all())
        return self.asked_of(ballot).filter(open_now) if self.is_open else Measure.objects.none()

    def has_ratings(self) -> bool:
        """Say whether anything was rated in it: on a ballot, on paper or as an agreed value."""
        return any(rows.exists() for rows in (self.ratings, self.paper_counts, self.group_values))


class Offer(models.Model):
    """That a round offers a measure to be rated.

    ``counts_for`` is frozen when the results are shown: the measure itself, or the one it had been
    merged into by then. If a later merging moved ratings from one result to another, the difference
    of both looks could be a single person's rating. None in a shown round: counts for nobody. For
    the same reason ``groups`` are frozen with it: those that may be shown beside each other. Later
    there may be fewer, never others. ``tables`` are those that rate it, none where everybody does.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="offers", db_index=False)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="offers")
    counts_for = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="+")
    groups = models.ManyToManyField(ParticipantGroup, related_name="+")
    tables = models.ManyToManyField(Table, related_name="+")

    class Meta:
        verbose_name = _("measure of a round")
        verbose_name_plural = _("measures of a round")
        ordering = ["round", "measure"]
        constraints = [
            models.UniqueConstraint(fields=["round", "measure"], name="offer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.measure_id}"
