"""What is stored together is what ``save`` would have stored row by row, and refuses the same."""

import datetime
from collections import defaultdict
from random import Random

import pytest
from django.db import transaction

from fields.models import ActionField, Goal
from measures.columns import CONTENT
from measures.models import Consensus, FormerWording, Measure
from measures.rating.rounds import unsettled_round
from measures.transfer.headings import guess
from measures.transfer.importing import import_table, preview
from measures.transfer.plans import Plan
from measures.transfer.reading import read_table
from measures.transfer.storing import agreed_in
from tests.rating import save_rating, show
from workshops.models import Ballot, Municipality, User, Workshop, WorkshopMunicipality
from workshops.order import next_order
from workshops.plain_text import name_key

pytestmark = pytest.mark.django_db

FIELDS = ("Mobilität", "Mobilita\N{COMBINING DIAERESIS}t", "MOBILITÄT", "Bildung", "Gestrichen")
TITLES = ("Bus", "bus ", "Bür\N{SOFT HYPHEN}ger-App", "Bürger\N{NON-BREAKING HYPHEN}App", "WLAN")
GOALS = ("", "Alle  lernen", "alle lernen", "Weg")
TEXTS = ("", "kurz gesagt", "ganz anders", "kurz  gesagt")
TOWNS = ("", "Bingen", "bingen", "Weiler")
STEPS = ("", "1", "4", "5")


# Row by row, as if each had been typed -----------------------------------------------------------
def store_one_by_one(plan: Plan, workshop: Workshop, user: User) -> None:
    """Store a plan by ``save`` alone: slow, and beyond doubt."""
    for order, name in enumerate(plan.new_fields, start=next_order(workshop.fields.all())):
        _save(ActionField(workshop=workshop, name=name, order=order), user)
    fields = {name_key(field.name): field for field in workshop.fields.standing()}
    goals = _goals_one_by_one(plan, workshop, fields, user)
    towns = {str(each): each for each in workshop.municipalities.all()}
    round = unsettled_round(workshop)
    for row in plan.new_measures:
        field = fields[name_key(row.field)]
        goal = goals[name_key(row.field), name_key(row.goal)] if row.goal else None
        order = next_order(Measure.objects.filter(field=field, goal=goal))
        measure = Measure(workshop=workshop, field=field, goal=goal, title=row.measure, order=order)
        _put(measure, row.values, towns)
        _save(measure, user)
        _agree(Consensus(measure=measure), round, row.values, user)
    agreed = agreed_in(workshop, round)
    changes = defaultdict(dict)
    fields_of = {}
    for change in plan.changes:
        if change.measure is not None:
            changes[change.measure][change.target] = change.after
            fields_of[change.measure] = change.field
    for pk, values in changes.items():
        measure = Measure.objects.get(pk=pk)
        names = _put(measure, values, towns)
        if goal := values.get("goal"):
            measure.goal = goals[name_key(fields_of[pk]), name_key(goal)]
            measure.order = next_order(measure.goal.measures.all())
            names |= {"goal", "order"}
        if names:
            _save(measure, user, only=names)
        _agree(agreed.get(pk) or Consensus(measure=measure), round, values, user)


def _goals_one_by_one(plan, workshop, fields, user):
    goals = {}
    for goal in Goal.objects.in_workshop(workshop).standing().select_related("field"):
        goals.setdefault((name_key(goal.field.name), name_key(goal.text)), goal)
    indicators = {
        (name_key(each.field), name_key(each.name)): each.after
        for each in plan.changes
        if each.measure is None
    }
    for name, text in plan.new_goals:
        field, key = fields[name_key(name)], (name_key(name), name_key(text))
        order = next_order(field.goals.standing())
        goals[key] = Goal(field=field, text=text, order=order, indicator=indicators.pop(key, ""))
        _save(goals[key], user)
    for key, indicator in indicators.items():
        goals[key].indicator = indicator
        _save(goals[key], user, only={"indicator"})
    return goals


def _put(measure, values, towns):
    own = {each.attribute: values[each.name] for each in CONTENT if each.name in values}
    if "municipality" in values:
        own["municipality"] = towns[values["municipality"]]
    for name, value in own.items():
        setattr(measure, name, value)
    return set(own)


def _agree(consensus, round, values, user):
    told = {name: values[name] for name in ("relevance", "feasibility") if name in values}
    if told:
        for name, value in told.items():
            setattr(consensus, name, value)
        if round.pk is None:
            round.save()
        consensus.round = round
        _save(consensus, user)


def _save(row, user, only=None):
    row._history_user = user
    row.save(update_fields=only)


