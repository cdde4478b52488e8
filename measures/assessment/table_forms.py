"""Many assessments in one table: stored together or not at all, and each wrong cell named."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from measures.assessment.forms import ByOfficeForm, one_line
from measures.models import Assessment, Measure
from measures.rating.forms import StepChoices
from workshops.forms import DateInput
from workshops.models import Criterion, Workshop, mark_changed
from workshops.seen import SeenForm

Values = tuple[int | None, int | None, str]
NAMES = (*Criterion.values, "reason")


class HeadForm(ByOfficeForm):
    """Office and day, the same for all that is entered at once."""

    office = Assessment._meta.get_field("office").formfield()
    day = Assessment._meta.get_field("day").formfield(widget=DateInput())

    def __init__(self, *args, today: date, earliest: date, office: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.earliest = today, earliest
        self.initial.update(day=today, office=office)


class RowForm(SeenForm):
    """What is entered for one measure; ``entries`` are its assessments, the newest first.

    Seen is the id of the one that held. Nothing is entered where nothing was changed.
    """

    hide_optional = True

    def __init__(
        self,
        data: QueryDict | Mapping[str, str] | None,
        *,
        measure: Measure,
        entries: Sequence[Assessment],
        choices: StepChoices,
    ):
        super().__init__(data, prefix=f"m{measure.number}")
        self.measure, self.entries = measure, {str(each.pk): each for each in entries}
        self.holds = entries[0] if entries else None
        for criterion in Criterion:
            self.fields[criterion.value] = forms.TypedChoiceField(
                label=f"{measure.code}, {criterion.label}",
                choices=[("", "–"), *choices[criterion]],
                coerce=int,
                empty_value=None,
                required=False,
            )
        reason = Assessment._meta.get_field("reason")
        label = f"{measure.code}, {reason.verbose_name}"
        self.fields["reason"] = forms.CharField(
            label=label, max_length=reason.max_length, required=False
        )
        self.initial.update(zip(NAMES, _values(self.holds), strict=True))

    @property
    def now(self) -> str:
        return str(self.holds.pk) if self.holds else ""

    @property
    def typed(self) -> Values:
        data = self.cleaned_data
        return data.get("relevance"), data.get("feasibility"), data.get("reason", "")

    @property
    def is_changed(self) -> bool:
        """Tell whether something else was typed than what was seen, or is stored by now."""
        seen = self.entries.get(self.cleaned_data.get("seen", ""))
        return self.typed not in (_values(seen), _values(self.holds))

    @property
    def conflict(self) -> bool:
        return super().conflict and self.is_changed

    def clean_reason(self) -> str:
        return one_line(self.cleaned_data["reason"])

    def clean(self) -> dict[str, Any]:
        """Ask for what is missing of a row in which something was changed."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not self.is_changed:
            return data
        for name in Criterion.values:
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, _("Please choose a step of the scale."))
        if not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Please give the reason."))
        return data

    def refuse_older_than(self, day: date) -> None:
        """Complain where what is entered for ``day`` would not hold."""
        if self.is_changed and self.holds and day < self.holds.day:
            text = _("There is a newer assessment, of %(day)s.")
            told = {"day": date_format(self.holds.day, "SHORT_DATE_FORMAT")}
            self.add_error("reason", forms.ValidationError(text, params=told))

    def words(self, name: str, value: Any) -> str:
        return super().words(name, value or None)


def _values(entry: Assessment | None) -> Values:
    return (entry.relevance, entry.feasibility, entry.reason) if entry else (None, None, "")


class TableForm:
    """Head and rows, drawn and sent as one form."""

    def __init__(
        self,
        data: QueryDict | Mapping[str, str] | None = None,
        *,
        workshop: Workshop,
        measures: Sequence[Measure],
        entries: Mapping[int, Sequence[Assessment]],
        choices: StepChoices,
        today: date,
        office: str,
    ):
        self.data, self.workshop = data, workshop
        self.head = HeadForm(data, today=today, earliest=workshop.date, office=office)
        self.rows = [
            RowForm(data, measure=each, entries=entries.get(each.pk, ()), choices=choices)
            for each in measures
        ]
        self.again = partial(
            TableForm, workshop=workshop, measures=measures, entries=entries, choices=choices,
            today=today, office=office,
        )  # fmt: skip
        if self.is_bound and self.head.is_valid() and all(row.is_valid() for row in self.rows):
            for row in self.rows:
                row.refuse_older_than(self.head.cleaned_data["day"])

    @property
    def parts(self) -> list[forms.Form]:
        return [self.head, *self.rows]

    def __iter__(self) -> Iterator[forms.BoundField]:
        return (field for part in self.parts for field in part)

    @property
    def is_bound(self) -> bool:
        return self.data is not None

    def is_valid(self) -> bool:
        return self.is_bound and not self.errors

    @property
    def errors(self) -> dict[str, Any]:
        return {part.add_prefix(n): e for part in self.parts for n, e in part.errors.items()}

    def non_field_errors(self) -> list[str]:
        return [str(error) for part in self.parts for error in part.non_field_errors()]

    @property
    def conflict(self) -> bool:
        return any(row.conflict for row in self.rows)

    def differences(self) -> list[dict[str, str]]:
        return [each for row in self.rows if row.conflict for each in row.differences()]

    def redrawn(self) -> "TableForm":
        """Return the table with what was typed; a row that nobody touched here shows what holds."""
        data = {name: str(value) for name, value in (self.data or {}).items()}
        for row in self.rows:
            data |= row.as_seen_now()
            names = [] if row.is_changed else NAMES
            data |= {row.add_prefix(name): str(row.initial[name] or "") for name in names}
        return self.again(data)

    @transaction.atomic
    def save(self) -> int:
        """Store what was changed, all at once; return how many measures. Save in turn."""
        head = self.head.cleaned_data
        entries = [
            Assessment(
                measure=row.measure,
                office=head["office"],
                day=head["day"],
                client_id=uuid4(),
                **dict(zip(NAMES, row.typed, strict=True)),
            )
            for row in self.rows
            if row.is_changed
        ]
        if entries:
            mark_changed(self.workshop.pk)
            Assessment.objects.bulk_create(entries)
        return len(entries)
