from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workshops.models import Workshop

if TYPE_CHECKING:
    from measures.models.measure import Measure


class DistinctPairQuerySet(models.QuerySet["DistinctPair"]):
    def in_workshop(self, workshop: Workshop) -> Self:
        return self.filter(first__workshop=workshop)

    def note(self, one: "Measure", other: "Measure") -> None:
        """Keep that two measures of a workshop are not the same; said twice, it is kept once.

        Raises ValidationError for measures of two workshops, which no constraint of a table sees.
        """
        if one.workshop_id != other.workshop_id:
            raise ValidationError(_("Choose a measure of this workshop that stands by itself."))
        first, second = self._in_order(one, other)
        self.get_or_create(first=first, second=second)

    def forget(self, one: "Measure", other: "Measure") -> None:
        """Keep it no more."""
        first, second = self._in_order(one, other)
        self.filter(first=first, second=second).delete()

    @staticmethod
    def _in_order(one: "Measure", other: "Measure") -> tuple["Measure", "Measure"]:
        return (one, other) if one.pk < other.pk else (other, one)

    def pairs(self) -> set[frozenset[int]]:
        """Return the two ids of each pair. 1 query."""
        return {frozenset(ids) for ids in self.order_by().values_list("first", "second")}


class DistinctPair(models.Model):
    """Two measures with similar titles of which somebody said that they are not the same.

    They are suggested as duplicates no more, to nobody in the workshop. ``first`` has the smaller
    id.
    """

    first = models.ForeignKey(
        "measures.Measure",
        models.CASCADE,
        related_name="+",
        verbose_name=_("measure"),
        db_index=False,
    )
    second = models.ForeignKey(
        "measures.Measure", models.CASCADE, related_name="+", verbose_name=_("other measure")
    )
    objects = DistinctPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair that is not the same")
        verbose_name_plural = _("pairs that are not the same")
        ordering = ["first", "second"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_pair_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="distinct_pair_in_one_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} ≠ {self.second}"
