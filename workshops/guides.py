"""The guides that the application serves itself: what there is, and what a "?" leads to.

Each section is a template of its own and per language, ``help/<language>/<guide>/<section>.html``;
its heading stands here alone. Pages name a section as ``"facilitator#collect"``.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

# Pictures of static/img/help/<name>.png with the window in which they are taken, see
# tests/journeys/screenshots.py.
PICTURES: dict[str, tuple[int, int]] = {
    "day": (1024, 420),
    "board": (1024, 560),
    "rate": (390, 760),
    "results": (1024, 640),
    "people": (1024, 560),
    "agenda": (1024, 560),
    "decide": (1024, 640),
    "public": (1024, 480),
}


@dataclass(frozen=True, slots=True)
class Section:
    """One task; ``name`` is its anchor and the name of its template."""

    guide: str
    name: str
    title: str | Promise

    @property
    def address(self) -> str:
        return f"{reverse('help-guide', args=[self.guide])}#{self.name}"

    @property
    def template(self) -> str:
        """The template in the reader's language."""
        return f"help/{get_language()}/{self.guide}/{self.name}.html"


@dataclass(frozen=True, slots=True)
class Guide:
    """All tasks of one role, in the order in which they come."""

    name: str
    title: str | Promise
    sections: tuple[Section, ...]

    def get_absolute_url(self) -> str:
        return reverse("help-guide", args=[self.name])


def _guide(name: str, title: Promise, sections: dict[str, Promise]) -> Guide:
    return Guide(name, title, tuple(Section(name, *each) for each in sections.items()))


GUIDES = {
    guide.name: guide
    for guide in (
        _guide(
            "facilitator",
            _("Guide for the facilitator"),
            {
                "prepare": _("Prepare a workshop"),
                "people": _("Add people and give roles"),
                "door": _("Let people in without an account"),
                "import": _("Bring measures from a table"),
                "day": _("Lead through the day"),
                "front": _("Cockpit and projector"),
                "fields": _("Choose action fields"),
                "collect": _("Collect goals and measures"),
                "tables": _("Let tables type, take ideas from phones"),
                "rate": _("Rate, also on paper"),
                "rounds": _("Show results, rate once more"),
                "results": _("Read the results"),
            },
        ),
        _guide(
            "administration",
            _("Guide for the administration"),
            {
                "sessions": _("Prepare a session"),
                "agenda": _("Compose and show the agenda"),
                "decide": _("Record, publish and correct decisions"),
                "remarks": _("Answer remarks and questions"),
                "assess": _("Assess measures for the administration"),
                "attach": _("Attach files"),
                "progress": _("Enter how things stand"),
                "costs": _("Costs and budget"),
                "indicators": _("Measure whether it works"),
                "public": _("Publish the results"),
                "again": _("The next year, the archive, deleting"),
            },
        ),
    )
}


def section(place: str) -> Section:
    """Return the section named ``"guide#section"``. Raises KeyError for any other."""
    guide, _sign, name = place.partition("#")
    return {each.name: each for each in GUIDES[guide].sections}[name]
