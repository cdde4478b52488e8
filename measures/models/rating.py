from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from measures.models.measure import Measure
from measures.models.round import Round
from workshops.models import Ballot, Criterion, ParticipantGroup, TracksRevision, mark_changed
from workshops.models.workshop import MAX_STEPS


def _step_or_none(name: str) -> Q:
    return Q(**{name: None}) | Q(**{f"{name}__range": (1, MAX_STEPS)})


def _round_field(related_name: str) -> models.ForeignKey:
    """Rows go with their workshop, but never with a round that has any."""
    return models.ForeignKey(
        Round, models.RESTRICT, related_name=related_name, verbose_name=_("round"), editable=False
    )


class Rating(models.Model):
    """One ballot's steps for one measure; ``None`` is "cannot judge", stored as such.

    No time and no counting id, and no history: each would tell in which order people voted.
    Written by ``measures.rating`` only. A vote leaves the workshop's revision as it is.

    ``turn`` counts the choices of this ballot for this measure alone: a request that was given up,
    by a page that died or a network that broke, may be carried out after a newer one and must not
    take its place. Nothing else reads it, and it is gone when the rating closes.

    There are more of them than of anything else, so each byte counts: what makes one unique is its
    key, the measure first, because results are read by measure; the columns stand in an order that
    leaves no gaps. With all indexes one takes 107 bytes on PostgreSQL once it is closed
    (``dev.py bench``).
    """

    pk = models.CompositePrimaryKey("measure", "round", "ballot")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="ratings", db_index=False)
    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="ratings")
    round = _round_field("ratings")
    relevance = models.PositiveSmallIntegerField(_("relevance"), null=True, blank=True)
    feasibility = models.PositiveSmallIntegerField(_("feasibility"), null=True, blank=True)
    turn = models.PositiveSmallIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=_step_or_none("relevance"), name="rating_relevance"),
            models.CheckConstraint(
                condition=_step_or_none("feasibility"), name="rating_feasibility"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id}: {self.relevance} / {self.feasibility}"


class OfOpenRound(TracksRevision):
    """What is entered for the room. Once its round is settled, nothing enters it any more."""

    round_id: int

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        with transaction.atomic():
            self._line_up()
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            self._line_up()
            return super().delete(*args, **kwargs)

    def _line_up(self) -> None:
        """Wait for whoever is showing the round; raises PermissionDenied where it is settled."""
        mark_changed(self.get_workshop_id())
        if not Round.objects.unsettled().filter(pk=self.round_id).exists():
            raise PermissionDenied(_("This round was shown or set aside, so it stays as it is."))


class Consensus(OfOpenRound):
    """The pair that the room agreed on, beside the individual ratings and never in their mean.

    One for each round of rating.
    """

    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="group_values", db_index=False
    )
    relevance = models.PositiveSmallIntegerField(_("relevance"), null=True, blank=True)
    feasibility = models.PositiveSmallIntegerField(_("feasibility"), null=True, blank=True)
    round = _round_field("group_values")
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("group value")
        verbose_name_plural = _("group values")
        ordering = ["measure", "round"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "round"], name="consensus_once_per_round"),
            models.CheckConstraint(
                condition=_step_or_none("relevance"), name="consensus_relevance"
            ),
            models.CheckConstraint(
                condition=_step_or_none("feasibility"), name="consensus_feasibility"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.relevance or '–'} / {self.feasibility or '–'}"

    def get_workshop_id(self) -> int:
        return self.measure.workshop_id


class PaperCount(OfOpenRound):
    """How many paper sheets chose a step of one criterion for a measure.

    Only these counts are known, not which relevance stood on the same sheet as which feasibility,
    so no ballots are invented for them. ``step`` is ``None`` for "cannot judge".
    """

    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="paper_counts", db_index=False
    )
    group = models.ForeignKey(
        ParticipantGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="paper_counts",
        verbose_name=_("group"),
    )
    criterion = models.CharField(_("criterion"), max_length=20, choices=Criterion)
    step = models.PositiveSmallIntegerField(_("step"), null=True, blank=True)
    count = models.PositiveSmallIntegerField(_("number of sheets"))
    round = _round_field("paper_counts")
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("paper count")
        verbose_name_plural = _("paper counts")
        ordering = ["measure", "group", "criterion", "step"]
        constraints = [
            models.UniqueConstraint(
                "measure",
                Coalesce("group", 0),
                "criterion",
                Coalesce("step", 0),
                "round",
                name="paper_count_once",
            ),
            models.CheckConstraint(condition=_step_or_none("step"), name="paper_count_step"),
            models.CheckConstraint(
                condition=Q(criterion__in=Criterion.values), name="paper_count_criterion"
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="paper_count_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.step or '–'}: {self.count}"

    def get_workshop_id(self) -> int:
        return self.measure.workshop_id
