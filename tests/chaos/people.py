"""Who enters things, what a page had said to have taken of it, and what must be stored for that."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from playwright.async_api import BrowserContext, Error, Page

PATIENCE = 4000  # milliseconds for a page to answer while everything fails
LONGEST = 120_000  # and when all is mended
STUCK = 15  # seconds after which a page that died unnoticed is given up
STEPS = "12345"
MOST_IDEAS = 10  # of one phone in ten minutes no more than 20 are taken, repeats among them

Pair = tuple[int | None, int | None]


class Person:
    """Somebody with a browser. ``act`` enters one thing while everything fails.

    What a page has said to have taken is *sure*; what somebody entered besides is *tried*.
    """

    kind = ""

    def __init__(self, context: BrowserContext, chance: random.Random, name: str) -> None:
        self.context, self.chance, self.name = context, chance, name
        self.page: Page  # once they have begun
        self.is_dead = False
        self.path = ""
        self.patience = LONGEST

    async def act(self) -> None:
        raise NotImplementedError

    async def try_to_act(self) -> None:
        """Enter something; where there is no page to do it on get one."""
        try:
            async with asyncio.timeout(STUCK):
                await self.act()
        except TimeoutError:
            self.is_dead = True
            await self.anew()
        except Error:
            await self.anew()

    async def set_offline(self, is_off: bool) -> None:
        with suppress(Error, TimeoutError):  # its page may have died at this moment
            async with asyncio.timeout(STUCK):
                await self.context.set_offline(is_off)

    async def new_page(self) -> Page:
        self.page = await self.context.new_page()
        self.is_dead = False
        self.page.set_default_timeout(self.patience)
        self.page.on("crash", lambda _page: setattr(self, "is_dead", True))
        self.page.on("dialog", lambda dialog: asyncio.create_task(_accept(dialog)))
        return self.page

    async def anew(self) -> None:
        """Open the page once more, in another tab where the old one is dead."""
        self.patience = PATIENCE
        with suppress(Error, TimeoutError):  # there may be no way to the server
            async with asyncio.timeout(STUCK):
                if self.is_dead:
                    await self.new_page()
                await self.page.goto(self.path, wait_until="load")

    async def kill(self) -> None:
        """Let the process of the page die; what it held in memory is gone."""
        with suppress(Error):
            await self.page.goto("chrome://crash", timeout=1000)
        await self._close()

    async def _close(self) -> None:
        self.is_dead = True
        with suppress(Error, TimeoutError):
            async with asyncio.timeout(STUCK):
                await self.page.close()

    async def cookies(self) -> dict[str, str]:
        return {each["name"]: each["value"] for each in await self.context.cookies()}

    async def left_over(self) -> list[str]:
        """Look once more when all is mended; return what is not sent then."""
        await self._close()
        try:
            async with asyncio.timeout(2 * LONGEST / 1000):
                return await self._left_over()
        except TimeoutError:
            return [f"{self.name}: the page does not answer"]

    async def _left_over(self) -> list[str]:
        self.patience = LONGEST
        await self.new_page()
        await self.page.goto(self.path)
        await self.page.evaluate("dispatchEvent(new Event('online'))")
        said = "() => Outbox.here.every().map(({ label, status }) => `${label} (${status ?? '–'})`)"
        await self.page.evaluate("Outbox.here.ready")
        for _each in range(LONGEST // 100):
            left = await self.page.evaluate(said)
            if not left:
                return []
            await asyncio.sleep(0.1)
        return [f"{self.name} still waits with {each}" for each in left]

    def wrong(self, stored: Any) -> Iterable[str]:
        """Yield what is not as it must be."""
        raise NotImplementedError

    def count(self) -> tuple[int, int]:
        """Return how many entries are sure, and how many were tried."""
        raise NotImplementedError


async def _accept(dialog) -> None:
    with suppress(Error):  # its page may be gone
        await dialog.accept()


class Scribe(Person):
    """Types lines on a board and changes those that are there, as a person or as a table."""

    kind = "lines and changes"

    def __init__(self, *arguments: Any, field: int) -> None:
        super().__init__(*arguments)
        self.field = field
        self.versions: dict[str, int] = {}  # of each line the last that was tried
        self.sure: dict[str, int] = {}  # and the last that is sure

    async def act(self) -> None:
        shown = self.page.locator("li.line:not(.line--pending) .line__title")
        if self.sure and self.chance.random() < 0.3 and await shown.count():
            await self._change()
        else:
            await self._type()

    async def _type(self) -> None:
        key = f"{self.name}-{len(self.versions) + 1:03}"
        line = self.page.locator("#title-none")
        await line.fill(_title(key, 1))
        self.versions[key] = 1
        await line.press("Enter")
        await self._look(key, 1)

    async def _change(self) -> None:
        rows = self.page.locator(
            "li.line:not(.line--pending)", has=self.page.locator(".line__title")
        )
        row = rows.nth(self.chance.randrange(await rows.count()))
        key = (await row.locator(".line__title").inner_text()).partition(" ")[0]
        await row.locator("a[id^=edit-]").click()
        title = self.page.locator(".row--editing [name=title]")
        version = self.versions[key] + 1
        await title.fill(_title(key, version))
        self.versions[key] = version
        await title.press("Enter")
        await self._look(key, version)

    async def _look(self, key: str, version: int) -> None:
        said = self.page.locator("li.line p").get_by_text(_title(key, version), exact=True)
        await said.first.wait_for()
        self.sure[key] = version

    def wrong(self, stored: dict) -> Iterable[str]:
        found = defaultdict(list)
        for field, _number, title in stored["lines"]:
            if field == self.field:
                key, _space, version = title.partition(" ")
                found[key].append(int(version.removeprefix("v")))
        for key, tried in self.versions.items():
            least = self.sure.get(key)
            if len(found[key]) > 1 or (least and not found[key]):
                yield f"{key} is stored {len(found[key])} times"
            elif found[key] and not (least or 1) <= found[key][0] <= tried:
                yield f"{key} is version {found[key][0]} instead of {least} to {tried}"
        for key in found.keys() - self.versions.keys():
            yield f"{key} was typed by nobody here"

    def count(self) -> tuple[int, int]:
        return sum(self.sure.values()), sum(self.versions.values())


def _title(key: str, version: int) -> str:
    return f"{key} v{version}"


class Rater(Person):
    """Rates on a phone, as a guest, and changes what was chosen."""

    kind = "choices"

    def __init__(self, *arguments: Any, workshop: int, measures: int) -> None:
        super().__init__(*arguments)
        self.workshop, self.measures = workshop, measures
        self.tried: dict[int, list[Pair]] = defaultdict(list)
        self.sure: dict[int, int] = {}  # of each measure how many of them are settled by the last

    async def act(self) -> None:
        number = self.chance.randint(1, self.measures)
        await self.page.goto(f"/workshops/{self.workshop}/rate/{number}/")
        form = self.page.locator("form[data-rate]")
        await form.wait_for()
        number = int(self.page.url.rstrip("/").rpartition("/")[2])
        for criterion in ("relevance", "feasibility"):
            other = f"input[name={criterion}]:not(:checked):not([value=none])"
            buttons = self.page.locator(other)
            await buttons.nth(self.chance.randrange(await buttons.count())).click()
            pair = await self.page.evaluate(
                """() => ["relevance", "feasibility"].map((name) => {
                  const chosen = document.querySelector(`input[name=${name}]:checked`);
                  return chosen ? Number(chosen.value) : 0;
                })"""
            )
            if all(pair):
                self.tried[number].append((pair[0], pair[1]))
        tried = len(self.tried[number])
        await self.page.wait_for_function(
            """(address) => {
              const said = document.querySelector("[data-mark]")?.textContent ?? "";
              const { saved, failed } = document.querySelector("[data-rate]")?.dataset ?? {};
              return location.href !== address || said.includes(saved) || said === failed;
            }""",
            arg=self.page.url,
        )
        self.sure[number] = tried

    def wrong(self, stored: dict[str, list]) -> Iterable[str]:
        """``stored`` is this phone's ballot: pairs by measure."""
        for number, tried in self.tried.items():
            found = stored.get(str(number))
            settled = self.sure.get(number, 0)
            allowed = {*tried[max(settled - 1, 0) :]} | (set() if settled else {None})
            if (found and tuple(found)) not in allowed:
                yield f"{self.name}: M{number} is {found} instead of one of {allowed}"
        for number in {*map(int, stored)} - self.tried.keys():
            yield f"{self.name}: M{number} was rated by nobody here"

    def count(self) -> tuple[int, int]:
        return sum(self.sure.values()), sum(map(len, self.tried.values()))


