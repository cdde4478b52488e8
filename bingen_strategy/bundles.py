"""Style sheets and scripts are written as many small files and sent as few.

``BUNDLES`` says which make up which. They are joined when they are asked for (DEBUG, tests) or
collected (production), so nothing joined lies in the repository and nothing can be out of date.
"""

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Lock
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage, Storage

_GROUND = ("made/kern.css", "made/fonts.css", "css/tokens.css", "css/base.css", "css/frame.css")
_SHOWN = ("css/components.css", "css/data.css", "css/pages.css")

BUNDLES: dict[str, tuple[str, ...]] = {
    # Every page of ours; what a room adds is a bundle or a sheet of its own.
    "bundles/site.css": (
        *_GROUND, "css/navigation.css", "css/forms.css", "css/search.css", "css/outbox.css",
        *_SHOWN,
    ),
    "bundles/results.css": ("css/results.css", "css/matrix.css", "css/dashboard.css"),
    "bundles/progress.css": ("css/results.css", "css/followup.css"),
    "bundles/again.css": ("css/followup.css", "css/again.css"),
    "bundles/item.css": ("css/matrix.css", "css/committee.css"),
    "bundles/measure.css": (
        "css/results.css", "css/committee.css", "css/followup.css", "css/indicators.css",
        "css/measure.css",
    ),
    # The public page needs no forms and no ways through a workshop, and comes in one go.
    "bundles/public.css": (
        *_GROUND, *_SHOWN, "css/matrix.css", "css/followup.css", "css/indicators.css",
        "css/public.css",
    ),
    # The projector: its own sizes, and nothing of what pages with controls need.
    "bundles/wall.css": ("made/kern.css", "made/fonts.css", "css/tokens.css", "css/wall.css"),
    "bundles/preview.css": (
        "css/matrix.css", "css/followup.css", "css/indicators.css", "css/public.css",
    ),
    # The only sheet on the way from the wall's code to the first measure.
    "bundles/phone.css": ("css/phone.css", "css/outbox.css"),
    "bundles/admin.css": ("made/admin-fonts.css", "css/admin.css"),
    # In <head>, before the page shows.
    "bundles/first.js": (
        "js/theme.js", "js/early.js", "js/nav.js", "js/search.js", "js/kept.js",
        "js/outbox.js", "js/outbox-page.js",
    ),
    "bundles/board.js": (
        "js/board.js", "js/paste_text.js", "js/paste.js", "js/similar.js", "js/arrivals.js",
        "js/tables.js",
    ),
    # The same outbox on phones in the hall, which load nothing else of the frame.
    "bundles/outbox.js": ("js/outbox.js", "js/outbox-page.js"),
    # Deferred, in this order.
    "bundles/site.js": ("django_htmx/htmx-2.min.js", "js/toast.js", "js/drafts.js"),
    "bundles/front.js": ("js/morph.js", "js/front.js"),
    # Likewise the only scripts there, behind the outbox.
    "bundles/phone.js": (
        "js/countdown.js", "js/phone.js", "js/choice.js", "js/rating.js", "js/moment.js",
    ),
    "bundles/results.js": (
        "js/slider.js", "vendor/d3/d3.min.js", "js/matrix.js", "js/matrix-draw.js",
        "js/matrix-zoom.js", "js/matrix-card.js", "js/matrix-full.js", "js/ranks.js",
    ),
}  # fmt: skip
# Of what others wrote, what pages get in parts only; see assets/.
WHOLE = ("vendor/kern/kern.min.css", "vendor/kern/fonts/*.woff2")

# A string stays as it is; so does a comment that begins with /*!, which names a licence.
_STRING_OR_COMMENT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|/\*(?!!).*?\*/", re.DOTALL)
# Each script has names of its own, and one that fails does not take the next with it.
_SCRIPT = """\
try {{ (() => {{ "use strict"; // {name}
{source}
}})(); }} catch (error) {{ reportError(error); }}
"""


def joined(name: str) -> str:
    """Return a bundle's text, made of its parts as they are now."""
    write = plain_sheet if name.endswith(".css") else _script
    return "".join(write(part, _path(part).read_text("utf-8")) for part in BUNDLES[name])


def plain_sheet(name: str, source: str) -> str:
    """Return a style sheet without comments and indents."""
    text = _STRING_OR_COMMENT.sub(lambda found: "" if found[0][0] == "/" else found[0], source)
    return "\n".join(line for each in text.split("\n") if (line := each.strip())) + "\n"


def _script(name: str, source: str) -> str:
    """Return a script that disturbs no other; those of others bring their own frame."""
    return _SCRIPT.format(name=name, source=source) if name.startswith("js/") else f"{source};\n"


def _path(part: str) -> Path:
    path = finders.find(part)
    if path is None:
        raise FileNotFoundError(f"A bundle needs {part}, which no folder of static files has.")
    return Path(path)


class Folder:
    """Where bundles are written down while we run; one for all threads, gone with us."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._folder: tempfile.TemporaryDirectory | None = None
        self._states: dict[str, list[int]] = {}

    def storage(self) -> FileSystemStorage:
        with self._lock:
            return FileSystemStorage(self._name())

    def bring(self, name: str) -> str:
        """Write a bundle unless it is there and none of its parts has changed; return its path."""
        files = [Path(__file__), *map(_path, BUNDLES[name])]
        state = [path.stat().st_mtime_ns for path in files]
        with self._lock:
            path = Path(self._name(), name)
            if self._states.get(name) != state:
                path.parent.mkdir(exist_ok=True)
                draft = path.with_name(path.name + ".new")
                draft.write_text(joined(name), "utf-8")
                # As old as its newest part: how long a browser asks for it no more goes by its age.
                os.utime(draft, ns=(max(state), max(state)))
                draft.replace(path)  # another thread may be sending the old one
                self._states[name] = state
        return str(path)

    def _name(self) -> str:
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="digital-werkstatt-")
        return self._folder.name


_folder = Folder()


class BundleFinder(finders.FileSystemFinder):
    """Find what lies in static/, without what is sent in parts only, and the bundles."""

    def find(self, path: str, *arguments: Any, **options: Any) -> Any:
        if path in BUNDLES:
            found = _folder.bring(path)
            return [found] if any((*arguments, *options.values())) else found
        return super().find(path, *arguments, **options)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        yield from super().list([*(ignore_patterns or ()), *WHOLE])
        for name in BUNDLES:
            _folder.bring(name)
            yield name, _folder.storage()
