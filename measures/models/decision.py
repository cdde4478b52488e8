import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from measures.models.measure import Measure, OnMeasureQuerySet
from measures.models.seal import Seal
from measures.models.session import MAX_SEATS, Session
from measures.seals.text import read
from workshops.models import TracksRevision, User, Workshop
from workshops.visits import Visit

_VOTES = F("votes_for") + F("votes_against") + F("votes_abstained")


class Outcome(models.TextChoices):
    ACCEPTED = "accepted", _("accepted")
    AMENDED = "amended", _("amended")
    DEFERRED = "deferred", _("deferred")
    REJECTED = "rejected", _("rejected")
    NOTED = "noted", _("noted")
    REFERRED = "referred", _("referred")
    WITHDRAWN = "withdrawn", _("withdrawn")

    @property
    def rules(self) -> bool:
        """Say whether it settles what becomes of a measure, so that it replaces what ruled before.

        What a committee notes, refers to another one or does not deal with changes nothing of that.
        """
        return self not in (Outcome.NOTED, Outcome.REFERRED, Outcome.WITHDRAWN)

    @property
    def is_out(self) -> bool:
        """Say whether the measure is given up, so that pictures draw it grey."""
        return self in (Outcome.REJECTED, Outcome.WITHDRAWN)

    @property
    def calls_off(self) -> bool:
        """Say whether the measure is nobody's task (any more)."""
        return self not in (Outcome.ACCEPTED, Outcome.AMENDED)

    @property
    def is_open(self) -> bool:
        """Say whether a committee has still to decide: what was put off or passed on comes back."""
        return self in (Outcome.DEFERRED, Outcome.REFERRED)


def told_outcome(outcome: str, referred_to: str = "", *, is_recommendation: bool = False) -> str:
    """Return what was decided, to whom it goes, and that it was only recommended."""
    word = str(Outcome(outcome).label)
    if referred_to:
        word = _("referred to: %(to)s") % {"to": referred_to}
    return str(_("recommended: %(outcome)s") % {"outcome": word} if is_recommendation else word)


class DecisionQuerySet(OnMeasureQuerySet["Decision"]):
    def in_workshop(self, workshop: Workshop) -> Self:
        return self.filter(session__workshop=workshop)

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def deciding(self) -> Self:
        """Leave out what a committee only recommends to another one."""
        return self.filter(is_recommendation=False)

    def ruling(self) -> Self:
        """Return those of which the last one holds, whatever else was said since."""
        return self.deciding().filter(outcome__in=[each for each in Outcome if each.rules])

    def final(self) -> Self:
        """Leave out what a committee will come back to, and what another one has to decide."""
        return self.deciding().exclude(outcome__in=[each for each in Outcome if each.is_open])

    def accepting(self) -> Self:
        """Return those that make the measure somebody's task, as it was or amended."""
        return self.deciding().filter(outcome__in=[Outcome.ACCEPTED, Outcome.AMENDED])

    def closed(self) -> Self:
        """Return those of which the public learns nothing, of whole sessions or single items."""
        return self.exclude(session__is_public=True, is_public=True)

    def told_in_public(self) -> Self:
        """Leave out what was decided without the public, in a whole session or on one item."""
        return self.filter(session__is_public=True, is_public=True)

    def pending(self) -> Self:
        return self.filter(published_at=None)

    def visible_to(self, visit: Visit) -> Self:
        """Return what this visitor may know of."""
        return self if visit.is_decider else self.published()

    def standing(self, *, with_pending: bool) -> Self:
        """Leave out what a later entry corrects.

        A pending correction replaces nothing for those who do not know of it.
        """
        if with_pending:
            return self.filter(correction=None)
        return self.exclude(correction__published_at__isnull=False)

    def known_to(self, visit: Visit) -> Self:
        """Return what stands, as far as this visitor may know of it."""
        return self.visible_to(visit).standing(with_pending=visit.is_decider)

    def known_to_all(self) -> Self:
        """Return what stands and is published."""
        return self.published().standing(with_pending=False)


