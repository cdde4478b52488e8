import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tests import chaos, chromium, postgres
from tests.benchmarks.serving import collected
from tests.chaos.faults import ROOT, Cluster, File, Program, Store
from tests.chaos.people import Person, Rater, Scribe, Sender, Typist
from tests.chaos.ways import State, Way
from tests.suite import SAFE

PHONE = {"viewport": {"width": 360, "height": 640}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1366, "height": 768}}
PAUSE = (0.1, 1.0)  # seconds between two entries of a person
BETWEEN = (0.3, 1.5)  # between two faults
LASTS = (0.5, 4.0)  # one fault
LONGER = 180  # seconds for which it may go on until everybody had something taken
PATIENCE = 600 + LONGER  # seconds for all besides; then it has failed
Fault = Callable[[str, float], Awaitable[None]]
BAD = [each for each in State if each is not State.GOOD]


class Hall:
    """The people, their ways, the program and what has failed so far."""

    def __init__(self, program: Program, store: Store, stage: dict, chance: random.Random) -> None:
        self.program, self.store, self.stage, self.chance = program, store, stage, chance
        self.people: list[Person] = []
        self.ways: list[Way] = []
        self.faults: Counter[str] = Counter()

    async def open(self, browser: Browser) -> None:
        """Let everybody come in while all is well."""
        stage = self.stage
        rating, table = stage["rating"], stage["table"]
        scribe = await self._join(browser, DESK, Scribe, "a", signed_in=True, field=stage["field"])
        scribe.path = stage["board"]
        seat = await self._join(
            browser, DESK, Scribe, "t", code=table["code"], field=table["field"]
        )
        seat.path = table["board"]
        for name in ("p1", "p2", "p3"):
            phone = await self._join(
                browser, PHONE, Rater, name, code=rating["code"], workshop=rating["pk"],
                measures=stage["measures"],
            )  # fmt: skip
            phone.path = f"/workshops/{rating['pk']}/rate/?list=1"
        typing = stage["typing"]
        sender = await self._join(browser, PHONE, Sender, "i", code=typing["code"])
        sender.path = f"/workshops/{typing['pk']}/ideas/"
        desk = await self._join(browser, DESK, Typist, "s", signed_in=True)
        desk.path = f"/workshops/{rating['pk']}/entry/sheets/"
        for person in self.people:
            await person.page.goto(person.path)
            await person.page.evaluate("navigator.serviceWorker.ready")
            await person.anew()

    async def _join(
        self, browser: Browser, device: dict, who, name: str, *, code: str = "",
        signed_in: bool = False, **more: int,
    ) -> Person:  # fmt: skip
        way = Way(self.program.port, self.chance)
        address = await way.start()
        context = await browser.new_context(base_url=address, locale="de-DE", **device)
        person = who(context, self.chance, name, **more)
        if signed_in:
            await context.add_cookies([{**self.stage["session"], "url": address}])
        page = await person.new_page()
        if code:
            await page.goto(f"/j/{code}/")
            await page.locator("main form button").first.click()
            await page.wait_for_url("**/workshops/**")
        self.people.append(person)
        self.ways.append(way)
        return person

    # While it goes wrong ------------------------------------------------------------------------

    async def rage(self, seconds: float) -> None:
        """Let everybody enter things, and everything fail, for so long; then mend it all.

        Somebody may meet one fault after the other: it goes on until all had something taken.
        """
        self.until = asyncio.get_running_loop().time() + seconds
        await asyncio.gather(*map(self._live, self.people), self._fail())
        for way in self.ways:
            way.become(State.GOOD)
        for person in self.people:
            await person.set_offline(False)
        await self.program.answers()

    def _goes_on(self) -> bool:
        over = asyncio.get_running_loop().time() - self.until
        return over < 0 or (over < LONGER and bool(self.without_any()))

    async def _live(self, person: Person) -> None:
        while self._goes_on():
            await asyncio.sleep(self.chance.uniform(*PAUSE))
            what = self.chance.random()
            if what < 0.06:
                self.faults["page killed"] += 1
                entering = asyncio.create_task(person.try_to_act())
                await asyncio.sleep(self.chance.uniform(0, 0.5))
                await person.kill()
                await entering
                await person.anew()
            elif what < 0.1:
                self.faults["page reloaded"] += 1
                await person.anew()
            else:
                await person.try_to_act()

    async def _fail(self) -> None:
        """Let one fault after the other begin, each kind once before any comes again."""
        failing: set[asyncio.Task] = set()
        bag: list[tuple[str, Fault]] = []
        while self._goes_on():
            await asyncio.sleep(self.chance.uniform(*BETWEEN))
            if not bag:
                bag = [
                    ("server killed", self._lose_server),
                    ("database away", self._lose_database),
                    ("browser offline", self._take_offline),
                    *[(f"way {each.value}", self._break_way) for each in BAD],
                ]
                self.chance.shuffle(bag)
            name, fault = bag.pop()
            if any(task.get_name() == name for task in failing):
                continue
            self.faults[name] += 1
            task = asyncio.create_task(fault(name, self.chance.uniform(*LASTS)), name=name)
            failing.add(task)
            task.add_done_callback(failing.discard)
        await asyncio.gather(*failing)

    async def _lose_server(self, _name: str, seconds: float) -> None:
        await asyncio.to_thread(self.program.kill)
        await asyncio.sleep(seconds)
        self.program.start()
        await self.program.answers()

    async def _lose_database(self, _name: str, seconds: float) -> None:
        await self.store.fail(seconds)

    async def _break_way(self, name: str, seconds: float) -> None:
        way = self.chance.choice(self.ways)
        way.become(State(name.removeprefix("way ")))
        await asyncio.sleep(seconds)
        way.become(State.GOOD)

    async def _take_offline(self, _name: str, seconds: float) -> None:
        person = self.chance.choice(self.people)
        await person.set_offline(True)
        await asyncio.sleep(seconds)
        await person.set_offline(False)

    # When all is over ---------------------------------------------------------------------------

    async def wrong(self) -> list[str]:
        """Return what is not stored exactly once."""
        left = await asyncio.gather(*(person.left_over() for person in self.people))
        found = [each for some in left for each in some]
        phones = [person for person in self.people if isinstance(person, Rater)]
        cookies = [
            {each["name"]: each["value"] for each in await phone.context.cookies()}
            for phone in phones
        ]
        said = {"rating": self.stage["rating"]["pk"], "phones": cookies}
        stored = staged("report", self.store.url, said)
        if stored["guests"] != len(phones):
            found.append(f"{stored['guests']} ballots for {len(phones)} phones")
        for person in self.people:
            own = stored["phones"][phones.index(person)] if person in phones else stored
            found += person.wrong(own)
        return found

    def told(self) -> str:
        counts: dict[str, list[int]] = {}
        for person in self.people:
            sure, tried = person.count()
            have = counts.setdefault(person.kind, [0, 0])
            have[0] += sure
            have[1] += tried
        entries = ", ".join(f"{sure} of {tried} {kind}" for kind, (sure, tried) in counts.items())
        faults = ", ".join(f"{name} {times}" for name, times in sorted(self.faults.items()))
        return f"taken: {entries}\nfailed: {faults}"

    def without_any(self) -> list[str]:
        """Name those who had nothing taken: the run shows nothing of them."""
        return [person.name for person in self.people if not person.count()[0]]


