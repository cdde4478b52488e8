"""States of the dashboard that a workshop keeps under a name, and the one to start with."""

from typing import cast
from urllib.parse import urlencode

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.models import MOST_VIEWS, Measure, SavedView
from measures.results.became import became_of
from measures.results.columns import COLUMNS
from measures.results.filters import OPEN, DashboardForm
from workshops.formkit import WholeRowForm
from workshops.models import Workshop
from workshops.plain_text import name_key
from workshops.visits import Visit

VIEW = "view"  # names in an address the saved view that it comes from; anything else: all is shown
ALL = f"{VIEW}=all"  # what stands in an address that asks for nothing else
ORDER = "order"
MOST_LETTERS = SavedView._meta.get_field("query").max_length or 0
ITS_START = gettext_lazy(
    "The committee starts with this view; only the administration can change it."
)
UNDECIDED = f"status={OPEN}"  # what the committee starts with where nobody has chosen


def start_of(workshop: Workshop, visit: Visit) -> str:
    """Return what stands in the address with which this visitor's dashboard starts, "" for nothing.

    Only the committee has a start: the view chosen for it, else what is not decided yet, as soon as
    something is decided and until all is. At most 4 queries, none for others.
    """
    if not visit.is_committee:
        return ""
    if chosen := SavedView.objects.in_workshop(workshop).starting().first():
        return chosen.address
    became = became_of(visit, today=timezone.localdate())
    decided = [pk for pk, each in became.items() if not each.is_open]
    if not decided:
        return ""
    others = Measure.objects.in_workshop(workshop).standing().exclude(pk__in=decided)
    return UNDECIDED if others.exists() else ""


# What an address says ---------------------------------------------------------------------------


def query_of(form: DashboardForm) -> str:
    """Return the state as an address tells it: what is valid and not as usual, in our order."""
    return urlencode(_said(form), doseq=True)


def words_of(form: DashboardForm) -> list[tuple[str, str]]:
    """Return the same for people, as pairs of label and value."""
    said = _said(form)
    order = said.pop(ORDER, None)
    words = [
        (str(label), _choice(form, name)) for name in said if (label := form.fields[name].label)
    ]
    return [*words, (_("Sorted by"), _column(str(order)))] if order else words


def _choice(form: DashboardForm, name: str) -> str:
    """Return what was chosen as the form calls it, several behind each other; a number as it is."""
    value = form.chosen[name]
    choices = dict(getattr(form.fields[name], "choices", ()))
    return ", ".join(
        str(choices.get(each, each)) for each in (value if isinstance(value, list) else [value])
    )


def _column(order: str) -> str:
    heading = next(str(text) for key, text, _n in COLUMNS if key == order.removeprefix("-"))
    return _("%(column)s, descending") % {"column": heading} if order[0] == "-" else heading


def _said(form: DashboardForm) -> dict[str, object]:
    usual = {"weight": form.usual_weight, ORDER: "rank"}
    chosen = form.chosen
    return {
        name: chosen[name]
        for name in form.fields
        if name in chosen and name != VIEW and chosen[name] != usual.get(name)
    }


def as_sent(form: DashboardForm) -> str:
    """Return what the address says, whether it fits or not."""
    sent = cast("QueryDict", form.data).lists()
    return urlencode([(n, text) for n, texts in sent if n != VIEW for text in texts if text])


# Saving -----------------------------------------------------------------------------------------


class SavedViewForm(WholeRowForm):
    """Name of a saved view, and whether the committee starts with it. Save in turn.

    As soon as something rests on what the committee sees, its start is the administration's alone.
    """

    owner = ("workshop",)
    starts = forms.BooleanField(
        label=gettext_lazy("The committee starts with this view"), required=False
    )

    class Meta:
        model = SavedView
        fields = ("name",)

    def __init__(self, *args, may_start: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["starts"] = self.instance.is_start
        self.may_start = may_start
        if not may_start:
            del self.fields["starts"]

    @transaction.atomic
    def save(self, commit: bool = True) -> SavedView:
        """Store the view; of all others none is the start any more, if this one is."""
        view = self.instance
        starts = self.cleaned_data.get("starts", view.is_start)
        if starts:
            for other in view.workshop.saved_views.starting().exclude(pk=view.pk):
                other.is_start = False
                other.save(update_fields=["is_start"])
        view.is_start = starts
        view.save()
        return view


class NewViewForm(SavedViewForm):
    """Saves a state of the dashboard under a name that is new, or in the place of ``twin``.

    Sent twice it is stored once. Another state under the same name takes the place of the stored
    one only if ``replace`` names it; a start stays the start.
    """

    twin: SavedView | None = None

    def clean(self):
        super().clean()
        data, view = self.cleaned_data, self.instance
        known = list(view.workshop.saved_views.all())
        key = name_key(data.get("name", ""))
        self.twin = next((each for each in known if each.name_key == key), None)
        if len(view.query) > MOST_LETTERS:
            self.add_error(None, _("This view says more than can be kept; please narrow it."))
        elif self.twin and self.twin.is_start and not self.may_start:
            self.add_error("name", ITS_START)
        elif self.twin and (self.twin.query == view.query or self._replaces(self.twin)):
            self.twin.query = view.query
            self.instance = self.twin
            data["starts"] = data.get("starts") or self.twin.is_start
        elif free := {*range(1, MOST_VIEWS + 1)} - {each.place for each in known}:
            view.place = min(free)
        else:
            text = _("A workshop keeps at most %(most)d views; please remove one first.")
            self.add_error(None, text % {"most": MOST_VIEWS})
        return data

    def _replaces(self, twin: SavedView) -> bool:
        return self.data.get("replace") == str(twin.pk)


def new_view_form(may_start: bool) -> NewViewForm:
    """Return an empty form that saves a state."""
    return NewViewForm(auto_id="save_%s", may_start=may_start)