class Decision(TracksRevision):
    """What a committee decided on a measure; append-only.

    A correction is a new entry that names the old one in ``corrects``. Pending until it is
    published, which is the only change a row ever sees. ``snapshot`` is the canonical JSON of what
    was decided upon, see ``measures.committee.basis``. ``seal`` covers the row and the snapshot,
    ``publication`` that and when it was published, see ``measures.committee.sealing``.
    ``decided_on``, ``seats`` and ``quorum`` are the session's, ``is_public`` the agenda item's,
    copied so that they stay. A recommendation (``is_recommendation``) never holds; see
    ``measures.decided``. ``excluded`` counts members who took no part because it concerns them
    themselves; their names stand in ``excluded_names``, for the minutes alone and outside the seal.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="decisions")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("decision"), max_length=10, choices=Outcome)
    wording = models.TextField(
        _("new wording"),
        max_length=4000,
        blank=True,
        help_text=_("How the measure reads as amended."),
    )
    deferred_until = models.DateField(_("deferred until"), null=True, blank=True)
    is_recommendation = models.BooleanField(_("recommendation to another committee"), default=False)
    referred_to = models.CharField(_("referred to"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), max_length=4000)
    correction_reason = models.TextField(
        _("reason of the correction"),
        max_length=1000,
        blank=True,
        help_text=_("What was recorded wrongly, and how that came to light."),
    )
    votes_for = models.PositiveSmallIntegerField(_("votes in favour"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("votes against"), null=True, blank=True)
    votes_abstained = models.PositiveSmallIntegerField(_("abstentions"), null=True, blank=True)
    present = models.PositiveSmallIntegerField(_("members present"), null=True, blank=True)
    excluded = models.PositiveSmallIntegerField(
        _("excluded for conflict of interest"),
        null=True,
        blank=True,
        help_text=_("Members who are present and take no part in this item."),
    )
    excluded_names = models.CharField(
        _("their names"),
        max_length=500,
        blank=True,
        help_text=_("For the minutes only; shown to committee and administration alone."),
    )
    seats = models.PositiveSmallIntegerField(null=True, editable=False)
    quorum = models.PositiveSmallIntegerField(null=True, editable=False)
    is_public = models.BooleanField(default=True, editable=False)
    responsible = models.CharField(_("responsible unit"), max_length=200, blank=True)
    responsible_email = models.EmailField(
        _("e-mail for reminders"),
        blank=True,
        help_text=_("Receives reminders. Never shown outside the administration."),
    )
    due_date = models.DateField(_("deadline"), null=True, blank=True)
    budget_note = models.CharField(_("note on the budget"), max_length=500, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="correction"
    )
    by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    decided_on = models.DateField(_("decided on"), editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    snapshot = models.TextField(editable=False)
    seal = models.OneToOneField(
        Seal, models.PROTECT, editable=False, related_name="decision", verbose_name=_("seal")
    )
    publication = models.ForeignKey(
        Seal, models.PROTECT, null=True, editable=False, related_name="published"
    )
    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of a committee", "decision")
        verbose_name_plural = _("decisions")
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="decision_outcome"
            ),
            # Two people deciding at once: the second one finds the first.
            models.UniqueConstraint(
                fields=["session", "measure"],
                condition=Q(corrects=None),
                name="decision_once_per_session",
                violation_error_message=_("This session has decided on this measure already."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="decision_has_reason",
                violation_error_message=_("Please enter the reason."),
            ),
            models.CheckConstraint(
                condition=(Q(outcome=Outcome.AMENDED) & ~Q(wording=""))
                | (~Q(outcome=Outcome.AMENDED) & Q(wording="")),
                name="decision_wording_if_amended",
                violation_error_message=_("An amended measure has a new wording, no other has."),
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.DEFERRED, deferred_until__isnull=False)
                | (~Q(outcome=Outcome.DEFERRED) & Q(deferred_until=None)),
                name="decision_deferred_until",
                violation_error_message=_("A deferred measure has a date, no other one has."),
            ),
            models.CheckConstraint(
                condition=Q(deferred_until=None) | Q(deferred_until__gt=F("decided_on")),
                name="decision_deferred_to_later",
                violation_error_message=_("Deferred means: to a day after the session."),
            ),
            models.CheckConstraint(
                condition=(Q(outcome=Outcome.REFERRED) & ~Q(referred_to=""))
                | (~Q(outcome=Outcome.REFERRED) & Q(referred_to="")),
                name="decision_referred_to",
                violation_error_message=_("What is referred has a recipient, nothing else has."),
            ),
            models.CheckConstraint(
                # Corrections from before there was such a reason have none.
                condition=Q(corrects__isnull=False) | Q(correction_reason=""),
                name="decision_reason_of_correction",
            ),
            models.CheckConstraint(
                condition=Q(excluded_names="") | Q(excluded__isnull=False, excluded__gte=1),
                name="decision_names_of_excluded",
                violation_error_message=_("There are names, but nobody was excluded."),
            ),
            models.CheckConstraint(
                condition=Q(present=None) | Q(quorum=None) | Q(present__gte=F("quorum")),
                name="decision_has_quorum",
                violation_error_message=_("Fewer members are present than are needed to decide."),
            ),
            models.CheckConstraint(
                condition=Q(present=None) | Q(seats=None) | Q(present__lte=F("seats")),
                name="decision_present_fit_seats",
                violation_error_message=_("There are more people present than members."),
            ),
            models.CheckConstraint(
                condition=Q(present=None)
                | Q(excluded=None, votes_for=None)
                | Q(excluded__isnull=False, votes_for=None, present__gte=F("excluded"))
                | Q(excluded=None, votes_for__isnull=False, present__gte=_VOTES)
                | Q(
                    excluded__isnull=False,
                    votes_for__isnull=False,
                    present__gte=_VOTES + F("excluded"),
                ),
                name="decision_votes_fit_present",
                violation_error_message=_("There are more votes than members who take part."),
            ),
            models.CheckConstraint(
                condition=Q(due_date=None) | Q(due_date__gte=F("decided_on")),
                name="decision_due_not_before_session",
                violation_error_message=_("The deadline lies before the session."),
            ),
            models.CheckConstraint(
                condition=Q(votes_for=None, votes_against=None, votes_abstained=None)
                | Q(
                    votes_for__isnull=False,
                    votes_against__isnull=False,
                    votes_abstained__isnull=False,
                ),
                name="decision_votes_all_or_none",
                violation_error_message=_("Please enter all three numbers of votes, or none."),
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, publication=None)
                | Q(published_at__isnull=False, publication__isnull=False),
                name="decision_publication_is_sealed",
            ),
            models.CheckConstraint(
                # An unknown would pass a check, so each side says whether there are seats.
                condition=Q(votes_for=None)
                | Q(
                    seats__isnull=False,
                    seats__gte=F("votes_for") + F("votes_against") + F("votes_abstained"),
                )
                | Q(
                    seats=None,
                    votes_for__lte=MAX_SEATS - F("votes_against") - F("votes_abstained"),
                ),
                name="decision_votes_fit_seats",
                violation_error_message=_("There are more votes than members."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure.code}: {self.told}"

    def get_workshop_id(self) -> int:
        return self.session.workshop_id

    def get_absolute_url(self) -> str:
        return reverse("measures:decision-detail", args=[self.session.workshop_id, self.pk])

    @property
    def is_pending(self) -> bool:
        return self.published_at is None

    @property
    def is_told_in_public(self) -> bool:
        """Say whether the public may learn of it, as ``told_in_public`` does. Needs its session."""
        return self.session.is_public and self.is_public

    @property
    def calls_off(self) -> bool:
        """Say whether the measure is nobody's task (any more)."""
        return Outcome(self.outcome).calls_off

    @property
    def rules(self) -> bool:
        """Say whether it replaces what ruled before; a recommendation never does."""
        return not self.is_recommendation and Outcome(self.outcome).rules

    @property
    def told(self) -> str:
        """What was decided, also to whom it goes, and that it is only a recommendation."""
        is_recommendation = self.is_recommendation
        return told_outcome(self.outcome, self.referred_to, is_recommendation=is_recommendation)

    @property
    def told_alone(self) -> str:
        """The same where a word beside it says already whether it is only a recommendation."""
        return told_outcome(self.outcome, self.referred_to)

    @property
    def frozen(self) -> dict:
        """The snapshot as plain data, {} where it was made unreadable."""
        return read(self.snapshot)

    @property
    def frozen_title(self) -> str:
        """The measure's title as it was decided on, "" where the snapshot tells none."""
        measure = self.frozen.get("measure")
        title = measure.get("title") if isinstance(measure, dict) else None
        return title if isinstance(title, str) else ""

    @property
    def title_then(self) -> str:
        """The measure's title as it was decided on; today's where the snapshot tells none."""
        return self.frozen_title or self.measure.title

    @property
    def is_retitled(self) -> bool:
        return self.title_then != self.measure.title

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("A decision is never changed; a correction is a new entry.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("A decision is never deleted; a correction is a new entry.")
