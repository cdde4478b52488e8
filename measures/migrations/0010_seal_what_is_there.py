"""Seal what committees have decided and published until now; the next one makes seals a rule.

Such links say that they are late: they prove nothing about the time before. Whether an entry's old
hash still fitted is sealed along with it.
"""

import uuid

from django.conf import settings
from django.db import migrations
from django.utils import timezone

from measures.seals.chain import Link, moment, next_link
from measures.seals.text import fingerprint, read

VOTES = ("votes_for", "votes_against", "votes_abstained")


def seal_what_is_there(apps, schema_editor):
    for name in ("Session", "Decision"):
        rows = apps.get_model("measures", name).objects
        for pk in rows.values_list("pk", flat=True):
            rows.filter(pk=pk).update(uuid=uuid.uuid4())
    Decision = apps.get_model("measures", "Decision")
    decided = Decision.objects.order_by().values("session__workshop")
    for workshop in apps.get_model("workshops", "Workshop").objects.filter(pk__in=decided):
        Chain(apps, workshop).fill()


class Chain:
    """Makes the links of one workshop, one after the other."""

    def __init__(self, apps, workshop):
        self.Decision = apps.get_model("measures", "Decision")
        self.Seal = apps.get_model("measures", "Seal")
        self.workshop = workshop
        self.place = {"workshop": {"title": workshop.title, "date": day(workshop.date)}}
        self.last = None

    def fill(self):
        rows = self.Decision.objects.filter(session__workshop=self.workshop)
        related = rows.select_related("session", "measure", "corrects")
        for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
            decision = related.get(pk=pk)
            row = self.add("recorded", recorded(decision) | {"was_changed": not fitted(decision)})
            self.Decision.objects.filter(pk=pk).update(seal=row)
        acts = rows.exclude(published_at=None).order_by("published_at", "session")
        for at, pk in acts.values_list("published_at", "session").distinct():
            these = rows.filter(published_at=at, session=pk).select_related("session")
            row = self.add("published", published(these, at))
            these.update(publication=row)

    def add(self, kind, content):
        self.last = next_link(
            self.last,
            workshop=str(self.workshop.uuid),
            kind=kind,
            at=timezone.now(),
            content=content | self.place | {"is_late": True},
            key=next(iter(settings.SEAL_KEYS.items())),
        )
        columns = {name: getattr(self.last, name) for name in Link.__slots__}
        return self.Seal.objects.create(**columns | {"workshop": self.workshop})


def recorded(decision):
    """What the product seals of a decision, as it was when seals were introduced."""
    votes = [getattr(decision, name) for name in VOTES]
    return {
        "decision": str(decision.uuid),
        "session": str(decision.session.uuid),
        "measure": str(decision.measure.client_id),
        "number": decision.measure.number,
        "corrects": str(decision.corrects.uuid) if decision.corrects else None,
        "date": day(decision.decided_on),
        "outcome": decision.outcome,
        "wording": decision.wording,
        "deferred_until": day(decision.deferred_until),
        "reason": decision.reason,
        "votes": None if votes == [None] * 3 else votes,
        "seats": decision.seats,
        "responsible": decision.responsible,
        "due_date": day(decision.due_date),
        "budget_note": decision.budget_note,
        "recorded": moment(decision.at),
        "snapshot": fingerprint(decision.snapshot),
    }


def published(decisions, at):
    session = decisions[0].session
    return {
        "decisions": sorted(str(decision.uuid) for decision in decisions),
        "published": moment(at),
        "session": str(session.uuid),
        "committee": session.committee,
        "date": day(session.date),
        "is_public": session.is_public,
        "seats": session.seats,
    }


def fitted(decision):
    """Say whether the old hash, and the old copy within the snapshot, still fit the entry."""
    told = recorded(decision) | {
        "session": decision.session_id,
        "measure": decision.measure.number,
        "corrects": decision.corrects.sha256 if decision.corrects else None,
    }
    for name in ("decision", "recorded", "snapshot", "number"):
        del told[name]
    is_same = read(decision.snapshot).get("decision") == told
    return is_same and fingerprint(decision.snapshot) == decision.sha256


def day(value):
    return value and value.isoformat()


class Migration(migrations.Migration):

    dependencies = [
        ('measures', '0009_seals'),
    ]

    operations = [
        migrations.RunPython(seal_what_is_there, migrations.RunPython.noop),
    ]
