from decimal import Decimal
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from measures.models.measure import Measure, OnMeasureQuerySet
from workshops.models import Municipality, TracksRevision, Versioned, Workshop, line_up

LARGEST = Decimal("999999999.99")  # euro; also what SQLite keeps exactly
SHARES_ARE_LARGE = _("The shares of the municipalities add up to more than the amount.")


def _euros(label, **options):
    return models.DecimalField(label, max_digits=11, decimal_places=2, **options)


class CostKind(models.TextChoices):
    ONCE = "once", _("once")
    PER_YEAR = "per_year", _("per year")


class CostQuerySet(OnMeasureQuerySet["Cost"]):
    def in_workshop(self, workshop: Workshop) -> Self:
        return self.filter(measure__workshop=workshop)

    def counted(self) -> Self:
        """Leave out those on what was removed; what was merged counts for the other one."""
        return self.filter(measure__is_removed=False)


class Cost(Versioned):
    """What a measure costs for one purpose, in euro. What others give is an amount or a percentage.

    A position of 0 says that something costs nothing; without any position nothing is known.
    """

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="costs")
    purpose = models.CharField(_("what for"), max_length=200)
    kind = models.CharField(_("how often"), max_length=10, choices=CostKind, default=CostKind.ONCE)
    amount = _euros(_("amount in euro"))
    source = models.CharField(
        _("budget line or programme"),
        max_length=200,
        blank=True,
        help_text=_("From which budget line, product or programme the money comes."),
    )
    funder = models.CharField(
        _("who funds a part"),
        max_length=200,
        blank=True,
        help_text=_("For example the federal state. Empty if nobody does."),
    )
    funded_amount = _euros(_("funded amount in euro"), null=True, blank=True)
    funded_percent = models.DecimalField(
        _("or funded share in percent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
    )
    # Made for the form: sent twice, stored once.
    client_id = models.UUIDField(unique=True, editable=False)
    history = HistoricalRecords(excluded_fields=["client_id"])
    objects = CostQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost position")
        verbose_name_plural = _("cost positions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(purpose=""),
                name="cost_has_purpose",
                violation_error_message=_("Please say what the money is for."),
            ),
            models.CheckConstraint(condition=Q(kind__in=CostKind.values), name="cost_kind"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount__lte=LARGEST),
                name="cost_amount",
                violation_error_message=_("An amount is not below zero."),
            ),
            models.CheckConstraint(
                condition=Q(funded_amount=None)
                | Q(funded_amount__gt=0, funded_amount__lte=F("amount")),
                name="cost_funded_within_amount",
                violation_error_message=_("Nobody funds more than the whole amount."),
            ),
            models.CheckConstraint(
                condition=Q(funded_percent=None) | Q(funded_percent__gt=0, funded_percent__lte=100),
                name="cost_funded_percent",
                violation_error_message=_("A share is more than 0 and at most 100 percent."),
            ),
            models.CheckConstraint(
                condition=Q(funder="", funded_amount=None, funded_percent=None)
                | ~Q(funder="") & Q(funded_amount=None, funded_percent__isnull=False)
                | ~Q(funder="") & Q(funded_amount__isnull=False, funded_percent=None),
                name="cost_funder_with_one_share",
                violation_error_message=_(
                    "Who funds a part, and how much: one amount or one percentage."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.purpose

    @property
    def is_yearly(self) -> bool:
        return self.kind == CostKind.PER_YEAR

    def get_workshop_id(self) -> int:
        return self.measure.workshop_id

    def get_absolute_url(self) -> str:
        measure = self.measure.target
        return reverse("measures:measure-costs", args=[measure.workshop_id, measure.number])

    def check_shares(self) -> None:
        """Refuse shares of more than the amount, which no constraint of one table can. 1 query."""
        stored = Cost.objects.filter(pk=self.pk).annotate(shared=Sum("shares__amount"))
        amount, shared = stored.values_list("amount", "shared").get()
        # In Python: a sum of fractions that a database adds up as floats lies beside itself.
        if shared is not None and shared > amount:
            raise ValidationError(SHARES_ARE_LARGE)

    def save(self, *args, **kwargs):
        with transaction.atomic():
            is_new = self._state.adding
            super().save(*args, **kwargs)
            if not is_new:
                self.check_shares()


class CostShare(TracksRevision):
    """What one of several municipalities of the workshop pays of a position, in euro."""

    cost = models.ForeignKey(Cost, models.CASCADE, related_name="shares", db_index=False)
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        related_name="cost_shares",
        verbose_name=_("municipality"),
    )
    amount = _euros(_("amount in euro"))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("share of a municipality")
        verbose_name_plural = _("shares of municipalities")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cost", "municipality"],
                name="cost_share_once",
                violation_error_message=_("This municipality has a share already."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=LARGEST),
                name="cost_share_amount",
                violation_error_message=_("A share is more than zero."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.municipality)

    def get_workshop_id(self) -> int:
        return self.cost.measure.workshop_id

    def save(self, *args, **kwargs):
        with transaction.atomic():
            line_up(self.get_workshop_id())  # two shares at the same moment see each other
            super().save(*args, **kwargs)
            self.cost.check_shares()
