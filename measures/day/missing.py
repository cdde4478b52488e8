"""What is missing before rating starts: what stops it, and what is only worth knowing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fields.models import ActionField, Goal
from measures.board.merging import alike_among
from measures.models import Measure
from measures.numbers import number_writer
from measures.rating.outset import expected_at, forecast_of, tables_forecast
from measures.rating.rounds import may_rate, no_more_rounds, offers_all, will_offer
from measures.standing import lost_labels
from workshops.models import Workshop


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing, in a sentence, and where it is mended.

    ``named`` is what it is about, each with its address; else ``link`` leads there: words, address.
    """

    text: str
    named: Sequence[tuple[str, str]] = ()
    link: tuple[str, str] | None = None
    stops: bool = False


def missing_for_rating(workshop: Workshop) -> list[Gap]:
    """Return what is missing before rating starts, what stops it first. 15 queries."""
    fields = list(workshop.fields.standing())
    standing = Measure.objects.in_workshop(workshop).standing().in_reading_order()
    measures = list(standing.select_related("field", "goal"))
    gaps = [
        *_of_rounds(workshop),
        *_of_fields(workshop, fields, Counter(each.field_id for each in measures)),
        *_of_goals(workshop, [each for each in measures if each.field.is_worked_on]),
        *_of_titles(workshop, measures),
        *_of_people(workshop),
        *_of_numbers(workshop),
        *_of_tables(workshop),
    ]
    return sorted(gaps, key=lambda gap: not gap.stops)


def nothing_to_rate(workshop: Workshop) -> bool:
    """Say whether the round that starts now would offer nothing at all. 2 or 3 queries."""
    return not will_offer(workshop).exists()


def _of_rounds(workshop: Workshop) -> Iterable[Gap]:
    link = _("Rounds of rating"), reverse("measures:round-list", args=[workshop.pk])
    if not may_rate(workshop):
        yield Gap(no_more_rounds(), link=link, stops=True)
    elif not offers_all(workshop) and nothing_to_rate(workshop):
        text = _("Of what the next round offers nothing can be rated any more.")
        yield Gap(text, link=link, stops=True)


def _of_fields(
    workshop: Workshop, fields: Sequence[ActionField], counts: Counter[int]
) -> Iterable[Gap]:
    """Look for fields that are worked on without a measure, and for measures in the others.

    ``counts`` says by the field's id how many measures stand in it.
    """
    worked_on = [each for each in fields if each.is_worked_on]
    empty = [each for each in worked_on if not counts[each.pk]]
    left_out = counts.total() - sum(counts[each.pk] for each in worked_on)
    choose = _("Choose the action fields"), reverse("fields:field-list", args=[workshop.pk])
    if not counts.total():
        yield Gap(
            _("There is no measure yet, so there is nothing to rate."),
            link=(
                _("Collect goals and measures"),
                reverse("measures:measure-list", args=[workshop.pk]),
            ),
            stops=True,
        )
        return
    if left_out == counts.total():
        text = _("All measures are in fields that are not worked on, so there is nothing to rate.")
        yield Gap(text, link=choose, stops=True)
        return
    if empty:
        text = ngettext(
            "%(n)d field is worked on and has no measure.",
            "%(n)d fields are worked on and have no measure.",
            len(empty),
        )
        named = [(each.name, each.get_absolute_url()) for each in empty]
        yield Gap(text % {"n": len(empty)}, named)
    if left_out:
        text = ngettext(
            "%(n)d measure will not be rated, because its field is not worked on.",
            "%(n)d measures will not be rated, because their fields are not worked on.",
            left_out,
        )
        yield Gap(text % {"n": left_out}, link=choose)


def _of_goals(workshop: Workshop, rateable: Sequence[Measure]) -> Iterable[Gap]:
    """Look for fields without any goal, and in the others for measures that belong to none."""
    goals = Goal.objects.in_workshop(workshop).standing()
    aimed = set(goals.values_list("field", flat=True))
    fields = {each.field_id: each.field for each in rateable if each.field_id not in aimed}
    if fields:
        text = ngettext("%(n)d field has no goal.", "%(n)d fields have no goal.", len(fields))
        named = [(each.name, each.get_absolute_url()) for each in fields.values()]
        yield Gap(text % {"n": len(fields)}, named)
    aimless = [
        each
        for each in rateable
        if each.field_id in aimed and (each.goal is None or each.goal.is_removed)
    ]
    if aimless:
        text = ngettext(
            "%(n)d measure belongs to no goal.", "%(n)d measures belong to no goal.", len(aimless)
        )
        yield Gap(text % {"n": len(aimless)}, [(str(each), _line_of(each)) for each in aimless])


def _of_titles(workshop: Workshop, measures: Sequence[Measure]) -> Iterable[Gap]:
    """Look for pairs that may be the same, as the page that lists them does."""
    if pairs := alike_among(workshop, measures):
        text = ngettext(
            "%(n)d pair of measures has similar titles; what means the same can be merged.",
            "%(n)d pairs of measures have similar titles; what means the same can be merged.",
            len(pairs),
        )
        page = reverse("measures:similar-list", args=[workshop.pk])
        yield Gap(text % {"n": len(pairs)}, link=(_("Similar titles"), page))


