"""Deleting a workshop but for what it had published: the pages as anybody could read them.

The row of the workshop stays, with its title, date, introduction and municipalities, and so do its
public addresses, the files that were released and, as the one seal of a new chain, what the record
is and behind which link of the old chain it was made.
"""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from measures.again.deleting import delete_contents
from measures.committee.sealing import chain_of, seal_records
from measures.models import Attachment, Measure
from measures.public.collecting import public_content
from measures.public.drawing import draw_all
from measures.public.record import store
from workshops.models import Workshop, mark_changed

KEPT = (
    "id", "title", "date", "introduction", "is_public", "frame_hosts", "phase", "uuid", "version",
    "archived_at", "anonymity",
)  # fmt: skip


def reduce(workshop: Workshop) -> None:
    """Keep what is published and delete all else, with its history. In turn."""
    chain = chain_of(workshop)
    for language, _name in settings.LANGUAGES:
        with override(language):
            content = public_content(workshop)
            drawn = draw_all(content, merged=_merged(workshop))
            store(workshop, drawn, decided=content.decided_count)
    released = Attachment.objects.in_workshop(workshop).released()
    files = dict(released.values_list("pk", "digest"))
    Attachment.objects.filter(pk__in=files).update(measure=None, session=None, item=None)
    delete_contents(workshop, files=files)
    _empty(workshop)
    seal_records(workshop, files.values(), chain)
    mark_changed(workshop.pk)


def _merged(workshop: Workshop) -> dict[int, int]:
    rows = Measure.objects.in_workshop(workshop).filter(merged_into__isnull=False)
    return dict(rows.values_list("number", "merged_into__number"))


def _empty(workshop: Workshop) -> None:
    """Forget what the row says beside what is public."""
    columns = (each for each in Workshop._meta.concrete_fields if each.name not in KEPT)
    plain = {each.name: each.get_default() for each in columns}
    Workshop.objects.filter(pk=workshop.pk).update(**plain | {"reduced_at": timezone.now()})
