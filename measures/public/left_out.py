"""What the public page leaves out and why, for those who decide on publishing it."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.models import Decision, Measure, Remark
from measures.public.content import PublicContent
from measures.public.records import published_decisions


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One kind of thing that stays inside. ``what`` carries its number where there is one."""

    what: str
    why: str


def left_out(content: PublicContent) -> list[LeftOut]:
    """List what this workshop's page leaves out now, then what every page does. 4 queries."""
    return [*_here(content), *_everywhere()]


def _here(content: PublicContent) -> list[LeftOut]:
    workshop = content.workshop
    counted = [] if content.shows_results else [_all_values(content)]
    numbers = [
        (content.withheld_count if content.shows_results else 0, _withheld),
        (_to_be_published(workshop).count(), _pending),
        (published_decisions(workshop).filter(session__is_public=False).count(), _not_public),
        (Remark.objects.in_workshop(workshop).filter(is_released=False).count(), _internal),
        (workshop.measures.count() - Measure.objects.in_workshop(workshop).standing().count(),
         _removed),
    ]  # fmt: skip
    return counted + [
        LeftOut(*sentences(number, workshop)) for number, sentences in numbers if number
    ]


def _to_be_published(workshop) -> QuerySet[Decision]:
    """Return the pending decisions that this page will show: no other one is promised here."""
    pending = Decision.objects.in_workshop(workshop).standing(with_pending=True).pending()
    shown = Measure.objects.in_workshop(workshop).standing()
    return pending.with_target().filter(session__is_public=True, target__in=shown)


def _all_values(content: PublicContent) -> LeftOut:
    return LeftOut(
        _("All values, ranks and the matrix"),
        _("No result has been shown yet."),
    )


def _withheld(n: int, workshop) -> tuple[str, str]:
    what = ngettext(
        "Values, rank and mark of %(n)d measure",
        "Values, ranks and marks of %(n)d measures",
        n,
    )
    why = _(
        "Rated by fewer than %(smallest)d people, or by so few besides the sheets on paper. Listed"
        " without values."
    )
    return what % {"n": n}, why % {"smallest": workshop.smallest_group}


def _pending(n: int, workshop) -> tuple[str, str]:
    what = ngettext("%(n)d pending decision", "%(n)d pending decisions", n)
    return what % {"n": n}, _("Public once the decision is published.")


def _not_public(n: int, workshop) -> tuple[str, str]:
    what = ngettext(
        "%(n)d published decision of a session that was not public",
        "%(n)d published decisions of sessions that were not public",
        n,
    )
    why = _("Whether and how to tell them is for the administration to decide in each case.")
    return what % {"n": n}, why


def _internal(n: int, workshop) -> tuple[str, str]:
    what = ngettext("%(n)d internal remark", "%(n)d internal remarks", n)
    return what % {"n": n}, _("Remarks and questions are internal until they are released.")


def _removed(n: int, workshop) -> tuple[str, str]:
    what = ngettext(
        "%(n)d measure that was removed or merged",
        "%(n)d measures that were removed or merged",
        n,
    )
    why = _(
        "Decisions and reports on a merged one stand with the measure it was merged into; those on"
        " a removed one are left out."
    )
    return what % {"n": n}, why


def _everywhere() -> list[LeftOut]:
    return [
        LeftOut(
            _("Profiles of the measures"),
            _("They may name people, for instance who does it."),
        ),
        LeftOut(
            _("Ratings of groups, distributions and medians"),
            _("Published are the mean and the number of ratings, nothing that leads to a few."),
        ),
        LeftOut(
            _("Names and e-mail addresses"),
            _("Who took part, who wrote a remark, who recorded a decision, who is reminded."),
        ),
        LeftOut(
            _("Place, hosts, notes on the budget, percentages and links to evidence"),
            _("Not needed to follow what was decided, and some of them name people."),
        ),
    ]
