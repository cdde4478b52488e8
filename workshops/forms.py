from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from workshops import roles
from workshops.choices import choice, row_choice
from workshops.formkit import WholeRowForm
from workshops.models import (
    Criterion,
    Membership,
    Participant,
    ParticipantGroup,
    Role,
    User,
    Workshop,
)
from workshops.models.workshop import (
    MAX_STEPS,
    MIN_STEPS,
    NUMBER_IS_FROZEN,
    TABLES_ARE_FROZEN,
)
from workshops.municipalities import all_municipalities
from workshops.number_fields import DecimalNumberField, WholeNumberField
from workshops.plain_text import name_key
from workshops.scales import default_labels
from workshops.seen import VersionedForm
from workshops.setup import find_municipality, seat_municipalities, set_scale
from workshops.visits import Visit


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")  # the only form that a date field understands


class SuggestInput(forms.TextInput):
    """A text field with suggestions from a ``<datalist>`` that the page draws once."""

    def __init__(self, list_id: str):
        super().__init__(attrs={"list": list_id, "autocomplete": "off"})


class MunicipalitiesMixin(forms.Form):
    """One to three municipalities by name; known ones are suggested, new ones are created."""

    municipality_1 = forms.CharField(
        label=_("Municipality"), max_length=131, widget=SuggestInput("municipalities")
    )
    municipality_2 = forms.CharField(
        label=_("Second municipality"),
        max_length=131,
        required=False,
        widget=SuggestInput("municipalities"),
    )
    municipality_3 = forms.CharField(
        label=_("Third municipality"),
        max_length=131,
        required=False,
        widget=SuggestInput("municipalities"),
    )

    def clean(self):
        super().clean()
        data = self.cleaned_data
        seen: dict[object, str] = {}
        for name in self.municipality_fields():
            text = data.get(name)
            if not text:
                continue
            if len(text) > 120 and not find_municipality(text):
                self.add_error(name, _("A name has at most 120 characters."))
            key = find_municipality(text) or name_key(text)
            if key in seen:
                self.add_error(name, _("This municipality is named twice."))
            seen[key] = text
        return data

    @staticmethod
    def municipality_fields() -> tuple[str, ...]:
        return ("municipality_1", "municipality_2", "municipality_3")

    def municipality_names(self) -> list[str]:
        return [t for name in self.municipality_fields() if (t := self.cleaned_data.get(name))]

    @staticmethod
    def suggestions() -> list[str] | None:
        """Return the names of all, None where they are too many for a page."""
        return all_municipalities()


