"""Style sheets and scripts are written as many small files and sent as few.

``BUNDLES`` says which make up which. They are joined when they are asked for (DEBUG, tests) or
collected (production), so nothing joined lies in the repository and nothing can be out of date.
"""

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage, Storage

_GROUND = ("made/kern.css", "made/fonts.css", "css/tokens.css", "css/base.css", "css/frame.css")
_SHOWN = ("css/components.css", "css/data.css", "css/pages.css")

BUNDLES: dict[str, tuple[str, ...]] = {
    # Every page of ours; what a room adds is a bundle or a sheet of its own.
    "bundles/site.css": (*_GROUND, "css/navigation.css", "css/forms.css", *_SHOWN),
    "bundles/results.css": ("css/results.css", "css/matrix.css"),
    "bundles/progress.css": ("css/results.css", "css/followup.css"),
    "bundles/item.css": ("css/matrix.css", "css/committee.css"),
    "bundles/measure.css": ("css/results.css", "css/committee.css", "css/followup.css"),
    # The public page needs no forms and no ways through a workshop, and comes in one go.
    "bundles/public.css": (
        *_GROUND, *_SHOWN, "css/matrix.css", "css/followup.css", "css/public.css",
    ),
    "bundles/preview.css": ("css/matrix.css", "css/followup.css", "css/public.css"),
    "bundles/admin.css": ("made/admin-fonts.css", "css/admin.css"),
    # In <head>, before the page shows.
    "bundles/first.js": ("js/theme.js", "js/early.js", "js/nav.js", "js/kept.js"),
    "bundles/board.js": (
        "js/queue.js", "js/board.js", "js/paste_text.js", "js/paste.js", "js/similar.js",
    ),
    # Deferred, in this order.
    "bundles/site.js": ("django_htmx/htmx-2.min.js", "js/toast.js", "js/drafts.js"),
    "bundles/rating.js": ("js/queue.js", "js/rating.js"),
    "bundles/results.js": (
        "js/slider.js", "vendor/d3/d3.min.js", "js/matrix.js", "js/matrix-draw.js",
        "js/matrix-zoom.js", "js/matrix-card.js",
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
    return "".join(write(part, _read(part)) for part in BUNDLES[name])


def plain_sheet(name: str, source: str) -> str:
    """Return a style sheet without comments and indents."""
    text = _STRING_OR_COMMENT.sub(lambda found: "" if found[0][0] == "/" else found[0], source)
    return "\n".join(line for each in text.split("\n") if (line := each.strip())) + "\n"


def _script(name: str, source: str) -> str:
    """Return a script that disturbs no other; those of others bring their own frame."""
    return _SCRIPT.format(name=name, source=source) if name.startswith("js/") else f"{source};\n"


def _read(part: str) -> str:
    path = finders.find(part)
    if path is None:
        raise FileNotFoundError(f"A bundle needs {part}, which no folder of static files has.")
    return Path(path).read_text("utf-8")


class BundleFinder(finders.FileSystemFinder):
    """Find what lies in static/, without what is sent in parts only, and the bundles."""

    @cached_property
    def _storage(self) -> FileSystemStorage:
        self._folder = tempfile.TemporaryDirectory(prefix="digital-werkstatt-")  # gone with us
        return FileSystemStorage(self._folder.name)

    def find(self, path: str, *arguments: Any, **options: Any) -> Any:
        if path in BUNDLES:
            found = self._write(path)
            return [found] if any((*arguments, *options.values())) else found
        return super().find(path, *arguments, **options)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        yield from super().list([*(ignore_patterns or ()), *WHOLE])
        for name in BUNDLES:
            self._write(name)
            yield name, self._storage

    def _write(self, name: str) -> str:
        """Bring a bundle to the state of its parts; return its path."""
        path, text = Path(self._storage.path(name)), joined(name)
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(exist_ok=True)
            descriptor, draft = tempfile.mkstemp(dir=path.parent)
            with open(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(draft, path)  # another thread may be sending the old one
        return str(path)
