from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from workshops.models.names import LONGEST_LETTER, NameField, NameKeyField
from workshops.models.revision import TracksRevision, mark_changed

MAX_MUNICIPALITIES = 3


class Municipality(models.Model):
    class Kind(models.TextChoices):
        CITY = "city", _("Town or city")
        MUNICIPALITY = "municipality", pgettext_lazy("kind of municipality", "Municipality")
        ASSOCIATION = "association", _("Association of municipalities")
        COUNTY = "county", _("County")
        OTHER = "other", _("Other")

    name = NameField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.MUNICIPALITY)
    official_key = models.CharField(
        _("official municipality key (AGS)"),
        max_length=8,
        null=True,
        blank=True,
        unique=True,
        validators=[RegexValidator(r"^\d{8}\Z", _("The key has exactly eight digits."))],
        help_text=_("Eight digits, e.g. 07339005 for Bingen am Rhein. May be left empty."),
    )
    name_key = NameKeyField(max_length=120 * LONGEST_LETTER, editable=False, db_index=True)
    history = HistoricalRecords(excluded_fields=["name_key"])

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="municipality_has_name",
                violation_error_message=_("Please enter a name."),
            ),
            models.CheckConstraint(
                condition=Q(official_key=None) | Q(official_key__regex=r"^[0-9]{8}$"),
                name="municipality_key_has_8_digits",
                violation_error_message=_("The key has exactly eight digits."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.official_key})" if self.official_key else self.name

    def save(self, *args, **kwargs):
        # "no key" is always NULL: two empty strings would violate the uniqueness of keys
        self.official_key = self.official_key or None
        if "name" in (written := kwargs.get("update_fields") or ()):
            kwargs["update_fields"] = {*written, "name_key"}
        with transaction.atomic():
            super().save(*args, **kwargs)
            for workshop_id in self.seats.values_list("workshop", flat=True):
                mark_changed(workshop_id)  # its pages show the name


class WorkshopMunicipality(TracksRevision):
    """A municipality's seat at the workshop; three seats, so at most three municipalities."""

    workshop = models.ForeignKey(
        "workshops.Workshop", models.CASCADE, related_name="seats", db_index=False
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="seats", verbose_name=_("municipality")
    )
    seat = models.PositiveSmallIntegerField(_("seat"), default=1)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("municipality of the workshop")
        verbose_name_plural = _("municipalities of the workshop")
        ordering = ["seat"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "municipality"],
                name="workshop_municipality_once",
                violation_error_message=_("This municipality takes part already."),
            ),
            models.UniqueConstraint(
                fields=["workshop", "seat"],
                name="workshop_seat_once",
                violation_error_message=_("This seat is taken."),
            ),
            models.CheckConstraint(
                condition=Q(seat__range=(1, MAX_MUNICIPALITIES)),
                name="workshop_at_most_3_municipalities",
                violation_error_message=_("One to three municipalities share a workshop."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.municipality)
