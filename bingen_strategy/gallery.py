"""One page that shows every part of the look; only with DEBUG."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from measures.rounding import whole_percent
from workshops.number_fields import WholeNumberField

LEAD = (
    "Every part a page may be made of. Look at it in light and dark, at 320 pixels, in forced"
    " colours and on paper."
)
STEPS = ["Prepare", "Collect", "Rate", "Deliberate", "Closed"]
FIELDS = [
    "Digital infrastructure",
    "Education and youth",
    "Local economy",
    "Tourism",
    "Silver society (60+)",
    "Work and welfare",
    "Local administration",
    "Village and town development",
    "Everyday life",
    "Tenth field",
    "Eleventh field",
    "Twelfth field",
]
MEASURES = [
    ("Open Wi-Fi in the town hall", 1, "start", 4.4, 4.1, 18),
    ("Digital help hours in the library", 5, "prepare", 4.6, 2.3, 17),
    ("Online booking for village halls and playgrounds", 7, "optional", 2.7, 4.5, 18),
    ("Flying taxi to the Niederwald monument", 4, "park", 1.4, 1.2, 16),
]


class SampleForm(forms.Form):
    title = forms.CharField(label="Title", max_length=80, help_text="One measure, in a few words.")
    description = forms.CharField(label="Description", widget=forms.Textarea, required=False)
    people = WholeNumberField(label="People needed", min_value=1, required=False)
    due = forms.DateField(
        label="Due", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    horizon = forms.ChoiceField(
        label="Implementation time",
        choices=[("", "Please choose"), ("short", "Up to one year"), ("long", "Longer")],
    )
    groups = forms.MultipleChoiceField(
        label="Groups", choices=[("council", "Council"), ("clubs", "Clubs"), ("staff", "Staff")]
    )
    relevance = forms.ChoiceField(
        label="Relevance",
        widget=forms.RadioSelect,
        choices=[("1", "Low"), ("2", "Medium"), ("3", "High")],
        help_text="How much would it matter?",
    )
    who = forms.MultipleChoiceField(
        label="Who must be involved",
        widget=forms.CheckboxSelectMultiple,
        choices=[("mayor", "Mayor"), ("it", "IT department")],
        required=False,
    )
    document = forms.FileField(label="Document", required=False)
    public = forms.BooleanField(label="Show to the public", required=False)
    agreed = forms.BooleanField(label="Everyone in the room agrees")

    def clean(self):
        if self.is_bound:
            self.add_error(None, "This measure is already on the list.")


class FilterForm(forms.Form):
    hide_optional = True
    words = forms.CharField(label="Words", required=False)
    field = forms.ChoiceField(
        label="Action field", choices=[("", "All"), ("1", "One")], required=False
    )


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """GET: every component; ?toasts=1 shows the toasts, which would lie over the rest."""
    if "toasts" in request.GET:
        messages.success(request, "The measure was saved.")
        messages.info(request, "Rating is open until 3 p.m.")
        messages.warning(request, "Two measures have no goal yet.")
        messages.error(request, "The file could not be read. Row 3, column “goal” is empty.")
    context = {
        "lead": LEAD,
        "form": SampleForm(prefix="blank"),
        "wrong": SampleForm({}, prefix="wrong"),
        "filter": FilterForm(prefix="filter"),
        "steps": _steps(current=2),
        "tabs": [
            {"label": "Fields", "url": "?tab=fields", "current": True, "count": 9},
            {"label": "Measures", "url": "?tab=measures", "current": False, "count": 42},
            {"label": "Results", "url": "?tab=results", "current": False},
        ],
        "page": Paginator(range(90), 10).get_page(request.GET.get("page", 4)),
        "order": request.GET.get("sort", "-relevance"),
        "measures": MEASURES,
        "bars": _bars([1, 0, 3, 8, 6]),
        "series": list(enumerate(FIELDS, start=1)),
        "themes": ["kern-light", "kern-dark"],
        "levels": ["info", "success", "warning", "danger"],
        "quadrants": ["start", "prepare", "optional", "park"],
        "scale": range(1, 6),
    }
    return render(request, "gallery.html", context)


def _steps(current: int) -> list[dict]:
    states = ["done"] * current + ["current"] + ["todo"] * (len(STEPS) - current - 1)
    return [
        {"label": label, "state": state, "url": "?" if state == "done" else None}
        for label, state in zip(STEPS, states, strict=True)
    ]


def _bars(counts: list[int]) -> list[dict]:
    total = sum(counts)
    return [
        {
            "label": f"Step {step}",
            "count": count,
            "percent": whole_percent(count, total),
            "width": 100 * count / total,
        }
        for step, count in enumerate(counts, start=1)
    ]
