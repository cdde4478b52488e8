import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from fields.models import ActionField, Goal
from measures.models.wording import WORDING, FormerWording, is_reworded
from measures.short_titles import LONGEST, suggested
from workshops.models import (
    Municipality,
    Table,
    Versioned,
    Workshop,
    WorkshopMunicipality,
    hold_votes,
    line_up,
    mark_changed,
)

# The core questions of a profile, in their order. The first five come from the agency's published
# page, whose stored text breaks off there; the last two are ours. The help page says so.
PROFILE_FIELDS = (
    "intended_result",
    "target_group",
    "stakeholders",
    "lead",
    "resources",
    "schedule",
    "success_signs",
)


class TimeHorizon(models.TextChoices):
    SHORT = "short", _("short term")
    MEDIUM = "medium", _("medium term")
    LONG = "long", _("long term")
    UNKNOWN = "unknown", _("not estimated")


# What a row about a measure counts for, in a query: a duplicate's is the measure it is part of.
TARGET = Coalesce("measure__merged_into", "measure")


M = TypeVar("M", bound=models.Model)


class OnMeasureQuerySet(models.QuerySet[M]):
    """Rows that concern a measure by ``measure``; those on a duplicate count for the other one."""

    def about(self, measure: "Measure") -> Self:
        """Return those on the measure and on what was merged into it.

        By the ids of these few: a condition on two tables at once would let all rows be read.
        """
        family = Measure.objects.order_by().filter(Q(pk=measure.pk) | Q(merged_into=measure))
        return self.filter(measure__in=family.values("pk"))


class MeasureQuerySet(models.QuerySet["Measure"]):
    def in_workshop(self, workshop: Workshop) -> Self:
        return self.filter(workshop=workshop)

    def unremoved(self) -> Self:
        """Leave out what was removed, and with it what was merged into it."""
        return self.filter(is_removed=False).exclude(merged_into__is_removed=True)

    def standing(self) -> Self:
        """Leave out what was removed or merged into another measure; both stay stored."""
        return self.filter(is_removed=False, merged_into=None)

    def duplicates(self) -> Self:
        """Return what was merged into another measure that is still there."""
        return self.unremoved().exclude(merged_into=None)

    def rateable(self) -> Self:
        return self.standing().filter(field__is_worked_on=True)

    def rated(self) -> Self:
        """Return those of which anything was rated in any round, also as what was merged into them.

        By ballot, on paper or as an agreed value.
        """
        rows = Measure.objects.filter(Q(pk=OuterRef("pk")) | Q(merged_into=OuterRef("pk")))
        return self.filter(
            Exists(rows.filter(ratings__isnull=False))
            | Exists(rows.filter(paper_counts__isnull=False))
            | Exists(rows.filter(group_values__isnull=False))
        )

    def last_number(self) -> int:
        """Return the highest number, 0 where there is none. 1 query."""
        return self.aggregate(last=Max("number"))["last"] or 0

    def in_reading_order(self) -> Self:
        """By field, then goal (measures without a goal last), then the place under it."""
        return self.order_by(
            "field__order", "field_id", F("goal__order").asc(nulls_last=True), "goal_id", "order",
            "number",
        )  # fmt: skip


def _profile_field(label, help_text):
    return models.TextField(label, max_length=2000, blank=True, help_text=help_text)


