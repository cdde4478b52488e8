from typing import Self

from django.db import models
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from measures.seals.chain import Link, short
from measures.seals.text import read
from workshops.models import TracksRevision, Workshop


class SealKind(models.TextChoices):
    RECORDED = "recorded", _("decision recorded")
    PUBLISHED = "published", _("decisions published")
    SESSION = "session", _("session changed")
    ARRIVED = "arrived", _("brought in from elsewhere")
    REDUCED = "reduced", _("deleted but for what was published")


class SealQuerySet(models.QuerySet["Seal"]):
    def of_publications(self, session: models.Model) -> Self:
        """Return the seals under which a session's decisions were published, with the moment.

        Each stays what it was, however the chain grows. The contents are left out.
        """
        rows = self.filter(published__session=session).defer("content")
        return rows.annotate(published_at=Min("published__published_at")).order_by("position")


class Seal(TracksRevision):
    """One link of a workshop's chain of seals; append-only, see ``measures.committee.appending``.

    What is sealed names its link: ``Decision.seal``, ``Decision.publication``. ``content`` is
    canonical JSON and names rows by ids that hold in every installation: ``uuid`` of workshop,
    session and decision, ``client_id`` of a measure, which is unique within its workshop. A new
    kind of thing to be sealed needs a new kind and a content, and nothing else.

    ``is_foreign`` marks links that came with a workshop from another installation, whose keys stay
    there. Whoever brings them in adds a link of this installation's own at once: it binds them.
    """

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="seals", db_index=False)
    position = models.PositiveIntegerField(_("place in the chain"))
    kind = models.CharField(_("kind"), max_length=20, choices=SealKind)
    at = models.DateTimeField(_("sealed"), default=timezone.now)
    content = models.TextField(_("what is sealed"))
    previous = models.CharField(_("mark of the link before"), max_length=64, blank=True)
    key_id = models.CharField(_("key"), max_length=32)
    value = models.CharField(_("seal"), max_length=64)
    is_foreign = models.BooleanField(_("sealed elsewhere"), default=False)

    objects = SealQuerySet.as_manager()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["workshop", "position"]
        constraints = [
            # Two who seal at once: the chain never forks.
            models.UniqueConstraint(fields=["workshop", "position"], name="seal_position_once"),
            models.CheckConstraint(
                condition=Q(position=1, previous="") | (Q(position__gt=1) & ~Q(previous="")),
                name="seal_continues_the_one_before",
            ),
            models.CheckConstraint(condition=Q(kind__in=SealKind.values), name="seal_kind"),
            models.CheckConstraint(
                condition=~Q(key_id="") & Q(value__regex=r"^[0-9a-f]{64}$"), name="seal_has_value"
            ),
        ]

    def __str__(self) -> str:
        return self.short

    @property
    def short(self) -> str:
        """The first digits, for people to compare."""
        return short(self.value)

    @property
    def data(self) -> dict:
        """The content as plain data, {} where it was made unreadable."""
        return read(self.content)

    @property
    def is_late(self) -> bool:
        """Say whether this was sealed when seals were introduced, long after it happened."""
        return bool(self.data.get("is_late"))

    def link(self, workshop: Workshop) -> Link:
        """Return the row as plain data; ``workshop`` is the one whose chain it is in."""
        return Link(
            workshop=str(workshop.uuid),
            position=self.position,
            kind=self.kind,
            at=self.at,
            content=self.content,
            previous=self.previous,
            key_id=self.key_id,
            value=self.value,
            is_foreign=self.is_foreign,
        )

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("A seal is never changed; the chain only grows.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("A seal is never deleted; the chain only grows.")