def environment_of(url: str) -> dict[str, str]:
    own = {"HTTPS": "false", "ALLOWED_HOSTS": "127.0.0.1", "DATABASE_URL": url}
    settings = {"DJANGO_SETTINGS_MODULE": "bingen_strategy.settings"}
    return {**os.environ, **SAFE, **own, **settings}


def staged(what: str, url: str, said: Mapping) -> dict:
    """Run the stage beside us, with the database that the server has."""
    done = subprocess.run(
        [sys.executable, "-Wignore", "-m", "tests.chaos.stage", what],
        cwd=ROOT, env=environment_of(url), input=json.dumps(said), check=True,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return json.loads(done.stdout)


@contextmanager
def stores(kind: str, folder: Path) -> Iterator[Store]:
    if kind == "sqlite":
        yield File(folder / "hall.sqlite3")
        return
    with postgres.running(durable=True) as server:  # what it has confirmed must outlive the plug
        yield Cluster(server)


@asynccontextmanager
async def browsers() -> AsyncIterator[Browser]:
    root = sys.platform != "win32" and os.geteuid() == 0
    flags = [*chromium.FLAGS, *(["--no-sandbox"] if root else [])]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium.light(), args=flags)
        yield browser
        await browser.close()


async def prove(kind: str, seconds: float, seed: int) -> bool:
    """Run it on one kind of database; print what happened and return whether all is there once."""
    with tempfile.TemporaryDirectory() as name, stores(kind, Path(name)) as store:
        stage = staged("prepare", store.url, {})
        program = Program(environment_of(store.url), Path(name) / "gunicorn.log")
        hall = Hall(program, store, stage, random.Random(seed))
        try:
            program.start()
            await program.answers()
            async with browsers() as browser:
                async with asyncio.timeout(seconds + PATIENCE):
                    await hall.open(browser)
                    await hall.rage(seconds)
                    wrong = await hall.wrong()
        finally:
            program.kill()
            for way in hall.ways:
                await way.stop()
    print(f"{kind}, {seconds:.0f} s, seed {seed}\n{hall.told()}", flush=True)
    wrong += [f"{name} had nothing taken" for name in hall.without_any()]
    for each in wrong:
        print(f"WRONG: {each}", flush=True)
    return not wrong


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.chaos", description=chaos.__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    kinds = [options.only] if options.only else ["sqlite", "postgresql"]
    with collected():
        proven = [asyncio.run(prove(kind, options.seconds, options.seed)) for kind in kinds]
    return 0 if all(proven) else 1


if __name__ == "__main__":
    sys.exit(main())