class Typist(Person):
    """Types in sheets of paper, each with answers of its own."""

    kind = "sheets"

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.tried: list[str] = []
        self.sure: set[str] = set()

    async def act(self) -> None:
        cells = self.page.locator("[data-cell]")
        await cells.first.wait_for()
        answers = self._answers(await cells.count())
        for index, each in enumerate(answers):
            await cells.nth(index).fill(each)
        sheet = " ".join(answers)
        self.tried.append(sheet)
        await cells.nth(0).press("Control+Enter")
        await self.page.wait_for_function(
            """() => {
              const { saving } = document.querySelector("[data-sheet]").dataset;
              const said = document.querySelector("[data-state]").textContent;
              return said && said !== saving;
            }"""
        )
        self.sure.add(sheet)

    def _answers(self, count: int) -> list[str]:
        while True:
            answers = [
                f"{self.chance.randint(1, 5)}{self.chance.randint(1, 5)}" for _n in range(count)
            ]
            if answers and " ".join(answers) not in self.tried:
                return answers

    def wrong(self, stored: dict) -> Iterable[str]:
        sheets = [
            " ".join(
                f"{r}{f}" for _number, (r, f) in sorted(each.items(), key=lambda it: int(it[0]))
            )
            for each in stored["sheets"]
        ]
        for sheet in self.tried:
            times = sheets.count(sheet)
            if times > 1 or (sheet in self.sure and not times):
                yield f"{self.name}: sheet {sheet} is stored {times} times"
        for sheet in {*sheets} - {*self.tried}:
            yield f"{self.name}: sheet {sheet} was typed by nobody here"

    def count(self) -> tuple[int, int]:
        return len(self.sure), len(self.tried)


class Sender(Person):
    """Sends ideas from a phone, as a guest."""

    kind = "ideas"

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.tried: list[str] = []
        self.sure: set[str] = set()

    async def act(self) -> None:
        if len(self.tried) >= MOST_IDEAS:
            return
        text = f"{self.name}-{len(self.tried) + 1:03}"
        await self.page.locator("#id_field").select_option(index=1)
        line = self.page.locator("#id_text")
        await line.fill(text)
        self.tried.append(text)
        await line.press("Enter")
        # A page that is killed before has not kept it, and has not said so.
        await self.page.wait_for_function(
            """async () => {
              const kept = await Outbox.device().all(Outbox.here.owner);
              const ids = new Set(kept.map(({ id }) => id));
              return Outbox.here.all().every(({ id }) => ids.has(id));
            }""",
            polling=100,
        )
        self.sure.add(text)

    def wrong(self, stored: dict) -> Iterable[str]:
        for text in self.tried:
            times = stored["ideas"].count(text)
            if times > 1 or (text in self.sure and not times):
                yield f"idea {text} is stored {times} times"

    def count(self) -> tuple[int, int]:
        return len(self.sure), len(self.tried)
