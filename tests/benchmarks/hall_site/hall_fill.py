"""Fill an empty database with a hall that rates, and print what its phones send, as JSON.

Runs in the checkout that is measured, so it uses only what every revision of it has.
"""

import hashlib
import json
import sys
from datetime import date
from types import SimpleNamespace

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from fields.models import ActionField  # noqa: E402
from measures.models import Measure, Rating  # noqa: E402
from measures.rating.rounds import open_round  # noqa: E402
from workshops.guests import cookie_name  # noqa: E402
from workshops.models import Ballot, Participant, User, Workshop  # noqa: E402
from workshops.setup import start_workshop  # noqa: E402

FIELDS = 9
TOKEN = "a" * 32


def session(user: User) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}; csrftoken={TOKEN}"


def fill(phones: int, measures: int, missing: int) -> dict:
    """Build the hall; where ``missing`` is not 0 each has rated all but 1 to so many measures."""
    leader = User.objects.create_user("moderation@hall.example", name="Mona")
    workshop = Workshop(title="Digital-Werkstatt Bingen", date=date(2020, 9, 8))
    start_workshop(workshop, by=leader, municipalities=["Bingen"], groups=["Rat", "Verwaltung"])
    fields = [
        ActionField.objects.create(workshop=workshop, name=f"Feld {n}") for n in range(FIELDS)
    ]
    Measure.objects.bulk_create(
        Measure(
            workshop=workshop,
            number=number,
            field=fields[number % FIELDS],
            title=f"Mitfahrbank {number}",
            description="Was genau gemeint ist, steht hier in zwei Sätzen. " * 4,
        )
        for number in range(1, measures + 1)
    )
    everything = list(workshop.measures.order_by("number"))
    round = open_round(workshop, by=leader, measures=everything)
    groups = list(workshop.groups.all())
    found = []
    for number in range(phones):
        user = User.objects.create_user(f"p{number}@hall.example", name=f"Person {number}")
        Participant.objects.create(workshop=workshop, user=user, has_ballot=True)
        secret = f"secret-{number}"
        hashed = hashlib.sha256(secret.encode()).hexdigest()
        group = groups[number % len(groups)]
        ballot = Ballot.objects.create(
            workshop=workshop, group=group, source="account", secret_hash=hashed
        )
        name = cookie_name(SimpleNamespace(user=user), workshop.pk)
        cookie = f"{session(user)}; {name}={secret}"
        # Everybody lacks other measures, and is finished at another moment.
        turned = everything[number % measures :] + everything[: number % measures]
        left = 1 + number % missing if missing else measures
        Rating.objects.bulk_create(
            Rating(ballot=ballot, round=round, measure=each, relevance=3, feasibility=3)
            for each in turned[left:]
        )
        lacks = [(each.pk, each.number) for each in turned[:left]] if missing else []
        found.append({"cookie": cookie, "ballot": ballot.pk, "missing": lacks})
    return {
        "token": TOKEN,
        "workshop": workshop.pk,
        "round": round.pk,
        "phones": found,
        "leader": session(leader),
        "measures": [(each.pk, each.number) for each in everything],
        "fields": [field.pk for field in fields],
        "moment": moment(workshop),
        "projector": projector(workshop),
        **collecting(leader),
    }


def collecting(leader: User) -> dict:
    """Build another workshop, in which tables type lines while this one rates."""
    workshop = Workshop(title="Digital-Werkstatt Ulm", date=date(2020, 9, 9))
    start_workshop(workshop, by=leader, municipalities=["Ulm"], groups=["Rat", "Verwaltung"])
    fields = [
        ActionField.objects.create(workshop=workshop, name=f"Feld {n}") for n in range(FIELDS)
    ]
    workshop.phase = "collecting"
    workshop.save(update_fields=["phase"])
    return {"collecting": workshop.pk, "typed_fields": [field.pk for field in fields]}


def moment(workshop: Workshop) -> str:
    """Return where phones ask for changes; nothing in a revision that has no such address."""
    try:
        from workshops.audiences import Audience, listening
    except ImportError:
        return ""
    return listening(workshop, Audience.PHONES).address


def projector(workshop: Workshop) -> str:
    """Return the projector's address, with the way in on its screen; nothing as above."""
    try:
        from measures.models import Front
    except ImportError:
        return ""
    workshop.room_code, workshop.is_door_open = "CDFHJK", True
    workshop.save(update_fields=["room_code", "is_door_open"])
    front = Front.objects.create(workshop=workshop, code="CDFHJKLM")
    return f"/p/{front.code}/"


if __name__ == "__main__":
    json.dump(fill(*map(int, sys.argv[1:])), sys.stdout)
