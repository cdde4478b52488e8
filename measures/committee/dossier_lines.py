"""The frozen data in words: which line of a dossier is made of which values, and how it reads.

A value that is missing or makes no sense, in a snapshot changed by hand say, is shown as it is and
never breaks a page.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.columns import FACTS
from measures.models import PROFILE_FIELDS, AgendaItem, Decision, Measure, Outcome, Session
from measures.numbers import number_writer
from workshops.models import Criterion, Workshop

NOTHING = "–"
NO_VALUE: tuple[object, ...] = (None, "", [])  # no counts: too few judged for a distribution
Words = Callable[..., str]
LineOf = tuple[str, tuple[str, ...], Words]
"""Label, the paths of the values it shows, and the function that puts them into words."""


def words_of(line: LineOf, values: Mapping[str, object]) -> str:
    """Return what a line says; ``values`` by path, see ``snapshot.flat``."""
    _label, paths, words = line
    found = [values.get(path) for path in paths]
    if found[0] in NO_VALUE:
        return NOTHING
    try:
        return words(*found)
    except (TypeError, ValueError, KeyError):
        return " ".join(map(str, found))


def text_lines() -> list[LineOf]:
    return [
        *(_column(Measure, name, f"measure.{name}") for name in ("title", "description", "field")),
        _column(Measure, "goal", "measure.goal"),
        *((str(fact.heading), (f"measure.{fact.attribute}",), fact.words) for fact in FACTS),
        _column(Measure, "municipality", "measure.municipality"),
        *(_column(Measure, name, f"measure.profile.{name}") for name in PROFILE_FIELDS),
    ]


def place_lines() -> list[LineOf]:
    number = number_writer()
    return [
        (_("Rank"), ("ranking.rank", "ranking.of"), _rank),
        (_("Rank at its table"), ("ranking.at_table",), _rank_at_table),
        (_("Rank range (rank in 90 % of draws)"), ("ranking.range",), _range),
        (_("Ranks over all weights"), ("ranking.all_weights",), _range),
        (_("Quadrant"), ("ranking.quadrant_name", "ranking.quadrant"), _quadrant),
        (_("Score"), ("ranking.score",), number),
        (_("Raters"), ("ratings.n",), str),
        (_("Of these on paper"), ("ratings.paper",), str),
        (_("Round of rating"), ("ratings.round",), str),
        (_("Agreed in the room: relevance"), ("ratings.agreed.relevance",), str),
        (_("Agreed in the room: feasibility"), ("ratings.agreed.feasibility",), str),
    ]


def value_lines(criterion: Criterion) -> list[LineOf]:
    number, at = number_writer(), f"ratings.{criterion.value}"
    return [
        (_("Mean"), (f"{at}.mean",), number),
        (_("Median"), (f"{at}.median",), number),
        (_("Middle half"), (f"{at}.quartiles",), lambda pair: _numbers(number, pair)),
        (_("Agreement"), (f"{at}.agreement",), number),
        (_("Judged by"), (f"{at}.n",), str),
        (_("Votes per step"), (f"{at}.counts", f"settings.words.{criterion.value}"), _counts),
    ]


def setting_lines() -> list[LineOf]:
    number = number_writer()
    return [
        (_("Weight of relevance in percent"), ("settings.weight",), str),
        *(
            (_label(Workshop, f"{c.value}_threshold"), (f"settings.thresholds.{c.value}",), number)
            for c in Criterion
        ),
        (_("Steps of the scale"), ("settings.steps",), str),
    ]


def decision_lines() -> list[LineOf]:
    """The lines of the decision itself; paths as in ``sealing.recorded``."""
    return [
        (_label(Decision, "outcome"), ("outcome",), lambda key: str(Outcome(key).label)),
        (_label(Decision, "is_recommendation"), ("is_recommendation",), _yes_or_no),
        _column(Decision, "referred_to", "referred_to"),
        _column(Decision, "wording", "wording"),
        (_label(Decision, "deferred_until"), ("deferred_until",), _day),
        _column(Decision, "reason", "reason"),
        _column(Decision, "correction_reason", "correction_reason"),
        _column(Decision, "present", "present"),
        _column(Decision, "excluded", "excluded"),
        (_("Votes"), ("votes",), _votes),
        (_("Members with a vote"), ("seats",), str),
        (_label(Session, "quorum"), ("quorum",), str),
        _column(Decision, "responsible", "responsible"),
        (_label(Decision, "due_date"), ("due_date",), _day),
        _column(Decision, "budget_note", "budget_note"),
    ]


def record_lines() -> list[LineOf]:
    """The lines of all that is compared when a stored decision is checked."""
    return [
        *decision_lines(),
        (_label(AgendaItem, "is_public"), ("is_public",), _yes_or_no),
        (_("Id of the entry"), ("decision",), str),
        (_("Id of the session"), ("session",), str),
        (_("Date of the session"), ("date",), _day),
        (_("Id of the measure"), ("measure",), str),
        (_("Number of the measure"), ("number",), str),
        (_("Id of the corrected entry"), ("corrects",), str),
        (_label(Decision, "at"), ("recorded",), _moment),
        (_label(Decision, "published_at"), ("published",), _moment),
        (_label(Session, "committee"), ("committee",), str),
        (_label(Session, "is_public"), ("is_public",), _yes_or_no),
    ]


def _votes(votes: list[int]) -> str:
    in_favour, against, abstained = votes
    return ngettext(
        "%(in_favour)s in favour, %(against)s against, %(abstained)s abstained",
        "%(in_favour)s in favour, %(against)s against, %(abstained)s abstained",
        abstained,
    ) % {
        "in_favour": in_favour,
        "against": against,
        "abstained": abstained,
    }


def _label(model, name: str) -> str:
    return capfirst(str(model._meta.get_field(name).verbose_name))


def _column(model, name: str, path: str) -> LineOf:
    return (_label(model, name), (path,), str)


def _quadrant(name: str, _key: str) -> str:
    return str(name)


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "DATE_FORMAT")


def _moment(iso: str) -> str:
    return date_format(localtime(datetime.fromisoformat(iso)), "DATETIME_FORMAT")


def _yes_or_no(value: bool) -> str:
    return _("yes") if value else _("no")


def _rank(rank: int, of: int) -> str:
    return _("%(rank)d of %(of)d") % {"rank": rank, "of": of}


def _rank_at_table(place: list) -> str:
    tables, rank, of = place
    return f"{_rank(rank, of)} ({tables})"


def _range(pair: list[int]) -> str:
    low, high = pair
    if low is None or high is None:
        return NOTHING
    return str(low) if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def _numbers(number: Callable[[float], str], pair: list[float]) -> str:
    low, high = pair
    return _("%(low)s to %(high)s") % {"low": number(low), "high": number(high)}


def _counts(counts: list[int], words: list[str]) -> str:
    steps = enumerate(zip(counts, words, strict=True), start=1)
    return "; ".join(f"{step} ({word}): {count}" for step, (count, word) in steps)
