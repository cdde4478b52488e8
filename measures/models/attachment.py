from typing import Self

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from measures.models.measure import Measure
from measures.models.session import AgendaItem, Session
from workshops.models import Role, TracksRevision, Workshop, mark_changed
from workshops.visits import Visit

PART = 1_000_000  # bytes of a file that lie in one row
DIGEST = 64  # letters of a SHA-256
OWNERS = ("measure", "session", "item")
_BEHIND_DOORS = (
    Q(session__is_public=False) | Q(item__session__is_public=False) | Q(item__is_public=False)
)


class AttachmentKind(models.TextChoices):
    """What is taken, by the ending that fits; the label is its media type."""

    PDF = "pdf", "application/pdf"
    DOCX = "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    PPTX = "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ODT = "odt", "application/vnd.oasis.opendocument.text"
    ODS = "ods", "application/vnd.oasis.opendocument.spreadsheet"
    ODP = "odp", "application/vnd.oasis.opendocument.presentation"
    PNG = "png", "image/png"
    JPG = "jpg", "image/jpeg"
    WEBP = "webp", "image/webp"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def in_workshop(self, workshop: Workshop) -> Self:
        return self.filter(workshop=workshop)

    def there(self) -> Self:
        """Leave out those of a measure that was removed, and with it what was merged into it."""
        gone = Q(measure__is_removed=True) | Q(measure__merged_into__is_removed=True)
        return self.exclude(gone)

    def of_measure(self, measure: Measure) -> Self:
        """Return those of a measure and of what was merged into it."""
        family = Measure.objects.order_by().filter(Q(pk=measure.pk) | Q(merged_into=measure))
        return self.filter(measure__in=family.values("pk"))

    def released(self) -> Self:
        """Return what may be read by everybody: not what belongs to a session behind doors."""
        gone = Q(item__measure__is_removed=True)
        return self.there().filter(is_released=True).exclude(_BEHIND_DOORS | gone)

    def visible_to(self, visit: Visit) -> Self:
        """Leave out what lies behind doors, but not for who decides or keeps order."""
        return self if visit.is_decider or visit.is_editor else self.exclude(_BEHIND_DOORS)


def _owner(model: type[models.Model]) -> models.ForeignKey:
    return models.ForeignKey(
        model, models.CASCADE, related_name="attachments", null=True, editable=False
    )


class Attachment(TracksRevision):
    """A file that belongs to a measure, a session or a point of an agenda, and goes with it.

    Its bytes lie in parts of their own, so that no list loads them.
    """

    workshop = models.ForeignKey(
        Workshop, models.CASCADE, related_name="attachments", editable=False
    )
    measure, session, item = _owner(Measure), _owner(Session), _owner(AgendaItem)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=4, choices=AttachmentKind)
    size = models.PositiveIntegerField(_("size in bytes"))
    digest = models.CharField(_("SHA-256"), max_length=DIGEST)
    added_as = models.CharField(_("added by"), max_length=20, choices=Role)
    is_released = models.BooleanField(_("public"), default=False)
    at = models.DateTimeField(_("added"), auto_now_add=True)
    # Made for the form: sent twice, stored once.
    client_id = models.UUIDField(unique=True, editable=False)
    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(measure__isnull=False, session=None, item=None)
                | Q(measure=None, session__isnull=False, item=None)
                | Q(measure=None, session=None, item__isnull=False)
                # Of a workshop that is deleted but for what was published.
                | Q(measure=None, session=None, item=None, is_released=True),
                name="attachment_of_one",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AttachmentKind.values), name="attachment_kind"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="attachment_has_name"),
            models.CheckConstraint(condition=Q(size__gte=1), name="attachment_not_empty"),
            models.CheckConstraint(
                condition=Q(added_as__in=(Role.FACILITATOR, Role.ADMINISTRATION)),
                name="attachment_added_by_an_editor",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("measures:attachment-download", args=[self.workshop_id, self.pk])

    @property
    def media_type(self) -> str:
        return AttachmentKind(self.kind).label

    @property
    def of_session(self) -> Session | None:
        """The session that it belongs to, also by a point of its agenda."""
        return self.session or (self.item.session if self.item else None)

    @property
    def may_be_released(self) -> bool:
        """Say whether it can be public: nothing of a session or a point behind doors is."""
        session = self.of_session
        is_closed = self.item is not None and not self.item.is_public
        return session is None or (session.is_public and not is_closed)

    def delete(self, *args, **kwargs):
        """Delete it with its bytes, which are not loaded for that."""
        with transaction.atomic():
            mark_changed(self.workshop_id)
            self.parts.all()._raw_delete(self.parts.db)
            return super().delete(*args, **kwargs)


class AttachmentPart(models.Model):
    """Some bytes of an attachment, in their order."""

    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="parts", db_index=False)
    place = models.PositiveSmallIntegerField()
    content = models.BinaryField()

    class Meta:
        verbose_name = _("part of an attachment")
        verbose_name_plural = _("parts of attachments")
        ordering = ["attachment", "place"]
        constraints = [
            models.UniqueConstraint(fields=["attachment", "place"], name="attachment_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id}/{self.place}"
