"""What axe found free of faults before: by day only states that have changed are judged again.

axe reads what stands in the page, how that is drawn and what people have done to it. All of this
goes into one name; under it pytest's cache keeps that there was no fault, never that there was one.
Ids, tokens and dates are others in every run, so numbers are told by where they stand first: two
that were the same stay the same, two that were not stay apart. At night everything is judged.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
NEWEST = 3000  # names that are kept; a whole run has some 250

LOOK = """async () => {
  // Colours are judged when they have arrived, not half way through a transition.
  await Promise.allSettled(document.getAnimations().map((each) => each.finished));
  const all = [...document.querySelectorAll('*')];
  const media = ['(prefers-color-scheme: dark)', '(prefers-reduced-motion: reduce)',
    '(forced-colors: active)', '(pointer: coarse)', 'print'];
  // What was chosen counts, not its value: that may be an id.
  const text = (e) => (e.matches('[type=radio], [type=checkbox]') ? '' : e.value);
  const typed = (e) => !e.matches('input:not([type=hidden]), select, textarea') ? [] : [
    e.matches('select') ? e.selectedIndex : text(e), !!e.checked, !!e.indeterminate,
    e.matches(':user-invalid')];
  const says = (each) => each !== '' && each !== 0 && each !== false;
  return {
    html: document.documentElement.outerHTML,
    done: [
      all.indexOf(document.activeElement),
      all.indexOf([...document.querySelectorAll(':hover')].at(-1)),
      all.map((e, at) => [at, ...typed(e), Math.round(e.scrollTop), Math.round(e.scrollLeft)])
        .filter((told) => told.slice(1).some(says)),
    ],
    seen: [location.hash, innerWidth, innerHeight, devicePixelRatio,
      media.map((each) => matchMedia(each).matches)],
  };
}"""

TAG = re.compile(r"<[^>]*>")
# Where ids, addresses and what was typed stand. Classes, sizes and places stay as they are.
NAMING = re.compile(
    r"\b(id|for|name|value|content|headers|list|form|title|datetime|min|max"
    r'|href|src|action|formaction|aria-[\w-]+|data-[\w-]+|hx-[\w-]+)="([^"]*)"'
)
TOKEN = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[A-Za-z0-9]{32,}|\d+")


class Numbered:
    """Tells each number by when it came first among those that stand behind the same words."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], int] = {}
        self._count: Counter[str] = Counter()

    def text(self, text: str) -> str:
        """What is read keeps its length, too: it may make a line break."""
        return TOKEN.sub(lambda m: f"{self._place('text', m[0])}.{len(m[0])}", text)

    def tag(self, tag: str) -> str:
        return NAMING.sub(lambda m: f'{m[1]}="{" ".join(map(self._name, m[2].split()))}"', tag)

    def _name(self, word: str) -> str:
        told = ""
        at = 0
        for found in TOKEN.finditer(word):
            told += word[at : found.start()]
            told += f"·{self._place(told.removeprefix('#'), found[0])}"
            at = found.end()
        return told + word[at:]

    def _place(self, behind: str, token: str) -> int:
        if (behind, token) not in self._places:
            self._places[behind, token] = self._count[behind]
            self._count[behind] += 1
        return self._places[behind, token]


def told(html: str) -> str:
    """Return a page's HTML with its numbers told by where they stand first."""
    numbered, parts, at = Numbered(), [], 0
    for tag in TAG.finditer(html):
        parts += [numbered.text(html[at : tag.start()]), numbered.tag(tag[0])]
        at = tag.end()
    return "".join([*parts, numbered.text(html[at:])])


def style() -> str:
    """Name everything that is the same for all pages of a run: how they are drawn and judged."""
    files = [*(ROOT / "static").rglob("*.css"), *(ROOT / "static").rglob("*.woff2")]
    state = hashlib.sha256()
    for path in [Path(__file__), *sorted(files)]:
        state.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return state.hexdigest()


class Judged:
    """The names of the states that were free of faults; with ``folder`` None there are none."""

    def __init__(self, folder: Path | None, *, by: str) -> None:
        self.folder, self.by = folder, by + style()

    def once(self, page: Page, judge: Callable[[], list[str]]) -> list[str]:
        """Return the faults of a page as it stands, without judging what is known to have none."""
        # After a click the next page is there before its first element.
        page.wait_for_load_state()
        looks = page.evaluate(LOOK)
        if self.folder is None:
            return judge()
        state = json.dumps([self.by, told(looks["html"]), looks["done"], looks["seen"]])
        name = self.folder / hashlib.sha256(state.encode()).hexdigest()[:32]
        faults = [] if name.exists() else judge()
        if not faults:
            name.touch()
        return faults

    def forget_old(self) -> None:
        if self.folder is not None:
            names = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime)
            for path in names[:-NEWEST]:
                path.unlink(missing_ok=True)
