from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from workshops.models.names import NameField, refuse_twin
from workshops.models.revision import TracksRevision
from workshops.models.workshop import Workshop

TABLE_NAME_TAKEN = _("There is a table of this name already.")


class Table(TracksRevision):
    """A table of the hall: whoever holds its code types into its fields while they are collected.

    The code stands on the table for all to see, so it is kept as it is and a card can be printed
    again; a new one ends it. A removed table stays, for what it wrote says so. Which fields are a
    table's lies with the fields, ``ActionField.tables``.
    """

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="tables", db_index=False)
    name = NameField(_("name"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    # NULL once the table is removed: "" would collide.
    code = models.CharField(_("code"), max_length=8, unique=True, null=True, editable=False)  # noqa: DJ001
    is_removed = models.BooleanField(_("removed"), default=False, editable=False)

    class Meta:
        verbose_name = _("table")
        verbose_name_plural = _("tables")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                "workshop",
                Lower("name"),
                name="table_name_once",
                condition=Q(is_removed=False),
                violation_error_message=TABLE_NAME_TAKEN,
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="table_has_name",
                violation_error_message=_("Please enter a name."),
            ),
            models.CheckConstraint(
                condition=Q(is_removed=False) | Q(code=None), name="removed_table_has_no_code"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a name that reads like another table's."""
        if self.is_removed:
            raise ValidationError(_("This table is removed."))
        siblings = Table.objects.filter(workshop=self.workshop_id, is_removed=False)
        refuse_twin(self, siblings, TABLE_NAME_TAKEN)
