"""From a file that was sent to rows, part by part: it never lies in memory as a whole."""

import hashlib
from collections.abc import Iterator
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum
from django.utils.translation import gettext as _

from measures.attachments.forms import MEGABYTE, AttachmentForm
from measures.attachments.listing import Owner, role_of
from measures.attachments.names import clean_name
from measures.models import Attachment, AttachmentPart
from measures.models.attachment import PART
from workshops.visits import Visit

MOST = 50  # of one measure, session or point


class NoRoom(Exception):
    """There is no room for another file; the message says in a sentence why."""


def digest_of(file: UploadedFile) -> str:
    state = hashlib.sha256()
    for piece in _pieces(file):
        state.update(piece)
    return state.hexdigest()


def _pieces(file: UploadedFile) -> Iterator[bytes]:
    """Yield the file in parts as they are stored; its own ``chunks`` gives a small one whole."""
    file.seek(0)
    while piece := file.read(PART):
        yield piece


def store(form: AttachmentForm, owner: Owner, visit: Visit, digest: str) -> bool:
    """Store a valid form's file in turn; return whether it is new. Raises NoRoom. 5 queries.

    And one for each megabyte. Another file, or for something else, with a used id ("back" brings a
    form that was sent) gets an id of its own.
    """
    file, client_id = form.cleaned_data["file"], form.cleaned_data["client_id"]
    if known := Attachment.objects.filter(client_id=client_id).first():
        if known.digest == digest and getattr(known, owner.column) == owner.row:
            return False
        client_id = uuid4()
    _check_room(owner, visit, file.size)
    attachment = Attachment.objects.create(
        **{owner.column: owner.row},
        workshop=visit.workshop,
        name=clean_name(file.name, form.kind, nameless=_("Attachment")),
        kind=form.kind,
        size=file.size,
        digest=digest,
        added_as=role_of(visit),
        client_id=client_id,
    )
    for place, piece in enumerate(_pieces(file)):
        AttachmentPart.objects.create(attachment=attachment, place=place, content=piece)
    return True


def _check_room(owner: Owner, visit: Visit, size: int) -> None:
    rows = Attachment.objects.in_workshop(visit.workshop)
    used = rows.aggregate(used=Sum("size"))["used"] or 0
    if used + size > settings.ATTACHMENTS_BYTES:
        text = _(
            "All attachments of the workshop together have at most %(limit)d MB; %(left)d MB are"
            " left. Please remove some first."
        )
        left = max(settings.ATTACHMENTS_BYTES - used, 0) // MEGABYTE
        raise NoRoom(text % {"limit": settings.ATTACHMENTS_BYTES // MEGABYTE, "left": left})
    if rows.filter(**{owner.column: owner.row}).count() >= MOST:
        text = _("At most %(most)d attachments stand here. Please remove one first.")
        raise NoRoom(text % {"most": MOST})


def bytes_of(attachment: Attachment) -> Iterator[bytes]:
    """Yield the bytes part by part. 1 query for each."""
    for place in range(-(-attachment.size // PART)):
        rows = AttachmentPart.objects.filter(attachment=attachment, place=place)
        content = rows.values_list("content", flat=True).first()
        if content is None:
            return  # removed meanwhile; whoever reads it sees that it has ended too soon
        yield bytes(content)
