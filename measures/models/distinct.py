from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workshops.models import Workshop


class DistinctPairQuerySet(models.QuerySet["DistinctPair"]):
    def in_workshop(self, workshop: Workshop) -> Self:
        return self.filter(first__workshop=workshop)

    def between(self, one: int, other: int) -> Self:
        """Return the one row at most about these two measures, by their ids."""
        return self.filter(first=min(one, other), second=max(one, other))

    def pairs(self) -> set[frozenset[int]]:
        """Return the two ids of each pair. 1 query."""
        return {frozenset(ids) for ids in self.order_by().values_list("first", "second")}


class DistinctPair(models.Model):
    """Two measures with similar titles of which somebody said that they are not the same.

    They are suggested as duplicates no more, to nobody in the workshop. ``first`` has the smaller
    id.
    """

    first = models.ForeignKey(
        "measures.Measure", models.CASCADE, related_name="+", verbose_name=_("measure")
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
