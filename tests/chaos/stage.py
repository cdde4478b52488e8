"""The hall of the proof: made in an empty database, and read when all is over. JSON in and out.

python -m tests.chaos.stage prepare|report
"""

import json
import sys
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import AnonymousUser  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from fields.models import ActionField  # noqa: E402
from measures.hall.tables import add_table  # noqa: E402
from measures.models import Idea, Measure  # noqa: E402
from measures.rating.rounds import move_phase  # noqa: E402
from workshops.guests import ROOM_LENGTH, hash_of, new_code, secret_of  # noqa: E402
from workshops.models import Ballot, Table, User, Workshop  # noqa: E402
from workshops.phases import Phase  # noqa: E402
from workshops.setup import start_workshop  # noqa: E402

MEASURES = 4


def _workshop(title: str, leader: User) -> Workshop:
    workshop = Workshop(
        title=title, date=date(2020, 9, 8), room_code=new_code(ROOM_LENGTH), is_door_open=True,
        takes_ideas=True,
    )  # fmt: skip
    start_workshop(workshop, by=leader, municipalities=["Bingen"], groups=[])
    return workshop


def prepare(_said: dict) -> dict:
    """Make two workshops: in one people type and send ideas, in the other they rate."""
    call_command("migrate", verbosity=0)
    leader = User.objects.create_user("moderation@hall.example", name="Mona")
    client = Client()
    client.force_login(leader)
    typing = _workshop("Sammeln", leader)
    own, tables = (
        ActionField.objects.create(workshop=typing, name=name, order=order)
        for order, name in enumerate(("Alltagsleben", "Tourismus"), start=1)
    )
    move_phase(typing, Phase.COLLECTING, by=leader)
    table = add_table(Table(workshop=typing, name="Tisch 1"), [tables])
    rating = _workshop("Bewerten", leader)
    field = ActionField.objects.create(workshop=rating, name="Alltagsleben", order=1)
    for number in range(1, MEASURES + 1):
        Measure.objects.create(workshop=rating, field=field, title=f"Idee {number}", order=number)
    move_phase(rating, Phase.RATING, by=leader)
    name = settings.SESSION_COOKIE_NAME
    return {
        "session": {"name": name, "value": client.cookies[name].value},
        "board": own.get_absolute_url(),
        "table": {"code": table.code, "board": tables.get_absolute_url(), "field": tables.pk},
        "field": own.pk,
        "typing": {"pk": typing.pk, "code": typing.room_code},
        "rating": {"pk": rating.pk, "code": rating.room_code},
        "measures": MEASURES,
    }


def report(said: dict) -> dict:
    """Return all that is stored. ``said``: the rating's id and the cookies of each phone."""
    rating = said["rating"]
    ballots = Ballot.objects.filter(workshop=rating)
    phones = []
    for cookies in said["phones"]:
        request = SimpleNamespace(COOKIES=cookies, user=AnonymousUser())
        secret = secret_of(request, rating)
        phones.append(_pairs(ballots.get(secret_hash=hash_of(secret or ""))))
    lines = Measure.objects.filter(is_removed=False).exclude(workshop=rating)
    return {
        "lines": list(lines.order_by("number").values_list("field_id", "number", "title")),
        "phones": phones,
        "guests": ballots.filter(source=Ballot.Source.GUEST).count(),
        "sheets": [_pairs(ballot) for ballot in ballots.filter(source=Ballot.Source.PAPER)],
        "ideas": list(Idea.objects.values_list("text", flat=True)),
    }


def _pairs(ballot: Ballot) -> dict[int, tuple[int | None, int | None]]:
    rows = ballot.ratings.order_by("measure__number")
    rows = rows.values_list("measure__number", "relevance", "feasibility")
    return {number: (relevance, feasibility) for number, relevance, feasibility in rows}


if __name__ == "__main__":
    does: dict[str, Callable[[dict], dict]] = {"prepare": prepare, "report": report}
    print(json.dumps(does[sys.argv[1]](json.loads(sys.stdin.read() or "{}"))))
