"""The form of a decision. Whatever was typed is shown again, also what does not fit the outcome."""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from measures.models import Decision, Outcome
from measures.models.session import MAX_SEATS
from workshops.forms import DateInput
from workshops.number_fields import WholeNumberField
from workshops.seen import SeenRowForm

VOTES = ("votes_for", "votes_against", "votes_abstained")
FIELDS: tuple[str, ...] = (
    "outcome",
    "is_recommendation",
    "wording",
    "deferred_until",
    "referred_to",
    "reason",
    "correction_reason",
    "present",
    "excluded",
    "excluded_names",
    *VOTES,
    "responsible",
    "responsible_email",
    "due_date",
    "budget_note",
)
SALT = "basis of a decision"


class DecisionForm(SeenRowForm):
    """Fills in a new entry; a correction begins with what the old entry says.

    ``seen`` carries the basis that was drawn, so that a change of it is noticed. It is signed, not
    secret: the basis of an old entry, which may hold what is not shown any more, is never in it.
    The e-mail address of an entry is the administration's alone: a correction by others keeps it
    and they may not find out by guessing. ``numbers_right`` lets votes pass that speak against the
    outcome.
    """

    is_unanimous = forms.BooleanField(label=_("Unanimous"), required=False)
    numbers_right = forms.BooleanField(label=_("The numbers are right"), required=False)
    is_unusual = False
    # With an initial value of its own a field offers no empty choice.
    outcome = Decision._meta.get_field("outcome").formfield(
        initial="",
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what was decided.")},
    )

    owner = ("decided_on", "seats", "quorum")

    class Meta:
        model = Decision
        fields = FIELDS
        widgets = {
            "wording": forms.Textarea(attrs={"rows": 4}),
            "reason": forms.Textarea(attrs={"rows": 4}),
            "deferred_until": DateInput(),
            "due_date": DateInput(),
            "correction_reason": forms.Textarea(attrs={"rows": 2}),
        }
        field_classes = dict.fromkeys((*VOTES, "present", "excluded"), WholeNumberField)
        error_messages = {
            "reason": {"required": _("Please enter the reason.")},
        }

    def __init__(self, *args, basis: dict, is_administration: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.basis, self.is_administration = basis, is_administration
        if self.instance.corrects and not is_administration:
            del self.fields["responsible_email"]

    def clean_correction_reason(self) -> str:
        """Keep none where nothing is corrected; a form that came too late is sent on with one."""
        return self.cleaned_data["correction_reason"] if self.instance.corrects else ""

    def clean_excluded(self) -> int | None:
        return self.cleaned_data["excluded"] or None  # nobody and not said are one

    def clean(self):
        super().clean()
        data = self.cleaned_data
        self._check_outcome(data)
        self._check_dates(data)
        self._check_present(data)
        self._check_correction(data)
        self._check_votes(data)
        return data

    def _check_outcome(self, data: dict) -> None:
        outcome = data.get("outcome")
        if outcome == Outcome.AMENDED and data.get("wording") == "":
            self.add_error("wording", _("Please enter how the measure reads as amended."))
        if outcome == Outcome.DEFERRED and self._is_empty("deferred_until"):
            self.add_error("deferred_until", _("Please enter until when it is deferred."))
        if outcome and outcome != Outcome.AMENDED and data.get("wording"):
            text = _("Only an amended measure has a new wording. Choose “amended” or empty this.")
            self.add_error("wording", text)
        if outcome and outcome != Outcome.DEFERRED and data.get("deferred_until"):
            text = _("Only a deferred measure has this date. Choose “deferred” or empty this.")
            self.add_error("deferred_until", text)
        if outcome == Outcome.REFERRED and data.get("referred_to") == "":
            self.add_error("referred_to", _("Please enter to whom it is referred."))
        if outcome and outcome != Outcome.REFERRED and data.get("referred_to"):
            text = _("Only what is referred has a recipient. Choose “referred” or empty this.")
            self.add_error("referred_to", text)

    def _is_empty(self, name: str) -> bool:
        return name not in self.errors and self.cleaned_data.get(name) is None

    def _check_dates(self, data: dict) -> None:
        day = self.instance.decided_on
        if (until := data.get("deferred_until")) and until <= day:
            self.add_error("deferred_until", _("Deferred means: to a day after the session."))
        if (due := data.get("due_date")) and due < day:
            self.add_error("due_date", _("The deadline lies before the session."))

    def _check_correction(self, data: dict) -> None:
        """Ask for the reason, unless it is sent as it was: then there is nothing to correct."""
        corrected = self.instance.corrects
        if corrected is None or data.get("correction_reason"):
            return
        names = self._compared
        if any(data.get(name) != getattr(corrected, name) for name in names):
            self.add_error("correction_reason", _("Please say why this is corrected."))

    @property
    def _compared(self) -> set[str]:
        """What makes two entries differ; the address only for those who may know it."""
        names = {*FIELDS} - {"correction_reason"}
        return names if self.is_administration else names - {"responsible_email"}

    def _check_present(self, data: dict) -> None:
        """Check who is there against who has a vote, who is needed and who takes no part."""
        seats, quorum = self.instance.seats, self.instance.quorum
        present, excluded = data.get("present"), data.get("excluded")
        if data.get("excluded_names") and not excluded and "excluded" not in self.errors:
            self.add_error("excluded", _("Please enter how many were excluded."))
        if present is None:
            return
        if seats is not None and present > seats:
            text = _("%(present)d are present, but only %(seats)d members have a vote.")
            params = {"present": present, "seats": seats}
            self.add_error("present", ValidationError(text, params=params))
        elif quorum is not None and present < quorum:
            text = _("%(quorum)d members are needed to decide. With %(present)d it cannot.")
            params = {"present": present, "quorum": quorum}
            self.add_error("present", ValidationError(text, params=params))
        elif (excluded or 0) > present:
            self.add_error("excluded", _("More are excluded than present."))

    @property
    def _taking_part(self) -> int | None:
        """How many vote at most, None where nobody has said how many are there."""
        data = self.cleaned_data
        there = data.get("present") or self.instance.seats
        return None if there is None else max(0, there - (data.get("excluded") or 0))

    def _fill_in_unanimous(self, data: dict) -> None:
        """All who take part, in favour; against where it is rejected."""
        if any(data.get(name) for name in VOTES):
            return  # numbers were typed: they are checked as they are
        n = self._taking_part
        if n is None:
            self.add_error("present", _("How many are present? Then “unanimous” is their number."))
            return
        is_against = data.get("outcome") == Outcome.REJECTED
        for name in VOTES:
            data[name] = n if name == VOTES[1 if is_against else 0] else 0
            setattr(self.instance, name, data[name])

    def _check_votes(self, data: dict) -> None:
        if data.get("is_unanimous") and not self.errors:
            self._fill_in_unanimous(data)
        missing = [name for name in VOTES if self._is_empty(name)]
        if missing and len(missing) < len(VOTES):
            text = _("Please enter all three numbers of votes, or none.")
            self.add_error(missing[0], text)
        if missing or any(name in self.errors for name in VOTES):
            return
        most, votes = self._taking_part, sum(data[name] for name in VOTES)
        if votes > (MAX_SEATS if most is None else most):
            text = _("There are %(votes)d votes, but at most %(seats)d members have one.")
            params = {"votes": votes, "seats": most or MAX_SEATS}
            self.add_error("votes_for", ValidationError(text, params=params))
        else:
            self._ask_about_votes(data)

    def _ask_about_votes(self, data: dict) -> None:
        """Ask once: there are majorities of another kind, but mistakes in typing as well."""
        outcome, in_favour, against = data.get("outcome", ""), data[VOTES[0]], data[VOTES[1]]
        self.is_unusual = (
            outcome in (Outcome.ACCEPTED, Outcome.AMENDED) and against >= in_favour
        ) or (outcome == Outcome.REJECTED and in_favour > against)
        if self.is_unusual and not data["numbers_right"]:
            text = _(
                "%(in_favour)d in favour and %(against)d against do not seem to fit “%(outcome)s”."
                " Please check both; if the numbers are right, tick the box below them."
            )
            params = {"in_favour": in_favour, "against": against}
            params["outcome"] = Outcome(outcome).label
            self.add_error("votes_for", ValidationError(text, params=params))

    @property
    def now(self) -> str:
        return "" if self.instance.corrects else signing.dumps(self.basis, salt=SALT, compress=True)

    @property
    def conflict(self) -> bool:
        """Tell whether the basis has changed; what a correction stands upon cannot."""
        return self.is_valid() and not self.instance.corrects and self.seen_basis != self.basis

    @property
    def seen_basis(self) -> dict | None:
        """The basis that was drawn, None where the form does not tell it."""
        try:
            return signing.loads(self.cleaned_data["seen"], salt=SALT)
        except signing.BadSignature:
            return None

    def made_for(self) -> dict:
        about = {"basis": self.basis, "is_administration": self.is_administration}
        return super().made_for() | about

    def says_the_same_as(self, decision: Decision) -> bool:
        """Tell whether an entry holds exactly what was typed. Needs a valid form.

        The address counts for the administration only, or others could try out what it is.
        """
        return all(
            getattr(decision, name) == getattr(self.instance, name) for name in self._compared
        )
