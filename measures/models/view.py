from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from workshops.models import TracksRevision, Workshop
from workshops.models.names import LONGEST_LETTER, NameField, NameKeyField, refuse_twin

MOST_VIEWS = 20
NAME_LENGTH = 60
NAME_TAKEN = _("There is a saved view of this name already.")


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def in_workshop(self, workshop: Workshop) -> Self:
        return self.filter(workshop=workshop)

    def starting(self) -> Self:
        """Return the one, if any, with which the committee starts."""
        return self.filter(is_start=True)


class SavedView(TracksRevision):
    """A state of the dashboard under a name: ``query`` is what its address says, in our order.

    ``place`` counts from 1; it is what keeps a workshop to ``MOST_VIEWS``, in the database as well.
    """

    workshop = models.ForeignKey(
        Workshop, models.CASCADE, related_name="saved_views", db_index=False
    )
    name = NameField(_("name"), max_length=NAME_LENGTH)
    name_key = NameKeyField(max_length=NAME_LENGTH * LONGEST_LETTER, editable=False)
    place = models.PositiveSmallIntegerField(_("order"), editable=False)
    query = models.CharField(_("what it shows"), max_length=2000, blank=True, editable=False)
    is_start = models.BooleanField(_("the committee starts with it"), default=False)
    history = HistoricalRecords(excluded_fields=["name_key", "place"])
    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["workshop", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "name_key"],
                name="saved_view_name_once",
                violation_error_message=NAME_TAKEN,
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="saved_view_has_name",
                violation_error_message=_("Please enter a name."),
            ),
            models.UniqueConstraint(fields=["workshop", "place"], name="saved_view_place_once"),
            models.CheckConstraint(
                condition=Q(place__range=(1, MOST_VIEWS)), name="saved_view_1_to_20"
            ),
            models.UniqueConstraint(
                fields=["workshop"],
                condition=Q(is_start=True),
                name="saved_view_one_start",
                violation_error_message=_("The committee starts with another saved view."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self):
        """Refuse a name that reads like that of another view."""
        refuse_twin(self, SavedView.objects.filter(workshop=self.workshop_id), NAME_TAKEN)

    @property
    def address(self) -> str:
        """What stands behind the question mark where the dashboard shows it; never empty."""
        return "&".join(filter(None, (self.query, f"view={self.pk}")))

    def get_absolute_url(self) -> str:
        return f"{reverse('measures:dashboard', args=[self.workshop_id])}?{self.address}"
