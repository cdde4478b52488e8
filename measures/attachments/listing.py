"""Which attachments stand where, and who may change them."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from measures.models import AgendaItem, Attachment, Measure, Session
from workshops.access import WrongPhase
from workshops.models import Role
from workshops.visits import Visit


class Owner(NamedTuple):
    """What attachments belong to: the column that names it, and the page where it is told."""

    column: str
    row: Measure | Session | AgendaItem
    page: str

    @property
    def attachments(self) -> list[Attachment]:
        """Return what belongs to it and nothing else. 1 query."""
        rows = Attachment.objects.filter(**{self.column: self.row})
        return list(rows.select_related("session", "item__session"))


def attachments_of(
    visit: Visit, measure: Measure, item: AgendaItem | None = None
) -> list[Attachment]:
    """Return those of a measure, and those of a point of an agenda, for this visitor. 1 query."""
    rows = Attachment.objects.of_measure(measure)
    rows = rows | Attachment.objects.filter(item=item) if item else rows
    return list(rows.visible_to(visit).select_related("session", "item__session"))


def owner_of(attachment: Attachment) -> Owner:
    """Return what an attachment belongs to. At most 1 query."""
    if measure := attachment.measure:
        return Owner("measure", measure, measure.get_absolute_url())
    if session := attachment.session:
        return Owner("session", session, session.get_absolute_url())
    item = attachment.item
    if item is None:
        raise ValueError("An attachment belongs to something.")
    return Owner("item", item, item.session.get_absolute_url())


def kept_at(owner: Owner, workshop_id: int) -> str:
    """Return the address where what belongs to it is added and removed."""
    key = owner.row.number if isinstance(owner.row, Measure) else owner.row.pk
    return reverse(f"measures:{owner.column}-attachments", args=[workshop_id, key])


def check_attaching(visit: Visit) -> None:
    """Raise WrongPhase for who may not add or remove any more."""
    if not visit.may_attach:
        raise WrongPhase(_("Once the workshop is closed, attachments are the administration's."))


def role_of(visit: Visit) -> Role:
    """Return as which of both an editor adds something."""
    return Role.ADMINISTRATION if visit.is_administration else Role.FACILITATOR
