"""From the plain data of a transfer file to rows, all of them or none."""

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import DataError, IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from measures.committee.appending import append
from measures.committee.sealing import place_of
from measures.hand_over import meeting
from measures.hand_over.queries import renumbered
from measures.hand_over.readiness import Refused
from measures.hand_over.schema import FORMAT, RATED, TABLES, VERSION, Table
from measures.models import Measure, Rating, Round, SavedView, Seal, SealKind
from workshops.bulk import reserve
from workshops.locked import newer
from workshops.models import (
    Ballot,
    Municipality,
    ParticipantGroup,
    User,
    Workshop,
    WorkshopRevision,
    random_id,
)

Data = Mapping[str, Any]
Ids = dict[Any, dict[int, int]]  # by model: the id of a row by its place in the file
BROKEN = (
    KeyError, TypeError, ValueError, AttributeError, FieldDoesNotExist, ValidationError,
    IntegrityError, DataError,
)  # fmt: skip


def unpack(data: object) -> Workshop:
    """Store the workshop and return it. Raises Refused, and then nothing is stored."""
    data = _checked(data)
    try:
        with transaction.atomic():
            return _stored(data)
    except BROKEN as error:
        text = _("The transfer file contradicts itself (%(cause)s).")
        cause = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise Refused(text % {"cause": cause}) from error


def _checked(data: object) -> Data:
    """Raise Refused for what is no transfer, or comes from a newer version."""
    told = data if isinstance(data, dict) else {}
    version = told.get("version")
    if told.get("format") != FORMAT or not isinstance(version, int) or version < 1:
        raise Refused(_("This is no transfer file of the Digital-Werkstatt."))
    if version > VERSION:
        raise Refused(newer())
    return told


def _stored(data: Data) -> Workshop:
    is_old = data["version"] < VERSION
    tables = {table: _part(data["tables"], table.name, is_old) for table in TABLES}
    _refuse_twin(data["tables"][Workshop._meta.label_lower][0]["uuid"])
    matched = data["matched"]
    ids: Ids = {
        User: _by_place(meeting.accounts(matched[User._meta.label_lower])),
        Municipality: _by_place(meeting.municipalities(matched[Municipality._meta.label_lower])),
    }
    for table, told in tables.items():
        ids[table.model] = dict(enumerate(_new_ids(table.model, len(told)), start=1))
    for table, told in tables.items():
        _store_table(table, told, ids, is_old)
        if table.has_history:
            records = _part(data["history"], table.name, is_old)
            _store_history(table, records, ids, is_old)
    workshop = Workshop.objects.get(pk=ids[Workshop][1])
    WorkshopRevision.objects.create(workshop=workshop)
    _store_ballots(workshop, data["ballots"], ids)
    _bind(workshop)
    connection.check_constraints()  # now, while all of it can still be taken back
    return workshop


def _new_ids(model: type[models.Model], count: int) -> list[int]:
    """Return ids for new rows; random ones where an id is to tell nothing."""
    key = model._meta.pk
    return [key.get_default() for _ in range(count)] if key.has_default() else reserve(model, count)


def _part(data: Data, name: str, is_old: bool) -> Any:
    """Return what the file tells under a name; an older version may not have known it."""
    return data.get(name, []) if is_old else data[name]


def _refuse_twin(uuid: str) -> None:
    """A workshop keeps its uuid wherever it goes: it is what says that it is here already."""
    if twin := Workshop.objects.filter(uuid=uuid).first():
        text = _("This workshop is here already, as “%(title)s” with the id %(id)d.")
        raise Refused(text % {"title": twin.title, "id": twin.pk})


def _by_place(rows: Iterable[models.Model]) -> dict[int, int]:
    return {place: row.pk for place, row in enumerate(rows, start=1)}


def _store_table(table: Table, told: list[Data], ids: Ids, is_old: bool) -> None:
    rows = []
    for place, each in enumerate(told, start=1):
        row = table.model(pk=ids[table.model][place])
        _fill(row, table.columns(), each, ids, is_old)
        rows.append(row)
    _adapt(rows, ids)
    _insert(table.model, rows, table.columns())
    for column in table.sets():
        through: Any = column.remote_field.through
        own, other = f"{column.m2m_field_name()}_id", f"{column.m2m_reverse_field_name()}_id"
        there = ids[column.related_model]
        through.objects.bulk_create(
            through(**{own: row.pk, other: there[target]})
            for row, each in zip(rows, told, strict=True)
            for target in _part(each, column.name, is_old)
        )


def _fill(
    row: models.Model, columns: Iterable[models.Field], told: Data, ids: Ids, is_old: bool
) -> None:
    """Set what the file tells; a column that an older version did not know begins as usual."""
    for column in columns:
        if column.name in told or not is_old:
            setattr(row, column.attname, _value(column, told[column.name], ids))


def _value(column: models.Field, value: Any, ids: Ids) -> Any:
    if isinstance(column, models.ForeignKey):
        return None if value is None else ids[column.related_model][value]
    return column.to_python(value)


def _adapt(rows: list[Any], ids: Ids) -> None:
    """Say whose keys sealed a link, and let the address of a view name the rows of here."""
    for row in rows:
        if isinstance(row, Seal):
            row.is_foreign = row.key_id not in settings.SEAL_KEYS
        if isinstance(row, SavedView):
            row.query = renumbered(row.query, ids)


def _insert(model: Any, rows: list[Any], columns: Iterable[models.Field]) -> None:
    """Insert past ``save``, which is made for people: numbers, times and marks are there."""
    now = [each.attname for each in columns if getattr(each, "auto_now_add", False)]
    times = [[getattr(row, name) for name in now] for row in rows]
    is_heavy = any(isinstance(each, models.BinaryField) for each in columns)
    model._default_manager.bulk_create(rows, batch_size=4 if is_heavy else 500)
    if not now or not rows:
        return
    for row, values in zip(rows, times, strict=True):  # inserting has set them to this moment
        for name, value in zip(now, values, strict=True):
            setattr(row, name, value)
    model._default_manager.bulk_update(rows, now, batch_size=200)


def _store_history(table: Table, told: list[Data], ids: Ids, is_old: bool) -> None:
    records = []
    for each in told:
        record = table.history(id=ids[table.model][each["row"]])
        _fill(record, table.history_columns(), each, ids, is_old)
        records.append(record)
    table.history.objects.bulk_create(records, batch_size=500)


def _store_ballots(workshop: Workshop, told: list[Data], ids: Ids) -> None:
    """Store them under new random ids, which rise as those did that they had before."""
    ballots, ratings = [], []
    for pk, each in zip(sorted(random_id() for _ballot in told), told, strict=True):
        group = each["group"] and ids[ParticipantGroup][each["group"]]
        ballot = Ballot(pk=pk, workshop=workshop, group_id=group, source=each["source"])
        ballots.append(ballot)
        for measure, round, *steps in each["ratings"]:
            rating = Rating(
                ballot=ballot, measure_id=ids[Measure][measure], round_id=ids[Round][round]
            )
            for name, step in zip(RATED, steps, strict=True):
                setattr(rating, name, step)
            ratings.append(rating)
    Ballot.objects.bulk_create(ballots)
    Rating.objects.bulk_create(sorted(ratings, key=attrgetter("pk")), batch_size=500)


def _bind(workshop: Workshop) -> None:
    """Seal with a key of this installation that the chain came in as it is."""
    if last := workshop.seals.order_by("position").last():
        content = {"links": last.position, "last": last.value}
        append(workshop.pk, SealKind.ARRIVED, content | place_of(workshop))
