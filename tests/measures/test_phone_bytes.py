"""From the wall's code to the first measure a cold phone loads at most 60 kB."""

import gzip
import re
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from measures.models import Measure
from tests.people import entering, open_door
from workshops.models import ScaleStep
from workshops.phases import Phase

MOST = 60_000
NAMED = re.compile(r'(?:src|href)="(/static/[^"]+)"')
PACKED = {"Accept-Encoding": "gzip"}


class Phone:
    """A browser that has never been here and counts what it is sent, packed and unpacked."""

    def __init__(self) -> None:
        self.client = Client()
        self.files: dict[str, tuple[int, int]] = {}
        self.pages: list[tuple[int, int]] = []

    def come_in(self, address: str, group: int) -> str:
        """Open the door, tap the group, follow where that leads; return the last page's address."""
        self._take(self.client.get(address, headers=PACKED))
        answer = self.client.post(address, entering(group=group), headers=PACKED)
        while answer.status_code == 302:
            self._take(answer)
            address = answer["Location"]
            answer = self.client.get(address, headers=PACKED)
        self._take(answer)
        return address

    def sums(self) -> tuple[int, int]:
        """Return all bytes as they are sent, and as they are when unpacked."""
        packed, whole = zip(*self.pages, *self.files.values(), strict=True)
        return sum(packed), sum(whole)

    def _take(self, answer) -> None:
        head = sum(len(f"{name}: {value}\r\n") for name, value in answer.items())
        is_packed = answer.get("Content-Encoding") == "gzip"
        body = gzip.decompress(answer.content) if is_packed else answer.content
        self.pages.append((head + len(answer.content), head + len(body)))
        for url in NAMED.findall(body.decode()):
            with open(finders.find(url.removeprefix("/static/")), "rb") as file:
                source = file.read()
            self.files[url] = len(gzip.compress(source)), len(source)


@pytest.fixture
def hall(workshop, field, goal, at):
    """A workshop with long words everywhere, in the middle of its rating."""
    ScaleStep.objects.filter(workshop=workshop).update(label="w" * 60)
    for number in range(40):
        title = f"Maßnahme {number} " + "mit einem langen Titel, der alles genau sagt " * 4
        Measure.objects.create(
            workshop=workshop, field=field, goal=goal, title=title[:200], description="Satz. " * 90
        )
    return at(Phase.RATING)


def test_a_cold_phone_loads_at_most_sixty_kilobytes_until_the_first_measure(hall):
    phone, door = Phone(), reverse("measures:join", args=[open_door(hall)])
    address = phone.come_in(door, hall.groups.get(name="Rat").pk)
    packed, _whole = phone.sums()
    assert re.fullmatch(rf"/workshops/{hall.pk}/rate/\d+/", urlsplit(address).path)
    bundles = ("outbox.js", "phone.css", "phone.js")
    assert sorted(phone.files) == [f"/static/bundles/{name}" for name in bundles]
    assert packed <= MOST
