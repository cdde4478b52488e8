"""What a new workshop starts with, and how its municipalities, groups and scale are stored."""

import re

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from workshops.models import (
    Criterion,
    Membership,
    Municipality,
    ParticipantGroup,
    Role,
    ScaleStep,
    User,
    Workshop,
    WorkshopMunicipality,
    mark_changed,
)
from workshops.plain_text import name_key, plain_name
from workshops.scales import default_labels

_WITH_KEY = re.compile(r"^(?P<name>.+) \((?P<key>\d{8})\)$")


def find_municipality(text: str) -> Municipality | None:
    """Return the municipality that ``text`` names, as "Name" or "Name (official key)".

    Names are not unique in Germany; of those that read the same, one written just so is taken
    first, then the oldest. 1 query.
    """
    if match := _WITH_KEY.match(text):
        return Municipality.objects.filter(official_key=match["key"]).first()
    alike = Municipality.objects.filter(name_key=name_key(text)).order_by("pk")
    return min(alike, key=lambda each: each.name != plain_name(text), default=None)


def _new_municipality(text: str) -> Municipality:
    match = _WITH_KEY.match(text)
    if match is None:
        return Municipality.objects.create(name=text)
    return Municipality.objects.create(name=match["name"], official_key=match["key"])


def seat_municipalities(workshop: Workshop, names: list[str]) -> None:
    """Seat the named municipalities in this order; unknown ones are created."""
    wanted = []
    for name in names:
        found = find_municipality(name) or _new_municipality(name)
        if found not in wanted:
            wanted.append(found)
    if list(workshop.municipalities.order_by("seats__seat")) == wanted:
        return
    workshop.seats.all().delete()
    for seat, municipality in enumerate(wanted, start=1):
        WorkshopMunicipality.objects.create(workshop=workshop, municipality=municipality, seat=seat)


@transaction.atomic
def set_scale(workshop: Workshop, labels: dict[str, list[str]] | None = None) -> None:
    """Write the words of every step; without ``labels`` the default ones."""
    mark_changed(workshop.pk)  # nobody else writes them meanwhile
    workshop.scale_steps.filter(step__gt=workshop.steps).delete()
    stored = {(row.criterion, row.step): row for row in workshop.scale_steps.all()}
    new = []
    for criterion in Criterion:
        words = (labels or {}).get(criterion) or default_labels(workshop.steps)
        for step, label in enumerate(words, start=1):
            row = stored.get((criterion, step))
            if row is None:
                named = {"workshop": workshop, "criterion": criterion, "step": step}
                new.append(ScaleStep(**named, label=label))
            elif row.label != label:
                row.label = label
                row.save(update_fields=["label"])
    bulk_create_with_history(new, ScaleStep)


def start_workshop(
    workshop: Workshop, *, by: User, municipalities: list[str], groups: list[str]
) -> None:
    """Store a new workshop with its scale, municipalities and groups; ``by`` facilitates it."""
    workshop.save()
    Membership.objects.create(workshop=workshop, user=by, role=Role.FACILITATOR)
    seat_municipalities(workshop, municipalities)
    set_scale(workshop)
    for order, name in enumerate(groups, start=1):
        ParticipantGroup.objects.create(workshop=workshop, name=name, order=order)
