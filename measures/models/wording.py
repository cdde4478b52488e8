from collections.abc import Iterable, Mapping
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workshops.plain_text import plain_text

WORDING = ("title", "description")  # the columns of a measure that people rate


class FormerWordingQuerySet(models.QuerySet["FormerWording"]):
    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")


class FormerWording(models.Model):
    """What a measure read when it was rated; one row for each later change of its wording.

    Written by ``Measure.save`` and by imports, which raise the workshop's revision. Never changed.
    """

    measure = models.ForeignKey(
        "measures.Measure",
        models.PROTECT,
        related_name="former_wordings",
        verbose_name=_("measure"),
    )
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    at = models.DateTimeField(_("changed"), auto_now_add=True)
    objects = FormerWordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("former wording")
        verbose_name_plural = _("former wordings")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="former_wording_has_title")
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("A former wording is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("A former wording is never deleted.")


def as_compared(text: str) -> str:
    """Return a text as two are compared: what nobody sees in it does not count."""
    return "\n".join(plain_text(text).splitlines()).strip()


def is_reworded(
    before: Mapping[str, str], row: models.Model, names: Iterable[str] = WORDING
) -> bool:
    """Say whether people would read something else in the columns ``names`` than ``before``."""
    return any(as_compared(before[name]) != as_compared(getattr(row, name)) for name in names)
