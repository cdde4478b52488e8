from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from measures.models.measure import TARGET, Measure, OnMeasureQuerySet
from workshops.models import Criterion, TracksRevision, Workshop, line_up
from workshops.models.workshop import MAX_STEPS

IS_A_PERSON = _("An office is named here, never a person or an e-mail address.")


class AssessmentQuerySet(OnMeasureQuerySet["Assessment"]):
    def in_workshop(self, workshop: Workshop) -> Self:
        return self.filter(measure__workshop=workshop)

    def newest_first(self) -> Self:
        return self.order_by("-day", "-pk")

    def with_target(self) -> Self:
        """Add ``target``, the id of the measure that each counts for."""
        return self.annotate(target=TARGET)


class Assessment(TracksRevision):
    """What the administration itself holds of a measure on a day, beside what the room rated.

    Never overwritten, the newest by ``day`` holds. It enters no figure of the room.
    """

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="assessments")
    relevance = models.PositiveSmallIntegerField(
        Criterion.RELEVANCE.label, validators=[MinValueValidator(1)]
    )
    feasibility = models.PositiveSmallIntegerField(
        Criterion.FEASIBILITY.label, validators=[MinValueValidator(1)]
    )
    reason = models.CharField(_("reason"), max_length=500)
    office = models.CharField(
        _("assessed by"),
        max_length=120,
        help_text=_("An office, such as “Department of IT”, never a person."),
    )
    day = models.DateField(_("day"))
    at = models.DateTimeField(_("recorded"), auto_now_add=True)
    # Made for the form: sent twice, stored once.
    client_id = models.UUIDField(unique=True, editable=False)
    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment of the administration")
        verbose_name_plural = _("assessments of the administration")
        ordering = ["-day", "-pk"]
        constraints = [
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{criterion}__range": (1, MAX_STEPS)}),
                    name=f"assessment_{criterion}_on_scale",
                    violation_error_message=_("Please choose a step of the scale."),
                )
                for criterion in Criterion.values
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="assessment_has_reason",
                violation_error_message=_("Please give the reason."),
            ),
            models.CheckConstraint(
                condition=~Q(office=""),
                name="assessment_has_office",
                violation_error_message=_("Please name the office."),
            ),
            models.CheckConstraint(
                condition=~Q(office__contains="@"),
                name="assessment_by_an_office",
                violation_error_message=IS_A_PERSON,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.relevance}/{self.feasibility}"

    def get_workshop_id(self) -> int:
        return self.measure.workshop_id

    def clean(self):
        """Refuse what no constraint of one table can: steps beyond the scale, a day too early."""
        super().clean()
        workshop = self.measure.workshop
        errors: dict[str, str | Promise] = {}
        for criterion in Criterion.values:
            if (getattr(self, criterion) or 0) > workshop.steps:
                errors[criterion] = _("Please choose a step of the scale.")
        if self.day and self.day < workshop.date:
            text = _("The workshop was on %(day)s; an assessment is not older.")
            errors["day"] = text % {"day": date_format(workshop.date, "SHORT_DATE_FORMAT")}
        if errors:
            raise ValidationError(errors)

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("An assessment is never changed; the next one is a new entry.")
        with transaction.atomic():
            line_up(self.get_workshop_id())
            self.clean()
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("An assessment is never deleted; the next one is a new entry.")