class WorkshopForm(MunicipalitiesMixin, VersionedForm):
    """Everything that a facilitator may set, but for the scale's words."""

    class Meta:
        model = Workshop
        fields = (
            "title",
            "date",
            "place",
            "hosts",
            "introduction",
            "relevance_weight",
            "relevance_threshold",
            "feasibility_threshold",
            "name_start",
            "name_prepare",
            "name_optional",
            "name_park",
            "smallest_room",
            "smallest_group",
            "measures_per_person",
            "is_rated_by_table",
            "anonymity",
        )
        widgets = {"date": DateInput(), "introduction": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "smallest_group": _(
                "Ratings of a group, and values of a measure on the public page, are only shown"
                " from this many on; from 3 to 20."
            )
        }
        field_classes = {
            "relevance_weight": WholeNumberField,
            "relevance_threshold": DecimalNumberField,
            "feasibility_threshold": DecimalNumberField,
            "smallest_room": WholeNumberField,
            "smallest_group": WholeNumberField,
            "measures_per_person": WholeNumberField,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        seats = self.instance.seats.select_related("municipality")
        for name, seat in zip(self.municipality_fields(), seats, strict=False):
            self.initial[name] = str(seat.municipality)
        # Seals name the day. Whether there is one yet is not told to those who may not know it.
        if self.instance.has_record or self.instance.seals.exists():
            self.fields["date"].disabled = True
            self.fields["date"].help_text = _(
                "Stays as it is: results are shown, or a session has an agenda."
            )
        if self.instance.is_rated_now():
            self.fields["measures_per_person"].disabled = True
            self.fields["measures_per_person"].help_text = NUMBER_IS_FROZEN
        if self.instance.has_begun_a_round():
            self.fields["is_rated_by_table"].disabled = True
            self.fields["is_rated_by_table"].help_text = TABLES_ARE_FROZEN
        if self.instance.ballots.exists():
            self.fields["anonymity"].disabled = True
            self.fields["anonymity"].help_text = _(
                "Ballots are handed out, so this cannot change any more."
            )

    def clean(self):
        """Keep a municipality that measures concern: without a seat they would hang in the air."""
        data = super().clean()
        named = (find_municipality(name) for name in self.municipality_names())
        staying = [municipality.pk for municipality in named if municipality]
        leaving = self.instance.municipalities.exclude(pk__in=staying)
        for municipality in leaving.filter(measures__workshop=self.instance).distinct():
            text = _("Measures concern %(name)s, so it keeps its place.")
            self.add_error(None, text % {"name": municipality.name})
        return data

    @transaction.atomic
    def save(self, commit=True):
        workshop = super().save(commit)
        seat_municipalities(workshop, self.municipality_names())
        return workshop


class ScaleForm(forms.ModelForm):
    """The words of each step, one text field per step and criterion.

    ``steps`` is the length that the fields are drawn for; the page offers other lengths as links
    to itself. It comes back in a hidden field and is stored with the words.
    """

    class Meta:
        model = Workshop
        fields = ("steps",)
        widgets = {"steps": forms.HiddenInput}

    def __init__(self, *args, steps: int | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.drawn = steps or self.instance.steps
        self.initial["steps"] = self.drawn
        words = {(s.criterion, s.step): s.label for s in self.instance.scale_steps.all()}
        for criterion in Criterion:
            defaults = default_labels(self.drawn)
            for step in range(1, self.drawn + 1):
                stored = words.get((criterion, step)) if self.drawn == self.instance.steps else None
                self.fields[f"{criterion}_{step}"] = forms.CharField(
                    label=f"{criterion.label} {step}",
                    max_length=60,
                    initial=stored or defaults[step - 1],
                )

    @staticmethod
    def lengths() -> range:
        return range(MIN_STEPS, MAX_STEPS + 1)

    @transaction.atomic
    def save(self, commit=True):
        workshop = self.instance
        workshop.save(update_fields=["steps"])
        set_scale(
            workshop,
            {
                criterion: [
                    self.cleaned_data[f"{criterion}_{step}"] for step in range(1, self.drawn + 1)
                ]
                for criterion in Criterion
            },
        )
        return workshop


class GroupForm(WholeRowForm):
    owner = ("workshop",)

    class Meta:
        model = ParticipantGroup
        fields = ("name",)


def _offer_groups(form: forms.BaseForm, workshop: Workshop) -> None:
    """Let the form's field ``group`` offer the groups of the workshop."""
    field = row_choice(form, "group")
    field.queryset = workshop.groups.all()
    field.empty_label = _("no group")


class ParticipantForm(forms.ModelForm):
    """The group of a participant who has no ballot yet."""

    class Meta:
        model = Participant
        fields = ("group",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _offer_groups(self, self.instance.workshop)

    def save(self, commit=True) -> bool:
        """Return False where a ballot was handed out meanwhile; it carries the old group."""
        # In one statement: between a look and the change a ballot could be handed out.
        waiting = Participant.objects.filter(pk=self.instance.pk, has_ballot=False)
        return bool(waiting.update(group=self.cleaned_data["group"]))


class RoleAndGroupForm(forms.Form):
    """What people are added to: a role, or the participants of a group.

    Offered are the roles that this person gives, see ``workshops.roles``.
    """

    PARTICIPANT = "participant"
    ROLES = ((PARTICIPANT, _("Participant")), *Role.choices)

    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
    group = forms.ModelChoiceField(
        label=_("Group (participants only)"),
        queryset=ParticipantGroup.objects.none(),
        required=False,
        empty_label=_("no group"),
    )

    def __init__(self, *args, visit: Visit, **kwargs):
        super().__init__(*args, **kwargs)
        self.visit = visit
        _offer_groups(self, visit.workshop)
        offered = {self.PARTICIPANT, *roles.given(visit)}
        choice(self, "role").choices = [each for each in self.ROLES if each[0] in offered]

    def role_name(self) -> str:
        """Return what the chosen role is called."""
        return str(dict(self.ROLES)[self.cleaned_data["role"]])


class PersonForm(RoleAndGroupForm):
    """Add somebody by e-mail: to a role, or to the participants of a group.

    An account that does not exist yet is made without a password; its owner sets one through
    "forgotten password".
    """

    field_order = ("email", "name", "role", "group")
    takes_focus = True  # and not the list of errors: whoever adds many people goes on typing
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)

    def clean(self):
        super().clean()
        data = self.cleaned_data
        email = data.get("email", "")
        is_role = data.get("role") in Role.values  # everybody may take part
        if is_role and roles.is_oneself(self.visit.person, email, self._account(email)):
            self.add_error("email", roles.not_oneself())
        return data

    def begin_at_error(self) -> None:
        """Let the first faulty field take the focus."""
        first = next(name for name in self.fields if name in self.errors)
        self.fields[first].widget.attrs["autofocus"] = True

    @staticmethod
    def _account(email: str) -> User | None:
        return User.objects.filter(email__iexact=email).first()

    @transaction.atomic
    def save(self) -> User | None:
        """Return whom it has added; None where the person was there already."""
        data = self.cleaned_data
        user = self._account(data["email"])
        if user is None:
            user = User.objects.create_user(data["email"], name=data["name"])
        if data["role"] == self.PARTICIPANT:
            _participant, is_new = Participant.objects.get_or_create(
                workshop=self.visit.workshop,
                user=user,
                defaults={"name": data["name"] or user.name, "group": data["group"]},
            )
        else:
            _membership, is_new = Membership.objects.get_or_create(
                workshop=self.visit.workshop, user=user, role=data["role"]
            )
        return user if is_new else None
