from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from fields.catalogue import NINE_FIELDS
from workshops.models import NameField, Table, Versioned, Workshop, refuse_twin

NAME_TAKEN = _("There is an action field of this name already.")


class ActionFieldQuerySet(models.QuerySet["ActionField"]):
    def in_workshop(self, workshop: Workshop) -> Self:
        return self.filter(workshop=workshop)

    def standing(self) -> Self:
        """Leave out what somebody dropped; it lies in the bin, with what was in it."""
        return self.filter(is_removed=False)

    def worked_on(self) -> Self:
        return self.standing().filter(is_worked_on=True)

    def with_counts(self) -> Self:
        """Add how many goals and measures stand in each field."""
        standing = Q(measures__is_removed=False, measures__merged_into=None)
        return self.annotate(
            goal_count=Count("goals", filter=Q(goals__is_removed=False), distinct=True),
            measure_count=Count("measures", filter=standing, distinct=True),
        ).order_by("order", "pk")  # a query that groups forgets the model's own ordering


class ActionField(Versioned):
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="fields")
    name = NameField(_("name"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_worked_on = models.BooleanField(
        _("worked on"),
        default=True,
        help_text=_("A field that the room leaves out stays and is marked as not worked on."),
    )
    is_removed = models.BooleanField(_("dropped"), default=False, editable=False)
    # Which tables of the hall type into it; several may share a field.
    tables = models.ManyToManyField(Table, related_name="fields", blank=True, editable=False)
    history = HistoricalRecords()
    objects = ActionFieldQuerySet.as_manager()

    class Meta:
        verbose_name = _("action field")
        verbose_name_plural = _("action fields")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                "workshop",
                Lower("name"),
                name="field_name_once",
                condition=Q(is_removed=False),
                violation_error_message=NAME_TAKEN,
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="field_has_name",
                violation_error_message=_("Please enter a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self):
        self.check_place()

    def check_place(self) -> None:
        """Refuse a name that reads like another field's, and to be dropped from under its rows."""
        if self.is_removed:
            if self.goals.standing().exists() or self.measures.standing().exists():
                text = _("Goals or measures stand in “%(name)s” by now. Drop the field instead.")
                raise ValidationError(text, params={"name": self.name})
            return
        siblings = ActionField.objects.filter(workshop=self.workshop_id).standing()
        refuse_twin(self, siblings, NAME_TAKEN)

    def get_absolute_url(self) -> str:
        return reverse("measures:field-capture", args=[self.workshop_id, self.pk])


class GoalQuerySet(models.QuerySet["Goal"]):
    def in_workshop(self, workshop: Workshop) -> Self:
        return self.filter(field__workshop=workshop)

    def standing(self) -> Self:
        """Leave out what somebody removed; it stays stored so that a removal can be undone."""
        return self.filter(is_removed=False)


class Goal(Versioned):
    field = models.ForeignKey(ActionField, models.PROTECT, related_name="goals")
    text = models.CharField(_("goal"), max_length=500)
    indicator = models.CharField(
        _("indicator"),
        max_length=300,
        blank=True,
        help_text=_("How will one see that the goal is reached?"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_removed = models.BooleanField(_("removed"), default=False, editable=False)
    is_removed_with_field = models.BooleanField(
        _("removed with its field"), default=False, editable=False
    )
    history = HistoricalRecords()
    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="goal_has_text",
                violation_error_message=_("Please enter the goal."),
            ),
            models.CheckConstraint(
                condition=Q(is_removed=True) | Q(is_removed_with_field=False),
                name="goal_with_field_is_removed",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_workshop_id(self) -> int:
        return self.field.workshop_id

    def clean(self):
        self.check_place()

    def check_place(self) -> None:
        """Nothing stands in a field that was dropped."""
        if self.field_id and not self.is_removed and self.field.is_removed:
            raise ValidationError(_("Its action field was dropped. Bring the field back first."))


def seed_fields(workshop: Workshop, names: tuple[str, ...] = NINE_FIELDS) -> None:
    """Give a new workshop its action fields in the catalogue's order."""
    for order, name in enumerate(names, start=1):
        ActionField.objects.create(workshop=workshop, name=name, order=order)
