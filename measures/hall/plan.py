"""The day's plan: its lines with their ends, which of them it is time for, and its form."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.hall.plan_text import Part, Unreadable, longest, parts_of, text_of
from measures.models import LONGEST_SLOT, MOST_SLOTS, Slot
from workshops.models import Workshop
from workshops.seen import SeenForm

LONGEST_TEXT = Slot._meta.get_field("text").max_length or 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the plan with its end; ``is_now`` and ``is_over`` only on the day itself."""

    start: time
    end: time
    minutes: int
    text: str
    is_now: bool
    is_over: bool


def lines_of(workshop: Workshop, now: datetime) -> list[Line]:
    """Return the lines in their order; ``now`` is local. 1 query."""
    return [_line(each, workshop, now) for each in workshop.slots.all()]


def next_change(lines: Iterable[Line], day: date, now: datetime) -> int | None:
    """In how many seconds the next line begins or ends on this day, None where none does."""
    clocks = {clock for each in lines for clock in (each.start, each.end)}
    moments = [datetime.combine(day, clock, now.tzinfo) for clock in clocks]
    later = [each - now for each in moments if each > now and now.date() == day]
    return int(min(later).total_seconds()) + 1 if later else None


def _line(slot: Slot, workshop: Workshop, now: datetime) -> Line:
    start = datetime.combine(workshop.date, slot.start, now.tzinfo)
    end = start + timedelta(minutes=slot.minutes)
    is_today = now.date() == workshop.date
    return Line(
        start=slot.start,
        end=end.time(),
        minutes=slot.minutes,
        text=slot.text,
        is_now=start <= now < end,
        is_over=is_today and end <= now,
    )


class PlanForm(SeenForm):
    """The whole plan as text, a line for each part."""

    text = forms.CharField(
        label=gettext_lazy("Plan of the day"),
        required=False,
        max_length=MOST_SLOTS * (LONGEST_TEXT + 20),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "true"}),
        help_text=gettext_lazy(
            "One line for each part, such as “09:00–09:20 Welcome”. The end may be missing."
        ),
    )

    def __init__(self, data: Any = None, *, workshop: Workshop) -> None:
        self.workshop = workshop
        self.stored = text_of(
            Part(each.start, each.minutes, each.text) for each in workshop.slots.all()
        )
        super().__init__(data, initial={"text": self.stored})

    @property
    def now(self) -> str:
        return sha256(self.stored.encode()).hexdigest()[:16]

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        try:
            parts = parts_of(text)
        except Unreadable as fault:
            message = _("This line does not begin with a time of the day: “%(line)s”.")
            raise ValidationError(message % {"line": fault.line}) from fault
        if len(parts) > MOST_SLOTS:
            raise ValidationError(_("A plan has at most %(n)d lines.") % {"n": MOST_SLOTS})
        if longest(parts) > LONGEST_TEXT:
            message = _("A line has at most %(n)d characters.")
            raise ValidationError(message % {"n": LONGEST_TEXT})
        if any(each.minutes > LONGEST_SLOT for each in parts):
            message = _("A part lasts at most %(n)d minutes.")
            raise ValidationError(message % {"n": LONGEST_SLOT})
        self.read = parts
        return text_of(parts)

    def redrawn(self) -> "PlanForm":
        return PlanForm(self.data.dict() | self.as_seen_now(), workshop=self.workshop)

    def parts(self) -> Iterable[Part]:
        """Return the plan of a form that is valid."""
        return self.read


def store_plan(workshop: Workshop, parts: Iterable[Part]) -> None:
    """Let the plan be exactly these parts."""
    workshop.slots.all().delete()
    Slot.objects.bulk_create(Slot(workshop=workshop, **each._asdict()) for each in parts)