# The same by chance ------------------------------------------------------------------------------
def some_workshop(random: Random) -> Workshop:
    """Return one in which something is dropped, removed, merged, rated, shown and agreed on."""
    workshop = Workshop.objects.create(title="Zufall", date=datetime.date(2026, 11, 9))
    for seat, name in enumerate(("Bingen", "Weiler"), start=1):
        town = Municipality.objects.create(name=name)
        WorkshopMunicipality.objects.create(workshop=workshop, municipality=town, seat=seat)
    for order, name in enumerate(random.sample(("Mobilität", "Bildung"), random.randint(0, 2))):
        ActionField.objects.create(workshop=workshop, name=name, order=order)
    take(workshop, some_file(random, 8))
    rows = list(workshop.measures.standing())
    if len(rows) > 3:
        rows[0].is_removed = True
        rows[0].save()
        rows[1].merge_into(rows[2])
        if random.random() < 0.5:
            ballot = Ballot.objects.create(workshop=workshop, source=Ballot.Source.ACCOUNT)
            save_rating(ballot, rows[3], relevance=4, feasibility=2)
            show(workshop)
    for goal in Goal.objects.in_workshop(workshop).filter(text="Weg"):
        goal.is_removed = True
        goal.save()
        goal.measures.update(goal=None)
    dropped = workshop.fields.filter(name="Gestrichen")
    dropped_rows = workshop.measures.filter(field__in=dropped)
    dropped_rows.update(is_removed=True, is_removed_with_field=True)
    Goal.objects.filter(field__in=dropped).update(is_removed=True, is_removed_with_field=True)
    dropped.update(is_removed=True)
    return workshop


def some_file(random: Random, rows: int) -> bytes:
    heads = "feld;ziel;indikator;titel;beschreibung;horizont;kommune;relevanz;realisierbarkeit"
    lines = [
        ";".join(
            (
                random.choice(FIELDS),
                goal := random.choice(GOALS),
                "80 %" if goal and random.random() < 0.2 else "",
                f"{random.choice(TITLES)}{random.randint(1, rows)}",
                random.choice(TEXTS),
                random.choice(("", "kurz", "lang")),
                random.choice(TOWNS),
                random.choice(STEPS),
                random.choice(STEPS),
            )
        )
        for _row in range(rows)
    ]
    return "\n".join([heads, *lines]).encode()


def take(workshop: Workshop, file: bytes, user: User | None = None) -> Plan:
    table = read_table(file)
    return import_table(table, guess(table.headers), workshop, user)


def state(workshop: Workshop) -> dict[str, list]:
    """Return all rows and their histories, told by names and numbers, for ids differ."""
    of_fields = ("name", "order", "version", "is_removed", "is_worked_on")
    of_goals = ("field__name", "text", "indicator", "order", "version", "is_removed")
    of_measures = (
        "number", "field__name", "goal__text", "title", "municipality__name", "order",
        "merged_into__number", "version", "is_removed", *(each.attribute for each in CONTENT),
    )  # fmt: skip
    of_agreed = ("measure__number", "round__number", "relevance", "feasibility")
    recorded = ("history_type", "history_user__email", "history_change_reason")
    told = {
        ActionField: ("workshop", of_fields),
        Goal: ("field__workshop", of_goals),
        Measure: ("workshop", of_measures),
        Consensus: ("measure__workshop", of_agreed),
    }
    found = {
        "wordings": sorted(
            FormerWording.objects.filter(measure__workshop=workshop).values_list(
                "measure__number", "title", "description"
            )
        ),
        "rounds": list(workshop.rounds.order_by("pk").values_list("number", "state")),
    }
    for model, (way, names) in told.items():
        rows = model.objects.filter(**{way: workshop}).order_by("pk")
        found[model.__name__] = list(rows.values_list(*names))
        records = model.history.filter(**{way: workshop}).order_by("id", "history_id")
        found[f"{model.__name__}, recorded"] = list(records.values_list(*recorded, *names))
    return found


class TakenBack(Exception):
    pass


def outcome(workshop: Workshop, store) -> dict | str:
    """Return what a way of storing leaves, or what it raises, and take it back."""
    try:
        with transaction.atomic():
            store()
            left = state(workshop)
            raise TakenBack
    except TakenBack:
        return left


@pytest.mark.parametrize("seed", range(12))
def test_all_at_once_stores_what_row_by_row_would(seed):
    random = Random(seed)
    workshop = some_workshop(random)
    user = User.objects.create_user("mod@example.org")
    file = some_file(random, 20)
    table = read_table(file)
    plan = preview(table, guess(table.headers), workshop)
    if not plan.is_ready:
        rows = [problem.row for problem in plan.problems]
        lines = file.split(b"\n")
        file = b"\n".join(line for row, line in enumerate(lines, start=1) if row not in rows)
        table = read_table(file)
        plan = preview(table, guess(table.headers), workshop)
    assert plan.is_ready and plan.entries > 3
    one_by_one = outcome(workshop, lambda: store_one_by_one(plan, workshop, user))
    at_once = outcome(workshop, lambda: take(workshop, file, user))
    for name in one_by_one:
        assert (name, at_once[name]) == (name, one_by_one[name])
