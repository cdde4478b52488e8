"""The front of the measured hall: pages that follow it as static/js/front.js lets them."""

import re
from collections.abc import Sequence
from itertools import cycle
from math import inf
from time import perf_counter

from tests.benchmarks.hall import ROOT, Device, Send, Server, get, post
from tests.benchmarks.hall_diary import Diary

SCRIPT = (ROOT / "static/js/front.js").read_text("utf-8")
USUAL = int(re.search(r"const USUAL = (\d+);", SCRIPT)[1]) / 1000  # seconds between two questions
ASKED = re.compile(rb'data-front="([^"]+)"\s+data-drawn="([^"]+)"')
FINISHED = re.compile(rb'class="huge nums">\s*(\d+)')
NEVER = (inf, inf)  # when, and how many are counted then
STEPS = ("do=start&minutes=5", "do=add&minutes=1", "do=hold", "do=go-on", "do=end")


class Screen(Device):
    """A page that asks whether it is old, and is loaded anew when it is."""

    def __init__(self, what: str, page: str, cookie: str, send: Send, diary: Diary):
        super().__init__(send, diary.errors)
        self.what, self.page, self.cookie, self.diary = what, page, cookie, diary
        self.address, self.drawn, self.etag = "", b"", ""

    async def load(self) -> None:
        with self.diary.timing(self.what):
            answer = await self.ask(get(self.page, self.cookie))
        if not (found := ASKED.search(answer.body)):
            self.errors[f"{self.what} without a mark"] += 1
            return
        self.address, self.drawn = found[1].decode(), found[2]
        self.take(answer.headers, answer.body)

    def take(self, headers: dict[str, str], body: bytes) -> None:
        """Look at the page that has come."""

    async def look(self) -> None:
        if not self.address:  # it could not be loaded at all
            await self.load()
            return
        headers = {"If_None_Match": self.etag} if self.etag else {}
        with self.diary.timing("front asks"):
            answer = await self.ask(get(self.address, self.cookie, **headers), 200, 304)
        self.etag = answer.headers.get("etag", "")
        if self.etag.strip('"').encode() != self.drawn:
            await self.load()


class Projector(Screen):
    """A machine on which nobody is signed in; what it shows of the room is written down."""

    def __init__(self, server: Server, send: Send, diary: Diary):
        super().__init__("projector drawn", server.hall["projector"], "", send, diary)

    def take(self, headers: dict[str, str], body: bytes) -> None:
        self.cookie = headers["set-cookie"].partition(";")[0]
        self.diary.shown.append((perf_counter(), int(FINISHED.search(body)[1])))


class Cockpit(Screen):
    """The tablet of whoever leads; now and then the timer is touched."""

    def __init__(self, server: Server, send: Send, diary: Diary):
        hall = server.hall
        page = f"/workshops/{hall['workshop']}/cockpit/"
        super().__init__("cockpit drawn", page, hall["leader"], send, diary)
        self.token, self.steps = hall["token"], cycle(STEPS)

    async def step(self) -> None:
        sent = post(f"{self.page}timer/", self.cookie, self.token, next(self.steps))
        with self.diary.timing("cockpit's step"):
            await self.ask(sent, 302)
        await self.load()


def delays(finished: Sequence[float], shown: Sequence[tuple[float, int]]) -> list[float]:
    """Return how many milliseconds each last vote waited until the projector counted it.

    Nobody can say which of the finished a number counts: the third vote that was acknowledged is
    counted once the number is three. Infinite where it never was.
    """
    waited, looks = [], iter(shown)
    when, count = next(looks, NEVER)
    for place, acknowledged in enumerate(sorted(finished), start=1):
        while count < place:
            when, count = next(looks, NEVER)
        waited.append(max(when - acknowledged, 0) * 1000)
    return waited