class Measure(Versioned):
    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="measures", db_index=False)
    number = models.PositiveIntegerField(_("number"), editable=False)
    field = models.ForeignKey(
        ActionField, models.PROTECT, related_name="measures", verbose_name=_("action field")
    )
    goal = models.ForeignKey(
        Goal,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name=_("goal"),
    )
    title = models.CharField(_("title"), max_length=200)
    short_title = models.CharField(
        _("short title"),
        max_length=LONGEST,
        blank=True,
        help_text=_("For the matrix and lists. Empty: a part of the title is taken."),
    )
    description = models.TextField(_("description"), max_length=2000, blank=True)
    time_horizon = models.CharField(
        _("implementation time"),
        max_length=10,
        choices=TimeHorizon,
        default=TimeHorizon.UNKNOWN,
    )
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name=_("municipality"),
        help_text=_("Empty means: concerns all municipalities of the workshop."),
    )
    intended_result = _profile_field(_("intended result"), _("What should come out of it?"))
    target_group = _profile_field(_("target group"), _("For whom is it?"))
    stakeholders = _profile_field(_("people to involve"), _("Who should or must take part?"))
    lead = _profile_field(_("who does it"), _("Which unit or person carries the project?"))
    resources = _profile_field(_("resources"), _("Which money, people and things are needed?"))
    schedule = _profile_field(_("schedule"), _("When does it begin, which steps follow?"))
    success_signs = _profile_field(
        _("signs of success"), _("By what will one see that it has worked?")
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    # Seen by those who work on the board, and by nobody else.
    by_table = models.ForeignKey(
        Table,
        models.SET_NULL,
        null=True,
        related_name="measures",
        verbose_name=_("written by"),
        editable=False,
        db_index=False,
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="duplicates",
        verbose_name=_("merged into"),
    )
    # Where it was carried over from, in an earlier workshop; see ``measures.again``.
    copied_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        related_name="copies",
        verbose_name=_("carried over from"),
        editable=False,
    )
    is_removed = models.BooleanField(_("removed"), default=False, editable=False)
    is_removed_with_field = models.BooleanField(
        _("removed with its field"), default=False, editable=False
    )
    # Made by the browser for the line in which the title is typed: sent twice, stored once. Beside
    # the workshop's uuid it names the measure in seals, so it never changes.
    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    history = HistoricalRecords()
    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["workshop", "number"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "number"], name="measure_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="measure_number_from_1"),
            models.UniqueConstraint(
                fields=["workshop", "client_id"], name="measure_client_id_once"
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="measure_has_title",
                violation_error_message=_("Please enter a title."),
            ),
            models.CheckConstraint(
                condition=Q(time_horizon__in=TimeHorizon.values), name="measure_time_horizon"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
                name="measure_not_merged_into_itself",
                violation_error_message=_("A measure cannot be merged into itself."),
            ),
            models.CheckConstraint(
                condition=Q(is_removed=True) | Q(is_removed_with_field=False),
                name="measure_with_field_is_removed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def code(self) -> str:
        """The number as people say it: M1, M2 …"""
        return f"M{self.number}"

    @property
    def short(self) -> str:
        """At most 30 characters for pictures and lists: its own short title, or ours."""
        return self.short_title or suggested(self.title)

    @property
    def has_profile(self) -> bool:
        return any(getattr(self, name) for name in PROFILE_FIELDS)

    @property
    def is_rated(self) -> bool:
        """Say whether people have rated this wording, or one before it. 1 query."""
        return Measure.objects.filter(pk=self.pk).rated().exists()

    @property
    def target(self) -> "Measure":
        """The measure that this one counts for: itself, or the one that it was merged into."""
        return self.merged_into or self

    @property
    def target_id(self) -> int:
        return self.merged_into_id or self.pk

    @property
    def stands(self) -> bool:
        """Say whether it is there by itself, neither removed nor part of another one."""
        return not self.is_removed and self.merged_into_id is None

    def get_absolute_url(self) -> str:
        return reverse("measures:measure-detail", args=[self.workshop_id, self.number])

    def clean(self):
        """Check what spans rows and so cannot be a constraint of one table."""
        if self.field_id and self.goal and self.goal.field_id != self.field_id:
            raise ValidationError({"goal": _("This goal belongs to another action field.")})
        if self.field_id and self.field.workshop_id != self.workshop_id:
            raise ValidationError({"field": _("This field belongs to another workshop.")})
        self.check_place()
        seats = WorkshopMunicipality.objects.filter(workshop=self.workshop_id)
        if self.municipality_id and not seats.filter(municipality=self.municipality_id).exists():
            raise ValidationError(_("This municipality does not take part in the workshop."))

    def save(self, *args, **kwargs):
        if not self._state.adding:
            with transaction.atomic():
                self._remember_wording(kwargs.get("update_fields"))
                super().save(*args, **kwargs)
            return
        with transaction.atomic():
            # Locks the revision's row, so that two tables never take the same next number.
            mark_changed(self.workshop_id)
            self.number = Measure.objects.filter(workshop=self.workshop_id).last_number() + 1
            super().save(*args, **kwargs)

    def _remember_wording(self, written: Iterable[str] | None) -> None:
        """Store what a rated measure read before, if its wording is about to change."""
        names = [name for name in WORDING if written is None or name in written]
        if not names:
            return
        line_up(self.workshop_id)
        before = Measure._base_manager.values(*WORDING).get(pk=self.pk)
        if not is_reworded(before, self, names):
            return
        hold_votes(self.workshop_id)  # nobody rates between the look and the change
        if self.is_rated:
            FormerWording.objects.create(measure=self, **before)

    def check_place(self) -> None:
        """Nothing stands in a field that was dropped."""
        if self.field_id and self.stands and self.field.is_removed:
            raise ValidationError(_("Its action field was dropped. Bring the field back first."))

    def put_back(self, values: Mapping[str, Any]) -> None:
        """Store what stood in columns before; merged again, it must find its target standing."""
        if target := values.get("merged_into_id"):
            self.merge_into(Measure.objects.get(pk=target))
            values = {name: each for name, each in values.items() if name != "merged_into_id"}
        if values:
            super().put_back(values)

    @transaction.atomic
    def merge_into(self, target: "Measure") -> None:
        """Make this measure a duplicate of ``target``; duplicates of it move along.

        The ratings of both stay; see ``measures.tallies`` for how they count.
        """
        mark_changed(self.workshop_id)  # lines up two merges, which could hide each other's target
        target.refresh_from_db(fields=["merged_into", "is_removed"])
        if target.workshop_id != self.workshop_id or not target.stands:
            raise ValidationError(_("Choose a measure of this workshop that stands by itself."))
        if target.pk == self.pk:
            raise ValidationError(_("A measure cannot be merged into itself."))
        # Itself last: taken back in reverse, it stands again before those that were part of it.
        for duplicate in [*self.duplicates.all(), self]:
            duplicate.merged_into = target
            duplicate.save(update_fields=["merged_into"])