def _line_of(measure: Measure) -> str:
    return f"{measure.field.get_absolute_url()}#measure-{measure.number}"


def _of_people(workshop: Workshop) -> Iterable[Gap]:
    """Look for people who can rate on a device of their own, and for groups that are too small.

    Who is on the list without an account rates on paper.
    """
    expected = expected_at(workshop)
    able = expected.all
    page = reverse("workshops:people", args=[workshop.pk])
    add = _("Add a person"), f"{page}#add-person"
    if not able:
        text = _(
            "Nobody on the list can rate on a device of their own; paper ratings and agreed values"
            " can be entered all the same."
        )
        yield Gap(text, link=add)
        return
    if able < workshop.smallest_room:
        text = ngettext(
            "%(n)d person can rate on a device of their own; a measure with fewer than %(least)d"
            " ratings has no figures and no rank.",
            "%(n)d people can rate on a device of their own; a measure with fewer than %(least)d"
            " ratings has no figures and no rank.",
            able,
        )
        yield Gap(text % {"n": able, "least": workshop.smallest_room}, link=add)
    if not expected.guests:  # whose groups nobody knows before they have come
        yield from _of_groups(workshop, expected.listed, page)


def _of_tables(workshop: Workshop) -> Iterable[Gap]:
    """Look, where each table rates its own measures, for what is at no table and who is too few."""
    if not workshop.is_rated_by_table:
        return
    offered = will_offer(workshop)
    tables = tables_forecast(workshop, offered)
    page = _("Tables"), reverse("measures:table-list", args=[workshop.pk])
    if not tables:
        yield Gap(_("No table has measures of its own, so everybody rates everything."), link=page)
        return
    at_tables = workshop.fields.filter(tables__is_removed=False)
    common = workshop.fields.filter(measures__in=offered).exclude(pk__in=at_tables).distinct()
    if names := [each.name for each in common]:
        text = ngettext(
            "%(names)s is at no table: everybody rates the measures of this field.",
            "%(names)s are at no table: everybody rates the measures of these fields.",
            len(names),
        )
        yield Gap(text % {"names": ", ".join(names)}, link=page)
    if not tables[0].is_enough:
        text = _(
            "There are about %(n)s people for each table; a measure with fewer than %(least)d"
            " ratings has no figures and no rank."
        )
        numbers = {"n": number_writer()(tables[0].people, 1), "least": workshop.smallest_room}
        yield Gap(text % numbers, link=page)


def _of_numbers(workshop: Workshop) -> Iterable[Gap]:
    """Look for what stays hidden only because nobody rates everything."""
    if workshop.measures_per_person is None:
        return
    found = forecast_of(workshop, will_offer(workshop).count())
    page = reverse("measures:rating-check", args=[workshop.pk])
    link = _("Measures per person"), f"{page}#per-person"
    if found.room.needed is not None and not found.room.is_enough:
        text = ngettext(
            "With %(each)d of %(offered)d measures per person some measures get no figures and no"
            " rank: each gets at least %(least)d rating, and %(wanted)d are needed.",
            "With %(each)d of %(offered)d measures per person some measures get no figures and no"
            " rank: each gets at least %(least)d ratings, and %(wanted)d are needed.",
            found.room.least,
        )
        numbers = {"each": found.each, "offered": found.offered}
        numbers |= {"least": found.room.least, "wanted": found.room.wanted}
        yield Gap(text % numbers, link=link)
    if found.lacking:
        text = ngettext(
            "With so many measures per person the ratings of this group stay hidden for some"
            " measures or all: %(names)s.",
            "With so many measures per person the ratings of these groups stay hidden for some"
            " measures or all: %(names)s.",
            len(found.lacking),
        )
        names = ", ".join(each.name for each in found.lacking)
        yield Gap(text % {"names": names}, link=link)


def _of_groups(workshop: Workshop, sizes: Counter[int | None], page: str) -> Iterable[Gap]:
    groups = list(workshop.groups.all())
    change = _("People and groups"), f"{page}#participants"
    empty = [each.name for each in groups if not sizes[each.pk]]
    if empty:
        text = ngettext(
            "Nobody belongs to the group %(names)s.",
            "Nobody belongs to the groups %(names)s.",
            len(empty),
        )
        yield Gap(text % {"names": ", ".join(empty)}, link=change)
    lost = lost_labels(sizes, workshop.smallest_group)
    small = [f"{each.name} ({sizes[each.pk]})" for each in groups if each.pk in lost]
    if small:
        text = ngettext(
            "As things are, the results of this group stay hidden, because groups are only shown"
            " from %(least)d ballots on: %(names)s.",
            "As things are, the results of these groups stay hidden, because groups are only shown"
            " from %(least)d ballots on: %(names)s.",
            len(small),
        )
        yield Gap(text % {"least": workshop.smallest_group, "names": ", ".join(small)}, link=change)
    if groups and sizes[None]:
        text = ngettext(
            "%(n)d person belongs to no group.", "%(n)d people belong to no group.", sizes[None]
        )
        yield Gap(text % {"n": sizes[None]}, link=change)
