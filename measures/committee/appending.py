"""Adding a link to a workshop's chain."""

from collections.abc import Mapping
from dataclasses import asdict

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from measures.models import Seal, SealKind
from measures.seals.chain import next_link
from workshops.models import Workshop, line_up


@transaction.atomic
def append(workshop_id: int, kind: SealKind, content: Mapping) -> Seal:
    """Seal ``content`` with the newest key, behind the last link. 5 queries.

    Whoever seals at the same time waits here, so that the chain never forks.
    """
    line_up(workshop_id)
    workshop = Workshop.objects.only("uuid").get(pk=workshop_id)
    last = Seal.objects.filter(workshop=workshop).order_by("position").last()
    link = next_link(
        last.link(workshop) if last else None,
        workshop=str(workshop.uuid),
        kind=kind.value,
        at=timezone.now(),
        content=content,
        key=next(iter(settings.SEAL_KEYS.items())),
    )
    return Seal.objects.create(**asdict(link) | {"workshop": workshop})
